"""The record of a polling place on paper: figures, differences and how they were settled, roles to sign under.

Without figures it is the empty sheet that one fills in by hand. Letters are Lato, from the package that the locks name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import font_lato
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from backoffice import town_time
from backoffice.i18n import _, language
from backoffice.vote import sheet
from backoffice.vote.closing import projects_of
from backoffice.vote.election import Election
from participation import wording
from participation.records import PollingPlace
from participation.records.polling import SIGNING, VOID
from participation.values import PartialDate

LINE = 6.5  # millimetres
BLANK = "…………"


class _Paper(FPDF):
    """A4, upright, with its page numbers."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.add_font("Lato", "", font_lato.Lato)
        self.add_font("Lato", "B", font_lato.LatoBold)
        self.set_auto_page_break(True, margin=18)
        self.add_page()

    def footer(self) -> None:
        """What this is and which page, at the foot of each."""
        self.set_y(-13)
        self.set_font("Lato", size=8)
        self.cell(0, 5, _plain(f"{self._foot} · {self.page_no()}"), align="C")

    def line_of(self, words: str, size: float = 10, *, bold: bool = False, space: float = 0) -> None:
        """A paragraph over the whole width."""
        self.set_font("Lato", "B" if bold else "", size)
        self.multi_cell(0, LINE * size / 11, _plain(words), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if space:
            self.ln(space)


def _plain(words: str) -> str:
    """The words with spaces that the letters have."""
    return words.replace("\u202f", "\u00a0")


def record(
    election: Election, place: PollingPlace, figures: Mapping[str, int] | None, town: str, now: dt.datetime
) -> bytes:
    """The record as PDF; `figures` are those that hold, None for an empty sheet."""
    title = _("Procès-verbal de dépouillement") if figures is not None else _("Feuille de dépouillement")
    paper = _Paper(f"{town} · {election.edition.display_title} · {place.display_title} ({place.short})")
    paper.set_title(title)
    paper.set_lang(language())
    paper.line_of(f"{town}, {election.edition.display_title}", 10)
    paper.line_of(title, 18, bold=True)
    paper.line_of(f"{place.display_title} ({place.short})", 13, bold=True)
    for words in _where(place):
        paper.line_of(words)
    paper.ln(3)
    _sums(paper, figures, place)
    _votes(paper, election, figures)
    _differences(paper, place)
    _signatures(paper, place)
    day = wording.date(PartialDate.of(town_time.day_of(now)), language())
    paper.line_of(_("Imprimé le %s.") % day, 8)
    if place.tally.scan:
        paper.line_of(_("Empreinte SHA-256 de la feuille signée : %s") % place.tally.scan, 8)
    return bytes(paper.output())


def _where(place: PollingPlace) -> list[str]:
    where = place.place
    found = [part for part in (where.name, where.address) if part] if where is not None else []
    lines = [", ".join(found)] if found else []
    for row in place.hours:
        shown = [row.fields[name].show(row.data[name], language(), _) for name in ("start", "end") if name in row.data]
        lines.append(" – ".join(shown))
    if place.tally.closed is not None:
        lines.append(_("Dépouillement clos le %s.") % wording.date(place.tally.closed, language()))
    return lines


def _rows(paper: _Paper, rows: list[tuple[str, ...]], widths: tuple[int, ...], *, head: bool = False) -> None:
    paper.set_font("Lato", size=9.5)
    alignments = tuple("LEFT" if place <= (1 if len(widths) > 2 else 0) else "RIGHT" for place in range(len(widths)))
    with paper.table(
        col_widths=widths, text_align=alignments, line_height=5.4, first_row_as_headings=head, width=int(paper.epw)
    ) as table:
        for row in rows:
            table.row([_plain(cell) for cell in row])
    paper.ln(4)


def _n(figures: Mapping[str, int] | None, name: str) -> str:
    if figures is None:
        return BLANK
    return wording.number(figures[name]) if name in figures else "0" if name != "signed" else "–"


def _sums(paper: _Paper, figures: Mapping[str, int] | None, place: PollingPlace) -> None:
    paper.line_of(_("Bulletins"), 12, bold=True, space=1)
    rows = [
        (_("Émargements"), _n(figures, "signed")),
        (_("Bulletins trouvés"), _n(figures, "found")),
        (_("Bulletins valables"), _n(figures, "valid")),
    ]
    codes = [code for code in VOID if figures is None or figures.get(f"void.{code}")]
    rows += [(_("Nuls : %s") % _(VOID[code]), _n(figures, f"void.{code}")) for code in codes]
    _rows(paper, [(words, number) for words, number in rows], (140, 40))
    if figures is not None:
        paper.line_of(sheet.balance(figures)[1], space=2)
        if advice := sheet.advice(figures):
            paper.line_of(advice, space=2)
    for row in place.reopened:
        paper.line_of(_("Rouvert le %(day)s : %(reason)s") % {"day": row.data.get("date", ""), "reason": row.reason})


def _votes(paper: _Paper, election: Election, figures: Mapping[str, int] | None) -> None:
    paper.line_of(_("Voix par projet"), 12, bold=True, space=1)
    points = sheet.has_points(election)
    head = (_("N°"), _("Projet"), _("Voix"), *((_("Points"),) if points else ()))
    rows: list[tuple[str, ...]] = [head]
    for number, title, votes, given in projects_of(election, figures or {}):
        cells = (wording.number(votes), wording.number(given)) if figures is not None else (BLANK, BLANK)
        rows.append((number, title, *cells[: 2 if points else 1]))
    _rows(paper, rows, (15, 125, 20, 20) if points else (15, 140, 25), head=True)


def _differences(paper: _Paper, place: PollingPlace) -> None:
    if not place.tally.differences:
        return
    paper.line_of(_("Écarts entre les deux saisies"), 12, bold=True, space=1)
    for one in place.tally.differences:
        told = _("%(what)s : %(first)s, puis %(second)s. Retenu : %(kept)s. %(reason)s")
        paper.line_of(
            told
            % {
                "what": one.what,
                "first": one.first,
                "second": one.second,
                "kept": one.kept or one.first,
                "reason": one.reason,
            }
        )
    paper.ln(3)


def _signatures(paper: _Paper, place: PollingPlace) -> None:
    paper.line_of(_("Signatures"), 12, bold=True)
    paper.line_of(_("Par rôle ; les noms restent sur la feuille."), 9, space=1)
    counts = {row.role: row.number for row in place.tally.signatories}
    rows = [
        (_(words) + (f" ({counts[role]})" if counts.get(role) else ""), "")
        for role, words in SIGNING.items()
        if not counts or counts.get(role)
    ]
    paper.set_font("Lato", size=9.5)
    with paper.table(col_widths=(80, 100), line_height=12, first_row_as_headings=False, width=int(paper.epw)) as table:
        for row in rows:
            table.row([_plain(cell) for cell in row])
    paper.ln(4)
