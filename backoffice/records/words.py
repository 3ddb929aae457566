"""What the office knows of each type of record: its words, how its identifier is made, what its list filters and shows.

Declarations only. What may be done with which type is decided in `backoffice.policy`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backoffice.i18n import _, ngettext
from participation.messages import mark


class Numbered(StrEnum):
    """Where the identifier of a new record comes from."""

    EDITION = "edition"  # the next number of the edition that is chosen
    YEAR = "year"  # the next number of the year that it happens in
    TYPED = "typed"  # a word of the address, chosen once
    ONE = "one"  # there is only one


@dataclass(frozen=True, slots=True)
class TypeWords:
    """Words, numbering and list of one type. `one` and `many` count its records (source language)."""

    plural_words: str
    new_words: str
    one: str
    many: str
    icon: str
    numbered: Numbered
    filters: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sort: str = "-id"

    @property
    def plural(self) -> str:
        """`Projets`, or `Agenda`: what the menu says."""
        return _(self.plural_words)

    @property
    def new(self) -> str:
        """`Nouveau projet`."""
        return _(self.new_words)


WORDS = {
    "idea": TypeWords(
        mark("Idées"),
        mark("Nouvelle idée"),
        "%(num)s idée",
        "%(num)s idées",
        "idea",
        Numbered.EDITION,
        filters=("state", "zone", "service", "edition", "theme", "channel", "late", "missing"),
        columns=("state", "zone", "theme", "service", "due"),
    ),
    "project": TypeWords(
        mark("Projets"),
        mark("Nouveau projet"),
        "%(num)s projet",
        "%(num)s projets",
        "project",
        Numbered.EDITION,
        filters=("state", "zone", "service", "edition", "theme", "late", "missing"),
        columns=("state", "zone", "theme", "service", "due"),
    ),
    "rule": TypeWords(
        mark("Règle du vote"),
        mark("Règle du vote"),
        "%(num)s fiche",
        "%(num)s fiches",
        "vote",
        Numbered.ONE,
        sort="title",
    ),
    "polling_place": TypeWords(
        mark("Lieux de vote"),
        mark("Nouveau lieu de vote"),
        "%(num)s lieu de vote",
        "%(num)s lieux de vote",
        "vote",
        Numbered.EDITION,
        filters=("edition", "zone", "missing"),
        columns=("channel", "zone", "population"),
        sort="id",
    ),
    "event": TypeWords(
        mark("Agenda"),
        mark("Nouveau rendez-vous"),
        "%(num)s rendez-vous",
        "%(num)s rendez-vous",
        "calendar",
        Numbered.YEAR,
        filters=("state", "kind", "zone", "period", "edition", "late", "missing"),
        columns=("state", "kind", "start", "zone"),
    ),
    "article": TypeWords(
        mark("Actualités"),
        mark("Nouvelle actualité"),
        "%(num)s actualité",
        "%(num)s actualités",
        "article",
        Numbered.YEAR,
        filters=("edition", "zone", "missing"),
        columns=("date", "edition", "zone"),
        sort="-date",
    ),
    "page": TypeWords(
        mark("Pages"),
        mark("Nouvelle page"),
        "%(num)s page",
        "%(num)s pages",
        "page",
        Numbered.TYPED,
        filters=("in_footer", "missing"),
        columns=("in_footer", "order"),
        sort="title",
    ),
    "edition": TypeWords(
        mark("Éditions"),
        mark("Nouvelle édition"),
        "%(num)s édition",
        "%(num)s éditions",
        "star",
        Numbered.TYPED,
        filters=("missing",),
        columns=("budget", "cost_cap"),
    ),
    "zone": TypeWords(
        mark("Quartiers"),
        mark("Nouveau quartier"),
        "%(num)s quartier",
        "%(num)s quartiers",
        "zone",
        Numbered.TYPED,
        columns=("kind", "population"),
        sort="title",
    ),
    "service": TypeWords(
        mark("Services"),
        mark("Nouveau service"),
        "%(num)s service",
        "%(num)s services",
        "people",
        Numbered.TYPED,
        columns=("email",),
        sort="title",
    ),
    "instance": TypeWords(
        mark("Réglages"), mark("Réglages"), "%(num)s fiche", "%(num)s fiches", "gear", Numbered.ONE, sort="title"
    ),
}


def counted(words: TypeWords, count: int) -> str:
    """`12 projets`."""
    forms = {
        "%(num)s idée": ngettext("%(num)s idée", "%(num)s idées", count),
        "%(num)s projet": ngettext("%(num)s projet", "%(num)s projets", count),
        "%(num)s lieu de vote": ngettext("%(num)s lieu de vote", "%(num)s lieux de vote", count),
        "%(num)s rendez-vous": ngettext("%(num)s rendez-vous", "%(num)s rendez-vous", count),
        "%(num)s actualité": ngettext("%(num)s actualité", "%(num)s actualités", count),
        "%(num)s page": ngettext("%(num)s page", "%(num)s pages", count),
        "%(num)s édition": ngettext("%(num)s édition", "%(num)s éditions", count),
        "%(num)s quartier": ngettext("%(num)s quartier", "%(num)s quartiers", count),
        "%(num)s service": ngettext("%(num)s service", "%(num)s services", count),
        "%(num)s fiche": ngettext("%(num)s fiche", "%(num)s fiches", count),
    }
    return forms[words.one] % {"num": count}
