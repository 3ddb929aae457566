// The detailed map, on demand. Before a visitor presses the button nothing of it is fetched, from us or from anybody.
// The choice is kept in this browser for that one provider, and is withdrawn here or on the page on personal data.
(function () {
  "use strict";
  var KEY = "laureat-carte";
  function chosen() { try { return localStorage.getItem(KEY); } catch (e) { return null; } }
  function keep(origin) {
    try { if (origin) localStorage.setItem(KEY, origin); else localStorage.removeItem(KEY); } catch (e) { /* private browsing: for this page only */ }
  }
  function address(base, name) { return new URL(base + name, document.baseURI).href; }

  function styled(href) {
    return new Promise(function (done, failed) {
      var link = document.createElement("link");
      link.rel = "stylesheet"; link.href = href; link.onload = done; link.onerror = failed;
      document.head.appendChild(link);
    });
  }

  function offer(box) {
    var on = box.querySelector("[data-on]"), off = box.querySelector("[data-off]"), words = box.querySelector("p"), said = box.querySelector("[role=status]");
    var base = box.dataset.base, live = null, wanted = false, busy = false;
    function start(focus) {
      wanted = true;
      if (busy || live) return;
      busy = on.disabled = true; said.textContent = "";
      fetch(address(base, box.dataset.settings)).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }).then(function (settings) {
        return Promise.all([import(address(base, settings.script)), styled(address(base, settings.style))]).then(function (loaded) { return loaded[0].show(box, settings); });
      }).then(function (map) {
        live = map; busy = on.disabled = false;
        if (!wanted) { stop(); return; } // withdrawn while it was on its way
        on.hidden = words.hidden = true; off.hidden = false;
        if (focus) live.focus();
      }).catch(function () { busy = on.disabled = false; said.textContent = said.dataset.failed; });
    }
    function stop() {
      wanted = false;
      if (live) { live.remove(); live = null; }
      on.hidden = words.hidden = false; off.hidden = true;
    }
    box.hidden = false;
    on.addEventListener("click", function () { keep(box.dataset.origin); start(true); });
    off.addEventListener("click", function () { keep(null); stop(); on.focus(); });
    if (chosen() !== box.dataset.origin) return;
    if (!window.IntersectionObserver) { start(false); return; }
    var near = new IntersectionObserver(function (seen) {
      if (seen.some(function (one) { return one.isIntersecting; })) { near.disconnect(); start(false); }
    }, { rootMargin: "300px" });
    near.observe(box);
  }

  function consent(section) {
    var off = section.querySelector("[data-fond-off]"), said = section.querySelector("[role=status]");
    function tell() {
      var given = chosen() === section.dataset.origin;
      off.hidden = !given; said.hidden = false;
      said.textContent = given ? said.dataset.given : said.dataset.none;
    }
    off.addEventListener("click", function () { keep(null); tell(); });
    window.addEventListener("pageshow", tell);
    tell();
  }

  document.querySelectorAll("[data-carte]").forEach(offer);
  document.querySelectorAll("[data-fond]").forEach(consent);
})();
