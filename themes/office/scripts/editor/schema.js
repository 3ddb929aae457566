// What a text of a record may hold: what the site shows of Markdown, and nothing else. No script of an address is ever
// written into the page: a link of the editor leads nowhere, a picture is one of the media library.
import { Schema } from "prosemirror-model";

const place = { level: { default: 2, validate: "number" } };
const listed = { tight: { default: true, validate: "boolean" } };
const cell = { align: { default: "", validate: "string" }, head: { default: false, validate: "boolean" } };

const headings = [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: Math.max(level, 2) } }));

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      attrs: place,
      content: "(text | image)*",
      group: "block",
      defining: true,
      parseDOM: headings,
      toDOM: (node) => [`h${Math.min(node.attrs.level + 1, 6)}`, { "data-level": node.attrs.level }, 0],
    },
    blockquote: { content: "block+", group: "block", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    code_block: {
      attrs: { info: { default: "", validate: "string" } },
      content: "text*",
      marks: "",
      group: "block",
      code: true,
      defining: true,
      parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
      toDOM: () => ["pre", ["code", 0]],
    },
    ordered_list: {
      attrs: { ...listed, order: { default: 1, validate: "number" } },
      content: "list_item+",
      group: "block",
      parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ order: Number(dom.getAttribute("start") || 1) || 1 }) }],
      toDOM: (node) => ["ol", node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
    },
    bullet_list: { attrs: listed, content: "list_item+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    list_item: { content: "block+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    table: {
      content: "table_row+",
      group: "block",
      isolating: true,
      parseDOM: [{ tag: "table" }],
      toDOM: () => ["table", ["tbody", 0]],
    },
    table_row: { content: "table_cell+", parseDOM: [{ tag: "tr" }], toDOM: () => ["tr", 0] },
    table_cell: {
      attrs: cell,
      content: "(text | image)*",
      isolating: true,
      parseDOM: [
        { tag: "td", getAttrs: (dom) => ({ align: alignment(dom), head: false }) },
        { tag: "th", getAttrs: (dom) => ({ align: alignment(dom), head: true }) },
      ],
      toDOM: ({ attrs }) => [attrs.head ? "th" : "td", attrs.align ? { class: `is-${attrs.align}` } : {}, 0],
    },
    text: { group: "inline" },
    image: {
      attrs: { src: { validate: "string" }, alt: { default: "", validate: "string" }, title: { default: "", validate: "string" } },
      inline: true,
      group: "inline",
      draggable: true,
      parseDOM: [{ tag: "img[data-media]", getAttrs: (dom) => ({ src: dom.dataset.media, alt: dom.alt, title: dom.title }) }],
      toDOM: ({ attrs }) => ["img", { "data-media": attrs.src, src: small(attrs.src), alt: attrs.alt, title: attrs.title }],
    },
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    link: {
      attrs: { href: { validate: "string" }, title: { default: "", validate: "string" } },
      inclusive: false,
      parseDOM: [
        { tag: "a[data-href]", getAttrs: (dom) => ({ href: dom.dataset.href, title: dom.title }) },
        { tag: "a[href]", getAttrs: (dom) => allowed(dom.getAttribute("href")) && { href: dom.getAttribute("href") } },
      ],
      toDOM: ({ attrs }) => ["a", { "data-href": attrs.href, title: attrs.title || attrs.href }, 0],
    },
    strong: {
      parseDOM: [{ tag: "strong" }, { tag: "b" }],
      toDOM: () => ["strong", 0],
    },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
  },
});

/** Where small pictures of the media library are found, once the page has said so. */
export const library = { small: "" };

function small(src) {
  const file = /^\/?media\/(.+)$/.exec(src);
  return file && library.small ? library.small + file[1] : "data:,";
}

function alignment(dom) {
  const found = /^(left|center|right)$/.exec(dom.getAttribute("align") || (dom.className || "").replace("is-", ""));
  return found ? found[1] : "";
}

/** True for an address that the site keeps: elsewhere by a known scheme, a heading, or inside the site. */
export function allowed(href) {
  const address = (href || "").trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return /^(https?|mailto|tel):/i.test(address);
  return address !== "" && !/^[/\\]{2}|\\|[\s<>]/.test(address);
}
