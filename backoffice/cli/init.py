"""`laureat init`: a bare repository with one first commit and no demonstration content.

What the first files say is in `participation.store.starting`.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "init",
        help="make an empty content repository",
        description="Make DIR, a bare repository whose first commit holds instance.yml and empty zones and services.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="the repository to make; it must not exist yet")
    parser.add_argument("--name", required=True, help="name of the site and of the authority; both can change later")
    parser.add_argument("--author", default="laureat", metavar="NAME", help="pseudonym noted as author")


def run(args: argparse.Namespace) -> int:
    """Make the repository; its path and first commit on stdout."""
    import datetime as dt

    from participation.store.starting import start

    commit = start(args.folder, args.name, author=args.author, when=dt.datetime.now(dt.UTC).astimezone())
    print(f"Made {args.folder} ({commit[:12]}). Next: laureat serve, or clone it and edit by hand.")
    return 0
