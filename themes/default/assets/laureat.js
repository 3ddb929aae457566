// Switches only: every page is complete without this file. It is loaded in the head so that a chosen scheme is there
// before the first picture of the page; everything else waits for the document.
(function () {
  "use strict";
  var root = document.documentElement, dark = window.matchMedia("(prefers-color-scheme: dark)"), key = "laureat-scheme";
  root.classList.replace("no-js", "js");

  function chosen() { try { return localStorage.getItem(key); } catch (e) { return null; } }
  function keep(scheme) { try { localStorage.setItem(key, scheme); } catch (e) { /* private browsing: for this page only */ } }
  function isDark() { var scheme = root.getAttribute("data-md-color-scheme"); return scheme ? scheme === "slate" : dark.matches; }
  var scheme = chosen();
  if (scheme === "slate" || scheme === "default") root.setAttribute("data-md-color-scheme", scheme);

  function palette(button) {
    function show() { button.setAttribute("aria-pressed", String(isDark())); }
    button.hidden = false; show();
    dark.addEventListener("change", show);
    button.addEventListener("click", function () {
      var next = isDark() ? "default" : "slate";
      root.setAttribute("data-md-color-scheme", next); keep(next); show();
    });
  }

  function menu(details) {
    details.addEventListener("keydown", function (e) {
      if (e.key === "Escape" && details.open) { details.open = false; details.querySelector("summary").focus(); }
    });
    details.addEventListener("focusout", function (e) { if (e.relatedTarget && !details.contains(e.relatedTarget)) details.open = false; });
    document.addEventListener("click", function (e) { if (!details.contains(e.target)) details.open = false; });
  }

  // The browser's own way of sharing, else the address is copied; nobody else is told.
  function share(button) {
    if (!navigator.share && !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      if (navigator.share) navigator.share({ title: document.title, url: location.href }).catch(function () { /* closed without choosing */ });
      else navigator.clipboard.writeText(location.href).then(function () { button.textContent = button.dataset.done; });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-palette]").forEach(palette);
    document.querySelectorAll(".lr-menu").forEach(menu);
    document.querySelectorAll("[data-share]").forEach(share);
    document.querySelectorAll("[data-print]").forEach(function (b) { b.hidden = false; b.addEventListener("click", function () { window.print(); }); });
    if (window.matchMedia("(max-width: 44.99em)").matches) document.querySelectorAll("details[data-fold]").forEach(function (d) { d.open = false; });
  });
})();
