"""The `laureat` command: one module for each subcommand; `main` dispatches, `exits` maps failures to codes.

A subcommand's module has `register(subparsers)`, which declares its arguments and imports nothing heavy, and
`run(args)`, which imports what it needs and returns the exit code.
"""

from backoffice.cli.main import main

__all__ = ["main"]
