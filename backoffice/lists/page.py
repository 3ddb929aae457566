"""What the template of a list is given: columns, filters, views, and the lines in words. Nothing is read or written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import render_template, url_for
from werkzeug.datastructures import MultiDict

from backoffice import town_time
from backoffice.i18n import _
from backoffice.policy import may_edit
from backoffice.records import columns
from backoffice.records.columns import Column, columns_of
from backoffice.records.lines import Line
from backoffice.records.listing import LISTED, NONE, YES, Index, Query, in_order, late, matching_query, search
from backoffice.records.looks import states_of
from backoffice.records.words import WORDS, counted
from backoffice.registry import saved_views
from backoffice.services import account, services
from participation.records.texts import Choice, Flag, Ref

FIRST_FILTERS = 3  # beside the search; the others fold away


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter above a list."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a column: it sorts by it, then the other way round."""

    label: str
    href: str
    order: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the list shows it: `cells` follow the chosen columns."""

    line: Line
    number: str
    cells: list[tuple[Column, str]]
    late: bool


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One view of the list; `number` is 0 for those that every list has."""

    words: str
    href: str
    here: bool
    count: int | None = None
    number: int = 0
    shared: bool = False
    mine: bool = False


def query_of(type_name: str, args: MultiDict[str, str]) -> Query:
    """What a list is asked for by the parameters of its address."""
    return Query.of(type_name, args, columns_of(type_name))


def query_from(type_name: str, text: str) -> Query:
    """The same from the query of an address as text."""
    return query_of(type_name, MultiDict(parse_qsl(text[:4_000])))


def asked(query: Query) -> str:
    """The query of the address of a list, without its page: what a view keeps and forms carry along."""
    return urlencode(query.address(page=1, vue=0), doseq=True)


def every_line(query: Query, index: Index) -> list[Line]:
    """All lines that the query asks for, in its order."""
    return in_order(matching_query(index, query, town_time.today()), query.sort, _order(query, index))


def _order(query: Query, index: Index) -> Callable[[Line], Any] | None:
    column = columns_of(query.type_name).get(query.sort.removeprefix("-"))
    return (lambda line: column.key(line, index)) if column is not None else None


def render(query: Query, *, changed: str = "") -> str:
    """The page of a list; `changed` is the commit of a bulk change just made, which can be undone."""
    type_name = query.type_name
    index = services().content.index()
    found = search(index, query, town_time.today(), _order(query, index))
    known = columns_of(type_name)
    shown = [known[name] for name in query.shown if name in known]
    filters = [_filter(query, index, name) for name in WORDS[type_name].filters]
    return render_template(
        "lists/listing.html",
        type_name=type_name,
        words=WORDS[type_name],
        counted=counted,
        query=query,
        asked=asked(query),
        total=len(index.lines[type_name]),
        found=found.total,
        pages=found.pages,
        rows=[_row(line, shown, index) for line in found.lines],
        filters=filters[:FIRST_FILTERS],
        more_filters=filters[FIRST_FILTERS:],
        more_open=any(one.value for one in filters[FIRST_FILTERS:]),
        headings=[_heading(query, known[name]) for name in ("id", "title", *(column.name for column in shown))],
        choices=[column for name, column in known.items() if name not in ("id", "title")],
        chosen={column.name for column in shown},
        views=views_of(query, index),
        page_href=lambda page: url_for("records.listing", type_name=type_name, **query.address(page=page)),
        changed=changed,
        editable=may_edit(account(), type_name),
    )


def _row(line: Line, shown: Sequence[Column], index: Index) -> Row:
    cells = [(column, columns.shortened(column.cell(line, index))) for column in shown]
    return Row(line, line.id.rpartition(":")[2], cells, late(index, line, town_time.today().isoformat()))


def _heading(query: Query, column: Column) -> Heading:
    sorted_by = query.sort.removeprefix("-") == column.name
    downwards = query.sort.startswith("-")
    turned = f"-{column.name}" if sorted_by and not downwards else column.name
    href = url_for("records.listing", type_name=query.type_name, **query.address(sort=turned, page=1))
    order = ("descending" if downwards else "ascending") if sorted_by else ""
    return Heading(column.label, href, order, column.numeric)


def _filter(query: Query, index: Index, name: str) -> Filter:
    label, options = _options(query.type_name, index, name)
    return Filter(name, label, options, query.filters.get(name, ""))


def _options(type_name: str, index: Index, name: str) -> tuple[str, list[tuple[str, str]]]:
    yes_or_no = [(YES, _("Oui")), ("0", _("Non"))]
    if name == "state":
        return _("État"), states_of(type_name)
    if name == "edition":
        return _("Édition"), sorted(index.titles["edition"].items(), reverse=True)
    if name == "late":
        return _("En retard"), yes_or_no[:1]
    if name == "missing":
        return _("À compléter pour publier"), yes_or_no[:1]
    if name == "period":
        return _("Quand"), [("coming", _("À venir")), ("past", _("Passés"))]
    declared = LISTED[type_name].fields[name]
    label = _(declared.label)
    if isinstance(declared, Flag):
        return label, yes_or_no
    if isinstance(declared, Choice):
        options = [(code, _(words)) for code, words in declared.options.items()]
        return label, [*((code, words[:1].upper() + words[1:]) for code, words in options), (NONE, _("Non précisé"))]
    to = declared.to if isinstance(declared, Ref) else ""
    titles = sorted(index.titles.get(to, {}).items(), key=lambda item: item[1].casefold())
    return label, [*titles, (NONE, _("Aucun"))]


def views_of(query: Query, index: Index) -> list[ViewLink]:
    """The views of a list: all, what every list of the type has, then those that people keep."""
    type_name = query.type_name
    standing = [(_("Tout"), ""), (_("En retard"), "late=1"), (_("Sans service"), "service=-")]
    standing += [(_("À confirmer"), "state=tentative&period=coming")] if type_name == "event" else []
    standing += [(_("À compléter pour publier"), "missing=1")]
    kept = saved_views.for_list(services().registry, account().id, type_name)
    here = asked(query)
    found = []
    for words, text in standing:
        if any(name not in WORDS[type_name].filters for name, _value in parse_qsl(text)):
            continue
        view = query_from(type_name, text)
        count = len(matching_query(index, view, town_time.today()))
        if count or not text:
            href = url_for("records.listing", type_name=type_name, **view.address())
            found.append(ViewLink(words, href, here == asked(view) and not query.view, count))
    mine = account().id
    for one in kept:
        href = url_for("lists.view", view_id=one.id)
        found.append(
            ViewLink(one.name, href, query.view == one.id, None, one.id, one.shared, mine=one.account_id == mine)
        )
    return found
