"""Where an import or an export has got to. Names only: the worker leads from one to the next, pages show them."""

from __future__ import annotations

NEW, SHEET, COLUMNS, WORDS, CHECK, DONE, UNDONE = "new", "sheet", "columns", "words", "check", "done", "undone"
READY = "ready"  # of an export: its table can be fetched

OVER = frozenset({DONE, UNDONE, READY})

# The stages at which the worker takes each of its steps.
LOOK, PLAN, APPLY, UNDO, EXPORT = "look", "plan", "apply", "undo", "export"
AT = {
    LOOK: frozenset({NEW, SHEET, COLUMNS, WORDS, CHECK}),
    PLAN: frozenset({COLUMNS, WORDS, CHECK}),
    APPLY: frozenset({CHECK}),
    UNDO: frozenset({DONE}),
    EXPORT: frozenset({NEW}),
}
