/* The page of an import works the same without this: a file is also taken when it is dropped, its weight is told before
   it is sent, and one sees how far the sending is. */
import { dropping } from "./dropping.js";

(() => {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const field = form.querySelector("input[type=file]");
  const zone = field.closest(".field");
  const bar = zone.querySelector("progress");
  const said = zone.querySelector("[data-said]");
  const most = Number(form.dataset.drop);

  const heavy = () => {
    const file = field.files[0];
    const over = Boolean(file) && file.size > most;
    field.setCustomValidity(over ? form.dataset.heavy : "");
    said.textContent = over ? form.dataset.heavy : "";
    zone.classList.toggle("has-error", over);
    return over;
  };
  field.addEventListener("change", heavy);

  dropping(zone, () => zone, (files) => {
    const dropped = new DataTransfer();
    dropped.items.add(files[0]);
    field.files = dropped.files;
    heavy();
  });

  form.addEventListener("submit", (event) => {
    if (heavy()) { event.preventDefault(); field.focus(); return; }
    event.preventDefault();
    const button = form.querySelector("button");
    const request = new XMLHttpRequest();
    const sent = new FormData(form);
    button.disabled = true;
    bar.hidden = false;
    said.textContent = form.dataset.sending;
    request.upload.addEventListener("progress", (now) => { if (now.lengthComputable) bar.value = 100 * now.loaded / now.total; });
    request.addEventListener("error", () => { button.disabled = false; bar.hidden = true; said.textContent = form.dataset.lost; });
    request.addEventListener("load", () => {
      // The answer led to the page of the import, or is this page with what is to be mended.
      if (request.responseURL && request.responseURL !== form.action && request.status < 400) { location.assign(request.responseURL); return; }
      const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
      if (!answer) { location.reload(); return; }
      const errors = answer.querySelector(".errors") || answer;
      form.parentElement.querySelector(":scope > .errors")?.remove();
      form.before(errors);
      errors.tabIndex = -1;
      errors.focus();
      button.disabled = false;
      bar.hidden = true;
      said.textContent = "";
    });
    request.open("POST", form.action);
    request.send(sent);
  });
})();
