"""`laureat export`: the files of a content repository at one commit, as a plain folder."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "export",
        help="write a content repository out as a folder of files",
        description="Write every file of CONTENT into FOLDER. To send changes back, clone CONTENT instead.",
    )
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("--rev", metavar="HASH", help="an earlier commit, as a full hash (default: the newest)")
    parser.add_argument("--published", action="store_true", help="what is public instead of what is saved")


def run(args: argparse.Namespace) -> int:
    """Write the files; their number on stdout."""
    from participation.store import open_store
    from participation.store.starting import export

    store = open_store(args.content)
    commit = args.rev
    if args.published:
        published = store.published()
        if published is None:
            print("Nothing is published yet.")
            return 1
        commit = published.commit
    count = export(store, args.folder, commit)
    print(f"Wrote {count} files into {args.folder}.")
    return 0
