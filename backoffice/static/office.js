/* The office without this file works the same: menu, counters, progress of a publication and a warning before leaving. */
"use strict";

(() => {
  // The menu folds on a small screen; it is open without script.
  const narrow = matchMedia("(max-width: 48em)");
  const nav = document.querySelector("details.nav");
  const fold = () => { if (nav) nav.open = !narrow.matches; };
  fold();
  narrow.addEventListener("change", fold);

  // One open menu at a time, closed by Escape or by a click elsewhere.
  const menus = [...document.querySelectorAll("details.menu")];
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Counters follow what is typed, in the words that the server wrote.
  for (const counter of document.querySelectorAll("[data-count]")) {
    const field = document.getElementById(counter.dataset.count);
    const words = counter.textContent.replace(/^[\d\s\u00a0\u202f,.]+/, "");
    if (!field) continue;
    field.addEventListener("input", () => {
      const count = [...field.value].length;
      counter.textContent = `${count.toLocaleString(document.documentElement.lang)} ${words}`;
      counter.classList.toggle("late", count > Number(counter.dataset.limit));
    });
  }

  // A form with changes is not left by mistake.
  const form = document.querySelector("form[data-keep]");
  if (form) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  // The progress of a publication; the page is loaded again when it is over.
  const watched = document.querySelector("[data-watch]");
  if (watched) {
    const ask = async () => {
      try {
        const answer = await fetch(watched.dataset.watch, { headers: { Accept: "application/json" } });
        if (!answer.ok) { location.reload(); return; }
        const state = await answer.json();
        if (state.over) { location.reload(); return; }
        if (state.words) watched.querySelector("[data-words]").textContent = state.words;
        const bar = watched.querySelector("[data-bar]");
        if (state.total) { bar.max = state.total; bar.value = state.done; }
      } catch { /* the network comes back, or the page is reloaded by hand */ }
      setTimeout(ask, 700);
    };
    setTimeout(ask, 400);
  }
})();
