"""Another rule on past ballots: what the worker counts, and how the page tells the two results side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from participation.counting.comparing import compare
from participation.counting.count import count
from participation.counting.reading import read_vote
from participation.layout import path_for, rule_id
from participation.records import Rule
from participation.records.fields import Plain
from participation.store.snapshot import Snapshot


def simulated(snapshot: Snapshot, edition: str, data: Mapping[str, Plain]) -> dict[str, Any]:
    """The comparison as JSON. Raises CannotCount or TotalsTooCoarse."""
    id = rule_id(edition)
    other = Rule(data, id=id, path=path_for("rule", id))
    mine, theirs = read_vote(snapshot, edition), read_vote(snapshot, edition, other)
    first, second = count(mine.rule, mine.contest, mine.box), count(theirs.rule, theirs.contest, theirs.box)
    found = compare(mine.rule, mine.contest, mine.box, first, second)
    return {
        "comparison": asdict(found),
        "spent": [first.spent, second.spent],
        "currency": mine.contest.currency,
        "titles": {one.id: one.title for one in mine.contest.candidates.values()},
        "costs": {one.id: one.cost for one in mine.contest.candidates.values()},
        "names": mine.names,
        "winners": [list(first.winners), list(second.winners)],
        "undecided": len(second.undecided),
    }
