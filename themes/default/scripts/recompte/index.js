// Counting a vote again in the visitor's browser. The same file is the page's script and the worker that does the
// work, so that the page stays alive meanwhile. Nothing leaves the browser; the package is read from the site, or from
// a file of the visitor's own.

import { recount } from "./work.js";

const inWorker = typeof document === "undefined";

if (inWorker) {
  self.onmessage = async ({ data }) => {
    const begun = performance.now();
    try {
      let bytes = data.bytes;
      if (!bytes) {
        const answer = await fetch(data.address);
        if (!answer.ok) return self.postMessage({ failed: "missing" });
        bytes = await answer.arrayBuffer();
      }
      const found = recount(new Uint8Array(bytes), (stage, part) => self.postMessage({ stage, part }));
      self.postMessage({ found, seconds: (performance.now() - begun) / 1000 });
    } catch (fault) {
      self.postMessage({ failed: "unreadable", fault: String(fault) });
    }
  };
} else {
  for (const box of document.querySelectorAll("[data-recount]")) offer(box);
}

function offer(box) {
  const words = JSON.parse(box.dataset.words), lang = box.dataset.lang;
  const find = (name) => box.querySelector(`[data-${name}]`);
  const start = find("start"), file = find("file"), bar = find("bar"), said = find("said"), place = find("result");
  const address = new URL(box.dataset.package, document.baseURI).href;
  let worker = null;

  function run(message) {
    if (worker) worker.terminate();
    place.replaceChildren();
    said.textContent = words.reading;
    bar.hidden = false;
    start.disabled = true;
    worker = new Worker(new URL(import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => heard(data);
    worker.onerror = () => heard({ failed: "failed" });
    worker.postMessage(message, message.bytes ? [message.bytes] : []);
  }

  function heard({ stage, part, found, failed, seconds }) {
    if (stage) {
      bar.firstElementChild.value = part;
      if (said.textContent !== words[stage]) said.textContent = words[stage];
      return;
    }
    worker.terminate();
    worker = null;
    bar.hidden = true;
    start.disabled = false;
    if (failed) said.textContent = words[failed];
    else if (found.changed.length) said.textContent = words.changed.replace("%s", found.changed.join(", "));
    else told(found, seconds);
  }

  function told({ result, difference, rows, currency }, seconds) {
    const number = (value, more) => new Intl.NumberFormat(lang, more).format(value);
    const money = (cents) => number(cents / 100, { style: "currency", currency, maximumFractionDigits: cents % 100 ? 2 : 0 });
    const verdict = difference
      ? words.other.replace("%s", difference)
      : words.same.replace("%(winners)s", number(result.winners.length)).replace("%(spent)s", money(result.spent));
    const took = words.counted.replace("%(ballots)s", number(result.voters))
      .replace("%(seconds)s", number(seconds, { maximumFractionDigits: 1 }));
    said.textContent = `${verdict} ${took}`;
    said.classList.toggle("lr-note", true);
    place.replaceChildren(table(rows, number));
  }

  function table(rows, number) {
    const made = (name, text, role) => Object.assign(document.createElement(name), { textContent: text, ...role });
    const points = rows.some((row) => row.points !== null), draws = rows.some((row) => row.drawn);
    const whole = made("table", "", { className: "lr-table" }), head = whole.createTHead().insertRow(), body = whole.createTBody();
    whole.prepend(made("caption", words.table));
    const columns = [words.project, ...(points ? [words.points] : []), words.votes, words.reason, ...(draws ? [words.tie] : [])];
    for (const column of columns) head.append(made("th", column, { scope: "col" }));
    for (const row of rows) {
      const line = body.insertRow();
      line.append(made("th", row.title, { scope: "row" }));
      if (points) line.append(made("td", number(row.points), { className: "lr-n" }));
      line.append(made("td", number(row.votes), { className: "lr-n" }), made("td", words[`reason-${row.reason}`]));
      if (draws) line.append(made("td", row.drawn ? `${row.drawn.slice(0, 12)}…` : ""));
    }
    const scroll = made("div", "", { className: "lr-scroll", tabIndex: 0 });
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", words.table);
    scroll.append(whole);
    return scroll;
  }

  start.addEventListener("click", () => run({ address }));
  file.addEventListener("change", async () => {
    if (file.files.length) run({ bytes: await file.files[0].arrayBuffer() });
  });
  box.hidden = false;
}
