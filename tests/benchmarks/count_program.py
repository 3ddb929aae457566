"""One count of a Pabulib file, as a process of its own: `count_program METHOD FILE OUT` writes the winners into OUT."""

from __future__ import annotations

import sys
from pathlib import Path


def ours(method: str, file: Path) -> list[str]:
    """The winners by our own count, in the order of votes or by equal shares."""
    from dataclasses import replace

    from participation.counting.count import count
    from participation.counting.pabulib import read_vote

    vote = read_vote(file.read_bytes(), file.name)
    return sorted(count(replace(vote.rule, method=method, threshold=0), vote.contest, vote.box).winners)


def theirs(file: Path) -> list[str]:
    """The winners by equal shares of pabutools."""
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares

    instance, profile = parse_pabulib(str(file))
    return sorted(project.name for project in method_of_equal_shares(instance, profile, sat_class=Cost_Sat))


if __name__ == "__main__":
    chosen, source, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    found = theirs(source) if chosen == "pabutools" else ours(chosen, source)
    out.write_text("\n".join(found), encoding="utf-8")
