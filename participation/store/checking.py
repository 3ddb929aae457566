"""Everything that is wrong with a content, in one list: what its files' readers found and what its records show."""

from __future__ import annotations

from participation.checks import check_content
from participation.problems import Problem
from participation.store.snapshot import Snapshot
from participation.yamltext.places import placed


def problems_of(snapshot: Snapshot) -> list[Problem]:
    """Every problem of a snapshot with its file and, where there is one, its line; sorted by both."""
    unreadable = {
        path for path in snapshot.places if not snapshot.reading(path).records and snapshot.reading(path).faulty
    }
    found = check_content(snapshot, snapshot.entries, unreadable)
    contents = dict(snapshot.contents(sorted({problem.file for problem in found} & snapshot.entries.keys())))
    everything = [*snapshot.problems, *placed(found, contents)]
    return sorted(everything, key=lambda problem: (problem.file, problem.line or 0, problem.field))
