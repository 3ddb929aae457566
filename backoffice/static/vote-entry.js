/* Typing without waiting: a line leaves the field at Enter, is kept in this browser until the server has it, and is
   sent in order, once. Without this file each line is a form of its own. */
"use strict";

(() => {
  const form = document.querySelector("form[data-typing]");
  if (!form) return;
  const figures = document.querySelector("form[data-figures]");
  const field = form.querySelector("[name=typed]");
  const said = form.querySelector("[data-said]");
  const live = document.querySelector("[data-live]");
  const pending = form.querySelector("[data-pending-words]");
  const place = `laureat-tally:${form.dataset.store}`;
  const token = form.querySelector("[name=csrf_token]").value;
  const queue = JSON.parse(localStorage.getItem(place) || "[]");
  let busy = false;
  let again = 0;

  const keep = () => {
    if (queue.length) localStorage.setItem(place, JSON.stringify(queue));
    else localStorage.removeItem(place);
    pending.textContent = queue.length > 1 ? form.dataset.pending.replace("#", queue.length) : "";
  };

  const show = (told) => {
    said.textContent = told.wrong || told.words;
    said.classList.toggle("late", Boolean(told.wrong));
    live.innerHTML = told.live;
    if (!figures) return;
    for (const [name, value] of Object.entries(told.values)) {
      const input = figures.elements.namedItem(name);
      if (input && input !== document.activeElement) input.value = value;
    }
  };

  const send = async () => {
    clearTimeout(again);
    if (busy || !queue.length) return;
    busy = true;
    const pairs = queue[0];
    try {
      const body = new URLSearchParams(pairs);
      body.set("csrf_token", token);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 400) {
        said.textContent = form.dataset.over;
        said.classList.add("late");
      } else if (answer.ok) {
        const told = await answer.json();
        queue.shift();
        if (told.wrong && !field.value && pairs.some(([name]) => name === "typed")) field.value = pairs.find(([name]) => name === "typed")[1];
        show(told);
      } else if (answer.status === 409 && (await answer.clone().json()).wrong) { // somebody else goes on with it
        said.textContent = (await answer.json()).wrong;
        said.classList.add("late");
        pending.textContent = form.dataset.pending.replace("#", queue.map((one) => new URLSearchParams(one).get("typed")).filter(Boolean).join(" · "));
        busy = false;
        return;
      } else if (answer.status < 500) {
        location.reload();
        return;
      } else {
        again = setTimeout(send, 2000);
      }
    } catch {
      again = setTimeout(send, 2000);
    }
    busy = false;
    keep();
    if (queue.length && !again) send();
    again = queue.length ? again : 0;
  };

  const add = (pairs) => { queue.push(pairs); keep(); again = 0; send(); };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const act = event.submitter ? event.submitter.value : "type";
    if (act === "type" && !field.value.trim()) { field.focus(); return; }
    const key = [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");
    const pairs = [...new FormData(form)].filter(([name]) => !["csrf_token", "key"].includes(name));
    add([...pairs, ["key", key], ["_do", act]]);
    field.value = "";
    field.focus();
  });

  // A figure is kept as soon as one leaves its field.
  if (figures) {
    figures.addEventListener("change", (event) => {
      if (event.target.name) add([["_do", "figures"], [event.target.name, event.target.value]]);
    });
    figures.addEventListener("submit", (event) => {
      if (!queue.length) return;
      event.preventDefault();
      const act = event.submitter;
      const wait = setInterval(() => { if (!queue.length) { clearInterval(wait); figures.requestSubmit(act); } }, 100);
    });
  }

  keep();
  send();
  field.focus();
})();
