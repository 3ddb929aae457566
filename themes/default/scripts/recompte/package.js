// A recount package: a zip whose files are stored as they are. Reads rule, projects, ballots and the expected result.

import { inOrder } from "./ballots.js";
import { sha256 } from "./draw.js";

/** The files of a zip, by name; throws an Error for one that is not a package of ours. */
export function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), text = new TextDecoder();
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Error("no zip");
  const files = new Map();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left; left -= 1) {
    const method = view.getUint16(at + 10, true), size = view.getUint32(at + 20, true);
    const name = view.getUint16(at + 28, true), more = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const local = view.getUint32(at + 42, true);
    if (method !== 0) throw new Error("compressed");
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    files.set(text.decode(bytes.subarray(at + 46, at + 46 + name)), bytes.subarray(start, start + size));
    at += 46 + name + more;
  }
  return files;
}

/** The names of the files that are not what the list of hashes says: altered, added, or taken away. */
export function changed(files) {
  const listed = new TextDecoder().decode(files.get("SHA256SUMS")).trim().split("\n").map((line) => line.split("  "));
  const known = new Map(listed.map(([hash, name]) => [name, hash]));
  const names = new Set([...known.keys(), ...files.keys()].filter((name) => name !== "SHA256SUMS"));
  return [...names].filter((name) => !files.has(name) || known.get(name) !== sha256(files.get(name)));
}

/** What a package holds: rule, contest, box and the expected result. */
export function opened(files) {
  const text = (name) => new TextDecoder().decode(files.get(name));
  const { edition, rule } = JSON.parse(text("rule.json")), contest = JSON.parse(text("projects.json"));
  const reader = new Reader(edition, rule.paper.kind, new Set(contest.projects.map((one) => one.id)));
  for (const name of [...files.keys()].sort(inOrder)) {
    if (/^ballots.*\.csv$/.test(name)) reader.ballots(rows(text(name)));
    else if (/^totals.*\.csv$/.test(name)) reader.totals(rows(text(name)));
  }
  const box = { ballots: [...reader.found.values()], totals: [...reader.places.values()] };
  return { edition, rule, contest, box, expected: JSON.parse(text("result.json")).result };
}

/** The lines of a CSV, each as a function from the name of a column to its cell. */
function* rows(text) {
  const [first, ...lines] = text.split("\n"), places = new Map(cells(first).map((name, n) => [name, n]));
  let row = [];
  const cell = (name) => (places.has(name) ? row[places.get(name)] : "");
  for (const line of lines) if (line) {
    row = cells(line);
    yield cell;
  }
}

function cells(line) {
  if (!line.includes('"')) return line.split(",");
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'));
}

class Reader {
  constructor(edition, kind, projects) {
    Object.assign(this, { edition, kind, projects, found: new Map(), places: new Map(), named: new Map() });
  }

  ballots(lines) {
    for (const row of lines) {
      const written = row("choices");
      let choices = written ? written.split(" ").map((choice) => this.project(choice)) : [], points = [];
      if (this.kind === "points") {
        const given = row("points").split(" ").filter(Boolean).map(Number);
        const pairs = choices.map((choice, n) => [choice, given[n]]).sort((a, b) => inOrder(a[0], b[0]) || a[1] - b[1]);
        [choices, points] = [pairs.map(([choice]) => choice), pairs.map(([, number]) => number)];
      } else if (this.kind !== "ranking") choices.sort(inOrder);
      const zone = row("zone"), youth = row("youth") === "1", reason = row("void");
      const key = [choices.join(" "), points.join(" "), zone, youth, reason].join("\n"), known = this.found.get(key);
      if (known) known.times += 1;
      else this.found.set(key, { choices, points, zone, youth, void: reason, times: 1 });
    }
  }

  totals(lines) {
    for (const row of lines) {
      const place = row("place"), key = row("key"), number = Number(row("count"));
      const known = this.places.get(place) || { votes: {}, points: {}, valid: 0, void: {} };
      this.places.set(place, known);
      if (row("kind") === "valid") known.valid = number;
      else if (row("kind") === "void") known.void[key] = number;
      else {
        const project = this.project(key);
        known.votes[project] = number;
        if (Number(row("points"))) known.points[project] = Number(row("points"));
      }
    }
  }

  /** The identifier of a project as it is written in a file. */
  project(short) {
    let known = this.named.get(short);
    if (known === undefined) {
      known = this.projects.has(short) ? short : `${this.edition}-${short}`;
      this.named.set(short, known);
    }
    return known;
  }
}

/** Where two values that JSON can say differ: the path of the first difference, "" when they are the same. */
export function difference(first, second, path = "result") {
  if (Object.is(first, second)) return "";
  if (typeof first !== "object" || typeof second !== "object" || !first || !second) return path;
  if (Array.isArray(first) !== Array.isArray(second)) return path;
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  for (const name of names) {
    const found = difference(first[name], second[name], `${path}.${name}`);
    if (found) return found;
  }
  return "";
}
