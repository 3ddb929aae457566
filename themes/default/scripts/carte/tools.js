// The buttons beside the map. They come before its points, so that nobody has to pass all of them to zoom or to leave.

/** Put the buttons before the map; `after` is what follows it. */
export function tools(frame, place, map, { words, home, after }) {
  const bar = document.createElement("div");
  bar.className = "lr-carte__tools";
  const skip = button("lr-carte__skip", words.skip, words.skip, () => after.focus());
  const nearer = button("lr-carte__tool", "+", words.in, () => map.zoomIn());
  const farther = button("lr-carte__tool", "−", words.out, () => map.zoomOut());
  const all = button("lr-carte__tool", "⤢", words.all, home);
  function limits() {
    nearer.setAttribute("aria-disabled", String(map.getZoom() >= map.getMaxZoom()));
    farther.setAttribute("aria-disabled", String(map.getZoom() <= map.getMinZoom()));
  }
  map.on("zoomend", limits);
  limits();
  bar.append(skip, nearer, farther, all);
  frame.insertBefore(bar, place);
}

function button(name, sign, words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.textContent = sign;
  if (sign !== words) { made.setAttribute("aria-label", words); made.title = words; }
  made.addEventListener("click", () => { if (made.getAttribute("aria-disabled") !== "true") act(); });
  return made;
}
