"""`laureat count`: the winners of an edition by its rule, each project with the reason why it won or lost."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from participation.counting.reading import Vote
    from participation.counting.trace import Result
    from participation.counting.words import Voice


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "count",
        help="count the votes of an edition by its rule",
        description="Count the ballots of EDITION (editions/EDITION/votes/) by its rule (editions/EDITION/rule.yml). "
        "The same files give the same result on any machine. Ends with 1 when a tie waits for the public draw.",
    )
    arguments(parser)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What counting and simulating have in common."""
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository or a folder of YAML files")
    parser.add_argument("edition", metavar="EDITION", help="the edition, such as 2024")
    parser.add_argument("--rev", metavar="HASH", help="the commit to count (default: the head of main)")
    parser.add_argument("--lang", default="fr", metavar="LANG", help="language of the sentences (default: fr)")
    parser.add_argument("--json", action="store_true", help="print every step as one object for programs")


def run(args: argparse.Namespace) -> int:
    """Print the result; exit code 1 while a tie is undecided."""
    from backoffice.cli.telling import tell
    from participation.counting.contest import fingerprint
    from participation.counting.count import count
    from participation.counting.reading import read_vote
    from participation.store import open_content

    vote = read_vote(open_content(args.content).snapshot(args.rev), args.edition)
    result = count(vote.rule, vote.contest, vote.box)
    if args.json:
        import json

        hashes = {"rule": vote.record.fingerprint(), "projects": fingerprint(vote.contest)}
        print(
            json.dumps({"edition": args.edition, **hashes} | {"result": result.plain()}, ensure_ascii=False, indent=1)
        )
    else:
        tell(vote.problems)
        print_result(vote, result, args.lang)
    return 1 if result.undecided else 0


def print_result(vote: Vote, result: Result, lang: str) -> None:
    """Figures, then winners in their order, then the other projects by falling votes."""
    from participation.counting.words import Voice
    from site_builder.messages import load

    print_count(vote.edition.id, result, Voice(vote.contest, vote.rule, vote.names, lang, load(lang).gettext))


def print_count(edition: str, result: Result, voice: Voice) -> None:
    """The same of a vote from anywhere."""
    from participation.counting.words import sentence

    void = ", ".join(f"{code} {number}" for code, number in result.void.items())
    reasons = f" ({void})" if void else ""
    print(f"{edition}: {result.voters} valid ballots, {sum(result.void.values())} void{reasons}.")
    money = [voice.money(amount) for amount in (result.budget, result.spent, result.left)]
    print(f"Budget {money[0]}, spent {money[1]}, left {money[2]}.")
    won = set(result.winners)
    others = sorted(result.decided.keys() - won, key=lambda one: (-result.votes[one], one))
    for heading, projects in ((f"{len(won)} winners", result.winners), (f"{len(others)} others", others)):
        print(f"\n{heading}:")
        for id in projects:
            print(f"  {id}  {voice.title(id)}")
            print(f"      {sentence(result.decided[id], voice)}")
    for tie in result.undecided:
        print(f"\nUndecided, waiting for the draw: {', '.join(tie.projects)}.")
