/* The office without this file works the same: menu, counters, calendars, searches by title, rows that move without a
   new page, progress of a publication and a warning before leaving. */
import { offering } from "./offering.js";

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

  // What a part of the page needs; asked again when a part is replaced.
  const enhance = (part) => {
    count(part); pickDates(part); searchRecords(part);
    document.dispatchEvent(new CustomEvent("laureat:part", { detail: part })); // for programs that a page loads besides
  };

  // Counters follow what is typed, in the words that the server wrote.
  const count = (part) => {
    for (const counter of part.querySelectorAll("[data-count]")) {
      const field = document.getElementById(counter.dataset.count);
      const words = counter.textContent.replace(/^[\d\s\u00a0\u202f,.]+/, "");
      if (!field) continue;
      field.addEventListener("input", () => {
        const length = [...field.value].length;
        counter.textContent = `${length.toLocaleString(document.documentElement.lang)} ${words}`;
        counter.classList.toggle("late", length > Number(counter.dataset.limit));
      });
    }
  };

  // A day is picked in the browser's own calendar and written as the field wants it; typing stays possible.
  const CALENDAR = '<svg class="ico" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 2.8v4M16 2.8v4"/></svg>';
  const pickDates = (part) => {
    if (!("showPicker" in HTMLInputElement.prototype)) return;
    for (const field of part.querySelectorAll("input[data-date]")) {
      if (field.matches(":disabled")) continue;
      const row = document.createElement("div");
      row.className = "dated";
      field.replaceWith(row);
      const picker = document.createElement("span");
      picker.className = "picker";
      picker.innerHTML = `<button type="button" class="button quiet small">${CALENDAR}<span class="hidden"></span></button><input type="date" tabindex="-1" aria-hidden="true">`;
      const [button, calendar] = picker.children;
      button.querySelector(".hidden").textContent = field.dataset.date;
      row.append(field, picker);
      button.addEventListener("click", () => {
        const known = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(field.value.trim());
        calendar.value = known ? `${known[3]}-${known[2].padStart(2, "0")}-${known[1].padStart(2, "0")}` : "";
        calendar.showPicker();
      });
      calendar.addEventListener("change", () => {
        const [year, month, day] = calendar.value.split("-");
        const hour = /\s\d{1,2}\s*[h:].*$/.exec(field.value);
        if (day) field.value = `${day}/${month}/${year}${hour ? hour[0] : ""}`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.focus();
      });
    }
  };

  // A field that names records finds them by their titles.
  const searchRecords = (part) => {
    for (const field of part.querySelectorAll("[data-search]")) {
      if (field.matches(":disabled")) continue;
      const many = field.tagName === "TEXTAREA";
      let input = field;
      if (many) {
        const label = document.createElement("label");
        label.textContent = field.dataset.words;
        label.className = "help";
        input = document.createElement("input");
        input.type = "search";
        input.id = `${field.id}-search`;
        input.className = "w-m";
        input.autocomplete = "off";
        label.htmlFor = input.id;
        field.after(label, input);
      } else {
        field.removeAttribute("list");
      }
      const list = document.createElement("ul");
      list.className = "found-list";
      input.after(list);
      offering(input, list, field.dataset.search, {
        label: ({ id, title }) => `${title} (${id})`,
        choose: ({ id }) => {
          if (many) {
            const named = field.value.split("\n").map((one) => one.trim()).filter(Boolean);
            if (!named.includes(id)) field.value = [...named, id].join("\n");
            input.value = "";
          } else {
            field.value = id;
          }
          field.dispatchEvent(new Event("change", { bubbles: true }));
          input.focus();
        },
      });
      input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") list.replaceChildren();
        if (event.key === "Enter" && many) event.preventDefault();
      });
    }
  };

  // A form with changes is not left by mistake.
  let changed = false;
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  const keep = () => {
    const form = document.querySelector("form[data-keep]");
    if (!form) return;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("change", () => { changed = true; });
    // Rows are added, moved and removed by the server, as without script; only the page is not loaded anew.
    form.addEventListener("submit", async (event) => {
      if (event.submitter?.hasAttribute("formtarget")) return; // a preview, in a tab of its own: nothing is saved
      const act = event.submitter && event.submitter.name === "_do" ? event.submitter.value : "save";
      if (act === "save") { changed = false; return; }
      event.preventDefault();
      const sent = new FormData(form);
      sent.set("_do", act);
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent) });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("form[data-keep]");
        if (!fresh || answer.redirected) throw new Error("no form");
        form.replaceWith(fresh);
        changed = true;
        enhance(fresh);
        keep();
        const [verb, path, number] = act.split(":");
        const rows = document.querySelectorAll(`#f-${CSS.escape((path || "").replaceAll(".", "-"))} > .row`);
        const eye = fresh.querySelector("[data-eye]") || (verb === "restore" || verb === "remove" ? fresh.querySelector("[data-undo]") : rows[Math.min(Number(number || rows.length) - (verb === "up" ? 2 : verb === "down" ? 0 : 1), rows.length - 1)]);
        const target = eye && eye.querySelector("button:not([hidden]), input:not([type=hidden]), select, textarea");
        if (target) { target.focus({ preventScroll: true }); target.scrollIntoView({ block: "center" }); }
      } catch {
        changed = false;
        const plain = document.createElement("input");
        plain.type = "hidden"; plain.name = "_do"; plain.value = act;
        form.append(plain);
        form.submit();
      }
    });
  };

  enhance(document);
  keep();

  // How many records of a list are ticked; and all of the page at once.
  const pick = document.querySelector("form[data-pick]");
  const told = pick && pick.querySelector("[data-picked]");
  if (told) {
    const boxes = [...pick.querySelectorAll("input[name=id]")];
    const words = told.textContent;
    const head = pick.querySelector("thead th");
    head.innerHTML = `<label class="pick"><input class="box" type="checkbox"><span class="hidden">${head.textContent}</span></label>`;
    const all = head.querySelector("input");
    const tell = () => {
      const ticked = boxes.filter((box) => box.checked);
      told.textContent = ticked.length ? told.dataset.picked.replace("#", ticked.length) : words;
      all.checked = ticked.length === boxes.length;
      for (const box of boxes) box.closest("tr").classList.toggle("is-on", box.checked);
    };
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; tell(); });
    pick.addEventListener("change", (event) => { if (event.target !== all) tell(); });
    tell();
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
