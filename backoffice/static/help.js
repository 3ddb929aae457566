/* Keyboard shortcuts. Keys of one letter never act while one types, and can be switched off on the help page. */
"use strict";

(() => {
  const box = document.getElementById("shortcuts");
  if (!box) return;
  const single = box.dataset.keys === "on";

  const show = () => {
    const dialog = box.content.firstElementChild.cloneNode(true);
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey) return;
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      const save = document.querySelector("form[data-keep] .savebar button[value=save]");
      if (!save) return;
      event.preventDefault();
      save.click();
      return;
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable=true], dialog[open]");
    if (!single || typing || event.ctrlKey || event.metaKey) return;
    if (event.key === "?") show();
    else if (event.key === "/") document.getElementById("q").focus();
    else return;
    event.preventDefault();
  });
})();
