"""A full build in two processes: each reads half of the records, both learn all cards, both render.

The second process renders what it has read, and then, like the first one when it has made all lists, one portion
after the other of what the first has read: whoever is free takes the next.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgpack

from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder.cards import Card
from site_builder.fragments import Fragments
from site_builder.index import Entry, unpack
from site_builder.pages import RecordPages, Rendered
from site_builder.reading import Cards

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_PORTIONS = 250  # at most: a portion's number is one byte
_SMALLEST = 20  # pages of a portion


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
    """One process's part of a build: how to read its files, what renders records once all cards are known, the end."""

    read: Callable[[Mapping[str, str]], Cards]
    pages: Callable[[list[Card]], RecordPages]
    close: Callable[[], None]
    fragments: Fragments


def split(wanted: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The files (path -> blob) that the first and the second process read: half each."""
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    for path, blob in wanted.items():
        (first if blob[0] < "8" else second)[path] = blob
    return first, second


class Portions:
    """Numbers that each of two processes takes from a pipe: no number is taken twice, and nobody waits."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        self._reading, self._writing = os.fdopen(reading, "rb", 0), os.fdopen(writing, "wb", 0)

    def offer(self, count: int) -> None:
        """Lay out the numbers from 0 to `count` (at most 256); after that nobody adds to them."""
        self._writing.write(bytes(range(count)))
        self.only_take()

    def only_take(self) -> None:
        """A pipe has an end when nobody can write to it any more: the process that only takes says so at once."""
        self._writing.close()

    def taken(self) -> Iterator[int]:
        """One number after the other, until there are none."""
        while number := self._reading.read(1):
            yield number[0]

    def close(self) -> None:
        """Let go of the pipe."""
        self._reading.close()
        self._writing.close()


def portions(cards: Sequence[Card]) -> list[Sequence[Card]]:
    """Cards in portions, so few that each has a number of its own."""
    size = max(_SMALLEST, -(-len(cards) // _PORTIONS))
    return [cards[first : first + size] for first in range(0, len(cards), size)]


class Helper:
    """The second process. It is a fork: it has everything that was made before, and shares nothing after."""

    def __init__(self, make_half: Callable[[], Half], wanted: Mapping[str, str]) -> None:
        import multiprocessing  # noqa: PLC0415  # most builds change a page or two and need no second process

        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._portions = Portions()
        self._process = context.Process(target=_work, args=(make_half, wanted, theirs, self._portions), daemon=True)
        self._process.start()
        theirs.close()

    def cards(self) -> Cards:
        """What it has read: entries, problems and the next embargo, without the projections, which it keeps."""
        entries, problems, due = self._receive()
        return Cards([Entry(unpack(entry[0]), *entry) for entry in entries], {}, problems, due)

    def tell(self, cards: Cards) -> list[Sequence[Card]]:
        """Hand it the cards of the other half and their projections: it begins to render. Gives the portions."""
        parts = portions([entry.card for entry in cards.entries])
        # Packed by portion: it unpacks only what it comes to render.
        shown = [msgpack.packb([cards.shown.get(card.id) for card in part]) for part in parts]
        self._portions.offer(len(parts))
        self._pipe.send(([entry.packed for entry in cards.entries], shown))
        return parts

    def taken(self) -> Iterator[int]:
        """The numbers of the portions that are left for this process, one by one."""
        return self._portions.taken()

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
        self._portions.close()

    def _receive(self) -> Any:
        try:
            kind, value = self._pipe.recv()
        except EOFError:
            raise HelperFailed("no answer") from None
        if kind == "failed":
            raise value if isinstance(value, LaureatError) else HelperFailed(str(value))
        return value


def _work(make_half: Callable[[], Half], wanted: Mapping[str, str], pipe: Connection, numbers: Portions) -> None:
    gc.disable()  # a build's objects live until its end, and there are no cycles worth looking for
    try:
        numbers.only_take()
        half = make_half()
        cards = half.read(wanted)
        pipe.send(("cards", ([tuple(entry[1:]) for entry in cards.entries], cards.problems, cards.due)))
        packed, shown = pipe.recv()
        mine = [entry.card for entry in cards.entries]
        others = [unpack(card) for card in packed]
        pages = half.pages([*mine, *others])
        pages.make(mine, cards.shown)
        parts = portions(others)
        for number in numbers.taken():
            part = parts[number]
            known = zip(part, msgpack.unpackb(shown[number]), strict=True)
            pages.make(part, {card.id: plain for card, plain in known if plain is not None})
        rendered = pages.finish()
        half.close()
        pipe.send(("rendered", rendered))
    except LaureatError as error:
        pipe.send(("failed", error))
    except Exception:  # noqa: BLE001  # told to the parent, which raises
        import traceback  # noqa: PLC0415  # only a fault needs it

        pipe.send(("failed", traceback.format_exc()))
    finally:
        pipe.close()
