// From Markdown to a document, read as the site's renderer reads it (CommonMark with tables and bare addresses).
import { Mark } from "prosemirror-model";
import MarkdownIt from "markdown-it";
import { schema } from "./schema.js";

const { nodes } = schema;

const parser = new MarkdownIt("commonmark").enable("table");
parser.validateLink = () => true; // what may be led to is the renderer's to decide: here nothing is led to
parser.normalizeLink = (address) => address; // kept as it was written
parser.inline.ruler.at("text", plainText);
parser.inline.ruler.before("escape", "address", address);

const SPECIAL = /[\n!#$%&*+\-:<=>@[\\\]^_`{}~]|(?<![\p{L}\p{N}])(?:https?:\/\/|www\.)/gu;

/** Text up to the next sign or address; markdown-it's own rule knows nothing of the latter. */
function plainText(state, silent) {
  SPECIAL.lastIndex = state.pos;
  const found = SPECIAL.exec(state.src);
  const end = found ? Math.min(found.index, state.posMax) : state.posMax;
  if (end === state.pos) return false;
  if (!silent) state.pending += state.src.slice(state.pos, end);
  state.pos = end;
  return true;
}

/** A bare web address is text as it stands: its underscores and stars are no emphasis. */
function address(state, silent) {
  if (!/[hw]/.test(state.src.charAt(state.pos))) return false;
  const found = ADDRESS.exec(state.src.slice(state.pos));
  if (!found || /[\p{L}\p{N}]/u.test(state.src.charAt(state.pos - 1)) || inBracket(state)) return false;
  const text = trimmed(found[0]);
  if (!silent) state.pending += text;
  state.pos += text.length;
  return true;
}

const ADDRESS = /^(?:https?:\/\/|www\.)[\p{L}\p{N}][^\s<]*/u;

/** Where the bare addresses of a text lie: [start, end] each. */
export function addresses(text) {
  const found = [];
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])(?:https?:\/\/|www\.)[\p{L}\p{N}][^\s<]*/gu)) {
    found.push([match.index, match.index + trimmed(match[0]).length]);
  }
  return found;
}

function trimmed(text) {
  for (;;) {
    if (/[?!.,:*_~'"]$/.test(text)) text = text.slice(0, -1);
    else if (/\)$/.test(text) && text.split(")").length > text.split("(").length) text = text.slice(0, -1);
    else if (/&[a-zA-Z0-9]+;$/.test(text)) text = text.replace(/&[a-zA-Z0-9]+;$/, "");
    else return text;
  }
}

function inBracket(state) {
  let depth = 0;
  const before = state.src.slice(0, state.pos);
  for (let place = 0; place < before.length; place++) {
    if (before[place] === "\\") place++;
    else if (before[place] === "[") depth++;
    else if (before[place] === "]" && depth) depth--;
  }
  return depth > 0;
}

/**
 * The document of a text, with the source of each of its blocks; or `why` the editor cannot hold it faithfully:
 * "html" or "footnote".
 */
export function read(text) {
  const environment = {};
  const tokens = parser.parse(text, environment);
  const why = unknown(text, tokens);
  if (why) return { why };
  const lines = text.split("\n");
  const blocks = [];
  for (let start = 0, end; start < tokens.length; start = end) {
    let depth = 0;
    for (end = start; end < tokens.length; ) {
      depth += tokens[end++].nesting;
      if (depth === 0) break;
    }
    const [from, to] = tokens[start].map;
    let last = to;
    while (last > from + 1 && !lines[last - 1].trim()) last--;
    blocks.push({ node: nodesOf(tokens.slice(start, end))[0], from, to: last, source: lines.slice(from, last).join("\n") });
  }
  for (const [place, block] of blocks.entries()) {
    const after = place + 1 < blocks.length ? blocks[place + 1].from : lines.length;
    block.gap = ["", ...lines.slice(block.to, after), ""].join("\n");
    block.before = place ? blocks[place - 1] : null;
  }
  const start = blocks.length ? lines.slice(0, blocks[0].from).map((line) => `${line}\n`).join("") : "";
  const content = blocks.length ? blocks.map((block) => block.node) : [schema.nodes.paragraph.create()];
  return { doc: schema.topNodeType.create(null, content), blocks, start, text };
}

/** The same document without its sources. */
export const parsed = (text) => read(text).doc;

function unknown(text, tokens) {
  if (/^ {0,3}\[\^[^\]]+\]:/m.test(text)) return "footnote";
  const html = (token) => /^html_/.test(token.type) || (token.children || []).some(html);
  if (tokens.some(html)) return "html";
  const broken = ({ children }, place) =>
    children && (twice(children) || (tokens[place - 1].type === "heading_open" && children.some((child) => child.type === "hardbreak")));
  // A table of one column without a bar under its head is one for this parser only.
  const lines = text.split("\n");
  const doubtful = ({ type, map }) => type === "table_open" && !lines[map[0] + 1].includes("|");
  // Blank lines after a title or a rule in a list space it out for this parser, not for that of the site.
  const spaced = ({ type, level }, place) =>
    /^(heading_open|hr)$/.test(type) && tokens.slice(0, place).findLast((before) => before.level < level && before.nesting > 0)?.type === "list_item_open";
  return tokens.some(broken) || tokens.some(doubtful) || tokens.some(spaced) ? "other" : "";
}

/** True for italic within italic, or bold within bold: the editor has one of each. */
function twice(children) {
  const open = { em: 0, strong: 0 };
  return children.some(({ tag, nesting }) => tag in open && (open[tag] += nesting) > 1);
}

/** The nodes of balanced tokens. */
function nodesOf(tokens) {
  const stack = [{ content: [], loose: false }];
  const add = (node) => stack[stack.length - 1].content.push(node);
  for (const token of tokens) {
    if (token.type === "inline") inlines(token.children).forEach(add);
    else if (token.type === "fence" || token.type === "code_block") add(code(token));
    else if (token.type === "hr") add(nodes.rule.create());
    else if (/^t(head|body)_/.test(token.type)) continue;
    else if (token.nesting > 0) stack.push({ token, content: [], loose: false });
    else {
      const part = stack.pop();
      if (part.token.type === "paragraph_open" && !part.token.hidden && stack.length > 1) stack[stack.length - 2].loose = true;
      add(made(part));
    }
  }
  return stack[0].content;
}

function made({ token, content, loose }) {
  const inside = content.length ? content : [nodes.paragraph.create()]; // an empty quote or item still has a place to write
  switch (token.type) {
    case "paragraph_open": return nodes.paragraph.create(null, content);
    case "heading_open": return nodes.heading.create({ level: Number(token.tag.slice(1)) }, content);
    case "blockquote_open": return nodes.blockquote.create(null, inside);
    case "list_item_open": return nodes.list_item.create(null, inside);
    case "bullet_list_open": return nodes.bullet_list.create({ tight: !loose }, content);
    case "ordered_list_open": return nodes.ordered_list.create({ tight: !loose, order: Number(token.attrGet("start") ?? 1) }, content);
    case "table_open": return nodes.table.create(null, content);
    case "tr_open": return nodes.table_row.create(null, content);
    default: return nodes.table_cell.create({ head: token.type === "th_open", align: /(left|center|right)|$/.exec(token.attrGet("style") || "")[0] }, content);
  }
}

function code(token) {
  const text = token.content.replace(/\n$/, "");
  return nodes.code_block.create({ info: token.info.trim() }, text ? [schema.text(text)] : []);
}

function inlines(tokens) {
  let marks = Mark.none;
  const found = [];
  for (const token of tokens) {
    const text = { text: token.content, code_inline: token.content, softbreak: " " }[token.type];
    if (token.type === "code_inline") found.push(schema.text(text, schema.marks.code.create().addToSet(marks)));
    else if (text) found.push(schema.text(text, marks));
    else if (token.type === "hardbreak") found.push(nodes.hard_break.create());
    else if (token.type === "image") found.push(picture(token).mark(marks));
    else if (token.nesting > 0) marks = mark(token).addToSet(marks);
    else if (token.nesting < 0) marks = schema.marks[NAMES[token.tag]].removeFromSet(marks);
  }
  return joined(found);
}

/** Neighbours of the same marks as one. */
function joined(found) {
  const all = [];
  for (const node of found) {
    const last = all[all.length - 1];
    if (last?.isText && node.isText && Mark.sameSet(last.marks, node.marks)) all[all.length - 1] = schema.text(last.text + node.text, node.marks);
    else all.push(node);
  }
  return all;
}

const NAMES = { a: "link", em: "em", strong: "strong" };

function mark(token) {
  const attrs = token.tag === "a" ? { href: token.attrGet("href"), title: token.attrGet("title") || "" } : null;
  return schema.marks[NAMES[token.tag]].create(attrs);
}

function picture(token) {
  const alt = parser.renderer.renderInlineAsText(token.children, parser.options, {});
  return nodes.image.create({ src: token.attrGet("src"), alt, title: token.attrGet("title") || "" });
}
