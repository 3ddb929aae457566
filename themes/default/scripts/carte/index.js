// The detailed map: Leaflet over the town's tiles, with points gathered where they would touch. Bundled by esbuild and
// loaded only when a visitor asks for it. Every point and every group is a button, named in words.
import { Map as LeafletMap, TileLayer, latLngBounds } from "leaflet/dist/leaflet-src.esm.js";
import { borders } from "./borders.js";
import { dot } from "./marks.js";
import { Points } from "./points.js";
import { filtered, read } from "./records.js";
import { tools } from "./tools.js";

const NEAR = 16; // the zoom at which one place is shown
const EVENT = "laureat:liste"; // a catalogue's filters tell what is in the list, see catalogue.js

/** Show the map of a page's offer; gives { focus, remove }. */
export async function show(box, settings) {
  const { dataset } = box, base = dataset.base;
  const [zones, known] = await Promise.all([borders(base, settings), dataset.folder ? read(dataset.folder) : null]);
  const frame = make("div", "lr-carte__frame"), place = make("div", "lr-carte__map"), parent = box.parentNode;
  const drawn = parent.querySelector(":scope > svg");
  frame.append(place);
  (drawn || box).before(frame);
  parent.classList.add("is-live");

  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new LeafletMap(place, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, maxZoom: settings.max_zoom,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", settings.words.map);
  const said = credit(frame, settings);
  const tiles = new TileLayer(settings.tiles, { maxZoom: settings.max_zoom });
  tiles.once("tileerror", () => { said.textContent = settings.words.silent; });

  const whole = zones.draw(map, dataset.zone);
  let home = whole;
  const go = (bounds, animate) => map.fitBounds(bounds, { padding: [28, 28], maxZoom: NEAR, animate: animate && !still });
  let listen = null;
  if (known) {
    const points = new Points(map, { known, settings, folder: dataset.folder, words: settings.words[dataset.type], still });
    const own = filtered(known, dataset.facet, dataset.value);
    const put = (found, animate) => {
      const located = points.put(found);
      home = dataset.zone && whole ? whole : bounds(located, whole);
      if (home) go(home, animate);
      points.draw();
    };
    listen = (event) => put(event.detail || own, true);
    put(own, false);
    document.addEventListener(EVENT, listen);
    document.dispatchEvent(new CustomEvent("laureat:carte")); // a list that is filtered already tells so now
    frame.after(points.legend);
  } else if (dataset.at) {
    const at = dataset.at.split(",").map(Number);
    home = latLngBounds([at, at]);
    dot(at, dataset.family, dataset.title).addTo(map);
  }
  if (!map._loaded) go(home || [[41.3, -5.2], [51.1, 9.6]], false); // a town that knows neither zone nor point: France
  tiles.addTo(map);
  tools(frame, place, map, { words: settings.words, home: () => go(home, true), after: box.querySelector("[data-off]") });
  const watch = window.ResizeObserver ? new ResizeObserver(() => map.invalidateSize({ animate: false })) : null;
  if (watch) watch.observe(place);

  // A click on the map moves it there: what dragging does can be done without dragging.
  map.on("click", (event) => map.panTo(event.latlng, { animate: !still }));
  return {
    focus() { place.focus({ preventScroll: true }); frame.scrollIntoView({ block: "nearest" }); },
    remove() {
      if (listen) document.removeEventListener(EVENT, listen);
      if (watch) watch.disconnect();
      map.remove();
      parent.querySelectorAll(":scope > .lr-carte__bar").forEach((one) => one.remove());
      frame.remove();
      parent.classList.remove("is-live");
    },
  };
}

/** The bounds of the points, those far outside of the town left aside unless all are. */
function bounds(located, whole) {
  const inside = whole ? located.filter((at) => whole.pad(0.5).contains(at)) : located;
  const chosen = inside.length ? inside : located;
  return chosen.length ? latLngBounds(chosen) : whole;
}

function credit(frame, settings) {
  const line = make("p", "lr-carte__credit"), said = make("span");
  said.setAttribute("role", "status");
  if (settings.credit) {
    const name = make(settings.credit_url ? "a" : "span");
    if (settings.credit_url) name.href = settings.credit_url;
    name.textContent = `© ${settings.credit}`;
    line.append(name);
  }
  frame.append(said, line);
  said.className = "lr-carte__said";
  return said;
}

function make(tag, name) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  return element;
}
