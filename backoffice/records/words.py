"""What each type of record is called in the office: words only."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.i18n import _, ngettext
from participation.messages import mark


@dataclass(frozen=True, slots=True)
class TypeWords:
    """The plural, the button that makes one, and one or many with their count (source language)."""

    plural_words: str
    new_words: str
    one: str
    many: str

    @property
    def plural(self) -> str:
        """`Projets`, or `Agenda`: what the menu says."""
        return _(self.plural_words)

    @property
    def new(self) -> str:
        """`Nouveau projet`."""
        return _(self.new_words)


WORDS = {
    "idea": TypeWords(mark("Idées"), mark("Nouvelle idée"), "%(num)s idée", "%(num)s idées"),
    "project": TypeWords(mark("Projets"), mark("Nouveau projet"), "%(num)s projet", "%(num)s projets"),
    "event": TypeWords(mark("Agenda"), mark("Nouveau rendez-vous"), "%(num)s rendez-vous", "%(num)s rendez-vous"),
}


def counted(words: TypeWords, count: int) -> str:
    """`12 projets`."""
    forms = {
        "%(num)s idée": ngettext("%(num)s idée", "%(num)s idées", count),
        "%(num)s projet": ngettext("%(num)s projet", "%(num)s projets", count),
        "%(num)s rendez-vous": ngettext("%(num)s rendez-vous", "%(num)s rendez-vous", count),
    }
    return forms[words.one] % {"num": count}
