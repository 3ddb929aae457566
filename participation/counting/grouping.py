"""What a table says of voters besides their choices, as counts of groups that are large enough.

Nothing of it is kept with a ballot.
Groups under the threshold are put together; where that is still under it, the smallest of the others joins them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping

PATH = re.compile(r"editions/(?P<edition>[A-Za-z0-9_]+)/votes/groups(?:-[a-z0-9]+)*\.csv")
OTHERS = "…"
COLUMNS = ("dimension", "value", "count")


def grouped(counts: Mapping[str, int], least: int) -> dict[str, int]:
    """Value -> number of ballots, no group smaller than `least` but where all together are fewer."""
    small = {value: number for value, number in counts.items() if number < least}
    large = {value: number for value, number in sorted(counts.items()) if number >= least}
    rest = sum(small.values())
    while 0 < rest < least and large:
        value = min(large, key=lambda one: (large[one], one))
        rest += large.pop(value)
    return large | ({OTHERS: rest} if rest else {})


def write_groups(dimensions: Mapping[str, Counter[str]], least: int) -> bytes:
    """The tables of all dimensions as one CSV: `dimension,value,count`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, counts in sorted(dimensions.items()):
        writer.writerows([name, value, number] for value, number in grouped(counts, least).items())
    return text.getvalue().encode()


def read_groups(contents: Iterable[bytes]) -> dict[str, dict[str, int]]:
    """Dimension -> value -> number of ballots, over the files of several places; a line that is none says nothing."""
    found: dict[str, Counter[str]] = {}
    for content in contents:
        for row in csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")):
            if len(row) == len(COLUMNS) and row[2].isdecimal():
                found.setdefault(row[0], Counter())[row[1]] += int(row[2])
    return {name: dict(sorted(counts.items())) for name, counts in sorted(found.items())}
