"""`laureat doctor`: is the repository sound, and what can be mended."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "doctor",
        help="look for damage in repository, cache and site, and mend it",
        description="Look at the objects, locks, saves and cache of CONTENT. Exit code 1: something is left to mend.",
    )
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository")
    parser.add_argument("--repair", action="store_true", help="mend what can be mended without losing anything")


def run(args: argparse.Namespace) -> int:
    """Tell every finding, a line each and its detail below."""
    import datetime as dt

    from participation.store.doctor import examine

    findings = examine(args.content, dt.datetime.now(dt.UTC), repair=args.repair)
    for finding in findings:
        state = "mended" if finding.mended else "can be mended with --repair" if finding.mendable else "look at it"
        print(f"{finding.severity.value}: {finding.check}: {finding.message} [{state}]")
        for line in finding.detail.splitlines():
            print(f"    {line}")
    if not findings:
        print("All is well.")
    return 0 if all(finding.harmless for finding in findings) else 1
