// The place of a record, put on a map by mouse, finger or keyboard. The fields of the form stay what is sent: the map
// writes into them and follows what is typed. Loaded with forms that have a place.
import { Icon, Marker } from "leaflet/dist/leaflet-src.esm.js";
import { drawn } from "../../../default/scripts/carte/borders.js";
import { base, button, make } from "../map/base.js";

const STEP = 8; // pixels that an arrow key moves the marker by; with Shift, one
const WAIT = 300; // milliseconds after the last move before the zone is asked for

const Pin = Icon.extend({
  createIcon() {
    const pin = make("span", "leaflet-marker-icon map__pin");
    pin.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 22s-7-6.6-7-12a7 7 0 0 1 14 0c0 5.4-7 12-7 12z"/><circle cx="12" cy="10" r="2.6"/></svg>';
    return pin;
  },
  createShadow() { return null; },
});

const known = new WeakSet();

function enhance(part) {
  for (const box of part.querySelectorAll("[data-place]")) {
    if (!known.has(box)) place(box);
    known.add(box);
  }
}

function place(box) {
  const { place: name, plan, where, zone } = box.dataset, words = JSON.parse(box.dataset.words);
  const form = box.closest("form"), point = box.querySelector("[data-point]"), note = box.querySelector("[data-note]");
  const field = (key) => form.querySelector(`[name="${CSS.escape(`${name}.${key}`)}"]:not([type=hidden])`);
  const latitude = field("latitude"), longitude = field("longitude"), whole = field("whole");
  const fixed = latitude.matches(":disabled");

  const fold = () => { point.hidden = whole.checked; };
  whole.addEventListener("change", fold);
  fold();

  let shown = false;
  const near = new IntersectionObserver((seen) => {
    if (shown || !seen.some((one) => one.isIntersecting)) return;
    shown = true;
    near.disconnect();
    show().catch(() => { box.querySelector("[data-map]").replaceChildren(make("p", "small soft", words.failed)); });
  }, { rootMargin: "300px" });
  near.observe(box);

  async function show() {
    const answer = await fetch(plan, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const { borders, tiles } = await answer.json();
    const { map, home, ready } = base(box.querySelector("[data-map]"), { words, tiles, after: latitude });
    const bounds = drawn(map, borders, "");
    home(bounds);
    let marker = null, waiting = 0;

    const tell = (at) => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const chosen = zone ? form.querySelector(`[name="${zone}"]`) : null;
        const asked = new URLSearchParams({ latitude: at.lat, longitude: at.lng });
        if (chosen) asked.set("chosen", chosen.value);
        const said = await fetch(`${where}?${asked}`, { headers: { Accept: "application/json" } });
        if (said.ok) speak(await said.json(), chosen);
      }, WAIT);
    };
    const speak = (said, chosen) => {
      note.replaceChildren();
      if (said.words) note.append(make("p", said.warning ? "late wrap" : "small", said.words));
      if (!said.proposed || !chosen) return;
      const line = make("p", "actions");
      line.append(button(words.take.replace("%s", said.proposed), () => {
        chosen.value = said.zone;
        chosen.dispatchEvent(new Event("change", { bubbles: true }));
        line.remove();
        latitude.focus();
      }));
      note.append(line);
    };
    const write = (at) => {
      latitude.value = at.lat.toFixed(6);
      longitude.value = at.lng.toFixed(6);
      latitude.dispatchEvent(new Event("change", { bubbles: true }));
      tell(at);
      label();
    };
    const put = (at) => {
      if (marker) { marker.setLatLng(at); return; }
      marker = new Marker(at, { icon: new Pin(), draggable: !fixed, keyboard: !fixed, autoPan: true, interactive: !fixed, title: words.marker, alt: words.marker });
      marker.addTo(map);
      const pin = marker.getElement();
      pin.setAttribute("role", fixed ? "img" : "button");
      pin.setAttribute("aria-label", words.marker);
      marker.on("dragend", () => write(marker.getLatLng()));
      pin.addEventListener("keydown", (event) => {
        const step = event.shiftKey ? 1 : STEP;
        const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
        if (!way) return;
        event.preventDefault();
        event.stopPropagation(); // or the map moves as well
        marker.setLatLng(map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(way)));
        if (!map.getBounds().pad(-0.05).contains(marker.getLatLng())) map.panTo(marker.getLatLng(), { animate: false });
        write(marker.getLatLng());
      });
    };
    const drop = () => {
      if (marker) marker.remove();
      marker = null;
      latitude.value = longitude.value = "";
      latitude.dispatchEvent(new Event("change", { bubbles: true }));
      note.replaceChildren();
      label();
      putting.focus();
    };
    const typed = () => {
      const at = degrees(latitude.value, longitude.value);
      if (!at) return;
      put(at);
      if (!map.getBounds().contains(at)) map.panTo(at, { animate: false });
      tell(marker.getLatLng());
      label();
    };

    const line = make("p", "actions map__bar"), hint = make("p", "help", words.hint);
    const putting = button(words.put, () => { put(map.getCenter()); write(map.getCenter()); marker.getElement().focus(); });
    const away = button(words.drop, drop, "button quiet small");
    line.append(putting, away);
    const label = () => { putting.hidden = Boolean(marker); away.hidden = !marker; };
    const first = degrees(latitude.value, longitude.value);
    if (first) { put(first); home(bounds && bounds.contains(first) ? bounds : marker.getLatLng().toBounds(2000)); }
    label();
    ready();
    if (fixed) return;
    box.querySelector("[data-map]").append(line);
    box.querySelector("[data-map]").prepend(hint);
    map.on("click", (event) => { put(event.latlng); write(event.latlng); });
    for (const one of [latitude, longitude]) one.addEventListener("input", typed);
    whole.addEventListener("change", () => { if (!whole.checked) map.invalidateSize({ animate: false }); });
  }
}

/** What two fields say, in plain decimal degrees; null for anything else, which the server reads. */
function degrees(latitude, longitude) {
  const [y, x] = [latitude, longitude].map((text) => (/^\s*[+-]?\d{1,3}([.,]\d+)?\s*$/.test(text) ? Number(text.replace(",", ".")) : NaN));
  return Math.abs(y) <= 90 && Math.abs(x) <= 180 ? [y, x] : null;
}

document.addEventListener("laureat:part", (event) => enhance(event.detail));
enhance(document);
