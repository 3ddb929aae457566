// From a document to Markdown that reads back as the same document. What was not changed keeps its source.
import { addresses, parsed } from "./reading.js";

/**
 * The Markdown of a document. `origin` is what `read` gave for the text that it was made from: an untouched document is
 * that text, untouched blocks are their lines of it.
 */
export function write(doc, origin = null) {
  if (origin && doc.eq(origin.doc)) return origin.text;
  const wanted = canonical(doc);
  if (origin) {
    const kept = patched(doc, origin);
    if (readBack(kept) === wanted) return kept;
  }
  return blocks(doc).trimEnd();
}

/** What a text says, "" when the editor cannot hold it. */
function readBack(text) {
  const doc = parsed(text);
  return doc ? canonical(doc) : "";
}

/** True when the editor gives a text back as it took it, whatever is changed around. */
export function faithful(origin) {
  return readBack(blocks(origin.doc)) === canonical(origin.doc);
}

/** The blocks that were there as they were written, the others in the editor's way. */
function patched(doc, origin) {
  const free = new Map(origin.blocks.map((block) => [block.node, block]));
  const taken = (block) => {
    if (block) free.delete(block.node);
    return block || null;
  };
  // Untouched nodes are the very same; what was undone is another one that says the same.
  const same = doc.content.content.map((node) => taken(free.get(node)));
  const known = doc.content.content.map((node, place) => same[place] || taken([...free.values()].find((block) => block.node.eq(node))));
  let text = known[0] && known[0] === origin.blocks[0] ? origin.start : "";
  let last = null;
  let before = null;
  let mark = "";
  doc.forEach((node, _offset, place) => {
    const block = known[place];
    const made = block ? block.source : only(node, before?.type === node.type ? mark : "");
    if (!made) return;
    if (before) text += last && block && block.before === last ? last.gap : "\n\n";
    text += made;
    [last, before, mark] = [block, node, markOf(made)];
  });
  const end = origin.blocks[origin.blocks.length - 1];
  return last && last === end ? text + end.gap.slice(0, -1) : text;
}

// ------------------------------------------------------------------------------------------------------- blocks

/** The Markdown of the blocks of a document, a quote or an item. */
function blocks(parent, tight = false) {
  let text = "";
  let before = null;
  let mark = "";
  parent.forEach((node) => {
    const made = only(node, before && before.type === node.type ? mark : "");
    if (!made && node.type.name !== "code_block") return;
    text += before ? (tight ? "\n" : "\n\n") + made : made;
    mark = markOf(made);
    before = node;
  });
  return text;
}

/** The sign of a list's items. */
const markOf = (made) => (/^([-*+])|^\d+([.)])/.exec(made) || []).slice(1).join("");

/** One block. `mark` is that of a list just before: two lists that touch must differ or they become one. */
function only(node, mark) {
  switch (node.type.name) {
    case "paragraph": return paragraph(node);
    case "heading": {
      const words = inline(node, (text) => text.replace(/#+$/, (signs) => signs.replace(/#/g, "\\#")));
      return words && `${"#".repeat(node.attrs.level)} ${words}`;
    }
    case "blockquote": {
      const inside = blocks(node);
      return inside && inside.replace(/^/gm, "> ").replace(/^> $/gm, ">");
    }
    case "rule": return "___";
    case "code_block": {
      const sign = node.attrs.info.includes("`") ? "~" : "`";
      const runs = node.textContent.match(/`{3,}|~{3,}/g) || [];
      const fence = sign.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
      return `${fence}${node.attrs.info}\n${node.textContent}${node.textContent ? "\n" : ""}${fence}`;
    }
    case "bullet_list": return list(node, () => (mark === "-" ? "*" : "-"));
    case "ordered_list": return list(node, (place) => `${node.attrs.order + place}${mark === "." ? ")" : "."}`);
    case "table": return table(node);
    default: return blocks(node);
  }
}

function list(node, marker) {
  const tight = isTight(node);
  const items = [];
  node.forEach((item) => {
    const inside = blocks(item, tight);
    if (!inside) return;
    const sign = `${marker(items.length)} `;
    items.push(sign + inside.replace(/\n(?=[^\n])/g, `\n${" ".repeat(sign.length)}`));
  });
  return items.join(tight ? "\n" : "\n\n");
}

/** A list stays close together only where nothing in it would flow into what precedes it. */
function isTight(node) {
  if (!node.attrs.tight) return false;
  let tight = true;
  node.forEach((item) => {
    const inside = filled(item);
    for (let place = 1; place < inside.length; place++) {
      const [before, here] = [inside[place - 1], inside[place]];
      const name = here.type.name;
      const closed = ["heading", "rule", "code_block"].includes(before.type.name);
      if ((name === "paragraph" && !closed) || (name === "blockquote" && before.type === here.type)) tight = false;
      if (name === "ordered_list" && here.attrs.order !== 1) tight = false;
    }
  });
  return tight;
}

function filled(parent) {
  const found = [];
  parent.forEach((node) => {
    if (!empty(node)) found.push(node);
  });
  return found;
}

function empty(node) {
  if (["rule", "code_block", "table"].includes(node.type.name)) return false;
  return node.isTextblock ? !pieces(node).length : node.content.content.every(empty);
}

function table(node) {
  const rows = [];
  node.forEach((row) => {
    const cells = [];
    row.forEach((cell) => cells.push(inline(cell).replace(/\|/g, "\\|")));
    rows.push(`| ${cells.join(" | ")} |`);
  });
  const lines = [];
  node.firstChild.forEach((cell) => lines.push({ left: ":--", center: ":-:", right: "--:" }[cell.attrs.align] || "---"));
  return [rows[0], `| ${lines.join(" | ")} |`, ...rows.slice(1)].join("\n");
}

function paragraph(node) {
  return inline(node, (text) => text.split("\n").map(lineStart).join("\n"));
}

/** What would mean something at the start of a line, said to be text. */
function lineStart(line) {
  return line
    .replace(/^(#{1,6})(?=\s|$)/, "\\$1")
    .replace(/^>/, "\\>")
    .replace(/^([-+*])(?=\s|$)/, "\\$1")
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2")
    .replace(/^(?=(?:~{3}|[-=][-=\s|:]*$|[|:][-\s|:]*$))/, "\\");
}

// ------------------------------------------------------------------------------------------------------- inlines

/** Three ways to write the same words: the first that reads back as what it was is taken. */
function inline(node, finish = (text) => text) {
  const parts = pieces(node);
  if (!parts.length) return "";
  const plain = finish(signs(parts, "*", false));
  if (parts.every((part) => !part.marks.length && part.text !== undefined)) return plain;
  const wanted = JSON.stringify(parts);
  const ways = [() => plain, () => finish(signs(parts, "_", false)), () => finish(signs(parts, "*", true)), () => finish(signs(parts, "_", true))];
  for (const way of ways) {
    const text = way();
    const found = parsed(text)?.firstChild;
    if (found?.isTextblock && JSON.stringify(pieces(found)) === wanted) return text;
  }
  return plain;
}

/**
 * The words of a block as pieces {text, marks} or {node, marks}: blanks at the ends of bold, italic and of the block
 * are outside of them, as Markdown wants it; neighbours of the same marks are one.
 */
function pieces(node) {
  const found = [];
  node.forEach((child) => {
    const marks = child.marks.map((mark) => (mark.type.name === "link" ? `link ${JSON.stringify(mark.attrs)}` : mark.type.name));
    if (child.isText) found.push({ text: child.text.replace(/[\t\n\r ]+/g, " "), marks });
    else if (child.type.name === "hard_break") found.push({ node: "\\\n", marks: [] });
    else found.push({ node: image(child.attrs), marks });
  });
  const parts = trimmed(merged(expelled(found)));
  // A line break is inside of what goes on after it.
  return parts.map((part, place) =>
    part.node === "\\\n" ? { node: part.node, marks: parts[place - 1].marks.filter((name) => SOFT.includes(name) && parts[place + 1].marks.includes(name)) } : part,
  );
}

const SOFT = ["em", "strong"];

function expelled(found) {
  const all = [];
  for (const [place, part] of found.entries()) {
    const soft = part.marks.filter((name) => SOFT.includes(name));
    if (part.text === undefined || !soft.length || part.marks.includes("code")) {
      all.push(part);
      continue;
    }
    const inside = (other) => soft.filter((name) => other && other.marks.includes(name));
    const [start] = /^\s*/.exec(part.text);
    const end = start.length === part.text.length ? "" : /\s*$/.exec(part.text)[0];
    const without = (keep) => part.marks.filter((name) => !soft.includes(name) || keep.includes(name));
    if (start) all.push({ text: start, marks: without(start === part.text ? inside(found[place - 1]).filter((name) => inside(found[place + 1]).includes(name)) : inside(found[place - 1])) });
    const middle = part.text.slice(start.length, part.text.length - end.length);
    if (middle) all.push({ text: middle, marks: part.marks });
    if (end) all.push({ text: end, marks: without(inside(found[place + 1])) });
  }
  return all;
}

function merged(found) {
  const all = [];
  for (const part of found) {
    const last = all[all.length - 1];
    if (last && last.text !== undefined && part.text !== undefined && String(last.marks) === String(part.marks)) {
      last.text = (last.text + part.text).replace(/ +/g, " ");
    } else if (part.text !== "") all.push({ ...part });
  }
  return all;
}

/** No blank at the ends of a line, no line break at the end of a block. */
function trimmed(found) {
  const ends = (part) => part === undefined || part.node === "\\\n";
  const code = (part) => part.marks.includes("code");
  for (;;) {
    let changed = false;
    found.forEach((part, place) => {
      if (part.text === undefined || code(part)) return;
      const before = part.text;
      if (ends(found[place - 1])) part.text = part.text.replace(/^ +/, "");
      if (ends(found[place + 1])) part.text = part.text.replace(/ +$/, "");
      changed = changed || part.text !== before;
    });
    found = found.filter((part) => part.text !== "");
    while (found.length && ends(found[found.length - 1])) found.pop();
    while (found.length && ends(found[0])) found.shift();
    if (!changed) return found;
  }
}

const ORDER = ["link", "strong", "em"];
const word = (sign) => sign !== "" && /[\p{L}\p{N}]/u.test(sign);
const stop = (sign) => /[\p{P}\p{S}]/u.test(sign);

/** The pieces with their signs; `spelled` writes a letter that would spoil a sign next to it by its number. */
function signs(parts, em, spelled) {
  const open = [];
  let text = "";
  let pending = "";
  const sign = (name) => (name === "strong" ? "**" : em);
  const close = (name) => (name.startsWith("link ") ? destination(JSON.parse(name.slice(5))) : sign(name));
  const lasts = (name, place) => {
    let end = place;
    while (end < parts.length && parts[end].marks.includes(name)) end++;
    return end;
  };
  parts.forEach((part, place) => {
    const wanted = part.marks.filter((name) => name !== "code");
    let closing = "";
    while (open.some((name) => !wanted.includes(name))) closing += close(open.pop());
    const opening = wanted
      .filter((name) => !open.includes(name))
      .sort((a, b) => lasts(b, place) - lasts(a, place) || rank(a) - rank(b));
    let made = part.node ?? (part.marks.includes("code") ? codeSpan(part.text) : escaped(part.text, wanted.some((name) => name.startsWith("link "))));
    if (spelled && closing && stop(text.slice(-1)) && word(made[0])) made = `&#${made.codePointAt(0)};${made.slice(String.fromCodePoint(made.codePointAt(0)).length)}`;
    if (spelled && opening.length && !closing && stop(made[0])) {
      const letter = [...text].pop() || "";
      if (word(letter)) text = `${text.slice(0, -letter.length)}&#${letter.codePointAt(0)};`;
    }
    text += closing + opening.map((name) => (name.startsWith("link ") ? "[" : sign(name))).join("") + made;
    open.push(...opening);
  });
  while (open.length) pending += close(open.pop());
  return text + pending;
}

const rank = (name) => ORDER.indexOf(name.split(" ")[0]);

/** Text in which nothing is a sign; bare addresses stay as they are, for the site makes links of them. */
function escaped(text, inLink) {
  let made = "";
  let place = 0;
  for (const [start, end] of inLink ? [] : addresses(text)) {
    made += signless(text, place, start) + text.slice(start, end);
    place = end;
  }
  return made + signless(text, place, text.length);
}

function signless(text, from, to) {
  let made = "";
  for (let place = from; place < to; place++) {
    const sign = text[place];
    const [before, after] = [text[place - 1] || "", text[place + 1] || ""];
    const plain =
      !/[\\`*_[\]<&]/.test(sign) ||
      (sign === "_" && word(before) && word(after)) ||
      (sign === "*" && before === " " && after === " ") ||
      (sign === "<" && !/[\p{L}/!?]/u.test(after)) ||
      (sign === "&" && !/[#\p{L}]/u.test(after));
    made += plain ? sign : `\\${sign}`;
  }
  return made;
}

function codeSpan(text) {
  const longest = Math.max(0, ...(text.match(/`+/g) || []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const padded = /^`|`$|^ .*\S.* $/.test(text) ? ` ${text} ` : text;
  return `${fence}${padded}${fence}`;
}

function destination({ href, title }) {
  return `](${target(href)}${title ? ` "${escapedTitle(title)}"` : ""})`;
}

function image({ src, alt, title }) {
  return `![${signless(alt, 0, alt.length)}](${target(src)}${title ? ` "${escapedTitle(title)}"` : ""})`;
}

const escapedTitle = (title) => title.replace(/\s+/g, " ").replace(/["\\]/g, "\\$&").replace(/&(?=[#\p{L}])/gu, "\\&");

function target(address) {
  const safe = address.replace(/&(?=[#\p{L}])/gu, "\\&");
  if (address && !/[\s<>()\\]/.test(address)) return safe;
  return `<${safe.replace(/[<>\\](?!&)/g, "\\$&").replace(/\n/g, "%0A")}>`;
}

// ------------------------------------------------------------------------------------------------------- the same

/** What two documents that say the same have in common, as text to compare. */
export function canonical(doc) {
  return JSON.stringify(shape(doc));
}

const shapes = new WeakMap(); // nodes never change: each is looked at once

function shape(node) {
  if (!shapes.has(node)) shapes.set(node, shapeOf(node));
  return shapes.get(node);
}

function shapeOf(node) {
  const name = node.type.name;
  if (name === "code_block") return [name, node.attrs.info, node.textContent];
  if (name === "rule") return [name];
  if (name === "table") return [name, node.content.content.map((row) => row.content.content.map((cell) => [node.firstChild === row, cell.attrs.align, pieces(cell)]))];
  if (node.isTextblock) return [name, node.attrs.level || 0, pieces(node)];
  const inside = filled(node).map(shape);
  if (/list$/.test(name)) return [name, node.attrs.order ?? 0, isTight(node), inside];
  return [name, inside];
}
