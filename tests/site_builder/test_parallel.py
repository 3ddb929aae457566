"""Two processes share the records to render: each portion is taken once, by whoever is free."""

from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

from participation.problems import LaureatError
from site_builder.cards import Card
from site_builder.index import Entry
from site_builder.parallel import Half, Helper, Portions, portions
from site_builder.reading import Cards


def take(numbers, answer):
    numbers.only_take()
    answer.send(list(numbers.taken()))


def test_no_portion_is_taken_twice_and_none_is_left():
    context = multiprocessing.get_context("fork")
    numbers = Portions()
    mine, theirs = context.Pipe()
    process = context.Process(target=take, args=(numbers, theirs))
    process.start()
    numbers.offer(250)
    taken = list(numbers.taken())
    assert sorted([*taken, *mine.recv()]) == list(range(250))
    process.join()
    numbers.close()


def test_portions_hold_every_card_once_in_order():
    for count in (0, 1, 20, 21, 4_999, 100_003):
        cut = portions(range(count))
        assert [card for part in cut for card in part] == list(range(count))
        assert len(cut) <= 250


def entries(count):
    """Records heavier together than what a pipe holds."""
    plain = dict.fromkeys(Card._fields, "") | {"longitude": None, "latitude": None, "refs": (), "more": {}}
    return [
        Entry.of(Card(**{**plain, "id": f"2026-P{number}", "type": "event"}), "x" * 9_000) for number in range(count)
    ]


def half(read):
    return Half(read, lambda _entries: None, lambda _entries: None, lambda: None)


def test_both_processes_tell_at_once_what_they_have_read():
    helper = Helper(lambda: half(lambda _wanted: Cards(entries(200))), {})
    helper.tell(Cards(entries(200)))
    assert helper.cards().entries == entries(200)
    helper.stop()


def refuse(_wanted):
    raise LaureatError("Le disque est plein.")


def die(_wanted):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(("read", "words"), [(refuse, "Le disque est plein."), (die, "s’est interrompue")])
def test_a_second_process_that_fails_is_told_however_much_the_first_has_to_say(read, words):
    helper = Helper(lambda: half(read), {})
    helper.tell(Cards(entries(200)))
    with pytest.raises(LaureatError, match=words):
        helper.cards()
    helper.stop()
