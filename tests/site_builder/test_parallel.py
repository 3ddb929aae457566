"""Two processes share the records to render: each portion is taken once, by whoever is free."""

from __future__ import annotations

import multiprocessing

from site_builder.parallel import Portions, portions


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
