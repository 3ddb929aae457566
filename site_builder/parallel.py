"""A full build in two processes: each reads half of the records, both learn all cards, each renders its part.

Who reads a file and who renders its page is decided by its blob, so that each cache is asked for what it holds.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from participation.messages import mark as _
from participation.problems import LaureatError
from participation.records.fields import Plain
from site_builder.cards import Card
from site_builder.index import Entry
from site_builder.pages import Rendered
from site_builder.reading import Cards

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


Shown = Mapping[str, dict[str, Plain]]
"""Identifier -> public projection."""


class HelperFailed(LaureatError):
    """The second process of a build ended without an answer; `detail` is for the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            _("La fabrication du site s’est interrompue."),
            kept=_("Le site en ligne est resté tel qu’il était."),
            hint=_("Réessayez\u00a0; si cela dure, prévenez la personne qui administre Lauréat."),
        )
        self.detail = detail


@dataclass(frozen=True)
class Half:
    """One process's part of a build: how to read its files, then how to render records knowing all cards.

    `render` takes all cards, those to render, and the projections at hand.
    """

    read: Callable[[Mapping[str, str]], Cards]
    render: Callable[[list[Card], list[Card], Shown], Rendered]


def split(wanted: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The files (path -> blob) that the first and the second process read: half each."""
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    for path, blob in wanted.items():
        (first if blob[0] < "8" else second)[path] = blob
    return first, second


def rendered_by_second(card: Card) -> bool:
    """Whose page it is: the first process renders a third of the pages, because it also makes all lists."""
    return card.blob[0] >= "6"


class Helper:
    """The second process. It is a fork: it has everything that was made before, and shares nothing after."""

    def __init__(self, make_half: Callable[[], Half], wanted: Mapping[str, str]) -> None:
        import multiprocessing  # noqa: PLC0415  # most builds change a page or two and need no second process

        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(make_half, wanted, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def cards(self) -> Cards:
        """What it has read: entries, problems and the next embargo, without the projections, which it keeps."""
        entries, problems, due = self._receive()
        return Cards([Entry(Card(*card), row, digest) for card, row, digest in entries], {}, problems, due)

    def tell(self, cards: Cards) -> None:
        """Hand it the cards of the other half, and the projections of those it renders: it begins to render."""
        theirs = {
            entry.card.id: cards.shown.pop(entry.card.id)
            for entry in cards.entries
            if entry.card.id in cards.shown and rendered_by_second(entry.card)
        }
        self._pipe.send(([tuple(entry.card) for entry in cards.entries], theirs))

    def rendered(self) -> Rendered:
        """What it has rendered."""
        found: Rendered = self._receive()
        self._process.join()
        return found

    def stop(self) -> None:
        """End it, whatever it is doing."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._pipe.close()

    def _receive(self) -> Any:
        try:
            kind, value = self._pipe.recv()
        except EOFError:
            raise HelperFailed("no answer") from None
        if kind == "failed":
            raise value if isinstance(value, LaureatError) else HelperFailed(str(value))
        return value


def _work(make_half: Callable[[], Half], wanted: Mapping[str, str], pipe: Connection) -> None:
    gc.disable()  # a build's objects live until its end, and there are no cycles worth looking for
    try:
        half = make_half()
        cards = half.read(wanted)
        plain = [(tuple(entry.card), entry.row, entry.digest) for entry in cards.entries]
        pipe.send(("cards", (plain, cards.problems, cards.due)))
        others, shown = pipe.recv()
        every = [*(entry.card for entry in cards.entries), *(Card(*card) for card in others)]
        mine = [card for card in every if rendered_by_second(card)]
        pipe.send(("rendered", half.render(every, mine, {**cards.shown, **shown})))
    except LaureatError as error:
        pipe.send(("failed", error))
    except Exception:  # noqa: BLE001  # told to the parent, which raises
        import traceback  # noqa: PLC0415  # only a fault needs it

        pipe.send(("failed", traceback.format_exc()))
    finally:
        pipe.close()
