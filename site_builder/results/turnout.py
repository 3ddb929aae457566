"""Who voted, where and how: tables of the results page. Groups too small to be anonymous are not told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from participation.counting.grouping import OTHERS, grouped
from participation.messages import mark as _
from participation.records.polling import CHANNELS
from site_builder.cards import text
from site_builder.engine import Engine
from site_builder.results.reading import Shown

_FEWEST = 10  # as the rule declares it


class Row(NamedTuple):
    """One line: a place, a channel or a zone; `part` in percent of the population or of all, "" where unknown."""

    label: str
    note: str
    voters: str
    void: str
    part: str
    width: float


class Table(NamedTuple):
    """A table of turnout: its caption, the words of its columns, its lines."""

    caption: str
    first: str
    part: str
    rows: list[Row]
    void: bool


def tables(engine: Engine, shown: Shown) -> list[Table]:
    """By zone, by channel, by place: those of which something is known."""
    made = (_by_zone(engine, shown), _by_channel(engine, shown), _by_place(engine, shown))
    return [*(table for table in made if table is not None), *_by_group(engine, shown)]


def _by_zone(engine: Engine, shown: Shown) -> Table | None:
    found = {zone: number for zone, number in shown.outcome.by_zone.items() if zone}
    if len(found) < 2:
        return None
    facts = engine.town.zone_facts
    people = {zone: facts.get(zone, {}).get("population", 0) for zone in found}
    known = all(people.values())
    rows = [
        _row(engine, shown, engine.town.zone(zone), "", number, None, people[zone] if known else sum(found.values()))
        for zone, number in sorted(found.items(), key=lambda one: engine.town.zone(one[0]))
    ]
    part = _("Part des habitants") if known else _("Part des bulletins")
    return Table(
        engine.translate(_("Participation par quartier ou canton")),
        engine.town.zone_word,
        engine.translate(part),
        rows,
        void=False,
    )


def _by_channel(engine: Engine, shown: Shown) -> Table | None:
    translate = engine.translate
    found: dict[str, int] = {}
    for one in shown.outcome.places:
        if one.found is not None:
            found[one.channel] = found.get(one.channel, 0) + one.found
    if not found:
        turnout = engine.town.editions[shown.outcome.edition].get("turnout", {})
        pairs = (("online", "voters_online"), ("paper", "voters_paper"))
        found = {code: int(turnout[key]) for code, key in pairs if key in turnout}
    if len(found) < 2:
        return None
    rows = [
        _row(engine, shown, translate(words), "", found[code], None, sum(found.values()))
        for code, words in CHANNELS.items()
        if code in found
    ]
    caption = translate(_("Participation par façon de voter"))
    return Table(caption, translate(_("Façon de voter")), translate(_("Part des bulletins")), rows, void=False)


def _by_place(engine: Engine, shown: Shown) -> Table | None:
    translate = engine.translate
    found = [one for one in shown.outcome.places if one.found is not None]
    if len(found) < 2:
        return None
    people = all(one.population for one in found)
    every = sum(one.found or 0 for one in found)
    rows = [
        _row(
            engine,
            shown,
            text(one.title, engine.lang),
            engine.town.zone(one.zone) if one.zone else "",
            one.found or 0,
            one.void,
            (one.population or 0) if people else every,
        )
        for one in found
    ]
    part = _("Part de la population") if people else _("Part des bulletins")
    caption = translate(_("Participation par lieu de vote"))
    return Table(caption, translate(_("Lieu de vote")), translate(part), rows, void=True)


def fewest(shown: Shown) -> int:
    """Ballots of a group that is told by itself: a setting of the rule."""
    return int(shown.outcome.record.get("smallest_group", _FEWEST))


def _by_group(engine: Engine, shown: Shown) -> Iterator[Table]:
    """Groups of voters that tables of other tools told apart, those too small put together again over all places."""
    translate = engine.translate
    for name, counts in shown.outcome.groups.items():
        found = grouped(counts, fewest(shown))
        every = sum(found.values())
        rows = [
            _row(engine, shown, translate(_("autres")) if value == OTHERS else value, "", number, None, every)
            for value, number in found.items()
        ]
        caption = translate(_("Participation\u00a0: %s")) % name
        yield Table(caption, name, translate(_("Part des bulletins")), rows, void=False)


def _row(engine: Engine, shown: Shown, label: str, note: str, voters: int, void: int | None, whole: int) -> Row:
    least = fewest(shown)
    if voters < least:
        few = engine.translate(_("moins de %s")) % engine.number(least)
        return Row(label, note, few, "", "", 0)
    part = percent(engine, voters, whole)
    width = round(min(voters / whole, 1) * 6, 2) if whole else 0
    return Row(label, note, engine.number(voters), "" if void is None else engine.number(void), part, width)


def percent(engine: Engine, part: int, whole: int) -> str:
    """`13,2 %`; "" of nothing."""
    if not whole:
        return ""
    tenths = (part * 2000 + whole) // (2 * whole)  # rounded half up, in whole numbers
    words = f"{engine.number(tenths // 10)},{tenths % 10}\u00a0%"
    return words if engine.lang == "fr" else f"{tenths / 10:.1f}%"


def figures(engine: Engine, shown: Shown, voice: Any, dates: str) -> list[dict[str, str]]:
    """The figures at the head of the page."""
    translate, result = engine.translate, shown.outcome.result
    blank = result.void.get("blank", 0)
    other = sum(result.void.values()) - blank
    cast = translate(_("bulletins, %s")) % dates if dates else translate(_("bulletins"))
    told = [{"value": engine.number(result.voters + blank + other), "words": cast}]
    if blank or other:
        words = translate(_("bulletins valables, %(blank)s blancs et %(void)s nuls"))
        said = words % {"blank": engine.number(blank), "void": engine.number(other)}
        told.append({"value": engine.number(result.voters), "words": said})
    words = translate(_("attribués sur %s")) % voice.money(result.budget)
    told.append({"value": voice.money(result.spent), "words": words})
    told.append({"value": voice.money(result.left), "words": translate(_("sans projet"))})
    return told


def small(rows: Iterable[Row]) -> bool:
    """True when a group of a table was too small to be told."""
    return any(not row.part and not row.width for row in rows)
