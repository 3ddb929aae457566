// One outline, corner by corner: every corner is a button that is dragged, moved by arrow keys or removed by Delete; a
// smaller one between two corners adds one. The text of the form is what is sent. Ours rather than a library's: those
// for Leaflet (Geoman, leaflet-draw) give corners that no keyboard reaches, for more bytes than the map itself.
import { Icon, Marker, Polygon, Polyline, latLng, latLngBounds } from "leaflet/dist/leaflet-src.esm.js";
import { base, button, make } from "../map/base.js";

const STEP = 8, NEAR = 12; // pixels: an arrow key's way; how near a neighbour's corner is taken
const APART = 34; // pixels between two things to press: those that are hidden so show when one comes nearer
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const Handle = Icon.extend({
  createIcon() {
    const made = make("button", `leaflet-marker-icon ${this.options.className}`);
    made.type = "button";
    made.setAttribute("aria-label", this.options.words);
    return made;
  },
  createShadow() { return null; },
});

/** Edit the geometry that `text` (a textarea) holds, among the neighbours' outlines. */
export function editor(box, text, { words, tiles, others }) {
  const bar = make("div", "map__bar"), told = make("p", "small soft"), line = make("p", "actions");
  told.setAttribute("role", "status");
  const { map, home, ready } = base(box, { words, tiles, after: text.closest("form").querySelector(".savebar button") });
  const neighbours = others.map((one) => new Polygon(shape(one.geometry), { interactive: false, className: "lr-carte__zone" }).addTo(map));
  const corners = others.flatMap((one) => shape(one.geometry).flat(2)).map((at) => latLng(at));
  let polygons = read(text.value), past = [], drawing = null, handles = [];
  const own = new Polygon(polygons, { interactive: false, className: "lr-carte__zone is-here" }).addTo(map);
  const path = new Polyline([], { interactive: false, className: "map__path" }).addTo(map);

  const whole = () => {
    const all = latLngBounds([]);
    for (const one of neighbours) all.extend(one.getBounds());
    return polygons.length ? own.getBounds() : all.isValid() ? all : null;
  };

  // ------------------------------------------------------------------------------------------------ changing

  const write = () => {
    text.value = polygons.length ? JSON.stringify(written(polygons)) : "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    own.setLatLngs(polygons);
  };
  const remember = () => { past.push(JSON.stringify(polygons)); if (past.length > 100) past.shift(); };
  const change = (act, focus) => { remember(); act(); write(); draw(focus); };
  const snapped = (at) => {
    const here = map.latLngToContainerPoint(at);
    let best = at, least = NEAR;
    for (const corner of corners) {
      const away = here.distanceTo(map.latLngToContainerPoint(corner));
      if (away < least) { best = corner; least = away; }
    }
    return [round(best.lat), round(best.lng)];
  };

  // ------------------------------------------------------------------------------------------------ corners

  const draw = (focus = "") => {
    for (const one of handles) one.remove();
    handles = [];
    label();
    if (drawing) { path.setLatLngs(drawing); return; }
    path.setLatLngs([]);
    const sight = map.getBounds().pad(0.05), seen = [];
    polygons.forEach((rings, p) => rings.forEach((ring, r) => ring.forEach((at, n) => { if (sight.contains(at)) seen.push([p, r, n]); })));
    const all = polygons.flat().reduce((sum, ring) => sum + ring.length, 0);
    const taken = [], spot = (at) => map.latLngToContainerPoint(at);
    const free = (at) => {
      const here = spot(at), crowded = taken.some((other) => other.distanceTo(here) < APART);
      if (!crowded) taken.push(here);
      return !crowded;
    };
    const shown = seen.filter(([p, r, n]) => free(polygons[p][r][n]));
    told.textContent = !polygons.length ? words.hint : shown.length < seen.length ? words.near.replace("%s", all) : words.corners.replace("%s", all);
    for (const [p, r, n] of shown) {
      handles.push(corner(p, r, n));
      const half = middle(polygons[p][r], n);
      if (free(half)) handles.push(between(p, r, n, half));
    }
    const wanted = focus && handles.find((one) => one.key === focus);
    if (wanted) wanted.getElement().focus({ preventScroll: true });
  };

  const corner = (p, r, n) => {
    const ring = polygons[p][r], key = `${p}.${r}.${n}`;
    const mark = new Marker(ring[n], { icon: new Handle({ className: "map__corner", words: words.corner.replace("%s", n + 1) }), draggable: true, keyboard: false });
    mark.key = key;
    mark.on("dragstart", remember);
    mark.on("drag", () => { ring[n] = [mark.getLatLng().lat, mark.getLatLng().lng]; own.setLatLngs(polygons); });
    mark.on("dragend", () => { ring[n] = snapped(mark.getLatLng()); write(); draw(key); });
    mark.addTo(map);
    mark.getElement().addEventListener("keydown", (event) => {
      const way = ARROWS[event.key];
      if (way) {
        stop(event);
        const step = event.shiftKey ? 1 : STEP, from = map.latLngToContainerPoint(ring[n]);
        const to = map.containerPointToLatLng(from.add([way[0] * step, way[1] * step]));
        change(() => { ring[n] = [round(to.lat), round(to.lng)]; }, key);
        if (!map.getBounds().contains(to)) map.panTo(to, { animate: false });
      } else if (event.key === "Delete" || event.key === "Backspace") {
        stop(event);
        if (ring.length > 3) change(() => ring.splice(n, 1), `${p}.${r}.${Math.min(n, ring.length - 2)}`);
        else told.textContent = words.few;
      }
    });
    return mark;
  };

  const between = (p, r, n, at) => {
    const ring = polygons[p][r];
    const mark = new Marker(at, { icon: new Handle({ className: "map__between", words: words.between }), keyboard: false });
    mark.addTo(map);
    mark.on("click", () => change(() => ring.splice(n + 1, 0, at), `${p}.${r}.${n + 1}`));
    return mark;
  };

  // ------------------------------------------------------------------------------------------------ a new outline

  const add = (at) => { drawing.push(snapped(at)); draw(); };
  const start = () => { drawing = []; draw(); told.textContent = words.hint; };
  const end = () => {
    if (drawing.length < 3) { told.textContent = words.few; return; }
    const ring = drawing;
    drawing = null;
    change(() => { polygons = [[ring]]; }, "0.0.0");
  };
  const back = () => {
    if (drawing) { drawing.pop(); draw(); return; }
    if (!past.length) return;
    polygons = JSON.parse(past.pop());
    write();
    draw();
  };
  const buttons = { draw: button(words.draw, start), middle: button(words.middle, () => add(map.getCenter())), end: button(words.end, end), undo: button(words.undo, back) };
  const label = () => {
    buttons.draw.hidden = Boolean(drawing);
    buttons.middle.hidden = buttons.end.hidden = !drawing;
    buttons.undo.hidden = drawing ? !drawing.length : !past.length;
  };

  map.on("click", (event) => { if (drawing) add(event.latlng); });
  map.on("moveend", () => {
    const active = document.activeElement, kept = handles.find((one) => one.key && one.getElement() === active);
    if (!drawing) draw(kept ? kept.key : "");
  });
  text.addEventListener("change", () => {
    remember();
    polygons = read(text.value);
    own.setLatLngs(polygons);
    home(whole());
    draw();
  });
  home(whole());
  ready();
  line.append(...Object.values(buttons));
  bar.append(line, told);
  box.append(bar);
  if (polygons.length) draw(); else start();
}

/** The middle of the side that begins at corner n. */
function middle(ring, n) {
  const here = ring[n], next = ring[(n + 1) % ring.length];
  return [round((here[0] + next[0]) / 2), round((here[1] + next[1]) / 2)];
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation(); // or the map moves as well
}

function round(degrees) { return Math.round(degrees * 1e6) / 1e6; }

/** The polygons of a geometry as Leaflet has them: rings of [latitude, longitude], the first corner not repeated. */
function shape(geometry) {
  const many = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  return many.map((rings) => rings.map((ring) => ring.slice(0, -1).map(([x, y]) => [y, x])));
}

function read(text) {
  try {
    const found = JSON.parse(text);
    return shape(found.type === "Feature" ? found.geometry : found);
  } catch {
    return [];
  }
}

function written(polygons) {
  const many = polygons.map((rings) => rings.map((ring) => [...ring, ring[0]].map(([y, x]) => [round(x), round(y)])));
  return many.length === 1 ? { type: "Polygon", coordinates: many[0] } : { type: "MultiPolygon", coordinates: many };
}
