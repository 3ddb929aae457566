"""What may leave with a publication and what stays, and why: holds, a second person's approval, embargoes, links.

Decides for the page and for the worker alike. Faults are told by the checks; composing and publishing is the store's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from backoffice.checking import Checker
from backoffice.content import Content
from backoffice.registry import Registry, held, reviews
from backoffice.registry.review_schema import Review
from backoffice.registry.reviews import APPROVED, RETURNED
from backoffice.registry.schema import Account, HeldRecord
from participation import schema
from participation.checks.survey import survey
from participation.layout import COLLECTIVE_FILES, locate, path_for
from participation.library import FACTS, MEDIA, facts_path, read_facts, title_of
from participation.messages import mark as _
from participation.problems import LaureatError
from participation.records import Record
from participation.records.media import WITHHELD, MediaFile
from participation.store.publications import Publication
from participation.store.snapshot import Snapshot


class ReviewRefused(LaureatError):
    """A verdict that cannot be given: one's own change, a change that has moved on, no remark."""


class Stay(StrEnum):
    """Why a change does not leave with the next publication."""

    HELD = "held"  # someone put it aside
    RETURNED = "returned"  # sent back to its author
    TO_REVIEW = "to_review"  # a second person has not read it yet
    CONSENT = "consent"  # people can be recognised on it who have not agreed yet
    EMBARGO = "embargo"  # published already, but for what may not be told yet
    NEEDS = "needs"  # it leads to a record that stays


# What is known of a file is the office's own, and schemas are for text editors: they go along, and nobody is asked.
UNSAID = (FACTS, f"{schema.FOLDER}/")


@dataclass(frozen=True, slots=True)
class Change:
    """One file that differs from what is public: blobs before and after ("": absent), who changed it since."""

    path: str
    record_id: str
    before: str
    after: str
    authors: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How holds and publications name it."""
        return self.record_id or self.path


@dataclass(slots=True)
class Standing:
    """Every change between what is public and a commit of main, and which of them stay."""

    commit: str
    publication: str
    required: bool  # a second person must approve
    changes: dict[str, Change]
    stays: dict[str, Stay] = field(default_factory=dict)
    holds: dict[str, HeldRecord] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)  # path -> name of the record it waits for

    @property
    def leaving(self) -> list[Change]:
        """The changes that may leave now, as far as people decide."""
        return [one for path, one in self.changes.items() if path not in self.stays]

    @property
    def staying(self) -> list[str]:
        """The names of what stays, for the publication; an embargo it respects by itself, and must know of."""
        return sorted({self.changes[path].name for path, why in self.stays.items() if why is not Stay.EMBARGO})

    @property
    def readers(self) -> set[str]:
        """The pseudonyms of those who approved what leaves."""
        found = (self.reviews.get(one.path) for one in self.leaving)
        return {one.pseudonym for one in found if one is not None and one.verdict == APPROVED}

    def may_judge(self, account: Account, path: str) -> bool:
        """True when this change is not the account's own."""
        change = self.changes.get(path)
        return change is not None and account.pseudonym not in change.authors


@dataclass(frozen=True, slots=True)
class Remark:
    """What was sent back to an author and still waits for them. `who` is a pseudonym."""

    record_id: str
    title: str
    words: str
    who: str
    when: dt.datetime


def standing(content: Content, registry: Registry, now: dt.datetime, commit: str = "") -> Standing:
    """What waits at `commit` (the present by default) and what of it stays. Raises RevisionUnknown."""
    before = content.published()
    after = content.store.snapshot(commit) if commit else content.snapshot()
    public = content.store.snapshot(before.commit) if before is not None else None
    required = any(one.instance.second_person for one in (after, public) if one is not None)
    found = Standing(
        after.commit,
        before.commit if before is not None else "",
        bool(required),
        {one.path: one for one in _changes(content, public, after)},
    )
    found.reviews = _reviews(registry, found)
    holds = held.holds(registry)
    waiting = _embargoed(content, before, after, found.changes, now)
    for path, change in found.changes.items():
        hold = holds.get(change.record_id) or holds.get(path[: held.LONGEST_ID])
        if hold is not None:
            found.holds[path] = hold
        why = _stays(found, path, hold, embargoed=path in waiting)
        if why is None and change.after and path.startswith(MEDIA):
            withheld = facts_in(after, path.removeprefix(MEDIA)).data.get("people") == WITHHELD
            why = Stay.CONSENT if withheld else None
        if why is not None:
            found.stays[path] = why
    _keep_links(found, public, after)
    return found


def judge(
    content: Content,
    registry: Registry,
    account: Account,
    now: dt.datetime,
    *,
    commit: str,
    paths: Sequence[str],
    verdict: str,
    remark: str,
) -> int:
    """Approve these changes as they stood at `commit`, or send them back; how many. Raises ReviewRefused."""
    if not paths:
        raise ReviewRefused(_("Choisissez au moins une modification."))
    if verdict == RETURNED and not remark.strip():
        raise ReviewRefused(_("Écrivez la remarque : la personne qui a fait la modification la lira."))
    seen = standing(content, registry, now, commit)
    present = content.snapshot().entries
    items = []
    for path in dict.fromkeys(paths):
        change = seen.changes.get(path)
        if change is None or present.get(path, "") != change.after:
            raise ReviewRefused(
                _("« %s » a changé depuis que vous avez ouvert cette page.") % _title(content, path),
                kept=_("Aucun avis n’a été noté."),
                hint=_("Relisez la page, elle est à jour maintenant."),
            )
        if not seen.may_judge(account, path):
            raise ReviewRefused(
                _("Vous avez vous-même modifié « %s ».") % _title(content, path),
                kept=_("Aucun avis n’a été noté."),
                hint=_("Une deuxième personne doit la relire."),
            )
        items.append(
            reviews.Item(path, change.name, _title(content, path), change.before, change.after, change.authors)
        )
    reviews.give(registry, items, account, verdict, remark, now)
    return len(items)


def remarks(content: Content, registry: Registry, account: Account) -> list[Remark]:
    """What was sent back to this account and was neither changed nor approved since, the latest first: for Today."""
    present, public = content.snapshot().entries, _public_entries(content)
    mine = reviews.returned_to(registry, account.pseudonym)
    last = reviews.latest(registry, [one.path for one in mine])
    return [
        Remark(one.record_id, one.title, one.remark, one.pseudonym, one.at)
        for one in mine
        if present.get(one.path, "") == one.after
        and public.get(one.path, "") == one.before
        and last[one.path, one.before, one.after].id == one.id
    ]


def awaiting(content: Content, registry: Registry, account: Account, now: dt.datetime) -> int:
    """How many changes wait for a second person that this account could be: for Today. 0 where nobody asks for one."""
    if not content.snapshot().instance.second_person:
        return 0
    found = standing(content, registry, now)
    return sum(1 for path, why in found.stays.items() if why is Stay.TO_REVIEW and found.may_judge(account, path))


def embargoes(data: Mapping[str, object], now: dt.datetime) -> list[dt.datetime]:
    """The moments to come before which something of the record stays hidden."""
    rows = data.get("status")
    holders = [data, *(rows if isinstance(rows, list) else [])]
    moments = [dt.datetime.fromisoformat(holder["visible_from"]) for holder in holders if holder.get("visible_from")]
    return [moment for moment in moments if moment > now]


# ---------------------------------------------------------------------------------------------------- the changes


def _changes(content: Content, public: Snapshot | None, after: Snapshot) -> Iterator[Change]:
    was: Mapping[str, str] = public.entries if public is not None else {}
    now = after.entries
    paths = [path for path, blob in now.items() if was.get(path) != blob] + [path for path in was if path not in now]
    authors = content.store.authors_since(after.commit, {path: was.get(path) for path in paths}) if paths else {}
    for path in paths:
        if path.startswith(UNSAID):
            continue
        place = locate(path)
        record_id = place.id if place is not None else ""
        yield Change(path, record_id, was.get(path, ""), now.get(path, ""), authors.get(path, ()))


def facts_in(snapshot: Snapshot, file: str) -> MediaFile:
    """What is known of a file, at one commit; empty where nothing is."""
    path = facts_path(file)
    content = next((data for _path, data in snapshot.contents([path])), None) if path in snapshot.entries else None
    return read_facts(file, content)


def _public_entries(content: Content) -> Mapping[str, str]:
    latest = content.published()
    return content.store.snapshot(latest.commit).entries if latest is not None else {}


def _title(content: Content, path: str) -> str:
    place = locate(path)
    if path.startswith(MEDIA):
        return title_of(facts_in(content.snapshot(), path.removeprefix(MEDIA)))
    record = content.snapshot().get(place.id) if place is not None and place.id else None
    return record.display_title if record is not None else path


def _reviews(registry: Registry, found: Standing) -> dict[str, Review]:
    said = reviews.latest(registry, list(found.changes))
    keys = {path: (path, one.before, one.after) for path, one in found.changes.items()}
    return {path: said[key] for path, key in keys.items() if key in said}


def _stays(found: Standing, path: str, hold: HeldRecord | None, *, embargoed: bool) -> Stay | None:
    review = found.reviews.get(path)
    if hold is not None:
        return Stay.HELD
    if embargoed:
        return Stay.EMBARGO
    if review is not None and review.verdict == RETURNED:
        return Stay.RETURNED
    if found.required and (review is None or review.pseudonym in found.changes[path].authors):
        return Stay.TO_REVIEW
    return None


def _embargoed(
    content: Content, before: Publication | None, after: Snapshot, changes: Mapping[str, Change], now: dt.datetime
) -> set[str]:
    """The paths that the last publication took already, but for what may not be told yet."""
    if before is None or not before.embargoed:
        return set()
    taken = content.store.snapshot(before.main).entries
    found = set()
    for path, change in changes.items():
        if change.record_id in before.embargoed and taken.get(path) == change.after:
            record = after.get(change.record_id)
            if record is not None and embargoes(record.data, now):
                found.add(path)
    return found


# ---------------------------------------------------------------------------------------------------- links


def _keep_links(found: Standing, public: Snapshot | None, after: Snapshot) -> None:
    """What leads to a record that stays, and is not public yet, waits for it; what a public page leads to stays."""
    if not found.stays:
        return
    exists = Checker(public).exists if public is not None else lambda _type, _id: False
    named = {path: list(_named(record)) for path, record in _records(after, [one.path for one in found.leaving])}
    staying_pages = {path: list(_named(record)) for path, record in _records(public, list(found.stays))}
    moved = True
    while moved:
        moved = False
        for change in found.leaving:
            waits = next(
                (
                    target
                    for target, type_name, id in named.get(change.path, ())
                    if target in found.stays and found.stays[target] is not Stay.EMBARGO and not exists(type_name, id)
                ),
                None,
            ) or next(
                (
                    path
                    for path, targets in staying_pages.items()
                    if not change.after and any(target == change.path for target, _type, _id in targets)
                ),
                None,
            )
            if waits is not None:
                found.stays[change.path] = Stay.NEEDS
                found.needs[change.path] = found.changes[waits].name
                staying_pages.update((path, list(_named(one))) for path, one in _records(public, [change.path]))
                moved = True


def _records(snapshot: Snapshot | None, paths: Sequence[str]) -> Iterator[tuple[str, Record]]:
    for path in paths if snapshot is not None else ():
        if snapshot is not None and path in snapshot.places and path not in COLLECTIVE_FILES:
            for record in snapshot.reading(path).records:
                yield path, record


def _named(record: Record) -> Iterator[tuple[str, str, str]]:
    """Path, type and identifier of everything that the record leads to."""
    edition = record.id.partition("-")[0]
    seen = survey(record)
    for one in seen.references:
        if one.to == "theme":
            yield path_for("edition", edition), "theme", f"{edition}/{one.id}"
            continue
        try:
            yield path_for(one.to, one.id), one.to, one.id
        except (KeyError, ValueError):
            continue  # it leads nowhere at all: a fault of its own
    for _field, name in seen.files:
        yield f"media/{name}", "media", name
