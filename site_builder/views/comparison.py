"""One edition beside those before it, as a table: nothing is said of what nobody knows but that it is not known."""

from __future__ import annotations

from dataclasses import dataclass, replace

from participation import wording
from participation.messages import mark as _
from site_builder import phrases
from site_builder.addresses import of_record
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.tallies import course, delay, money, total
from site_builder.views.charts import UNKNOWN, known_of, sum_words

COLUMNS = (
    _("Idées reçues"),
    _("Idées recevables"),
    _("Votantes et votants"),
    _("Projets lauréats"),
    _("Projets livrés"),
    _("Montant voté"),
    _("Du vote à la livraison"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An edition: its title, its page, whether it is the one that the page tells of, and its cells."""

    title: str
    href: str
    here: bool
    cells: list[tuple[str, str]]
    """Column -> words."""


def compared(engine: Engine, index: Index, id: str, base: str) -> tuple[list[Line], str]:
    """The lines of an edition's comparison, the latest edition first; empty when there was none before.

    A figure that nobody knows for any of them is named once, in the sentence that comes with them.
    """
    earlier = [other for other in engine.town.editions if other < id]
    if not earlier:
        return [], ""
    lines = [_line(engine, index, other, id, base) for other in (id, *earlier)]
    missing = engine.translate(UNKNOWN)
    nowhere = {words for words, _cell in lines[0].cells if all(dict(line.cells)[words] == missing for line in lines)}
    kept = [replace(line, cells=[cell for cell in line.cells if cell[0] not in nowhere]) for line in lines]
    names = [words.lower() for words, _cell in lines[0].cells if words in nowhere]
    said = engine.translate(_("Non connu pour ces éditions\u00a0: %s.")) % wording.listing(names, engine.lang)
    return kept, said if names else ""


def _line(engine: Engine, index: Index, id: str, here: str, base: str) -> Line:
    translate, town = engine.translate, engine.town
    shown = town.editions[id]
    found = course(index, id, shown)
    turnout = shown.get("turnout", {})
    numbers = (found.received, found.admissible, turnout.get("voters"), found.chosen, found.delivered)
    cells = [translate(UNKNOWN) if number is None else engine.number(number) for number in numbers]
    every = total(money(index, id))
    cells.append(sum_words(engine, every.voted, every.projects, shown.get("currency", town.currency)))
    waited = delay(index, id, shown)
    if waited is None:
        cells.append(translate(UNKNOWN))
    else:
        cells.append(phrases.delay(waited.days, engine.lang))
        if waited.known < waited.delivered:
            cells[-1] += f" ({known_of(engine, waited.known, waited.delivered)})"
    labels = [translate(words) for words in COLUMNS]
    href = "" if id == here else base + of_record("edition", id)
    return Line(str(shown["title"]), href, id == here, list(zip(labels, cells, strict=True)))
