// The zones' outlines: rings of [latitude, longitude, step, step, ...] in hundred-thousandths of a degree.
import { Polygon, latLngBounds } from "leaflet/dist/leaflet-src.esm.js";

/** What `draw(map, here)` puts on the map; it gives the bounds of zone `here`, else of all, or null. */
export async function borders(base, settings) {
  let zones = {};
  if (settings.borders) {
    const answer = await fetch(new URL(base + settings.borders, document.baseURI));
    if (answer.ok) zones = await answer.json();
  }
  return { draw: (map, here) => drawn(map, zones, here) };
}

/** Put zones on the map, by identifier their rings; gives the bounds of zone `here`, else of all, or null. */
export function drawn(map, zones, here) {
  let all = null, own = null;
  for (const [id, rings] of Object.entries(zones)) {
    const shape = new Polygon(rings.map(unfold), {
      interactive: false, smoothFactor: 0.5, className: id === here ? "lr-carte__zone is-here" : "lr-carte__zone",
    }).addTo(map);
    all = all ? all.extend(shape.getBounds()) : latLngBounds(shape.getBounds().getSouthWest(), shape.getBounds().getNorthEast());
    if (id === here) own = shape.getBounds();
  }
  return own || all;
}

function unfold(steps) {
  const points = [];
  let latitude = 0, longitude = 0;
  for (let n = 0; n < steps.length; n += 2) {
    latitude += steps[n];
    longitude += steps[n + 1];
    points.push([latitude / 1e5, longitude / 1e5]);
  }
  return points;
}
