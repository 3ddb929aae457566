"""`laureat restore`: a backup becomes an office again, in an empty place."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "restore",
        help="make an office again from a backup",
        description="Check FILE, then make DIR with content.git, registry.sqlite and secret.key. Nothing that is there "
        "is overwritten; a damaged file is refused as a whole.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a backup")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder, later LAUREAT_VAR")
    parser.add_argument(
        "--registry", default="", metavar="URL", help="an empty database to restore the registry into, in place of DIR"
    )


def run(args: argparse.Namespace) -> int:
    """Restore; what came back, and the next step, on stdout."""
    from backoffice.backup.restoring import restore

    done = restore(args.file, args.folder, args.registry)
    print(f"Restored the backup of {done.made} into {done.folder}: {done.references} references, {done.rows} rows.")
    print(f"Next: LAUREAT_VAR={done.folder} laureat serve, then publish once: the site is made again.")
    return 0
