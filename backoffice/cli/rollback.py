"""`laureat rollback`: an earlier publication goes live again, as a new one; `main` is not touched."""

from __future__ import annotations

import argparse
from pathlib import Path

from backoffice.cli import reviewed
from backoffice.cli.publish import site_argument, site_of, templates_argument


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "rollback",
        help="bring an earlier publication back",
        description="Put an earlier publication of CONTENT live again. What was saved since waits to be published.",
    )
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository")
    parser.add_argument(
        "release", nargs="?", metavar="RELEASE", help="hash of the publication (default: the one before; --list)"
    )
    site_argument(parser)
    templates_argument(parser)
    parser.add_argument("--list", action="store_true", help="list the publications, newest first, and stop")
    reviewed.registry_argument(parser)
    parser.add_argument("--author", default="laureat", metavar="NAME", help="pseudonym noted as author")


def run(args: argparse.Namespace) -> int:
    """Roll back, or list what can be rolled back to."""
    import datetime as dt

    from participation.store.store import open_store
    from site_builder.publish import take_back

    if args.list:
        for one in open_store(args.content).publications():
            print(f"{one.commit}  {one.when:%Y-%m-%d %H:%M}  {one.author}  {one.subject}")
        return 0
    with reviewed.office_of(args.content, args.registry) as registry:
        done = take_back(
            args.content,
            site_of(args),
            args.release,
            author=args.author,
            when=dt.datetime.now(dt.UTC),
            templates=args.templates,
            people=lambda: reviewed.people_of(registry),
        )
    if done.new:
        print(f"Published {done.commit[:12]}: {done.changed} files changed.")
    else:
        print("Nothing to take back: the site shows that publication already.")
    return 0
