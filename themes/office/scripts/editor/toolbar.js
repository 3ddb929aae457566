// The toolbar: one stop of the Tab key, arrows inside it, each button telling whether it is on.
import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";
import { schema } from "./schema.js";
import * as tables from "./tables.js";

const { nodes, marks } = schema;

/** Is there a parent of that type around the selection? */
function around(state, type) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === type) return true;
  return false;
}

function has(state, mark) {
  const { from, to, $from, empty } = state.selection;
  return empty ? Boolean(mark.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, mark);
}

const inTable = (state) => tables.place(state) !== null;

/** A list button on a list of the other kind changes it; on one of its own, takes the line out. */
const listed = (type, other) => (state, dispatch) => {
  if (inTable(state)) return false;
  if (around(state, type)) return liftListItem(nodes.list_item)(state, dispatch);
  if (!around(state, other)) return wrapInList(type)(state, dispatch);
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type !== other) continue;
    if (dispatch) dispatch(state.tr.setNodeMarkup($from.before(depth), type, { tight: $from.node(depth).attrs.tight }));
    return true;
  }
  return false;
};

export const quote = (state, dispatch) => (around(state, nodes.blockquote) ? lift(state, dispatch) : !inTable(state) && wrapIn(nodes.blockquote)(state, dispatch));

export const COMMANDS = {
  strong: { run: toggleMark(marks.strong), on: (state) => has(state, marks.strong) },
  em: { run: toggleMark(marks.em), on: (state) => has(state, marks.em) },
  bullets: { run: listed(nodes.bullet_list, nodes.ordered_list), on: (state) => around(state, nodes.bullet_list) },
  numbers: { run: listed(nodes.ordered_list, nodes.bullet_list), on: (state) => around(state, nodes.ordered_list) },
  deeper: { run: sinkListItem(nodes.list_item) },
  higher: { run: liftListItem(nodes.list_item) },
  quote: { run: quote, on: (state) => around(state, nodes.blockquote) },
  table: { run: tables.insert },
  "row-add": { run: tables.addRow },
  "row-drop": { run: tables.dropRow },
  "column-add": { run: tables.addColumn },
  "column-drop": { run: tables.dropColumn },
  "table-drop": { run: tables.drop },
  undo: { run: undo },
  redo: { run: redo },
};

/** What kind of block the cursor is in, as the select names it. */
function blockOf(state) {
  const { parent } = state.selection.$from;
  return parent.type === nodes.heading ? String(parent.attrs.level) : "paragraph";
}

/** Brings a toolbar to life; `extra` are commands that need more than the state (link, picture). Gives its update. */
export function toolbar(bar, view, extra) {
  const buttons = [...bar.querySelectorAll("[data-act]")];
  const kind = bar.querySelector("[data-block]");
  const stops = () => [kind, ...buttons].filter((one) => !one.closest("[hidden]"));
  const commands = { ...COMMANDS, ...extra };

  for (const button of buttons) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      commands[button.dataset.act].run(view.state, view.dispatch, view);
      if (!document.querySelector("dialog[open]")) view.focus();
    });
  }
  for (const name of ["input", "change"]) kind.addEventListener(name, (event) => event.stopPropagation());
  kind.addEventListener("change", () => {
    const command = kind.value === "paragraph" ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level: Number(kind.value) });
    command(view.state, view.dispatch);
    view.focus();
  });
  bar.addEventListener("keydown", (event) => {
    const all = stops();
    const here = all.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step ? all[(here + step + all.length) % all.length] : { Home: all[0], End: all[all.length - 1] }[event.key];
    if (!next || here < 0) return;
    event.preventDefault();
    next.focus();
  });
  bar.addEventListener("focusin", ({ target }) => {
    for (const one of [kind, ...buttons]) one.tabIndex = one === target ? 0 : -1;
  });
  for (const one of buttons) one.tabIndex = -1;

  return (state) => {
    for (const button of buttons) {
      const { run, on } = commands[button.dataset.act];
      if (on) button.setAttribute("aria-pressed", String(on(state)));
      button.setAttribute("aria-disabled", String(!run(state, undefined, view)));
    }
    for (const group of bar.querySelectorAll("[data-when]")) group.hidden = group.dataset.when === "table" ? !inTable(state) : !around(state, nodes.list_item);
    const here = blockOf(state);
    if (![...kind.options].some((option) => option.value === here)) kind.add(new Option(`${kind.dataset.level} ${here}`, here));
    kind.value = here;
    kind.disabled = inTable(state);
    if (![kind, ...buttons].some((one) => one.tabIndex === 0 && !one.closest("[hidden]"))) kind.tabIndex = 0;
  };
}
