"""Closing a polling place, and opening it again: its sheet and its ballots go into the content as one commit."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence

from backoffice import town_time
from backoffice.content import Content
from backoffice.registry.schema import Account
from backoffice.registry.tally_schema import TallyEntry
from backoffice.vote.differences import Comparison, Difference
from backoffice.vote.election import Election, number_of
from participation.counting.ballot_files import random_ids, write_ballots, write_totals
from participation.counting.ballots import Ballot, Totals
from participation.messages import mark as _
from participation.records import PollingPlace
from participation.records.fields import Plain
from participation.records.polling import SIGNING, VOID
from participation.store.saving import Change
from participation.store.snapshot import Snapshot


def files_of(snapshot: Snapshot, place: PollingPlace) -> list[str]:
    """The files of ballots and totals that belong to a place."""
    short = place.short.casefold()
    starts = tuple(f"editions/{place.edition}/votes/{kind}-{short}" for kind in ("ballots", "totals", "groups"))
    ends = (".csv", "-")
    return [path for path in snapshot.entries if path.startswith(starts) and _after(path, starts).startswith(ends)]


def _after(path: str, starts: Sequence[str]) -> str:
    return next(path.removeprefix(start) for start in starts if path.startswith(start))


def ballot_contents(election: Election, name: str, ballots: Mapping[Ballot, int]) -> dict[str, bytes]:
    """Path -> content of the ballots of one place, in a random order; what the rule does not use is left out."""
    kept = election.rule.dimensions
    every = [
        ballot._replace(zone=ballot.zone if "zone" in kept else "", youth=ballot.youth and "youth" in kept)
        for ballot, times in ballots.items()
        for _time in range(times)
    ]
    ids = random_ids(len(every), secrets.token_bytes)
    contents = write_ballots(every, ids, election.id, election.rule.paper.kind)
    folder = f"editions/{election.id}/votes"
    return {
        f"{folder}/ballots-{name}{f'-{number}' if number > 1 else ''}.csv": content
        for number, content in enumerate(contents, 1)
    }


def close(
    content: Content,
    election: Election,
    place: PollingPlace,
    pair: tuple[TallyEntry, TallyEntry],
    compared: Comparison,
    held: tuple[Mapping[str, int], Counter[Ballot]],
    signatories: Mapping[str, int],
    scan: str,
    author: Account,
    now: dt.datetime,
) -> None:
    """Write sheet and ballots of a place whose two entries agree. Raises what the store's `save_many` raises."""
    figures, pile = held
    mode = pair[0].mode
    name = place.short.casefold()
    files: dict[str, bytes | None] = dict.fromkeys(files_of(content.snapshot(), place))
    if mode == "ballots":
        files |= ballot_contents(election, name, pile)
    else:
        totals = _totals(figures)
        files[f"editions/{election.id}/votes/totals-{name}.csv"] = write_totals({place.short: totals}, election.id)
    tally = _sheet(figures, mode, pair, compared, signatories, scan, now)
    data = place.with_data({"tally": tally}).data
    subject = _("Dépouillement clos\u00a0: %s") % place.display_title
    content.save_votes([Change(PollingPlace, place.id, data, place.blob)], files, author, now, subject=subject)


def _totals(figures: Mapping[str, int]) -> Totals:
    def of(kind: str) -> dict[str, int]:
        start = f"{kind}."
        return {name.removeprefix(start): value for name, value in figures.items() if name.startswith(start) and value}

    return Totals(of("votes"), of("points"), figures.get("valid", 0), of("void"))


def _sheet(
    figures: Mapping[str, int],
    mode: str,
    pair: tuple[TallyEntry, TallyEntry],
    compared: Comparison,
    signatories: Mapping[str, int],
    scan: str,
    now: dt.datetime,
) -> dict[str, Plain]:
    """The group `tally` of a place."""
    found: dict[str, Plain] = {
        "closed": town_time.day_of(now).isoformat(),
        "mode": mode,
        "signed": figures.get("signed"),
        "found": figures.get("found", 0),
        "valid": figures.get("valid", 0),
        "void": [{"reason": code, "number": n} for code in VOID if (n := figures.get(f"void.{code}", 0))],
        "differences": [_difference(one) for one in compared.differences],
        "signatories": [{"role": role, "number": signatories[role]} for role in SIGNING if signatories.get(role)],
        "scan": scan,
        "first_by": pair[0].pseudonym,
        "second_by": pair[1].pseudonym,
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _difference(one: Difference) -> dict[str, Plain]:
    found = {"what": one.what, "first": one.first_words, "second": one.second_words}
    if one.settled is not None:
        found |= {"kept": one.settled.kept, "reason": one.settled.reason, "by": one.settled.pseudonym}
    return {name: value for name, value in found.items() if value}


def reopen(content: Content, place: PollingPlace, reason: str, author: Account, now: dt.datetime) -> None:
    """Take sheet and ballots of a place out of the content again, and note why."""
    day = town_time.day_of(now).isoformat()
    row = {"date": day, "reason": reason, "by": author.pseudonym}
    data = place.with_data({"tally": None, "reopened": [*place.data.get("reopened", []), row]}).data
    files: dict[str, bytes | None] = dict.fromkeys(files_of(content.snapshot(), place))
    subject = _("Dépouillement rouvert\u00a0: %(place)s (%(reason)s)") % {
        "place": place.display_title,
        "reason": reason,
    }
    content.save_votes([Change(PollingPlace, place.id, data, place.blob)], files, author, now, subject=subject)


def projects_of(election: Election, figures: Mapping[str, int]) -> list[tuple[str, str, int, int]]:
    """Number, title, votes and points of every project on a sheet."""
    voice = election.voice()
    return [
        (number_of(one), voice.title(one), figures.get(f"votes.{one}", 0), figures.get(f"points.{one}", 0))
        for one in sorted(election.contest.candidates)
    ]
