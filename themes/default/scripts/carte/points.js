// The points of a list on the map: gathered by Supercluster, drawn for the part in sight, opened into a card of words.
import { Popup } from "leaflet/dist/leaflet-src.esm.js";
import Supercluster from "supercluster";
import { SHAPES, group, point } from "./marks.js";

const APART = 56; // pixels: a finger finds each mark
const NAMED = 40; // records named where many lie at the same place

export class Points {
  constructor(map, { known, settings, folder, words, still }) {
    Object.assign(this, { map, known, folder, nouns: words, words: settings.words, still });
    this.numbers = new Intl.NumberFormat(settings.lang);
    this.most = settings.max_zoom;
    this.shown = new Map();
    this.legend = document.createElement("div");
    this.legend.className = "lr-map__bar lr-carte__bar";
    this.opened = null;
    map.on("moveend", () => this.draw());
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.opened) { event.stopPropagation(); this.close(); }
    });
  }

  /** Take these records in place of those before; gives where they lie. */
  put(records) {
    this.close(false);
    for (const mark of this.shown.values()) mark.remove();
    this.shown.clear();
    const located = records.filter((one) => one.x !== null);
    this.index = new Supercluster({
      radius: APART, extent: 256, maxZoom: this.most,
      map: (one) => ({ zone: one.zone }), // a group that lies in one zone is named after it
      reduce: (all, one) => { if (all.zone !== one.zone) all.zone = ""; },
    }).load(located.map((one) => ({
      type: "Feature", properties: one, geometry: { type: "Point", coordinates: [one.x / 1e6, one.y / 1e6] },
    })));
    this.tell(located);
    return located.map((one) => [one.y / 1e6, one.x / 1e6]);
  }

  /** Draw what is in sight; a mark that stays keeps its button, and so the focus. */
  draw() {
    if (!this.index || !this.map._loaded) return;
    const sight = this.map.getBounds().pad(0.15);
    const box = [Math.max(-180, sight.getWest()), Math.max(-85, sight.getSouth()), Math.min(180, sight.getEast()), Math.min(85, sight.getNorth())];
    const found = this.index.getClusters(box, Math.round(this.map.getZoom()));
    found.sort((a, b) => b.geometry.coordinates[1] - a.geometry.coordinates[1] || a.geometry.coordinates[0] - b.geometry.coordinates[0]);
    const wanted = new Map(found.map((one) => [one.properties.cluster ? one.id : one.properties.id, one]));
    for (const [key, mark] of this.shown) {
      if (!wanted.has(key)) { mark.remove(); this.shown.delete(key); }
    }
    for (const [key, one] of wanted) {
      if (!this.shown.has(key)) this.shown.set(key, this.mark(one).addTo(this.map));
    }
    const pane = this.map.getPane("markerPane");
    if (!pane.contains(document.activeElement)) pane.append(...Array.from(wanted.keys(), (key) => this.shown.get(key).getElement()));
  }

  mark(feature) {
    const [longitude, latitude] = feature.geometry.coordinates, at = [latitude, longitude], one = feature.properties;
    if (!one.cluster) {
      const mark = point(at, this.family(one), `${one.title}, ${this.state(one)}`);
      return mark.on("click", () => this.open(mark, this.card(one), one.title));
    }
    const many = this.count(one.point_count), zone = this.zone(one.zone);
    const mark = group(at, one.point_count, this.numbers.format(one.point_count), zone ? `${zone}, ${many}` : many);
    return mark.on("click", () => this.unfold(mark, feature));
  }

  /** Nearer, until the group falls apart; where it never does, its records are named. */
  unfold(mark, feature) {
    const zoom = this.index.getClusterExpansionZoom(feature.id);
    if (zoom > this.most) {
      const leaves = this.index.getLeaves(feature.id, NAMED).map((leaf) => leaf.properties);
      const title = this.words.here.replace("%s", this.count(feature.properties.point_count));
      this.open(mark, this.several(leaves, title), title);
      return;
    }
    const inside = new Set(this.index.getLeaves(feature.id, Infinity).map((leaf) => leaf.properties.id));
    const keyboard = mark.getElement() === document.activeElement;
    this.map.once("moveend", () => { if (keyboard) this.focusIn(inside, mark.getLatLng()); });
    this.map.setView(mark.getLatLng(), zoom, { animate: !this.still });
  }

  /** The focus was on a group that has fallen apart: it goes to the nearest of its parts. */
  focusIn(inside, at) {
    this.draw();
    let best = null, least = Infinity;
    for (const [key, mark] of this.shown) {
      const member = typeof key === "number" ? this.index.getLeaves(key, 1)[0].properties.id : key; // a group, or a record
      const away = mark.getLatLng().distanceTo(at);
      if (inside.has(member) && away < least) { best = mark; least = away; }
    }
    (best ? best.getElement() : this.map.getContainer()).focus({ preventScroll: true });
  }

  // ---------------------------------------------------------------------------------------------------- cards

  open(mark, content, title) {
    this.close(false);
    content.setAttribute("role", "dialog");
    content.setAttribute("aria-label", title);
    const popup = new Popup({ closeButton: false, closeOnEscapeKey: false, maxWidth: 280, minWidth: 200, autoPanPaddingTopLeft: [64, 12], autoPanPaddingBottomRight: [12, 12], offset: [0, -14] });
    this.opened = { popup, mark };
    popup.setLatLng(mark.getLatLng()).setContent(content).openOn(this.map);
    popup.on("remove", () => { if (this.opened && this.opened.popup === popup) this.opened = null; });
    const first = content.querySelector("a, button");
    if (first) first.focus({ preventScroll: true });
  }

  /** Close the card; the focus goes back to its mark. */
  close(back = true) {
    if (!this.opened) return;
    const { popup, mark } = this.opened;
    this.opened = null;
    popup.remove();
    const element = mark.getElement();
    if (back) (element && element.isConnected ? element : this.map.getContainer()).focus({ preventScroll: true });
  }

  card(one) {
    const card = element("div", "lr-carte__card"), family = this.family(one), meta = [this.zone(one.zone), this.known.editions[one.edition]];
    const state = element("span", `lr-state is-${family}`, this.state(one)), title = element("p", "lr-carte__title");
    state.insertAdjacentHTML("afterbegin", this.known.icons[family] || "");
    title.append(this.link(one));
    card.append(state, title, element("p", "lr-meta", meta.filter(Boolean).join(" · ")), this.actions(this.row(one)));
    return card;
  }

  several(records, title) {
    const card = element("div", "lr-carte__card"), list = element("ul", "lr-lines");
    for (const one of records) {
      const line = element("li");
      line.append(this.link(one), " ", element("span", "lr-meta", this.state(one)));
      list.append(line);
    }
    card.append(element("p", "lr-carte__title", title), list, this.actions(null));
    return card;
  }

  actions(row) {
    const line = element("p", "lr-actions");
    if (row) {
      const button = element("button", "lr-button lr-button--second lr-button--small", this.words.row);
      button.type = "button";
      button.addEventListener("click", () => { this.close(false); row.focus(); row.scrollIntoView({ block: "center" }); });
      line.append(button);
    }
    const close = element("button", "lr-button lr-button--quiet lr-button--small", this.words.close);
    close.type = "button";
    close.addEventListener("click", () => this.close());
    line.append(close);
    return line;
  }

  link(one) {
    const link = element("a", "", one.title);
    link.href = `${this.folder}${one.id}/`;
    return link;
  }

  /** The link of the record's row, when it is in the part of the list that the page shows. */
  row(one) {
    return document.querySelector(`#liste a[href$="/${CSS.escape(one.id)}/"]`);
  }

  // ---------------------------------------------------------------------------------------------------- words

  /** How many there are on the map, and what their shapes mean. */
  tell(located) {
    const families = new Set(located.map((one) => this.family(one))), keys = element("ul", "lr-map__keys");
    for (const [words, family] of Object.values(this.known.stages)) {
      if (!families.delete(family)) continue;
      const line = element("li", `is-${family}`);
      line.innerHTML = `<svg viewBox="-20 -20 40 40" aria-hidden="true" focusable="false">${SHAPES[family]}</svg>`;
      line.append(words);
      keys.append(line);
    }
    this.legend.replaceChildren(element("span", "", this.words.shown.replace("%s", this.count(located.length))));
    if (keys.children.length) this.legend.append(keys);
  }

  count(number) { return `${this.numbers.format(number)} ${this.nouns[number > 1 ? 1 : 0]}`; }
  family(one) { return (this.known.states[one.state] || ["", "", "over"])[2]; }
  state(one) { return (this.known.states[one.state] || [one.state])[0]; }
  zone(id) { return id === "*" ? this.known.whole : id ? (this.known.zones[id] || [id])[0] : ""; }
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}
