/* The form of a rule without this file works the same: here only what does not serve is folded away, and the sentences
   beside follow what is typed. */
"use strict";

(() => {
  const box = document.querySelector("[data-tell]");
  const form = () => document.querySelector("form[data-keep]");
  const chosen = (name) => {
    const found = form().querySelector(`[name="${name}"]:checked`) || form().querySelector(`select[name="${name}"]`);
    return found ? found.value : "";
  };

  // Which fields serve for which choice; all others always show.
  const SERVES = [
    ["ballot.points_each", () => chosen("ballot.kind") === "points"],
    ["ballot.points_least", () => chosen("ballot.kind") === "points"],
    ["ballot.points_most", () => chosen("ballot.kind") === "points"],
    ["ballot.first_points", () => chosen("ballot.kind") === "ranking"],
    ["ballot.budget", () => chosen("ballot.kind") === "budget"],
    ...["satisfaction", "completion", "step", "raise_to_the_end", "comparison"].map((name) => [name, () => chosen("method") === "equal_shares"]),
    ["order", () => chosen("method") !== "equal_shares"],
    ["part_minimum", () => chosen("fit") === "part"],
  ];
  const fold = () => {
    if (!form()) return;
    for (const [name, serves] of SERVES) {
      const field = document.getElementById(`f-${name.replace(".", "-")}`);
      const part = field && (field.matches("fieldset") ? field : field.closest(".field"));
      if (!part) continue;
      const filled = [...part.querySelectorAll("input[type=text], input:checked")].some((one) => one.value && one.value !== "false" && !one.defaultChecked);
      part.hidden = !serves() && !filled && !part.classList.contains("has-error");
    }
  };

  let waiting = 0;
  const tell = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      try {
        const answer = await fetch(box.dataset.tell, { method: "POST", body: new URLSearchParams(new FormData(form())) });
        if (answer.ok && !answer.redirected) box.innerHTML = await answer.text();
      } catch { /* the sentences stay as they were until the next change */ }
    }, 500);
  };

  fold();
  document.addEventListener("change", (event) => { if (form() && form().contains(event.target)) { fold(); if (box) tell(); } });
  document.addEventListener("input", (event) => { if (box && form() && form().contains(event.target)) tell(); });
})();
