"""A full build in two processes: each reads its half of the records, both learn all cards, each renders its half.

Which half a record belongs to is decided by its blob, so that the two caches never hold the same thing twice.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder.cards import Card
from site_builder.index import Entry
from site_builder.pages import Rendered
from site_builder.reading import Cards

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


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
    """One process's part of a build: how to read its files, then how to render its records knowing all cards."""

    read: Callable[[Mapping[str, str]], Cards]
    render: Callable[[list[Card], Cards], Rendered]


def split(wanted: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The records (path -> blob) of the first and of the second process; the first also makes the lists."""
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    for path, blob in wanted.items():
        (first if blob[0] < "7" else second)[path] = blob
    return first, second


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

    def tell(self, cards: list[Card]) -> None:
        """Hand it the cards of the other half: it begins to render."""
        self._pipe.send([tuple(card) for card in cards])

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
        others = [Card(*card) for card in pipe.recv()]
        pipe.send(("rendered", half.render([*(entry.card for entry in cards.entries), *others], cards)))
    except LaureatError as error:
        pipe.send(("failed", error))
    except Exception:  # noqa: BLE001  # told to the parent, which raises
        import traceback  # noqa: PLC0415  # only a fault needs it

        pipe.send(("failed", traceback.format_exc()))
    finally:
        pipe.close()
