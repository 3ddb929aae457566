"""The jobs of imports and exports: looking at a file, its dry run, the import, its undoing; a table made to be edited.

What each does is `backoffice.exchange`'s; here it is given its account and its progress, and its result is kept.
"""

from __future__ import annotations

from typing import Any

from backoffice import policy
from backoffice.exchange import applying, choices, looking, planning, tables
from backoffice.exchange.choices import Choices
from backoffice.exchange.stages import (
    APPLY,
    AT,
    CHECK,
    COLUMNS,
    DONE,
    EXPORT,
    LOOK,
    PLAN,
    READY,
    SHEET,
    UNDO,
    UNDONE,
)
from backoffice.jobs.work import JobRefused, Result, Work
from backoffice.policy import Right
from backoffice.registry import accounts, exchanges
from backoffice.registry.exchange_schema import Exchange
from backoffice.registry.schema import Account
from participation.importing.plan import Kind
from participation.importing.sheets import without_guards
from participation.messages import mark as _

WRITES = (Kind.NEW.value, Kind.CHANGED.value)


def carry_out(work: Work) -> Result:
    """One step of an exchange, for the account that asked."""
    author = accounts.by_id(work.registry, work.job.account_id or 0)
    exchange = exchanges.find(work.registry, int(work.job.payload["exchange"]), author.id if author else 0)
    if author is None or exchange is None:
        raise JobRefused(_("Cet import n’existe plus."))
    if not policy.allowed(author, Right.EDIT) or not (
        exchange.type_name and policy.may_edit(author, exchange.type_name)
    ):
        raise JobRefused(_("Votre rôle ne permet pas de changer ce type de fiche."))
    step = str(work.job.payload["step"])
    if exchange.stage not in AT[step]:
        return {}  # asked for twice in the same moment, or done by a worker that was killed just after
    return STEPS[step](work, exchange, author)


def look(work: Work, exchange: Exchange, author: Account) -> Result:
    """Read the file once: its sheets and headers; what was matched last for such a table is taken up."""
    work.tell(0, 2, _("Lecture du fichier"))
    content, chosen = _bytes(work, exchange), Choices.of(exchange.options)
    if exchange.kind != looking.TABLE:  # a calendar or the file of a vote has no columns to be matched
        _keep(work, exchange, stage=COLUMNS)
        return {}
    begun = looking.first(content, exchange.name, chosen)
    chosen.sheet, sure = begun.sheet, bool(chosen.header_row)
    chosen.header_row = chosen.header_row or begun.header_row
    found: dict[str, Any] = {"sheets": list(begun.sheets), "first": [list(row) for row in begun.rows]}
    _keep(
        work, exchange, stage=SHEET, options=chosen.kept(), found=found
    )  # where the reader goes if what follows fails
    sheet, columns = looking.look(content, exchange.name, chosen)
    ground = choices.ground(exchange.type_name, planning.Held(work.settings, work.clock, author).snapshot())
    key = exchanges.matching_key(exchange.type_name, sheet.headers)
    chosen = choices.start(ground, columns, exchanges.remembered(work.registry, key), chosen)
    if choices.exported(chosen):
        columns = looking.columns_of(without_guards(sheet))
    found |= {
        "columns": looking.kept(columns),
        "rows": len(sheet.rows),
        "unnamed": sum(not header for header in sheet.headers),
        "exported": choices.exported(chosen),
    }
    doubtful = not sure and not found["exported"] and (len(begun.sheets) > 1 or begun.header_row > 1)
    _keep(work, exchange, stage=SHEET if doubtful else COLUMNS, options=chosen.kept(), found=found)
    return {}


def plan(work: Work, exchange: Exchange, author: Account) -> Result:
    """The dry run: every row compared with the content as it is now."""
    work.tell(0, 1, _("Comparaison avec les fiches"))
    asked = planning.Asked(exchange, Choices.of(exchange.options), author, _bytes(work, exchange))
    content = planning.Held(work.settings, work.clock, author)
    made = planning.plan(
        content, asked, work.clock(), lambda done, total: work.tell(done, total, _("Comparaison avec les fiches"))
    )
    exchanges.put_rows(work.registry, exchange.id, planning.rows(made, content.snapshot()))
    _keep(work, exchange, stage=CHECK, head=content.head(), result={"notes": planning.notes(made)})
    return {}


def apply(work: Work, exchange: Exchange, author: Account) -> Result:
    """The import itself; a second worker that takes the job over finds what the first one wrote."""
    rows = exchanges.rows(work.registry, exchange.id, WRITES)
    if not all(policy.may_edit(author, type_name) for type_name in {row.type_name for row in rows}):
        raise JobRefused(_("Votre rôle ne permet pas de changer ce type de fiche."))  # it had been another role
    chosen, total = Choices.of(exchange.options), len(rows)
    work.tell(0, total, _("Enregistrement"))
    saved = applying.write(
        planning.Held(work.settings, work.clock, author),
        rows,
        exchange.name,
        chosen.reason,
        author,
        work.clock(),
        lambda done: work.tell(done, total + 1, _("Enregistrement")) if done % 50 == 0 else None,
    )
    _keep(work, exchange, stage=DONE, result={**exchange.result, "commit": saved.commit})
    exchanges.drop_file(work.registry, exchange.id)  # it has served: nothing of it stays
    return {}


def undo(work: Work, exchange: Exchange, author: Account) -> Result:
    """Take the import back."""
    work.tell(0, 1, _("Annulation"))
    found = applying.take_back(
        planning.Held(work.settings, work.clock, author),
        str(exchange.result.get("commit", "")),
        author,
        work.clock(),
        lambda done: work.tell(done, 0, _("Annulation")) if done % 50 == 0 else None,
    )
    told = {"undone": len(found.changes), "left": found.left[: applying.MOST_NAMED]}
    _keep(work, exchange, stage=UNDONE, result={**exchange.result, **told})
    return {}


def export(work: Work, exchange: Exchange, author: Account) -> Result:
    """A table made to be edited and imported again."""
    work.tell(0, 1, _("Préparation du tableau"))
    made = tables.made(
        planning.Held(work.settings, work.clock, author).snapshot(),
        exchange.type_name,
        tables.Wanted.of(exchange.options),
        author,
        lambda done, total: work.tell(done, total, _("Préparation du tableau")),
    )
    exchanges.put_file(work.registry, exchange.id, made.data)
    _keep(work, exchange, stage=READY, result={"rows": made.rows})
    return {}


STEPS = {LOOK: look, PLAN: plan, APPLY: apply, UNDO: undo, EXPORT: export}


def _bytes(work: Work, exchange: Exchange) -> bytes:
    content = exchanges.file_of(work.registry, exchange.id)
    if content is None:
        raise JobRefused(_("Le fichier de cet import n’est plus là\u00a0: déposez-le de nouveau."))
    return content


def _keep(work: Work, exchange: Exchange, **values: Any) -> None:
    exchanges.change(work.registry, exchange.id, work.clock(), **values)
