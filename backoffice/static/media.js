/* Files without this file: a page to choose one, a page to add some. With it: they are dropped, their progress is seen,
   and a file is chosen over the form without leaving it. */
import { dropping } from "./dropping.js";

(() => {
  const JSON_ONLY = { Accept: "application/json" };

  // One file to the server, with its progress; what became of it as the server tells it.
  const send = (file, address, token, told) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("csrf_token", token);
    form.append("files", file, file.name);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) told(event.loaded / event.total); });
    request.addEventListener("load", () => {
      try {
        const answer = JSON.parse(request.responseText);
        resolve(Array.isArray(answer) ? answer[0] : { name: file.name, refused: [answer.error, answer.hint].filter(Boolean).join(" ") });
      } catch { resolve({ name: file.name, refused: request.statusText || String(request.status) }); }
    });
    request.addEventListener("error", () => resolve({ name: file.name, refused: document.documentElement.lang === "en" ? "The network does not answer. Try again." : "Le réseau ne répond pas. Recommencez." }));
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
  });

  // A line for a file on its way.
  const line = (list, name) => {
    const item = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = name;
    const bar = document.createElement("progress");
    bar.max = 1; bar.value = 0;
    bar.setAttribute("aria-label", name);
    item.append(words, bar);
    list.append(item);
    return {
      told: (share) => { bar.value = share; if (share === 1) bar.removeAttribute("value"); },
      over: (text, refused) => { bar.remove(); const small = document.createElement("small"); small.textContent = ` ${text}`; small.className = refused ? "late" : "soft"; item.append(small); },
    };
  };

  // A form where files are added. `done` is told of each that was taken in; without it, one goes on to describe them.
  const adding = (form, done) => {
    const input = form.querySelector("input[type=file]");
    const token = form.querySelector("[name=csrf_token]").value;
    const zone = document.createElement("p");
    zone.className = "zone";
    zone.textContent = form.dataset.drop;
    const list = document.createElement("ul");
    list.className = "sending";
    list.setAttribute("aria-live", "polite");
    input.closest(".field").after(zone, list);
    const go = document.createElement("p");
    go.className = "actions";
    let taken = [], refused = 0, busy = false;
    const take = async (files) => {
      if (busy) return;
      busy = true;
      for (const file of files) {
        const shown = line(list, file.name);
        if (file.size > Number(input.dataset.most)) { shown.over(input.dataset.heavy, true); refused += 1; continue; }
        const answer = await send(file, form.action, token, shown.told);
        if (answer.refused) { refused += 1; shown.over(answer.refused, true); continue; }
        shown.over([answer.known ? form.dataset.known || "" : form.dataset.done, answer.note].filter(Boolean).join(" "), false);
        if (done) { done(answer); break; }
        if (!answer.known) taken.push(answer.path);
      }
      busy = false;
      input.value = "";
      if (!done && taken.length) {
        const query = taken.map((path) => `f=${encodeURIComponent(path)}`).join("&");
        const address = `${form.dataset.next}?${query}`;
        if (!refused) { location.assign(address); return; }
        go.innerHTML = "";
        const link = document.createElement("a");
        link.className = "button"; link.href = address; link.textContent = form.dataset.go;
        go.append(link);
        list.after(go);
        link.focus();
      }
    };
    dropping(zone, () => zone, take);
    form.addEventListener("submit", (event) => { event.preventDefault(); if (input.files.length) take([...input.files]); });
    input.addEventListener("change", () => { if (done && input.files.length) take([...input.files]); });
  };

  const page = document.querySelector("main");
  const own = page && page.querySelector("form[data-upload]");
  if (own && own.dataset.next && !own.querySelector("[name=champ]")) adding(own);

  // ------------------------------------------------------------------ in the form of a record

  const fieldOf = (chosen) => chosen.querySelector("input[type=text]");

  // Put a file into its field, and what is known of it into the empty fields beside it.
  const put = (chosen, file) => {
    const input = fieldOf(chosen);
    input.value = file.path;
    let img = chosen.querySelector("img");
    if (img) img.remove();
    if (file.small) {
      img = document.createElement("img");
      img.alt = ""; img.src = file.small;
      chosen.prepend(img);
    }
    const before = input.name.slice(0, input.name.lastIndexOf(".") + 1);
    for (const name of ["alt", "credit", "title"]) {
      const beside = before && input.form.querySelector(`[name="${CSS.escape(before + name)}"], [name^="${CSS.escape(`${before}${name}.`)}"]`);
      if (beside && !beside.value && file[name]) { beside.value = file[name]; beside.dispatchEvent(new Event("input", { bubbles: true })); }
    }
    input.dispatchEvent(new Event("change", { bubbles: true }));
    const words = input.form.querySelector(`[name="${CSS.escape(`${before}alt`)}"]`);
    (words && !words.value ? words : input).focus();
  };

  const open = async (chosen) => {
    const box = document.createElement("dialog");
    box.className = "choice-box";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button quiet small";
    close.textContent = chosen.dataset.close;
    close.addEventListener("click", () => box.close());
    const inside = document.createElement("div");
    box.append(close, inside);
    box.addEventListener("close", () => { box.remove(); fieldOf(chosen).focus(); }, { once: true });
    const choose = (file) => { box.close(); put(chosen, file); };
    const show = async (address) => {
      const answer = await fetch(address);
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = found.querySelector("[data-choice]");
      if (!answer.ok || !part) throw new Error("no choice");
      const title = found.querySelector("h1");
      box.setAttribute("aria-label", title ? title.textContent : "");
      inside.replaceChildren(part);
      adding(part.querySelector("form[data-upload]"), choose);
      part.querySelector("form[role=search]").addEventListener("submit", (event) => {
        event.preventDefault();
        show(`${chosen.dataset.media}?${new URLSearchParams(new FormData(event.target))}`).catch(() => box.close());
      });
      part.addEventListener("click", async (event) => {
        const link = event.target.closest("a");
        if (!link) return;
        event.preventDefault();
        const item = link.closest("[data-path]");
        if (!item) { show(link.href).catch(() => box.close()); return; }
        const told = await fetch(`${chosen.dataset.media}?fichier=${encodeURIComponent(item.dataset.path)}`, { headers: JSON_ONLY });
        const [file] = told.ok ? await told.json() : [];
        if (file) choose(file);
      });
    };
    await show(chosen.dataset.media);
    document.body.append(box);
    box.showModal();
    const search = box.querySelector("input[type=search]");
    if (search) search.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest('[data-media] button[name="_do"]');
    if (!button || button.matches(":disabled")) return;
    event.preventDefault();
    open(button.closest("[data-media]")).catch(() => {
      // The page of choice, as without script: the form is kept and comes back.
      const plain = document.createElement("input");
      plain.type = "hidden"; plain.name = "_do"; plain.value = button.value;
      button.form.append(plain);
      button.form.submit();
    });
  });

  // A file dropped on its field.
  const taking = (target) => {
    const chosen = target.closest("[data-media]");
    return chosen && !fieldOf(chosen).matches(":disabled") ? chosen : null;
  };
  dropping(document, taking, async ([file], chosen) => {
    const input = fieldOf(chosen);
    const list = document.createElement("ul");
    list.className = "sending";
    list.setAttribute("role", "status");
    chosen.after(list);
    const shown = line(list, file.name);
    const answer = await send(file, chosen.dataset.uploadTo, input.form.querySelector("[name=csrf_token]").value, shown.told);
    if (answer.refused) { shown.over(answer.refused, true); return; }
    list.remove();
    put(chosen, answer);
  }, ["dropping", "is-over"]);
})();
