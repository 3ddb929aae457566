// The visual editor of Markdown fields. The textarea stays the field of the form and always holds the text: what is
// kept, sent, compared and counted is it. Without this program, the textarea alone is there.
import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { inputRules, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { Slice } from "prosemirror-model";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { askLink, askPicture } from "./dialogs.js";
import { cleaned } from "./paste.js";
import { parsed, read } from "./reading.js";
import { library, schema } from "./schema.js";
import * as tables from "./tables.js";
import { toolbar } from "./toolbar.js";
import { faithful, write } from "./writing.js";

const { nodes, marks } = schema;
const CHOICE = "laureat-editor"; // what this person prefers in this browser

function preferred(choice) {
  try {
    if (choice !== undefined) localStorage.setItem(CHOICE, choice);
    return localStorage.getItem(CHOICE);
  } catch {
    return null; // no storage: each page begins with the visual editor
  }
}

/** Plain text that was pasted is read as Markdown: a list typed elsewhere is a list here. */
function slice(text) {
  const doc = parsed(text.replace(/\r\n?/g, "\n"));
  return doc ? Slice.maxOpen(doc.content) : null;
}

/** One field: the textarea, the editor beside it, the switch between them. */
class Field {
  constructor(textarea, parts) {
    this.textarea = textarea;
    this.parts = parts;
    this.box = parts.querySelector("[data-editor-box]").cloneNode(true);
    this.switch = this.box.querySelector("[data-switch]");
    this.told = this.box.querySelector("[data-told]");
    this.bar = this.box.querySelector("[role=toolbar]");
    this.bar.setAttribute("aria-controls", `${textarea.id}-text`);
    this.view = null;
    textarea.after(this.box);
    this.label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
    if (this.label && !this.label.id) this.label.id = `${textarea.id}-label`;
    this.switch.addEventListener("click", () => {
      const visual = this.view === null;
      preferred(visual ? "visual" : "markdown");
      if (visual) this.open(true);
      else this.close();
    });
    this.label?.addEventListener("click", (event) => {
      if (!this.view) return;
      event.preventDefault();
      this.view.focus();
    });
    if (preferred() === "markdown") this.close(false);
    else this.open(false);
  }

  /** Show the text as it will look; a text that the editor cannot hold stays as it is, and why is said. */
  open(focus) {
    const origin = read(this.textarea.value);
    const why = origin.why || (faithful(origin) ? "" : "other");
    this.told.textContent = why ? this.told.dataset[why] : "";
    if (why) {
      this.show(false);
      return;
    }
    this.origin = origin;
    this.view = new EditorView({ mount: this.place() }, {
      state: EditorState.create({ doc: origin.doc, plugins: this.plugins() }),
      dispatchTransaction: (transaction) => this.apply(transaction),
      transformPastedHTML: cleaned,
      clipboardTextParser: (text) => slice(text),
      attributes: () => this.attributes(),
    });
    this.update = toolbar(this.bar, this.view, this.extra());
    this.update(this.view.state);
    this.show(true);
    if (focus) this.view.focus();
  }

  close(focus = true) {
    this.view?.destroy();
    this.view = null;
    this.show(false);
    if (focus) this.textarea.focus();
  }

  show(visual) {
    this.textarea.hidden = visual;
    this.bar.hidden = !visual;
    this.box.classList.toggle("is-open", visual);
    this.switch.textContent = visual ? this.switch.dataset.markdown : this.switch.dataset.visual;
  }

  place() {
    const place = document.createElement("div");
    this.bar.after(place);
    return place;
  }

  attributes() {
    const { textarea } = this;
    const known = {
      id: `${textarea.id}-text`,
      class: "editor__text",
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": this.label?.id || "",
      lang: (/\.([a-z]{2})$/.exec(textarea.name) || [])[1] || this.parts.firstElementChild.dataset.lang,
      spellcheck: "true",
    };
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(name)) known[name] = textarea.getAttribute(name);
    }
    return known;
  }

  apply(transaction) {
    this.view.updateState(this.view.state.apply(transaction));
    if (transaction.docChanged) {
      this.textarea.value = write(this.view.state.doc, this.origin);
      this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.update(this.view.state);
  }

  plugins() {
    const newLine = (state, dispatch) => {
      const { $from } = state.selection;
      if (!$from.parent.type.contentMatch.matchType(nodes.hard_break)) return true; // a title or a cell is one line
      dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
      return true;
    };
    const keys = {
      "Mod-b": toggleMark(marks.strong),
      "Mod-i": toggleMark(marks.em),
      "Mod-k": (state, dispatch, view) => this.link(view),
      "Mod-z": undo,
      "Shift-Mod-z": redo,
      "Mod-y": redo,
      "Shift-Enter": newLine,
      Enter: chainCommands(tables.enter, splitListItem(nodes.list_item)),
      "Mod-]": sinkListItem(nodes.list_item),
      "Mod-[": liftListItem(nodes.list_item),
      "Alt-F10": () => {
        this.bar.querySelector("[tabindex='0']").focus();
        return true;
      },
    };
    const rules = [
      wrappingInputRule(/^\s*[-*]\s$/, nodes.bullet_list),
      wrappingInputRule(/^(\d{1,3})[.)]\s$/, nodes.ordered_list, (found) => ({ order: Number(found[1]) })),
    ];
    return [history(), inputRules({ rules }), keymap(keys), keymap(baseKeymap)];
  }

  extra() {
    const picture = this.parts.querySelector("[data-dialog=picture]")?.dataset.search;
    return {
      link: { run: (state, dispatch, view) => (dispatch ? this.link(view) : true), on: (state) => Boolean(linkAt(state)) },
      ...(picture && { picture: { run: (state, dispatch, view) => (dispatch ? this.picture(view, picture) : true) } }),
    };
  }

  link(view) {
    const { state } = view;
    const found = linkAt(state);
    const [from, to] = found ? [found.from, found.to] : [state.selection.from, state.selection.to];
    askLink(this.parts, found ? found.mark.attrs.href : "", state.doc.textBetween(from, to)).then((answer) => {
      if (answer === "remove") view.dispatch(state.tr.removeMark(from, to, marks.link));
      else if (answer) {
        const mark = marks.link.create({ href: answer.href, title: found?.mark.attrs.title || "" });
        const tr = from === to ? state.tr.insert(from, schema.text(answer.text, [mark])) : state.tr.removeMark(from, to, marks.link).addMark(from, to, mark);
        view.dispatch(tr.removeStoredMark(marks.link).scrollIntoView());
      }
      view.focus();
    });
    return true;
  }

  picture(view, search) {
    askPicture(this.parts, search).then((answer) => {
      if (answer) view.dispatch(view.state.tr.replaceSelectionWith(nodes.image.create(answer)).scrollIntoView());
      view.focus();
    });
    return true;
  }
}

/** The whole link that the selection is in: {mark, from, to}; null outside. */
function linkAt(state) {
  const { $from, from, to } = state.selection;
  const start = $from.start();
  let run = null;
  let found = null;
  $from.parent.forEach((child, offset) => {
    const mark = marks.link.isInSet(child.marks);
    const end = start + offset + child.nodeSize;
    run = mark && run && mark.eq(run.mark) ? { ...run, to: end } : mark && { mark, from: start + offset, to: end };
    if (run && run.from <= from && to <= run.to) found = run;
  });
  return found;
}

const template = document.getElementById("editor-parts");
const fields = new Map();

function enhance(part) {
  for (const textarea of part.querySelectorAll("textarea[data-editor]")) {
    if (!textarea.matches(":disabled") && !fields.has(textarea)) fields.set(textarea, new Field(textarea, template.content));
  }
}

// A link of the box of errors leads to the field: to the editor where that is what is shown.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  const field = link && fields.get(document.getElementById(link.hash.slice(1)));
  if (!field?.view) return;
  event.preventDefault();
  field.view.focus();
  field.view.dom.scrollIntoView({ block: "center" });
});
// Rows that came without a new page bring fields of their own.
document.addEventListener("laureat:part", (event) => {
  for (const [textarea, field] of fields) {
    if (textarea.isConnected) continue;
    field.view?.destroy();
    fields.delete(textarea);
  }
  enhance(event.detail);
});
if (template) {
  library.small = (template.content.querySelector("[data-dialog=picture]")?.dataset.small || "").replace(/-$/, "");
  enhance(document);
}
