"""`laureat import`: a table with its mapping, Pabulib files or a calendar into a content, in one commit."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from participation.importing.plan import Plan
    from participation.records import Record
    from participation.store.content import FolderContent
    from participation.store.store import Store

AUTHOR = "import"  # who is named in the history when --author does not say


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "import",
        help="import a table, a Pabulib file or events",
        description="Import a file of another program. Exit code 1: some records are in error and stayed out; "
        "3: the file or its mapping cannot be used.",
    )
    kinds = parser.add_subparsers(dest="kind_of_file", metavar="KIND", required=True)

    table = kinds.add_parser("table", help="CSV or XLSX, with a mapping (docs/guides/import.md)")
    table.add_argument("file", type=Path, metavar="FILE")
    _common(table)
    table.add_argument("--mapping", type=Path, required=True, metavar="MAPPING.yml")
    table.add_argument("--edition", default="", metavar="ID", help="edition, when the mapping does not say")
    table.add_argument(
        "--date",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day of the data: later dates are plans (default: today)",
    )

    pabulib = kinds.add_parser("pabulib", help="projects and totals of one or more .pb files")
    pabulib.add_argument("files", type=Path, nargs="+", metavar="FILE.pb")
    _common(pabulib)
    pabulib.add_argument("--edition", required=True, metavar="ID")
    pabulib.add_argument(
        "--proposers-are-organisations",
        action="store_true",
        help="take proposers over: none of them may be a person",
    )

    events = kinds.add_parser("events", help="an .ics calendar or an OpenAgenda JSON export")
    events.add_argument("file", type=Path, metavar="FILE")
    _common(events)
    events.add_argument("--kind", default="", metavar="KIND", help="kind given to every event, such as meeting")
    events.add_argument("--edition", default="", metavar="ID", help="edition given to every event")
    events.add_argument(
        "--system", default="", metavar="NAME", help="name of the calendar, when several of them number events alike"
    )


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("content", type=Path, metavar="CONTENT", help="bare repository")
    parser.add_argument("--dry-run", action="store_true", help="only report; CONTENT may then be a folder")
    parser.add_argument("--all", action="store_true", help="list every new record and every warning")
    parser.add_argument("--author", default=AUTHOR, metavar="PSEUDONYM", help="named in the history (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Report, then write as one commit. 0 done, 1 when records are in error; ImportRefused goes to the frame."""
    from participation.importing.applying import apply
    from participation.importing.report import lines
    from participation.store.store import open_content, open_store
    from participation.values import in_zone

    content = open_content(args.content) if args.dry_run else open_store(args.content)
    zone = content.snapshot().instance.zone
    now = dt.datetime.now(zone)
    with in_zone(zone):  # what the file says without an offset, it says by the clocks of the town
        plan = _plan(args, content, now.date())
    for line in lines(plan, everything=args.all):
        print(line)
    print()
    if args.dry_run:
        print("Rien n’a été écrit (--dry-run).")
    else:
        saved = apply(plan, open_store(args.content), author=args.author, when=now)
        print("Rien à écrire." if saved is None else f"Enregistré, version {saved.commit[:12]}.")
    return 1 if any(row.data is None for row in plan.rows if row.kind.value == "error") else 0


def _plan(args: argparse.Namespace, content: Store | FolderContent, today: dt.date) -> Plan:
    snapshot = content.snapshot()
    trashed = _trashed(content)
    if args.kind_of_file == "table":
        from participation.importing.mapping_reader import read_mapping
        from participation.importing.table import plan_table

        mapping = read_mapping(args.mapping.read_bytes(), args.mapping.name)
        return plan_table(
            args.file.read_bytes(),
            args.file.name,
            mapping,
            snapshot,
            args.date or today,
            edition=args.edition,
            trashed=trashed,
        )
    if args.kind_of_file == "pabulib":
        from participation.importing.pabulib import plan_pabulib

        return plan_pabulib(
            [(file.name, file.read_bytes()) for file in args.files],
            snapshot,
            args.edition,
            proposers_are_organisations=args.proposers_are_organisations,
            trashed=trashed,
        )
    from participation.importing.events import plan_events

    return plan_events(
        args.file.read_bytes(),
        args.file.name,
        snapshot,
        kind=args.kind,
        edition=args.edition,
        system=args.system,
        trashed=trashed,
    )


def _trashed(content: Store | FolderContent) -> dict[str, Record]:
    from participation.store.store import Store

    return {one.record.id: one.record for one in content.trashed()} if isinstance(content, Store) else {}
