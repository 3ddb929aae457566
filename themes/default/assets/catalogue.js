// Filters of a catalogue, combined. Every filter is also a page of its own, so nothing here is needed to read the
// catalogue: the links become boxes to tick, and the records are fetched when the first box is ticked.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("lr-catalogue").textContent), words = data.words;
  var facets = ["stage", "edition", "zone", "theme", "cost"], PER_PAGE = 50, SINGLE = 60, APART = 64;
  var side = document.querySelector(".lr-facets"), count = document.getElementById("nombre"), list = document.getElementById("liste");
  if (!side || !count || !list) return;
  var pages = document.querySelector(".lr-pages"), bar = count.parentNode, boxes = [], known = null, waiting = null;
  var started = { list: list.innerHTML, start: list.start, count: count.innerHTML, pages: pages };

  // ------------------------------------------------------------------------------------------------ controls

  function make(tag, attributes, inner) {
    var e = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { e.setAttribute(name, attributes[name]); });
    if (inner) e.innerHTML = inner;
    return e;
  }
  function text(words) { return String(words).replace(/[&<>"]/g, function (c) { return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]; }); }
  function box(facet, value, inner, checked) {
    var label = make("label", { "class": "lr-facet" }, inner), input = make("input", { type: "checkbox" });
    input.checked = checked;
    label.insertBefore(input, label.firstChild);
    var number = label.querySelector("b") || label.appendChild(make("b"));
    input.addEventListener("change", function () { changed(true); });
    boxes.push({ facet: facet, value: value, input: input, number: number, words: label.querySelector("span").textContent, start: number.innerHTML });
    return label;
  }
  side.querySelectorAll("a[data-facet]").forEach(function (a) {
    a.parentNode.replaceChild(box(a.dataset.facet, a.dataset.value, a.innerHTML, a.hasAttribute("aria-current")), a);
  });
  var cost = make("details", { "data-fold": "" }), ul = make("ul"), arrow = side.querySelector("summary svg");
  cost.open = true;
  cost.appendChild(make("summary", {}, text(words.cost) + (arrow ? arrow.outerHTML : "")));
  words.bands.forEach(function (band, n) {
    var li = make("li");
    li.appendChild(box("cost", String(n + 1), "<span>" + text(band) + "</span>", false));
    ul.appendChild(li);
  });
  cost.appendChild(ul); side.appendChild(cost);

  var tools = bar.querySelector(".lr-tools") || bar.appendChild(make("div")), label = make("label", { "for": "tri" }, text(words.sort)), order = make("select", { id: "tri", "class": "lr-select" });
  words.orders.forEach(function (one) { order.appendChild(make("option", { value: one[0] }, text(one[1]))); });
  order.addEventListener("change", function () { changed(true); });
  var sorting = make("span", { "class": "lr-sort" });
  sorting.appendChild(label); sorting.appendChild(order); tools.appendChild(sorting);
  var chips = make("div", { "class": "lr-chips" }); chips.hidden = true;
  bar.parentNode.insertBefore(chips, bar.nextSibling);
  var said = make("p", { role: "status", "class": "lr-hidden" });
  bar.parentNode.insertBefore(said, chips);
  var nav = make("nav", { "class": "lr-actions lr-pages", "aria-label": words.pages }); nav.hidden = true;
  list.parentNode.insertBefore(nav, pages || null);

  // ------------------------------------------------------------------------------------------------ state and address

  function state() {
    var now = { tri: order.value, page: 1 };
    facets.forEach(function (facet) { now[facet] = boxes.filter(function (b) { return b.facet === facet && b.input.checked; }).map(function (b) { return b.value; }); });
    return now;
  }
  function query(now) {
    var found = new URLSearchParams();
    facets.forEach(function (facet) { now[facet].forEach(function (value) { found.append(data.parameters[facet], value); }); });
    if (now.tri) found.set("tri", now.tri);
    if (now.page > 1) found.set("page", now.page);
    var plain = found.toString();
    return plain ? "?" + plain : "";
  }
  function fromAddress() {
    var found = new URLSearchParams(location.search), given = false;
    boxes.forEach(function (b) {
      var values = found.getAll(data.parameters[b.facet]);
      b.input.checked = values.indexOf(b.value) >= 0 || (!location.search && b.facet === data.facet && b.value === data.value);
      given = given || values.length > 0;
    });
    order.value = found.get("tri") || "";
    if (order.selectedIndex < 0) order.value = "";
    var now = state();
    now.page = Math.max(1, parseInt(found.get("page"), 10) || 1);
    return given || now.tri || (now.page > 1) ? now : null;
  }
  function changed(push, page, focus) {
    var now = state();
    now.page = page || 1;
    if (data.facet) { location.href = data.folder + query(now); return; }
    if (push) history.pushState(null, "", location.pathname + query(now));
    show(now, focus);
  }

  // ------------------------------------------------------------------------------------------------ records

  function fetched(name) {
    return fetch(data.folder + "filtres/" + name, { cache: "no-cache" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
  }
  function load() {
    waiting = waiting || fetched("filtres.json").then(function (meaning) {
      return Promise.all(meaning.files.map(function (file) {
        return fetched(file[1]).then(function (rows) { return rows.map(function (row) { return record(row, file[0], meaning); }); });
      })).then(function (parts) {
        meaning.records = [].concat.apply([], parts);
        meaning.money = new Intl.NumberFormat(meaning.lang, { style: "currency", currency: meaning.currency, maximumFractionDigits: 0 });
        meaning.compare = new Intl.Collator(meaning.lang, { numeric: true }).compare;
        known = meaning;
        return meaning;
      });
    }).catch(function (fault) { waiting = null; throw fault; });
    return waiting;
  }
  function record(row, edition, meaning) {
    var amount = row[6], band = "";
    if (amount !== null) {
      band = 1;
      while (band <= data.bands.length && amount >= data.bands[band - 1]) band += 1;
    }
    return { id: row[0], title: row[1], summary: row[2], zone: row[3], theme: row[4], state: row[5], amount: amount, day: row[7], x: row[8], y: row[9], image: row[10], steps: row[11], foreign: row[12] || {},
      edition: edition, stage: (meaning.states[row[5]] || [])[1] || "", cost: String(band) };
  }

  /* A record counts for a value of a facet when it meets all the other facets. */
  function filter(now) {
    var wanted = facets.map(function (facet) { var set = new Set(now[facet]); return set.size ? set : null; });
    var counts = facets.map(function () { return new Map(); }), found = [];
    known.records.forEach(function (one) {
      var missed = -1, misses = 0, n;
      for (n = 0; n < facets.length && misses < 2; n += 1) if (wanted[n] && !wanted[n].has(one[facets[n]])) { misses += 1; missed = n; }
      if (misses > 1) return;
      for (n = 0; n < facets.length; n += 1) if (!misses || n === missed) counts[n].set(one[facets[n]], (counts[n].get(one[facets[n]]) || 0) + 1);
      if (!misses) found.push(one);
    });
    if (now.tri === "date") found.sort(function (a, b) { return a.day < b.day ? 1 : a.day > b.day ? -1 : 0; });
    if (now.tri === "cout") found.sort(function (a, b) { return (b.amount === null ? -1 : b.amount) - (a.amount === null ? -1 : a.amount); });
    if (now.tri === "titre") found.sort(function (a, b) { return known.compare(a.title, b.title); });
    return { found: found, counts: counts };
  }

  // ------------------------------------------------------------------------------------------------ showing

  function number(n) { return n.toLocaleString(known.lang); }
  function counted(n) { return number(n) + " " + (n > 1 ? words.many : words.one); }
  function filled(words, values) { return words.replace(/%\((\w+)\)s/g, function (_all, name) { return values[name]; }); }
  function day(plain) {
    if (!plain) return "";
    var parts = plain.split("-"), shape = parts.length > 1 ? { year: "numeric", month: "long" } : { year: "numeric" };
    if (parts.length > 2) shape.day = "numeric";
    var shown = new Intl.DateTimeFormat(known.lang, Object.assign({ timeZone: "UTC" }, shape)).format(new Date(Date.UTC(parts[0], (parts[1] || 1) - 1, parts[2] || 1)));
    if (known.lang === "fr") shown = shown.replace(/^1 /, "1<sup>er</sup> ");
    return known.dates[parts.length > 2 ? 0 : 1].replace("%s", shown);
  }
  /* An attribute that tells in what language a text is, when it is another one than the page's. */
  function spoken(code) { return code ? ' lang="' + text(code) + '"' : ""; }
  function named(kind, id, words) {
    var code = ((known.foreign || {})[kind] || {})[id];
    return code && words ? "<span" + spoken(code) + ">" + text(words) + "</span>" : text(words || "");
  }
  function row(one) {
    var told = known.states[one.state] || ["", "", "over"], family = told[2], steps = one.steps;
    var image = one.image ? (known.up || "") + "media/" + encodeURI(one.image) + (/\.(jpe?g|png|webp|gif)$/i.test(one.image) ? ".480.jpg" : "") : (known.themes[one.theme] || ["", known.picture])[1];
    var place = one.zone === "*" ? text(known.whole) : named("zones", one.zone, (known.zones[one.zone] || [one.zone])[0]);
    var meta = [place, named("themes", one.theme, (known.themes[one.theme] || [one.theme])[0]), named("editions", one.edition, known.editions[one.edition])].filter(Boolean).join(" · ");
    var aside = one.amount === null ? "" : '<p class="lr-money">' + known.money.format(one.amount) + (known.estimated ? "<small>" + text(known.estimated) + "</small>" : "") + "</p>";
    var since = text(told[0]) + (one.day ? " " + day(one.day) : "");
    if (steps) {
      var segments = "";
      for (var n = 0; n < steps[0]; n += 1) segments += '<i class="' + (n < steps[1] ? "on" : n === steps[1] && steps[2] ? "now" : "") + '"></i>';
      var step = filled(known.step, { number: steps[1] + 1, total: steps[0] }) + ", " + (steps[3] || known.steps[steps[2]] || "");
      aside += '<div class="lr-progress is-' + family + '"><span class="lr-progress__bar" aria-hidden="true">' + segments + "</span><span>" + (["done", "over", "stop"].indexOf(family) >= 0 || !steps[2] ? since : text(step)) + "</span></div>";
    } else if (one.day && !known.estimated) aside += '<p class="lr-meta">' + since + "</p>";
    return '<li class="lr-project' + (family === "over" ? " is-over" : "") + '"><img src="' + text(data.root + image) + '" alt="" width="400" height="300" loading="lazy"><div><span class="lr-state is-' + family + '">' + known.icons[family] + text(told[0]) +
      '</span><h3><a href="' + text(data.folder + one.id) + '/"' + spoken(one.foreign.title) + '>' + text(one.title) + '</a></h3><p class="lr-meta">' + meta + "</p>" + (one.summary ? '<p class="lr-project__sum"' + spoken(one.foreign.summary) + '>' + text(one.summary) + "</p>" : "") + '</div><div class="lr-project__side">' + aside + "</div></li>";
  }
  function restore() {
    list.innerHTML = started.list; list.start = started.start; count.innerHTML = started.count;
    nav.hidden = true; if (started.pages) started.pages.hidden = false;
    chips.hidden = true;
    boxes.forEach(function (b) { b.number.innerHTML = b.start; });
    plan.restore();
    told(null);
    said.textContent = count.textContent;
  }
  function show(now, focus) {
    if (!query(now)) { restore(); if (focus) count.focus(); return Promise.resolve(); }
    if (!known) said.textContent = words.wait;
    return load().then(function () {
      if (query(state()) !== query(Object.assign({}, now, { page: 1 }))) return; // another choice was made meanwhile
      var result = filter(now), found = result.found, total = Math.max(1, Math.ceil(found.length / PER_PAGE)), page = Math.min(now.page, total);
      var first = (page - 1) * PER_PAGE, shown = found.slice(first, first + PER_PAGE);
      list.innerHTML = shown.map(row).join("") || '<li class="lr-text">' + text(words.none) + "</li>";
      list.start = first + 1;
      count.textContent = said.textContent = counted(found.length);
      boxes.forEach(function (b) {
        var n = result.counts[facets.indexOf(b.facet)].get(b.value) || 0;
        b.number.innerHTML = number(n) + '<span class="lr-hidden"> ' + text(n > 1 ? words.many : words.one) + "</span>";
      });
      turn(page, total, first, shown.length, found.length);
      choices();
      plan.show(found);
      told(found);
      if (focus) count.focus();
    }).catch(function () { said.textContent = count.textContent = words.failed; });
  }
  function turn(page, total, first, shown, all) {
    if (started.pages) started.pages.hidden = true;
    nav.hidden = total < 2; nav.innerHTML = "";
    if (total < 2) return;
    function to(target, name, rel) {
      var now = state(); now.page = target;
      var a = make("a", { "class": "lr-button lr-button--second", rel: rel, href: query(now) || "?" }, text(name));
      a.addEventListener("click", function (e) {
        if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
        e.preventDefault(); changed(true, target, true);
      });
      nav.appendChild(a);
    }
    if (page > 1) to(page - 1, words.previous, "prev");
    nav.appendChild(make("span", { "class": "lr-soft" }, filled(text(words.range), { first: number(first + 1), last: number(first + shown), total: number(all) })));
    if (page < total) to(page + 1, words.next, "next");
  }
  function choices() {
    var active = boxes.filter(function (b) { return b.input.checked; });
    chips.hidden = !active.length; chips.innerHTML = "";
    active.forEach(function (b) {
      var chip = make("button", { type: "button", "class": "lr-chip", "aria-label": words.remove.replace("%s", b.words) }, text(b.words) + " ×");
      chip.addEventListener("click", function () { b.input.checked = false; changed(true, 1, true); });
      chips.appendChild(chip);
    });
    var clear = make("button", { type: "button", "class": "lr-button lr-button--quiet lr-button--small" }, text(words.clear));
    clear.addEventListener("click", function () { boxes.forEach(function (b) { b.input.checked = false; }); order.value = ""; changed(true, 1, true); });
    chips.appendChild(clear);
  }

  // The detailed map, where a visitor asked for it, shows what the list shows; it may be loaded later than the list.
  var listed = null;
  function told(found) { listed = found; document.dispatchEvent(new CustomEvent("laureat:liste", { detail: found })); }
  document.addEventListener("laureat:carte", function () { if (listed) told(listed); });

  // ------------------------------------------------------------------------------------------------ the plan

  var SHAPES = { done: '<circle r="15"/>', work: '<path d="M0-18L18 0 0 18-18 0z"/>', study: '<rect x="-14" y="-14" width="28" height="28" rx="3"/>', stop: '<path d="M0-18L18 14H-18z"/>', over: '<path d="M-8-15H8L15-7V7L8 15H-8L-15 7V-7z"/>', vote: '<path d="M0-18L5-6 18-5 8 4 11 17 0 10-11 17-8 4-18-5-5-6z"/>' };
  var plan = (function () {
    var svg = document.querySelector("#carte svg"), told = document.querySelector("#carte .lr-map__bar > span");
    if (!svg) return { show: function () {}, restore: function () {} };
    var before = Array.prototype.map.call(svg.querySelectorAll(".pin"), function (pin) { return pin.outerHTML; }).join(""), words_before = told ? told.textContent : "";
    var scale = svg.viewBox.baseVal.width / 800;
    function draw(pins) {
      svg.querySelectorAll(".pin").forEach(function (pin) { pin.remove(); });
      svg.insertAdjacentHTML("beforeend", pins);
    }
    function spread(marks) {
      var apart = APART * scale, groups = [];
      marks.forEach(function (mark) {
        var near = groups.find(function (group) { var a = group[0].x - mark.x, b = group[0].y - mark.y; return a * a + b * b < apart * apart; });
        if (near) near.push(mark); else groups.push([mark]);
      });
      return groups;
    }
    function byZone(found) {
      var sums = new Map();
      found.forEach(function (one) { if (known.spots[one.zone]) sums.set(one.zone, (sums.get(one.zone) || 0) + 1); });
      return Array.from(sums, function (pair) { return { x: known.spots[pair[0]][0], y: known.spots[pair[0]][1], n: pair[1], zone: pair[0] }; });
    }
    function pin(group) {
      var n = group.reduce(function (sum, mark) { return sum + mark.n; }, 0), one = group[0].one, zones = Array.from(new Set(group.map(function (mark) { return mark.zone; })));
      var inner, kind, label, href;
      if (n === 1 && one) {
        kind = known.states[one.state][2]; inner = SHAPES[kind]; href = data.folder + one.id + "/";
        label = one.title + ", " + known.states[one.state][0];
      } else {
        var zone = zones.length === 1 ? known.zones[zones[0]] : null;
        kind = "many"; inner = '<circle r="' + (n < 100 ? 18 : 23) + '"/><text y="6">' + n + "</text>";
        href = zone && zone[1] ? data.root + zone[1] : ""; label = (zone ? zone[0] + ", " : "") + counted(n);
      }
      var at = 'class="pin is-' + kind + '" transform="translate(' + Math.round(group[0].x) + " " + Math.round(group[0].y) + ") scale(" + scale.toFixed(3) + ')"';
      return "<g " + at + ">" + (href ? '<a href="' + text(href) + '" aria-label="' + text(label) + '">' + inner + "</a>" : '<g role="img" aria-label="' + text(label) + '">' + inner + "</g>") + "</g>";
    }
    return {
      show: function (found) {
        var located = known.frame ? found.filter(function (one) { return one.x !== null; }) : [], marks;
        if (located.length && located.length <= SINGLE) {
          marks = located.map(function (one) {
            var f = known.frame;
            return { x: (one.x / 1e6 - f[0]) * f[2], y: (f[1] - one.y / 1e6) * f[3], n: 1, zone: one.zone, one: one };
          });
        } else marks = byZone(found);
        draw(spread(marks).map(pin).join(""));
        if (told) told.textContent = words.plan.replace("%s", counted(marks.reduce(function (sum, mark) { return sum + mark.n; }, 0)));
      },
      restore: function () { draw(before); if (told) told.textContent = words_before; }
    };
  })();

  window.addEventListener("popstate", function () { var now = fromAddress(); if (now) show(now); else restore(); });
  window.addEventListener("pageshow", function (e) { if (e.persisted) fromAddress(); });
  var now = fromAddress();
  if (now && data.facet) location.replace(data.folder + query(now)); // a link to part of a list, made for all readers
  else if (now) show(now);
})();
