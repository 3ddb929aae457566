"""`laureat worker`: the process that does what takes time, until a signal stops it."""

from __future__ import annotations

import argparse


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser("worker", help="do the work that waits: publications, indexes, derived files")
    parser.add_argument("--once", action="store_true", help="do what is due now, then stop")


def run(args: argparse.Namespace) -> int:
    """Work until a signal, or until nothing is due."""
    from backoffice import worker
    from backoffice.registry import Registry
    from backoffice.settings import Settings

    settings = Settings.from_environment()
    if not args.once:
        worker.run(settings)
        return 0
    registry = Registry(settings.registry)
    try:
        while worker.step(settings, registry):
            pass
    finally:
        registry.close()
    return 0
