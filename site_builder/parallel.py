"""A full build in two processes: each reads half of the records, both learn all of them, both render.

The first process begins with the lists, the second with the pages of what it has read. The rest of the pages and of
the lists lies in two queues: whoever is free takes the next portion.
"""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import msgpack

from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder.cards import Card
from site_builder.index import Entry, unpack
from site_builder.pages import RecordPages, Rendered
from site_builder.reading import Cards
from site_builder.views.catalogue import List
from site_builder.wholes import Wholes

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")
_PORTIONS = 250  # at most: a portion's number is one byte
_SMALLEST = 20  # pages of a portion


class HelperFailed(LaureatError):
    """The second process of a build ended without an answer; `detail` is for the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            _("La fabrication du site s’est interrompue."),
            kept=_("Le site en ligne est resté tel qu’il était."),
            hint=_("Réessayez\u202f; si cela dure, prévenez la personne qui administre Lauréat."),
        )
        self.detail = detail


@dataclass(frozen=True)
class Half:
    """One process's part of a build: how to read its files, what renders once all records are known, the end."""

    read: Callable[[Mapping[str, str]], Cards]
    pages: Callable[[list[Entry]], RecordPages]
    wholes: Callable[[list[Entry]], Wholes]
    close: Callable[[], None]


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


def portions(things: Sequence[T], smallest: int = _SMALLEST) -> list[Sequence[T]]:
    """Things in portions, so few that each has a number of its own."""
    size = max(smallest, -(-len(things) // _PORTIONS))
    return [things[first : first + size] for first in range(0, len(things), size)]


class Helper:
    """The second process. It is a fork: it has everything that was made before, and shares nothing after."""

    def __init__(self, make_half: Callable[[], Half], wanted: Mapping[str, str]) -> None:
        import multiprocessing  # noqa: PLC0415  # most builds change a page or two and need no second process

        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._pages, self._lists = Portions(), Portions()
        arguments = (make_half, wanted, theirs, self._pages, self._lists)
        self._process = context.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def cards(self) -> Cards:
        """What it has read: entries, problems and the next embargo, without the projections, which it keeps."""
        entries, problems, due = self._receive()
        return Cards([Entry(unpack(entry[0]), *entry) for entry in entries], {}, problems, due)

    def tell(self, cards: Cards) -> None:
        """Hand it the other half of the records and their projections: it begins to render."""
        self._parts = portions([entry.card for entry in cards.entries])
        # Packed by portion: it unpacks only what it comes to render.
        shown = [msgpack.packb([cards.shown.get(card.id) for card in part]) for part in self._parts]
        self._pages.offer(len(self._parts))
        with suppress(ConnectionError):  # it failed: the next answer says how
            self._pipe.send(([tuple(entry[1:]) for entry in cards.entries], shown))

    def lists(self, every: Sequence[List]) -> Iterator[List]:
        """Those of these lists that are left for this process, one by one. The other one makes the rest of them."""
        parts = portions(every, 1)
        self._lists.offer(len(parts))
        return (one for number in self._lists.taken() for one in parts[number])

    def pages(self) -> Iterator[Sequence[Card]]:
        """Those of the records told that are left for this process to render, one portion after the other."""
        return (self._parts[number] for number in self._pages.taken())

    def rendered(self) -> list[Rendered]:
        """What it has rendered: pages of records, lists."""
        found: list[Rendered] = self._receive()
        self._process.join()
        return found

    def stop(self) -> None:
        """End it, whatever it is doing."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._pipe.close()
        self._pages.close()
        self._lists.close()

    def _receive(self) -> Any:
        try:
            kind, value = self._pipe.recv()
        except (EOFError, ConnectionError):
            raise HelperFailed("no answer") from None
        if kind == "failed":
            raise value if isinstance(value, LaureatError) else HelperFailed(str(value))
        return value


def _work(
    make_half: Callable[[], Half], wanted: Mapping[str, str], pipe: Connection, left: Portions, lists: Portions
) -> None:
    gc.disable()  # a build's objects live until its end, and there are no cycles worth looking for
    try:
        left.only_take()
        lists.only_take()
        half = make_half()
        cards = half.read(wanted)
        # Both processes tell what they have read at the same time: neither waits for the other to listen.
        mine = ("cards", ([tuple(entry[1:]) for entry in cards.entries], cards.problems, cards.due))
        telling = Thread(target=pipe.send, args=[mine])
        telling.start()
        told, shown = pipe.recv()
        telling.join()
        others = [Entry(unpack(entry[0]), *entry) for entry in told]
        every = [*cards.entries, *others]
        pages = half.pages(every)
        pages.make([entry.card for entry in cards.entries], cards.shown)
        parts = portions([entry.card for entry in others])
        for number in left.taken():
            part = parts[number]
            known = zip(part, msgpack.unpackb(shown[number]), strict=True)
            pages.make(part, {card.id: plain for card, plain in known if plain is not None})
        rendered = [pages.finish()]
        if (begun := next(lists.taken(), None)) is not None:
            wholes = half.wholes(every)
            lists_of_all = portions(wholes.lists(), 1)
            for taken in itertools.chain([begun], lists.taken()):
                for one in lists_of_all[taken]:
                    wholes.make(one)
            rendered.append(wholes.rendered)
        half.close()
        pipe.send(("rendered", rendered))
    except LaureatError as error:
        pipe.send(("failed", error))
    except Exception:  # noqa: BLE001  # told to the parent, which raises
        import traceback  # noqa: PLC0415  # only a fault needs it

        pipe.send(("failed", traceback.format_exc()))
    finally:
        pipe.close()
