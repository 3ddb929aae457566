"""The frame of the `laureat` command: the table of subcommands and the dispatch to one of them.

Imports only the module of the subcommand that was asked for: one change goes live in a fraction of a second,
process start included. No subcommand lives here.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import NamedTuple


class Command(NamedTuple):
    """A subcommand: its name, the module that holds `register` and `run`, its line in `laureat --help`."""

    name: str
    module: str
    help: str


COMMANDS = (
    Command("init", "backoffice.cli.init", "make an empty content repository"),
    Command("demo", "backoffice.cli.demo", "serve the demonstration town, accounts included"),
    Command("serve", "backoffice.cli.serve", "serve the office and the public site, with their worker"),
    Command("worker", "backoffice.cli.worker", "do the work that waits: publications, indexes, photos"),
    Command("account", "backoffice.cli.account", "list, create and change the accounts of the office"),
    Command("check", "backoffice.cli.check", "list what is wrong with a content"),
    Command("fmt", "backoffice.cli.fmt", "rewrite YAML files in the canonical style"),
    Command("schema", "backoffice.cli.schema", "write the JSON Schema files that text editors use"),
    Command("migrate", "backoffice.cli.migrate", "bring a content to the current schema version"),
    Command("import", "backoffice.cli.importing", "import a table, a Pabulib file or events"),
    Command("export", "backoffice.cli.export", "write a content repository out as a folder of files"),
    Command("count", "backoffice.cli.count", "count the votes of an edition by its rule"),
    Command("recount", "backoffice.cli.recount", "count a published vote again from its package"),
    Command("simulate", "backoffice.cli.simulate", "count the votes of an edition by another rule"),
    Command("build", "backoffice.cli.build", "build the site of a content into a folder"),
    Command("publish", "backoffice.cli.publish", "publish the current content"),
    Command("rollback", "backoffice.cli.rollback", "bring an earlier publication back"),
    Command("backup", "backoffice.cli.backup", "write content, registry and key into one file"),
    Command("restore", "backoffice.cli.backup_restore", "make an office again from a backup"),
    Command("doctor", "backoffice.cli.doctor", "look for damage in repository, cache and site, and mend it"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `laureat` with these arguments (those of the process by default) and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="laureat",
        description="Participatory budgets: YAML in Git, edited through forms, published as a static site.",
    )
    parser.add_argument("--version", action=_Version)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    module = _declare(subparsers, arguments[0] if arguments else "")
    args = parser.parse_args(arguments)
    if module is None:  # only --help, --version and faults of usage end here, and argparse has left by then
        return 2
    from backoffice.cli.exits import guarded

    return guarded(module.run, args)


def _declare(subparsers: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> ModuleType | None:
    """Declare the subcommand of that name and give its module; without one, name them all for `--help`."""
    for command in COMMANDS:
        if command.name == name:
            module = import_module(command.module)
            module.register(subparsers)
            return module
    for command in COMMANDS:
        subparsers.add_parser(command.name, help=command.help)
    return None


class _Version(argparse.Action):
    """Reading the version costs 30 ms: only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and stop")

    def __call__(self, parser: argparse.ArgumentParser, *_unused: object) -> None:
        from importlib.metadata import version

        print(f"laureat {version('laureat')}")
        parser.exit()
