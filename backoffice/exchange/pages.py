"""The pages of an import: what each of its templates is given. Nothing is read from a form or written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from backoffice import uploads
from backoffice.exchange import choices as chosen
from backoffice.exchange import forms, looking, told
from backoffice.exchange.choices import Choices, Ground
from backoffice.exchange.stages import CHECK, COLUMNS, DONE, NEW, READY, SHEET, UNDONE, WORDS
from backoffice.i18n import _
from backoffice.jobs import queue
from backoffice.policy import limited, may_edit
from backoffice.records.words import WORDS as TYPE_WORDS
from backoffice.registry import exchanges
from backoffice.registry.exchange_schema import Exchange
from backoffice.registry.schema import Job
from backoffice.services import account, services
from participation import messages
from participation.importing.matched import DATED, MADE, NUMBER, OURS
from participation.importing.people import may_name_people
from participation.importing.plan import Kind
from participation.importing.table import NAMES
from participation.importing.targets import ID, STATE, VERSION
from participation.records import Edition, Event

TYPES = ("idea", "project", "event", "article", "page", "zone", "service", "edition")
MOST_LINKS = 100

Errors = list[tuple[str, str]]


def types() -> dict[str, str]:
    """The types that whoever asks may import and export, with their words."""
    whole = ("article", "page")  # in no zone and of no service: never a limited account's
    return {
        name: TYPE_WORDS[name].plural
        for name in TYPES
        if may_edit(account(), name) and not (limited(account()) and name in whole)
    }


def editions() -> list[tuple[str, str]]:
    """The editions, the newest first."""
    found = services().content.snapshot().of_type(Edition)
    return [(one.id, one.display_title) for one in sorted(found, key=lambda one: one.id, reverse=True)]


def may_create(type_name: str) -> bool:
    """True when whoever asks may make a record of that type, or change the edition that holds it."""
    return may_edit(account(), type_name)


def ground_of(exchange: Exchange) -> Ground:
    """What choices are made among."""
    return chosen.ground(exchange.type_name, services().content.snapshot())


def read_calendar(before: Choices, sent: Mapping[str, str]) -> Choices:
    """What is said of every event of a calendar."""
    kinds = Event.fields["kind"].options  # type: ignore[attr-defined]  # a Choice
    before.event_kind = sent.get("kind", "") if sent.get("kind", "") in kinds else ""
    before.edition = sent.get("edition", "") if sent.get("edition", "") in dict(editions()) else ""
    before.calendar = sent.get("calendar", "").strip()[:60]
    return before


def begin(errors: Errors) -> str:
    """The first page: the file, what it holds, what is under way."""
    return render_template(
        "exchange/begin.html",
        types=types(),
        editions=editions(),
        errors=errors,
        sent=request.form,
        begun=[one for one in exchanges.mine(services().registry, account().id) if one.kind != "export"],
        stage_words=_stage_words,
        largest=uploads.TABLE,
        heavy=too_heavy(),
        megabytes=uploads.TABLE // uploads.MEGABYTE,
        chosen_type=request.form.get("type") or request.args.get("type", ""),
    )


def too_heavy() -> str:
    """Why a file is not taken."""
    words = _("Ce fichier pèse plus de %s\u00a0Mo. Découpez-le, ou n’en gardez que les colonnes utiles.")
    return words % (uploads.TABLE // uploads.MEGABYTE)


def holds(kind: str) -> str:
    """What a file of that kind holds, to somebody who said that it holds something else."""
    if kind == looking.EVENTS:
        return _("Ce fichier est un calendrier\u00a0: il contient des rendez-vous.")
    return _("Ce fichier Pabulib contient des projets mis au vote\u00a0: choisissez «\u00a0Projets\u00a0».")


def _stage_words(stage: str) -> str:
    return {
        NEW: _("à lire"),
        SHEET: _("feuille à choisir"),
        COLUMNS: _("colonnes à associer"),
        WORDS: _("mots à comprendre"),
        CHECK: _("à vérifier"),
        DONE: _("importé"),
        UNDONE: _("annulé"),
    }.get(stage, "")


def progress(exchange: Exchange, job: Job) -> str:
    """How far the worker is."""
    return render_template("exchange/progress.html", exchange=exchange, job=job)


def _common(exchange: Exchange, job: Job | None) -> dict[str, Any]:
    return {
        "exchange": exchange,
        "choices": Choices.of(exchange.options),
        "refusal": _refusal(job),
        "type_words": TYPE_WORDS[exchange.type_name],
    }


def _refusal(job: Job | None) -> dict[str, Any] | None:
    """Why the last work for this import did not succeed."""
    if job is None or job.state != queue.FAILED:
        return None
    result: Mapping[str, Any] = job.result or {}
    said = [messages.told(one, _) for one in result.get("words", [])] or [_(job.error)]
    faults = []
    for fault in result.get("faults", []):
        line = _("ligne %s") % fault["line"] if fault.get("line") else ""
        where = ", ".join(filter(None, [line, str(fault.get("field") or "")]))
        faults.append((where, " ".join(messages.told(one, _) for one in fault.get("words", []))))
    return {"words": " ".join(said), "faults": faults}


def failed(exchange: Exchange, job: Job | None) -> str:
    """The file cannot be read at all."""
    return render_template("exchange/failed.html", **_common(exchange, job))


def sheet(exchange: Exchange, job: Job | None) -> str:
    """Which sheet, and which line holds the headers."""
    return render_template("exchange/sheet.html", **_common(exchange, job))


def columns(exchange: Exchange, job: Job | None, found: Choices | None = None, errors: Errors | None = None) -> str:
    """What each column feeds; for a calendar, what is said of all its events."""
    if exchange.kind == looking.EVENTS:
        kinds = Event.fields["kind"].options  # type: ignore[attr-defined]  # a Choice
        return render_template(
            "exchange/calendar.html",
            **_common(exchange, job),
            kinds=[(code, _(words)) for code, words in kinds.items()],
            editions=editions(),
        )
    if exchange.kind == looking.PABULIB:
        common = _common(exchange, job)
        choices = found or common["choices"]
        return render_template(
            "exchange/pabulib.html", **{**common, "choices": choices}, editions=editions(), errors=errors or []
        )
    common, ground = _common(exchange, job), ground_of(exchange)
    found = found or Choices.of(exchange.options)
    ours = chosen.exported(found)
    return render_template(
        "exchange/columns.html",
        **{**common, "choices": found},
        columns=[
            {
                "column": column,
                "target": found.columns.get(column.header, ""),
                "personal": not ours and may_name_people(column.header),
                "asks": not ours and (may_name_people(column.header) or found.columns.get(column.header) in NAMES),
                "organisations": column.header in found.organisations,
            }
            for column in looking.columns_from(exchange.found)
        ],
        select=_selects(ground),
        errors=errors or [],
        exported=ours,
        editions=editions() if exchange.type_name in ("idea", "project", "event", "article") else [],
        made=exchange.type_name in MADE,
        dated=exchange.type_name in DATED,
        identities=(OURS, NUMBER),
        example=_example(exchange.type_name),
    )


def _example(type_name: str) -> str:
    letter, digits = MADE.get(type_name, ("", 3))
    return f"2026-{letter}{7:0{digits}d}"


def _selects(ground: Ground) -> Callable[[str], Markup]:
    """The options of a select, one of them selected: made once, for tables have hundreds of columns."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for target in ground.targets:
        own = target.name in (ID, STATE, VERSION)
        several = target.path is not None and len(target.path.steps) == 3
        section = _("La fiche") if own else _("Étapes") if several else _(target.section)
        groups.setdefault(section or _("La fiche"), []).append((target.name, target.label(_)))
    made = Markup("").join(
        Markup('<optgroup label="{}">{}</optgroup>').format(
            section,
            Markup("").join(Markup('<option value="{}">{}</option>').format(name, label) for name, label in entries),
        )
        for section, entries in groups.items()
    )

    bare = str(made)

    def options(selected: str) -> Markup:
        mark = f'<option value="{selected}"'  # the name of a target: letters, digits, dots and underscores
        return Markup(bare.replace(mark, f"{mark} selected", 1) if selected else bare)  # noqa: S704 -- escaped above

    return options


def words(
    exchange: Exchange, job: Job | None, answers: Mapping[str, str] | None = None, errors: Errors | None = None
) -> str:
    """What the unknown words mean."""
    found = Choices.of(exchange.options)
    asked = chosen.unknown(ground_of(exchange), looking.columns_from(exchange.found), found, may_create)
    ground = ground_of(exchange)
    return render_template(
        "exchange/words.html",
        **_common(exchange, job),
        asked=[(one, ground.by_name[one.target].label(_)) for one in asked],
        answers=answers or forms.answers(asked, found),
        errors=errors or [],
        new=chosen.NEW,
    )


def check(exchange: Exchange, job: Job | None) -> str:
    """The dry run, a page of one kind of rows at a time."""
    registry = services().registry
    counts = exchanges.counts(registry, exchange.id)
    view = request.args.get("voir", "")
    view = view if view in told.KINDS else "a-regarder"
    kinds = told.KINDS[view]
    total = sum(counts.get(kind, 0) for kind in kinds)
    pages = max(1, -(-total // told.PER_PAGE))
    asked = request.args.get("page", "")
    page = min(pages, int(asked)) if asked.isdecimal() and 0 < len(asked) < 7 and int(asked) else 1
    rows = exchanges.rows(registry, exchange.id, kinds, offset=(page - 1) * told.PER_PAGE, limit=told.PER_PAGE)
    views = [(name, _(label), sum(counts.get(kind, 0) for kind in of), name == view) for name, label, of in told.VIEWS]
    return render_template(
        "exchange/check.html",
        **_common(exchange, job),
        views=views,
        view=view,
        rows=[told.row(one) for one in rows],
        page=page,
        pages=pages,
        errors=counts.get(Kind.ERROR.value, 0),
        writes=counts.get(Kind.NEW.value, 0) + counts.get(Kind.CHANGED.value, 0),
        notes=[(one.get("line"), told.problem(one)) for one in exchange.result.get("notes", [])],
        moved=exchange.head != services().content.head(),
    )


def done(exchange: Exchange, job: Job | None) -> str:
    """What was imported, with links; it can be taken back."""
    registry = services().registry
    counts = exchanges.counts(registry, exchange.id)
    rows = exchanges.rows(registry, exchange.id, (Kind.NEW.value, Kind.CHANGED.value), limit=MOST_LINKS)
    return render_template(
        "exchange/done.html",
        **_common(exchange, job),
        counts=counts,
        rows=[told.row(one) for one in rows],
        more=max(0, counts.get(Kind.NEW.value, 0) + counts.get(Kind.CHANGED.value, 0) - MOST_LINKS),
        undone=exchange.stage == UNDONE,
    )


def ready(exchange: Exchange, job: Job | None) -> str:
    """An export can be fetched."""
    return render_template("exchange/ready.html", **_common(exchange, job))


PAGES: dict[str, Callable[[Exchange, Job | None], str]] = {
    NEW: failed,
    SHEET: sheet,
    COLUMNS: columns,
    WORDS: words,
    CHECK: check,
    DONE: done,
    UNDONE: done,
    READY: ready,
}
