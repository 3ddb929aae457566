"""`laureat migrate`: a content of an older format becomes one of this version's format, in one commit."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from participation.migrations import Plan
    from participation.store.store import Store


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "migrate",
        help="bring a content to the current schema version",
        description="Bring CONTENT, a bare repository, to the schema version of this software, in one commit. "
        "Publish afterwards: the public site is not touched.",
    )
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository")
    parser.add_argument("--dry-run", action="store_true", help="only list the steps and the files that would change")


def run(args: argparse.Namespace) -> int:
    """Migrate, or say that there is nothing to do. A content of a later format, or a folder, is refused."""
    from participation.migrations import SCHEMA
    from participation.store import open_store

    store = open_store(args.content)
    plan = plan_for(store, store.head())
    if plan.version == SCHEMA:
        print(f"Nothing to do: the content is at version {SCHEMA}.")
        return 0
    for step in plan.steps:
        print(f"{step.to - 1} -> {step.to}: {step.words}")
    for path in plan.changes:
        print(f"  {path}")
    if args.dry_run:
        print(f"{len(plan.changes)} files would change, from version {plan.version} to {SCHEMA}.")
        return 0
    _commit(store)
    print(f"{len(plan.changes)} files changed, from version {plan.version} to {SCHEMA}, in one commit.")
    return 0


def plan_for(store: Store, commit: str) -> Plan:
    """What a migration of the content at that commit would do."""
    from participation.migrations import plan

    snapshot = store.snapshot(commit)
    texts = (
        (path, content.decode())
        for path, content in snapshot.contents(path for path in snapshot.entries if path.endswith((".yml", ".geojson")))
    )
    return plan(texts, snapshot.instance.schema or 1)


def _commit(store: Store) -> None:
    import datetime as dt

    from participation.messages import mark as _
    from participation.migrations import SCHEMA
    from participation.store.writing import Ground, Step, Trailers, commit, message

    def prepare(ground: Ground) -> list[Step]:  # under the lock: what was saved meanwhile is migrated too
        found = plan_for(store, ground.head)
        files = {path: text.encode() for path, text in found.changes.items()}
        subject = _("Passage du contenu au format %s.") % SCHEMA
        return [Step(files, message(subject, [step.words for step in found.steps], Trailers("migrate")))]

    commit(store, "laureat", dt.datetime.now(dt.UTC), prepare)
