/* The tour, step by step over the first page. Without this file its steps are a page of their own. */
"use strict";

(() => {
  const offer = document.querySelector("[data-tour]");
  if (!offer) return;
  const form = offer.querySelector("[data-tour-close]");

  const start = () => {
    const parts = offer.querySelector("[data-tour-box]").content.cloneNode(true);
    const dialog = parts.querySelector("dialog");
    const steps = [...parts.querySelectorAll("li")];
    const [count, step, next, back, end] = ["count", "step", "next", "back", "end"].map((name) => dialog.querySelector(`[data-tour-${name}]`));
    const onward = next.textContent;
    let here = 0;
    let pointed = null;
    const draw = () => {
      pointed?.classList.remove("is-pointed");
      pointed = steps[here].dataset.point ? document.querySelector(steps[here].dataset.point) : null;
      pointed?.classList.add("is-pointed");
      pointed?.scrollIntoView({ block: "nearest" });
      count.textContent = count.dataset.words.replace("#", here + 1).replace("§", steps.length);
      step.replaceChildren(...steps[here].cloneNode(true).childNodes);
      step.querySelector("h3").id = "tour-title";
      back.hidden = here === 0;
      next.textContent = here === steps.length - 1 ? next.dataset.last : onward;
    };
    // Closed in whichever way, it is not offered again.
    dialog.addEventListener("close", async () => {
      pointed?.classList.remove("is-pointed");
      dialog.remove();
      offer.remove();
      await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    });
    next.addEventListener("click", () => {
      here += 1;
      if (here === steps.length) dialog.close();
      else draw();
    });
    back.addEventListener("click", () => {
      here -= 1;
      draw();
    });
    end.addEventListener("click", () => dialog.close());
    document.body.append(dialog);
    dialog.showModal();
    next.focus();
    draw();
  };

  offer.querySelector("[data-tour-start]").addEventListener("click", (event) => {
    event.preventDefault();
    start();
  });
  if (new URLSearchParams(location.search).has("visite")) start();
})();
