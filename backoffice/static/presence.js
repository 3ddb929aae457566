/* While somebody works in a form, it says so every half minute and shows who else has it open. Without this file the
   page says who had it open when it was shown. A form that nobody touches is silent: it must not keep a session open. */
"use strict";

(() => {
  const place = document.querySelector("[data-presence]");
  const form = document.querySelector("form[data-keep]");
  if (!place || !form) return;
  const EVERY = 30_000, QUIET = 600_000;
  let touched = Date.now();
  for (const kind of ["input", "pointerdown", "keydown"]) document.addEventListener(kind, () => { touched = Date.now(); });
  const said = (more) => {
    const pairs = new FormData();
    pairs.append("csrf_token", form.elements.csrf_token.value);
    for (const [name, value] of Object.entries(more)) pairs.append(name, value);
    return pairs;
  };
  const call = async () => {
    if (document.visibilityState === "visible" && Date.now() - touched < QUIET) {
      try {
        const answer = await fetch(place.dataset.presence, { method: "POST", body: said({}), headers: { Accept: "application/json" } });
        if (!answer.ok) return; // signed out: the form itself will say so, and keep what was typed
        const { words } = await answer.json();
        place.hidden = !words;
        place.querySelector("[data-words]").textContent = words;
      } catch { /* no network for a moment */ }
    }
    setTimeout(call, EVERY);
  };
  setTimeout(call, EVERY);
  addEventListener("pagehide", () => { navigator.sendBeacon(place.dataset.presence, said({ close: "1" })); });
})();
