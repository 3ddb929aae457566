// The map of the office's pages: the zones drawn as on the public site, and its background only for whoever agreed to
// it, by the same choice that is kept in the browser for the public map.
import { Map as LeafletMap, TileLayer } from "leaflet/dist/leaflet-src.esm.js";
import { tools } from "../../../default/scripts/carte/tools.js";

const KEY = "laureat-carte";
const FRANCE = [[41.3, -5.2], [51.1, 9.6]];

/** A map in `box`; gives { map, frame, still, home } where `home(bounds)` shows and remembers what is the whole of it. */
export function base(box, { words, tiles, after }) {
  const frame = make("div", "map"), place = make("div", "map__place");
  frame.append(place);
  box.append(frame);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new LeafletMap(place, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5, maxZoom: (tiles && tiles.max_zoom) || 19,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", words.map);
  let all = null;
  const home = (bounds, animate = false) => {
    all = bounds || all;
    map.fitBounds(all || FRANCE, { padding: [12, 12], maxZoom: 16, animate: animate && !still });
  };
  const watch = window.ResizeObserver ? new ResizeObserver(() => map.invalidateSize({ animate: false })) : null;
  if (watch) watch.observe(place);
  return {
    map, frame, still, home,
    /** To be called once the map has a view: buttons beside it, and the offer of its background. */
    ready() {
      tools(frame, place, map, { words, home: () => home(null, true), after: after || frame });
      if (tiles && tiles.tiles) background(box, map, words, tiles);
    },
  };
}

function background(box, map, words, tiles) {
  const line = make("p", "map__offer small"), said = make("span"), button = make("button", "button quiet small");
  const credit = make("span", "map__credit");
  said.setAttribute("role", "status");
  button.type = "button";
  let layer = null;
  const show = (asked) => {
    if (asked && !layer) {
      layer = new TileLayer(tiles.tiles, { maxZoom: tiles.max_zoom });
      layer.once("tileerror", () => { said.textContent = words.silent; });
      layer.addTo(map);
      credit.textContent = tiles.credit ? `© ${tiles.credit}` : "";
    } else if (!asked && layer) {
      layer.remove();
      layer = null;
      credit.textContent = "";
    }
    said.textContent = asked ? "" : words.consent;
    button.textContent = asked ? words.unload : words.load;
  };
  button.addEventListener("click", () => {
    const asked = !layer;
    keep(asked ? tiles.origin : null);
    show(asked);
  });
  line.append(said, " ", button, " ", credit);
  box.append(line);
  show(chosen() === tiles.origin);
}

function chosen() { try { return localStorage.getItem(KEY); } catch { return null; } }

function keep(origin) {
  try { if (origin) localStorage.setItem(KEY, origin); else localStorage.removeItem(KEY); } catch { /* for this page only */ }
}

/** An element with a class and words. */
export function make(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

/** A button in a row of buttons. */
export function button(words, act, name = "button second small") {
  const made = make("button", name, words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}
