// The zones: their map on the page of the list, and the outline of one of them, drawn or changed corner by corner.
import { Tooltip } from "leaflet/dist/leaflet-src.esm.js";
import { drawn } from "../../../default/scripts/carte/borders.js";
import { base } from "../map/base.js";
import { editor } from "./outline.js";

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function board(box) {
  const words = JSON.parse(box.dataset.words), { borders, titles, tiles } = await fetched(box.dataset.plan);
  const { map, home, ready } = base(box, { words, tiles, after: box.nextElementSibling.querySelector("a") });
  home(drawn(map, borders, ""));
  for (const [id, rings] of Object.entries(borders)) {
    const largest = rings.reduce((one, other) => (other.length > one.length ? other : one), []);
    if (largest.length) new Tooltip({ permanent: true, direction: "center", className: "map__name" }).setLatLng(middle(largest)).setContent(escaped(titles[id])).addTo(map);
  }
  ready();
}

async function outline(box) {
  const words = JSON.parse(box.dataset.words);
  const [{ tiles }, others] = await Promise.all([fetched(box.dataset.plan), fetched(box.dataset.others).catch(() => ({ features: [] }))]);
  const text = document.getElementById("f-geometry");
  box.closest("form").querySelector("[data-text]").open = Boolean(box.closest("form").querySelector(".has-error"));
  editor(box, text, { words, tiles, others: others.features.filter((one) => one.geometry && (one.properties.id ?? one.id) !== box.dataset.outline) });
}

/** The middle of the box around a ring of steps. */
function middle(steps) {
  let latitude = 0, longitude = 0, south = Infinity, north = -Infinity, west = Infinity, east = -Infinity;
  for (let n = 0; n < steps.length; n += 2) {
    latitude += steps[n]; longitude += steps[n + 1];
    south = Math.min(south, latitude); north = Math.max(north, latitude);
    west = Math.min(west, longitude); east = Math.max(east, longitude);
  }
  return [(south + north) / 2e5, (west + east) / 2e5];
}

function escaped(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span;
}

for (const [name, show] of [["data-board", board], ["data-outline", outline]]) {
  for (const box of document.querySelectorAll(`[${name}]`)) {
    show(box).catch(() => { box.textContent = JSON.parse(box.dataset.words).failed; });
  }
}
