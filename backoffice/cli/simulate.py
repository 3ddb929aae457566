"""`laureat simulate`: the votes of an edition by another rule, side by side with its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from backoffice.cli.count import arguments

if TYPE_CHECKING:
    from participation.counting.comparing import Comparison
    from participation.counting.words import Voice


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "simulate",
        help="count the votes of an edition by another rule",
        description="Count the ballots of EDITION by the rule in FILE and compare with its own rule: winners that "
        "change, money left, winners by zone and theme, ballots with at least one winner. Nothing is written.",
    )
    arguments(parser)
    parser.add_argument("--rule", type=Path, required=True, metavar="FILE", help="a rule.yml, wherever it lies")


def run(args: argparse.Namespace) -> int:
    """Print the comparison."""
    from participation.counting.comparing import compare
    from participation.counting.count import count
    from participation.counting.reading import read_vote, rule_from
    from participation.counting.words import Voice
    from participation.store import open_content
    from site_builder.messages import load

    snapshot = open_content(args.content).snapshot(args.rev)
    vote = read_vote(snapshot, args.edition)
    other = read_vote(snapshot, args.edition, rule_from(args.rule.read_bytes(), args.edition, str(args.rule)))
    first, second = (count(one.rule, one.contest, one.box) for one in (vote, other))
    found = compare(vote.rule, vote.contest, vote.box, first, second)
    if args.json:
        import json
        from dataclasses import asdict

        told = {"edition": args.edition, "comparison": asdict(found), "results": [first.plain(), second.plain()]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(found, Voice(vote.contest, other.rule, vote.names, args.lang, load(args.lang).gettext))
    return 0


def _print(found: Comparison, voice: Voice) -> None:
    winners = len(found.kept)
    print(
        f"Winners: {winners + len(found.lost)} by the rule of the edition, {winners + len(found.gained)} by the other."
    )
    for words, projects in (("lost", found.lost), ("gained", found.gained)):
        for id in projects:
            print(f"  {words:<6}  {id}  {voice.title(id)}")
    print(f"Left: {voice.money(found.left[0])}, {voice.money(found.left[1])}.")
    for heading, pairs in (("zone", found.by_zone), ("theme", found.by_theme)):
        if len(pairs) > 1:
            print(f"\nWinners by {heading}:")
            for key, (before, after) in pairs.items():
                print(f"  {before:>4} {after:>4}  {voice.names.get(key, key) or '-'}")
    if found.ballots:
        print(f"\nBallots with at least one winner: {found.served[0]}, {found.served[1]}, of {found.ballots}.")
