"""Which editions have announced results, and their outcomes: counted once, kept beside the caches of the build.

An outcome is kept under two names. The first stands for the files it is made from and costs no reading of records. The
second stands for what the count depends on: an edit that changes none of it finds the outcome again without a count.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from participation import counting
from participation.counting.ballot_files import PATH
from participation.counting.count import TotalsTooCoarse
from participation.counting.grouping import PATH as GROUPS
from participation.counting.grouping import read_groups
from participation.counting.outcome import Outcome, outcome_from_plain, outcome_of
from participation.counting.plain import plain_contest, plain_rule
from participation.counting.reading import CannotCount, Vote, read_vote
from participation.layout import locate, path_for, rule_id
from participation.problems import Problem, Severity
from participation.records import PollingPlace, Record
from participation.store.cache import ReadingCache
from participation.store.snapshot import Snapshot
from site_builder.sources import Source

_KEPT = 40  # outcomes in the cache
_FORMAT = 1


@dataclass(frozen=True)
class Shown:
    """An outcome that may be shown; `key` names all that the count depends on, `files` the edition's own files."""

    outcome: Outcome
    key: str
    files: Mapping[str, str]

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of every project by votes (points, where the rule ranks by them), equal ones the same."""
        result = self.outcome.result
        scores = result.points if self.outcome.rule.order == "points" else result.votes
        found: dict[str, int] = {}
        last, rank = -1, 0
        for place, id in enumerate(sorted(scores, key=lambda one: (-scores[one], one)), 1):
            if scores[id] != last:
                last, rank = scores[id], place
            found[id] = rank
        return found

    def related(self, project: str) -> tuple[str, ...]:
        """The projects that the sentence on a project names, itself included."""
        step = self.outcome.result.decided.get(project)
        if step is None:
            return (project,)
        tied = step.tie.projects if step.tie else ()
        return tuple(dict.fromkeys((project, *((step.other,) if step.other else ()), *tied)))


class Results:
    """The announced results of a build. `entries` gives path -> blob of all files, asked for only when needed."""

    def __init__(
        self,
        source: Source | None = None,
        entries: Callable[[], Mapping[str, str]] = dict,
        rules: Mapping[str, Mapping[str, Any]] | None = None,
        cache: Path | None = None,
    ) -> None:
        self._source, self._entries, self._cache = source, entries, cache
        self._rules = dict(rules or {})
        self._known: dict[str, Shown | None] = {}
        self.problems: list[Problem] = []

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions whose results are announced, the latest first; one that cannot be counted is among them."""
        return tuple(sorted(self._rules, reverse=True))

    def load(self) -> None:
        """Have every outcome at hand: before a second process begins, which would count again."""
        for edition in self.editions:
            self.of(edition)

    def of(self, edition: str) -> Shown | None:
        """The outcome of an edition; None before it is announced, or when it cannot be counted."""
        if edition not in self._rules:
            return None
        if edition not in self._known:
            self._known[edition] = self._read(edition)
        return self._known[edition]

    def key(self) -> str:
        """What names the outcomes of all editions, for a build that wants to know whether any has changed."""
        shown = ((edition, self.of(edition)) for edition in self.editions)
        return " ".join(f"{edition} {one.key if one else '-'}" for edition, one in shown)

    def mark(self, edition: str, project: str, title_of: Callable[[str], str]) -> bytes:
        """What the line on a project's page depends on."""
        shown = self.of(edition)
        if shown is None:
            return b""
        return "\n".join((shown.key, *(title_of(one) for one in shown.related(project)))).encode()

    def naming(self, projects: Collection[str]) -> set[str]:
        """The projects on whose page the vote's sentence names one of these others."""
        found = set()
        for edition in {project.partition("-")[0] for project in projects} & self._rules.keys():
            shown = self.of(edition)
            for other in shown.outcome.result.decided if shown else ():
                if shown and not set(projects).isdisjoint(shown.related(other)):
                    found.add(other)
        return found

    def touched_by(self, paths: Iterable[str]) -> bool:
        """True when a file of an edition with announced results is among these."""
        folders = tuple(f"editions/{edition}/" for edition in self.editions)
        return bool(folders) and any(path.startswith(folders) for path in paths)

    def _read(self, edition: str) -> Shown | None:
        assert self._source is not None  # noqa: S101  # there are rules only where there is a source
        files = files_of(self._entries(), edition)
        first = _digest([_FORMAT, code(), edition, sorted(files.items())])
        known = self._kept(first)
        if known is not None:
            return Shown(outcome_from_plain(known["outcome"]), known["key"], files)
        try:
            # Everything but the ballots, which are many, tells whether this was counted before.
            few = {path: blob for path, blob in files.items() if PATH.fullmatch(path) is None}
            vote, places = read(self._source, few, edition, self._cache)
            recorded = [] if len(few) < len(files) else [(one.votes, one.points, one.valid) for one in vote.box.totals]
            key = _digest([_FORMAT, code(), self._rules[edition], _counted(vote), _votes(files), recorded])
            known = self._kept(key)
            if known is None:
                if len(few) < len(files):
                    vote, places = read(self._source, files, edition, self._cache)
                tables = {path: blob for path, blob in few.items() if GROUPS.fullmatch(path)}
                groups = read_groups(content for _path, content in self._source.files(tables))
                outcome = outcome_of(vote, places, self._rules[edition], groups)
                self._keep(key, outcome, key)
            else:
                outcome = outcome_from_plain(known["outcome"])
        except CannotCount as fault:
            self.problems += fault.problems
            return None
        except TotalsTooCoarse as fault:
            path = path_for("rule", rule_id(edition))
            self.problems.append(Problem(fault.message, path, hint=fault.hint, severity=Severity.WARNING))
            return None
        named = {
            id: replace(one, title=vote.contest.candidates[id].title) for id, one in outcome.contest.candidates.items()
        }
        outcome = replace(outcome, contest=replace(outcome.contest, candidates=named))
        self._keep(first, outcome, key)
        return Shown(outcome, key, files)

    def _kept(self, name: str) -> Mapping[str, Any] | None:
        if self._cache is None:
            return None
        try:
            found: Mapping[str, Any] = json.loads((self._cache / f"{name}.json").read_bytes())
        except (OSError, ValueError):  # none, or one that a full disk cut short
            return None
        return found

    def _keep(self, name: str, outcome: Outcome, key: str) -> None:
        if self._cache is None:
            return
        self._cache.mkdir(parents=True, exist_ok=True)
        for left in self._cache.glob("*.new"):
            if not _being_written(left):
                left.unlink(missing_ok=True)
        new = self._cache / f"{name}.{os.getpid()}.new"
        new.write_text(json.dumps({"key": key, "outcome": outcome.plain()}, ensure_ascii=False), encoding="utf-8")
        new.replace(self._cache / f"{name}.json")
        old = sorted(self._cache.glob("*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)[_KEPT:]
        for file in old:
            file.unlink(missing_ok=True)


def _being_written(new: Path) -> bool:
    """True when another process is at work on that file; False for what a killed one left."""
    number = new.stem.rpartition(".")[2]
    if not number.isdecimal() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def announced(rules: Iterable[Record], editions: Iterable[str], now: dt.datetime) -> tuple[dict[str, Any], str]:
    """Edition -> public data of its rule, for those whose results may be told at `now`; the next such moment or ""."""
    known = set(editions)
    found, later = {}, []
    for rule in rules:
        moment = rule.data.get("announced")
        edition = rule.id.partition("-")[0]
        if not moment or edition not in known:
            continue
        instant = dt.datetime.fromisoformat(moment)
        if instant > now:
            later.append(instant.astimezone(dt.UTC).isoformat())
        else:
            found[edition] = rule.public(now) or {}
    return found, min(later, default="")


def files_of(entries: Mapping[str, str], edition: str) -> dict[str, str]:
    """The files (path -> blob) that a count of an edition reads."""
    folder = f"editions/{edition}/"
    wanted = {"edition", "rule", "project", "polling_place"}
    return {
        path: blob
        for path, blob in entries.items()
        if path.startswith(folder)
        and (
            PATH.fullmatch(path)
            or GROUPS.fullmatch(path)
            or ((place := locate(path)) is not None and place.type_name in wanted)
        )
    }


def read(source: Source, files: Mapping[str, str], edition: str, cache: Path | None) -> tuple[Vote, list[PollingPlace]]:
    """The vote of an edition and its polling places. Raises CannotCount."""
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
    kept = ReadingCache(cache / "fiches.sqlite" if cache is not None else None)
    snapshot = Snapshot("", dict(files), lambda pairs: source.files(dict(pairs)), kept)
    vote = read_vote(snapshot, edition)
    return vote, snapshot.of_type(PollingPlace)


def _counted(vote: Vote) -> list[Any]:
    """All that a count depends on but the votes."""
    contest = plain_contest(vote.contest)
    for one in contest["projects"]:
        del one["title"]
    return [plain_rule(vote.rule), contest]


def _votes(files: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted((path, blob) for path, blob in files.items() if "/votes/" in path)


def _digest(plain: Any) -> str:
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


@lru_cache(maxsize=1)
def code() -> str:
    """What names the code of the count and of its files: another version counts again."""
    made = hashlib.blake2b(digest_size=8)
    for folder in (Path(counting.__file__).parent, Path(__file__).parent):
        for file in sorted(folder.glob("*.py")):
            made.update(file.read_bytes())
    return made.hexdigest()
