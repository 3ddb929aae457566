"""`laureat check`: everything that is wrong with a content, with file and line, for people or for programs."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "check",
        help="list what is wrong with a content",
        description="List every problem of CONTENT, by file and line. An error holds a record back from publication "
        "(or, in instance.yml and edition.yml, the whole publication) and ends the command with 1; a warning does not.",
    )
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository or a folder of YAML files")
    parser.add_argument("--rev", metavar="HASH", help="the commit to check (default: the head of main)")
    parser.add_argument("--json", action="store_true", help="print a list of objects for programs")


def run(args: argparse.Namespace) -> int:
    """Print the problems and a summary; exit code 1 when there is an error."""
    from participation.problems import errors
    from participation.store import open_content
    from participation.store.checking import problems_of

    content = open_content(args.content)
    snapshot = content.snapshot(args.rev)
    problems = problems_of(snapshot)
    wrong = len(errors(problems))
    if args.json:
        import json
        from dataclasses import asdict

        print(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            print(f"{problem.severity}: {problem}")
        records = sum(1 for _record in snapshot)
        print(f"{records} records, {wrong} errors, {len(problems) - wrong} warnings.")
    return 1 if wrong else 0
