"""`laureat publish`: what is on main goes live, without the office."""

from __future__ import annotations

import argparse
from pathlib import Path

from backoffice.cli import reviewed


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "publish",
        help="publish the current content",
        description="Publish the head of main of the bare repository CONTENT. A web server serves DIR/current.",
    )
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository")
    site_argument(parser)
    templates_argument(parser)
    parser.add_argument("--hold", action="append", default=[], metavar="ID", help="a record to keep as it is published")
    parser.add_argument("--author", default="laureat", metavar="NAME", help="pseudonym noted as author")
    reviewed.arguments(parser)
    parser.add_argument(
        "--derived",
        action="store_true",
        help="also make what the worker makes after the pages: search, open data, pictures to share, measures",
    )


def site_argument(parser: argparse.ArgumentParser) -> None:
    """The folder of the site, said the same way by every command that changes it."""
    parser.add_argument(
        "--site", type=Path, metavar="DIR", help="the folder of the site and its releases (default: CONTENT.site)"
    )


def templates_argument(parser: argparse.ArgumentParser) -> None:
    """The server's own templates, said the same way by every command that makes pages."""
    parser.add_argument(
        "--templates", type=Path, metavar="FOLDER", help="templates that replace ours; never a folder of the content"
    )


def site_of(args: argparse.Namespace) -> Path:
    """The folder of the site that the arguments name."""
    content: Path = args.content.absolute()
    site: Path | None = args.site
    return site.absolute() if site is not None else content.with_name(f"{content.name.removesuffix('.git')}.site")


def run(args: argparse.Namespace) -> int:
    """Publish, then tell what changed and what was kept back; exit code 1 when a record was."""
    import datetime as dt
    import os

    from backoffice.cli.telling import tell
    from site_builder import publish

    site, now = site_of(args), dt.datetime.now(dt.UTC)
    with reviewed.office_of(args.content, args.registry) as registry:
        agreed = reviewed.agreed(registry, args.content, site, now, args.without_review)
        done = publish.publish(
            args.content,
            site,
            author=agreed.author or args.author,
            when=now,
            hold_back=[*args.hold, *agreed.staying],
            reviewed_by=agreed.readers,
            processes=min(2, os.cpu_count() or 1),
            templates=args.templates,
            people=lambda: reviewed.people_of(registry),
        )
        if registry is not None and args.without_review and done.new:
            reviewed.note_override(registry, args.without_review, done.commit, now)
        tell(done.problems)
        if args.derived:
            publish.index_search(site)
            publish.make_data(
                args.content, site, dt.datetime.now(dt.UTC), args.templates, lambda: reviewed.people_of(registry)
            )
            publish.make_sharing(args.content, site, dt.datetime.now(dt.UTC), templates=args.templates)
            publish.weigh_pages(args.content, site, dt.datetime.now(dt.UTC), args.templates)
    if done.new or done.changed:
        print(f"Published {done.commit[:12]}: {done.changed} files changed in {site}/current.")
    else:
        print(f"Nothing new: {site}/current shows {done.commit[:12]}.")
    return 1 if done.faulty else 0
