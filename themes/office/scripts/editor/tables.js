// Commands of tables: rows and columns are added and removed beside the cursor; Enter goes down, then out.
import { Selection, TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { table, table_row, table_cell, paragraph } = schema.nodes;

/** Where the cursor is in a table: {table, position, row, column}; null outside. */
export function place(state) {
  const { $head } = state.selection;
  for (let depth = $head.depth; depth > 0; depth--) {
    if ($head.node(depth).type !== table) continue;
    return { table: $head.node(depth), position: $head.before(depth), row: $head.index(depth), column: $head.index(depth + 1) };
  }
  return null;
}

/** A table of two columns and a row under its head, with the cursor in the first cell. */
export function insert(state, dispatch) {
  const { $from } = state.selection;
  if (place(state) || !$from.depth || $from.node(1).type.name.endsWith("_list")) return false;
  const row = (head) => table_row.create(null, [table_cell.create({ head }), table_cell.create({ head })]);
  if (dispatch) {
    const at = $from.after(1);
    const tr = state.tr.insert(at, [table.create(null, [row(true), row(false)]), paragraph.create()]);
    dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 3)).scrollIntoView());
  }
  return true;
}

const changed = (change) => (state, dispatch) => {
  const here = place(state);
  if (!here) return false;
  const rows = here.table.content.content.map((row) => row.content.content);
  const made = change(rows, here);
  if (!made) return false;
  if (!dispatch) return true;
  const end = here.position + here.table.nodeSize;
  if (!made.rows.length) {
    dispatch(state.tr.replaceWith(here.position, end, paragraph.create()).scrollIntoView());
    return true;
  }
  // The first row is the head, whichever it is.
  const fresh = made.rows.map((cells, row) => table_row.create(null, cells.map((cell) => table_cell.create({ ...cell.attrs, head: row === 0 }, cell.content))));
  const tr = state.tr.replaceWith(here.position, end, table.create(null, fresh));
  let at = here.position + 1;
  for (let row = 0; row < made.row; row++) at += fresh[row].nodeSize;
  at += 1;
  for (let column = 0; column < made.column; column++) at += fresh[made.row].child(column).nodeSize;
  dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
  return true;
};

export const addRow = changed((rows, { row, column }) => {
  const fresh = rows[0].map((cell) => table_cell.create({ align: cell.attrs.align }));
  return { rows: [...rows.slice(0, row + 1), fresh, ...rows.slice(row + 1)], row: row + 1, column };
});

export const addColumn = changed((rows, { row, column }) => {
  const wider = rows.map((cells) => [...cells.slice(0, column + 1), table_cell.create(), ...cells.slice(column + 1)]);
  return { rows: wider, row, column: column + 1 };
});

export const dropRow = changed((rows, { row, column }) => {
  const left = rows.filter((_cells, number) => number !== row);
  return { rows: left.length > 1 ? left : [], row: Math.min(row, left.length - 1), column };
});

export const dropColumn = changed((rows, { row, column }) => {
  const narrower = rows.map((cells) => cells.filter((_cell, number) => number !== column));
  return { rows: narrower[0].length ? narrower : [], row, column: Math.max(column - 1, 0) };
});

export const drop = changed(() => ({ rows: [] }));

/** Enter in a cell: the cell below; from the last row, the text after the table. */
export function enter(state, dispatch) {
  const here = place(state);
  if (!here) return false;
  if (!dispatch) return true;
  if (here.row + 1 < here.table.childCount) {
    let at = here.position + 1;
    for (let row = 0; row <= here.row; row++) at += here.table.child(row).nodeSize;
    at += 1;
    for (let column = 0; column < here.column; column++) at += here.table.child(here.row + 1).child(column).nodeSize;
    dispatch(state.tr.setSelection(TextSelection.create(state.doc, at + 1)).scrollIntoView());
    return true;
  }
  const end = here.position + here.table.nodeSize;
  const tr = state.tr;
  if (end === tr.doc.content.size) tr.insert(end, paragraph.create());
  dispatch(tr.setSelection(Selection.near(tr.doc.resolve(end), 1)).scrollIntoView());
  return true;
}
