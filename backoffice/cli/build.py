"""`laureat build`: the site of a content, built into a plain folder that any web server can serve."""

from __future__ import annotations

import argparse
from pathlib import Path

from backoffice.cli.publish import templates_argument


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "build",
        help="build the site of a content into a folder",
        description="Build the public site of CONTENT (a bare repository or a folder of YAML files) into a folder. "
        "A second build into the same folder makes only what changed.",
    )
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository or a folder of YAML files")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to build into")
    parser.add_argument("--rev", metavar="HASH", help="the commit to build (default: the head of main)")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where caches lie (default: beside DIR)")
    parser.add_argument(
        "--processes", type=int, default=0, metavar="N", help="1 or 2 (default: as many as cores, at most 2)"
    )
    parser.add_argument(
        "--no-data",
        action="store_true",
        help="only the pages: no open data, pictures or codes to share, search, measures",
    )
    templates_argument(parser)
    parser.add_argument("--full", action="store_true", help="make every page again")


def run(args: argparse.Namespace) -> int:
    """Build, then tell what was made and what is wrong; exit code 1 when a record was kept back."""
    import datetime as dt
    import os
    from contextlib import closing

    from backoffice.cli.telling import tell
    from participation.problems import errors
    from participation.store.errors import NotAContentRepository, RevisionUnknown
    from participation.store.git import MAIN, GitRepo
    from site_builder.build import Options, build
    from site_builder.sources import FolderSource, GitSource, Source
    from site_builder.targets import FolderTarget

    content: Path = args.content
    source: Source
    if GitRepo.is_repository(content):
        with GitRepo(content) as repo:
            commit = args.rev or repo.resolve(MAIN)
            if commit is None:
                raise NotAContentRepository(str(content))
            repo.commit(commit)  # refuses what is no full hash, or not there
        source = GitSource(content, commit)
    elif (content / "instance.yml").is_file():
        if args.rev:
            raise RevisionUnknown(args.rev)
        source = FolderSource(content)
    else:
        raise NotAContentRepository(str(content))
    out: Path = args.out.absolute()
    cache: Path = args.cache.absolute() if args.cache else out.with_name(f".{out.name}.laureat-cache")
    processes = args.processes or min(2, os.cpu_count() or 1)
    with closing(FolderTarget(out, cache / "places")) as target:
        options = Options(dt.datetime.now(dt.UTC), cache, processes, full=args.full, templates=args.templates)
        report, made = build(source, target, options), {}
        if not args.no_data:
            from site_builder import derived  # spreadsheets and pictures: a slow import

            made = derived.make(source, target, options)
    tell(report.problems)
    if report.nothing_to_do:
        print(f"Nothing to do: {out} is up to date ({report.records} records).")
    else:
        print(f"{report.records} records, {report.changed} files written to {out}.")
    for what, names in made.items():
        if names:
            print(f"{len(names)} {what} made.")
    return 1 if errors(report.problems) else 0
