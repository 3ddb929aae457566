"""What a contributor's limits cut from pages that tell about many records. What is open is `backoffice.policy`'s.

Whoever has no limits pays nothing here but the question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import g, has_app_context

from backoffice import policy
from backoffice.policy import Right
from backoffice.registry.schema import Account
from participation.messages import mark as _
from participation.problems import Problem
from participation.records import Record
from participation.records.fields import Plain
from participation.store.errors import InvalidRecord
from participation.store.snapshot import Snapshot

if TYPE_CHECKING:  # the content cuts its own index with this module
    from backoffice.content import Content
    from backoffice.records.listing import Index


def viewer() -> Account | None:
    """Whoever asks, when that account is limited; None where everything may be told."""
    account = g.get("account") if has_app_context() else None
    return account if policy.limited(account) else None


def sees(data: Mapping[str, Plain]) -> bool:
    """True when whoever asks may read the record of that data."""
    limited = viewer()
    return limited is None or policy.allowed(limited, Right.READ, data)


def sees_all(content: Content, record_ids: Collection[str]) -> bool:
    """The same for what tells about several records, by their keys; what names none is about everything."""
    if viewer() is None:
        return True
    found = [content.record(one) for one in record_ids]
    return bool(found) and all(record is not None and sees(record.data) for record in found)


def open_paths(paths: list[str], *snapshots: Snapshot | None) -> list[str]:
    """Of these files, those that hold a record which whoever asks may read, in one of the snapshots."""
    if viewer() is None:
        return paths
    return [
        path
        for path in paths
        if any(
            sees(record.data)
            for one in snapshots
            if one is not None and path in one.entries
            for record in one.reading(path).records
        )
    ]


def demand(
    author: Account, before: Mapping[str, Plain] | None, after: Mapping[str, Plain] | None, record_id: str
) -> None:
    """Refuse a write beyond the author's limits: of a record that is not theirs, or that would no longer be theirs.

    Every write passes here, whichever form or list it came from. Raises InvalidRecord, on the field to change.
    """
    for data in (before, after):
        if data is not None and not policy.allowed(author, Right.EDIT, data):
            words = _("Votre compte est limité à certaines fiches ; celle-ci n’en est pas, ou n’en serait plus.")
            hint = _("Choisissez votre service ou l’un de vos quartiers.")
            raise InvalidRecord(record_id, [Problem(words, field="zone", hint=hint)])


def data_of(content: Content, record_id: str) -> Mapping[str, Plain] | None:
    """The data of a record as it is now, or as it went into the trash."""
    record: Record | None = content.record(record_id)
    if record is not None:
        return record.data
    trashed = (item.record for item in content.store.trashed())
    return next((one.data for one in trashed if one.id == record_id), None)


def narrowed(index: Index, account: Account) -> Index:
    """The index with the lines that this account may read; titles of what records name stay."""
    by_path = {
        path: kept
        for path, lines in index.by_path.items()
        if (kept := tuple(line for line in lines if policy.allowed(account, Right.READ, line.data)))
    }
    return replace(index, by_path=by_path)
