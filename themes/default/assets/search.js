// The search page: loads the index only when the visitor searches, one bundle for each group of editions, and shows
// what is found. Words come from the page (`data-*` of the form), in its language. Without this file the page leads
// to the catalogues.
(function () {
  "use strict";
  var form = document.querySelector("[data-search]");
  if (!form) return;
  var words = form.dataset, field = form.elements.q, filters = form.querySelectorAll("select[name]");
  var area = document.getElementById(words.results), status = area.querySelector("[role=status]");
  var list = area.querySelector("ol"), more = area.querySelector("button");
  var index = new URL(words.index, location.href), root = new URL(words.root, location.href).pathname;
  var PAGE = 10, engine = null, found = [], shown = 0, turn = 0;

  // ------------------------------------------------------------------------------------------------ the index
  function load() {
    if (!engine) engine = start().catch(function (fault) { engine = null; throw fault; });
    return engine;
  }

  async function start() {
    var answer = await fetch(new URL("groupes.json", index), { cache: "no-cache" });
    if (!answer.ok) throw new Error("groupes.json: " + answer.status);
    var language = document.documentElement.lang.slice(0, 2);
    var groups = (await answer.json()).groups.filter(function (group) { return group.language === language; });
    if (!groups.length) throw new Error("no index in " + language);
    var bundles = groups.map(function (group) { return new URL(group.name + "/", index).pathname; });
    var pagefind = await import(new URL("pagefind.js", new URL(bundles[0], location.href)).href);
    await pagefind.options({ basePath: bundles[0], baseUrl: root, excerptLength: 28 });
    await pagefind.init();
    await Promise.all(bundles.slice(1).map(function (bundle) { return pagefind.mergeIndex(bundle, { baseUrl: root }); }));
    return pagefind;
  }

  // The index knows `a/b.html` for the page `a/b/`, and `c.html.html` for the page `c.html`.
  function address(url) {
    var flat = url.replace(/\.html$/, "");
    return /\.html$/.test(flat) ? flat.replace(/(^|\/)index\.html$/, "$1") : flat + "/";
  }

  // ------------------------------------------------------------------------------------------------ results
  // An excerpt is text with <mark> around the words found: rebuilt from text nodes, so nothing else can come through.
  function excerpt(text) {
    var line = document.createElement("p"), marked = false;
    text.split(/(<\/?mark>)/).forEach(function (part) {
      if (part === "<mark>" || part === "</mark>") { marked = part === "<mark>"; return; }
      if (!part) return;
      var words = document.createTextNode(part.replace(/&lt;/g, "<").replace(/&gt;/g, ">"));
      var node = marked ? document.createElement("mark") : words;
      if (marked) node.append(words);
      line.append(node);
    });
    return line;
  }

  function row(page) {
    var item = document.createElement("li"), title = document.createElement("h3"), link = document.createElement("a");
    item.className = "lr-found";
    link.href = address(page.url);
    link.textContent = page.meta.title || link.href;
    title.append(link);
    item.append(title);
    var kind = Array.from(filters, function (select) { return (page.filters[select.name] || []).join(", "); });
    kind = kind.filter(Boolean).join(" · ");
    if (kind) {
      var line = document.createElement("p");
      line.className = "lr-meta";
      line.textContent = kind;
      item.append(line);
    }
    item.append(excerpt(page.excerpt));
    return item;
  }

  async function showMore(mine) {
    var pages = await Promise.all(found.slice(shown, shown + PAGE).map(function (result) { return result.data(); }));
    if (mine !== turn) return null;
    var rows = pages.map(row);
    list.append.apply(list, rows);
    shown += rows.length;
    more.hidden = shown >= found.length;
    return rows[0] || null;
  }

  // ------------------------------------------------------------------------------------------------ asking
  function say(text, count, query) {
    var number = new Intl.NumberFormat(document.documentElement.lang).format(count || 0);
    status.textContent = text.replace("{n}", number).replace("{q}", query || "");
  }

  function clear() { list.replaceChildren(); more.hidden = true; found = []; shown = 0; }

  // Words that are on every page (`data-small`) tell nothing apart and weigh most of all: left out, unless quoted.
  function telling(query) {
    if (query.includes('"')) return query;
    var small = words.small.split(" ");
    var kept = query.split(/[\s'’]+/).filter(function (word) { return word && !small.includes(word.toLowerCase()); });
    return kept.join(" ");
  }

  async function search() {
    var query = field.value.trim(), mine = ++turn, chosen = {};
    filters.forEach(function (select) { if (select.value) chosen[select.name] = select.value; });
    if (!telling(query)) { clear(); say(query ? words.vague : words.empty); return; }
    say(words.busy);
    try {
      var pagefind = await load();
      var answer = await pagefind.search(telling(query), { filters: chosen });
      if (mine !== turn) return;
      clear();
      found = answer.results;
      await showMore(mine);
      if (mine !== turn) return;
      say(found.length === 0 ? words.none : found.length === 1 ? words.one : words.many, found.length, query);
    } catch (fault) {
      if (mine !== turn) return;
      clear();
      say(words.failed);
    }
  }

  function remember() {
    var address = new URL(location.href);
    address.search = "";
    new FormData(form).forEach(function (value, name) { if (value) address.searchParams.set(name, value); });
    history.replaceState(null, "", address);
  }

  form.addEventListener("submit", function (event) { event.preventDefault(); remember(); search(); });
  filters.forEach(function (select) {
    select.addEventListener("change", function () { if (field.value.trim()) { remember(); search(); } });
  });
  more.addEventListener("click", async function () {
    try {
      var first = await showMore(turn);
      if (first) first.querySelector("a").focus();
    } catch (fault) { say(words.failed); }
  });

  var asked = new URLSearchParams(location.search);
  filters.forEach(function (select) { if (asked.get(select.name)) select.value = asked.get(select.name); });
  if (asked.get("q")) { field.value = asked.get("q"); search(); }
})();
