"""`laureat backup`: content, registry and key of an office as one file, while people work."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "backup",
        help="write content, registry and key into one file",
        description="Write the content with its history, the registry and the key of the office (LAUREAT_* settings) "
        "into FILE, with a manifest and hashes. People may go on working. FILE holds personal data and the key.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup to make; it must not exist yet")


def run(args: argparse.Namespace) -> int:
    """Make the backup; its size and newest commit on stdout."""
    import datetime as dt

    from backoffice.backup.making import make
    from backoffice.registry import Registry
    from backoffice.settings import Settings

    settings = Settings.from_environment()
    registry = Registry(settings.registry, settings.office)
    try:
        made = make(settings, registry, args.file, dt.datetime.now(dt.UTC))
    finally:
        registry.close()
    print(f"Made {made.file}: {made.size} bytes, content at {made.head[:12]}, {made.rows} rows of the registry.")
    return 0
