// The marks on the map: the shape of a family of states, or a disc with a number; a button, or a mere sign.
import { Icon, Marker } from "leaflet/dist/leaflet-src.esm.js";

// As site_builder/maps.py draws them.
export const SHAPES = {
  done: '<circle r="15"/>',
  work: '<path d="M0-18L18 0 0 18-18 0z"/>',
  study: '<rect x="-14" y="-14" width="28" height="28" rx="3"/>',
  stop: '<path d="M0-18L18 14H-18z"/>',
  over: '<path d="M-8-15H8L15-7V7L8 15H-8L-15 7V-7z"/>',
  vote: '<path d="M0-18L5-6 18-5 8 4 11 17 0 10-11 17-8 4-18-5-5-6z"/>',
};

const Mark = Icon.extend({
  createIcon() {
    const { tag, words, family, inner } = this.options, element = document.createElement(tag);
    if (tag === "button") element.type = "button";
    else element.setAttribute("role", "img");
    element.className = `leaflet-marker-icon lr-point is-${family}`;
    element.setAttribute("aria-label", words);
    element.innerHTML = `<svg viewBox="-22 -22 44 44" aria-hidden="true" focusable="false">${inner}</svg>`;
    return element;
  },
  createShadow() { return null; },
});

/** The mark of the one record of a page: it leads nowhere. */
export function dot(at, family, words) {
  return marker(at, { tag: "span", family: family || "over", words, inner: SHAPES[family] || SHAPES.over }, false);
}

/** One record. */
export function point(at, family, words) {
  return marker(at, { tag: "button", family, words, inner: SHAPES[family] || SHAPES.over }, true);
}

/** Several records: how many. */
export function group(at, number, label, words) {
  const inner = `<circle r="${number < 100 ? 17 : number < 1000 ? 19 : 21}"/><text y="5">${label}</text>`;
  return marker(at, { tag: "button", family: "many", words, inner }, true);
}

function marker(at, options, interactive) {
  return new Marker(at, { icon: new Mark(options), keyboard: false, interactive, autoPanOnFocus: true });
}
