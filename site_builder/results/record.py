"""The record of a result on paper: a PDF with figures, ranking, reasons, money and the hashes to check it by.

Set by fpdf2 in Lato, the letters that the pictures to share use too. It is not tagged: whoever cannot see it reads the
same on the results page. The same result gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import font_lato
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from participation import wording
from participation.counting.telling import rule_told
from participation.counting.trace import WINNING
from participation.counting.words import Voice, sentence
from participation.messages import mark as _
from participation.records.polling import VOID
from participation.values import PartialDate, zone_info
from site_builder.engine import Engine
from site_builder.results.names import file_of
from site_builder.results.reading import Shown
from site_builder.results.voice import LABELS

_SPACES = str.maketrans({"\u202f": "\u00a0", "\u2011": "-"})  # what Lato has no letter for
_SMALL, _TEXT, _HEAD, _TITLE = 8, 9.5, 13, 18


class _Sheet(FPDF):
    """A page of the record with its foot."""

    def __init__(self, foot: str, page_words: str) -> None:
        super().__init__(format="A4")
        self._foot, self._page_words = foot, page_words
        for style, file in (("", font_lato.Lato), ("B", font_lato.LatoBold)):
            self.add_font("Lato", style, file)
        self.set_margins(18, 18)
        self.set_auto_page_break(auto=True, margin=20)

    def drawable(self, words: str) -> str:
        """The words without the letters that Lato has not: emojis, mostly."""
        font = self.fonts["lato"]
        known = font.cmap if isinstance(font, TTFFont) else {}
        return "".join(letter for letter in words.translate(_SPACES) if letter == "\n" or ord(letter) in known)

    def footer(self) -> None:
        """The name of the sheet and its number."""
        self.set_y(-14)
        self.set_font("Lato", size=_SMALL)
        self.cell(0, 5, self.drawable(f"{self._foot}  ·  {self._page_words} {self.page_no()}"))

    def line_of(self, words: str, size: float = _TEXT, style: str = "") -> None:
        """A paragraph over the whole width."""
        self.set_font("Lato", style, size)
        self.multi_cell(0, size * 0.5, self.drawable(words), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def heading(self, words: str) -> None:
        """A heading, which the outline of the file shows too."""
        self.ln(4)
        self.set_font("Lato", "B", _HEAD)
        self.start_section(self.drawable(words))
        self.line_of(words, _HEAD, "B")
        self.ln(1)


def record_pdf(engine: Engine, shown: Shown, voice: Voice) -> bytes:
    """The file."""
    translate, outcome, result = engine.translate, shown.outcome, shown.outcome.result
    edition = str(engine.town.editions[outcome.edition]["title"])
    title = translate(_("Relevé du résultat du vote, %s")) % edition
    town = f"{engine.town.name}, {engine.town.title}" if engine.town.name else str(engine.town.title)
    sheet = _Sheet(f"{town}, {edition}", translate(_("page")))
    announced = dt.datetime.fromisoformat(outcome.record["announced"])
    sheet.set_title(title)
    sheet.set_author(town)
    sheet.set_lang(str(engine.lang))
    sheet.set_creation_date(announced)
    sheet.add_page()
    sheet.line_of(town)
    sheet.line_of(title, _TITLE, "B")
    local = announced.astimezone(zone_info(engine.town.timezone))
    moment = f"{wording.date(PartialDate.of(local.date()), voice.lang)}, {wording.time(local.time(), voice.lang)}"
    sheet.line_of(translate(_("Résultat annoncé le %(moment)s.")) % {"moment": moment})
    if result.undecided:
        sheet.line_of(translate(_("Résultat provisoire\u00a0: le tirage au sort n’a pas encore eu lieu.")), style="B")
    sheet.heading(translate(_("Les chiffres")))
    void = sum(result.void.values())
    rows = [
        (translate(_("Bulletins valables")), engine.number(result.voters)),
        (translate(_("Bulletins blancs et nuls")), engine.number(void)),
        *((f"    {translate(VOID[code])}", engine.number(number)) for code, number in result.void.items()),
        (translate(_("Budget")), voice.money(result.budget)),
        (translate(_("Attribué")), voice.money(result.spent)),
        (translate(_("Sans projet")), voice.money(result.left)),
    ]
    _figures(sheet, rows)
    sheet.heading(translate(_("Le classement")))
    for id in sorted(result.decided, key=lambda one: (shown.ranks[one], one)):
        step = result.decided[id]
        label = translate(LABELS[step.reason])
        votes = f"{engine.number(result.votes[id])} {translate(_('voix'))}"
        cost = voice.money(outcome.contest.candidates[id].cost)
        style = "B" if step.reason in WINNING else ""
        sheet.line_of(f"{engine.number(shown.ranks[id])}. {voice.title(id)} ({id})", style=style)
        sheet.line_of(f"{label}. {votes}, {cost}. {sentence(step, voice)}", _SMALL)
        sheet.ln(1.2)
    sheet.heading(translate(_("La règle du comptage")))
    for number, told in enumerate(rule_told(voice), 1):
        sheet.line_of(f"{number}. {told.words}")
    sheet.heading(translate(_("Vérifier")))
    sheet.line_of(translate(_("Le dossier de recomptage et sa commande\u00a0:")))
    sheet.line_of(f"laureat recount {file_of(outcome.edition, 'zip')}", style="B")
    for words, hash in (
        (_("Empreinte de la règle figée"), outcome.record.get("frozen", {}).get("rule")),
        (_("Empreinte de la liste des projets figée"), outcome.record.get("frozen", {}).get("projects")),
    ):
        if hash:
            sheet.line_of(f"{translate(words)}\u00a0: {hash}", _SMALL)
    return bytes(sheet.output())


def _figures(sheet: _Sheet, rows: Sequence[tuple[str, str]]) -> None:
    """Words and their figure, one line each."""
    sheet.set_font("Lato", size=_TEXT)
    for words, figure in rows:
        sheet.cell(80, 5, sheet.drawable(words), border="B")
        sheet.cell(40, 5, sheet.drawable(figure), border="B", align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
