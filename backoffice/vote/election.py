"""The vote of one edition as the office looks at it: its rule, its contest, its places; names for sentences.

Reads the present snapshot; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from backoffice.i18n import _, language
from participation.counting.contest import contest_of, rule_of
from participation.counting.model import Contest, CountRule
from participation.counting.words import Voice
from participation.layout import path_for, rule_id
from participation.problems import Problem
from participation.records import Edition, PollingPlace, Project, Rule, Zone
from participation.records.rule import BALLOTS
from participation.store.snapshot import Snapshot


@dataclass
class Election:
    """One edition's vote in one snapshot."""

    snapshot: Snapshot
    edition: Edition

    @classmethod
    def of(cls, snapshot: Snapshot, edition_id: str) -> Election | None:
        """The vote of that edition; None where there is no such edition."""
        edition = snapshot.get(edition_id)
        return cls(snapshot, edition) if isinstance(edition, Edition) else None

    @property
    def id(self) -> str:
        """The identifier of the edition."""
        return self.edition.id

    @cached_property
    def record(self) -> Rule | None:
        """The rule as it is written; None where there is none that can be read."""
        found = self.snapshot.get(rule_id(self.id))
        return found if isinstance(found, Rule) else None

    @property
    def rule_path(self) -> str:
        """Where the rule lies, or would."""
        return path_for("rule", rule_id(self.id))

    @cached_property
    def rule(self) -> CountRule:
        """The rule to judge ballots by; the defaults where none is written."""
        return rule_of(self.record or Rule({}, id=rule_id(self.id)))

    @cached_property
    def projects(self) -> list[Project]:
        """Every project of the edition, by number."""
        return self.snapshot_projects()

    def snapshot_projects(self) -> list[Project]:
        """The projects, read from the snapshot."""
        found = (one for one in self.snapshot.of_type(Project) if one.edition == self.id)
        return sorted(found, key=lambda one: one.id)

    @cached_property
    def _contest(self) -> tuple[Contest, list[Problem]]:
        return contest_of(self.edition, self.projects)

    @property
    def contest(self) -> Contest:
        """The ballot list and the money."""
        return self._contest[0]

    @property
    def problems(self) -> list[Problem]:
        """What keeps the contest from being counted."""
        return self._contest[1]

    @cached_property
    def places(self) -> list[PollingPlace]:
        """The polling places, by number."""
        found = (one for one in self.snapshot.of_type(PollingPlace) if one.edition == self.id)
        return sorted(found, key=lambda one: one.id)

    @cached_property
    def names(self) -> dict[str, str]:
        """Zones and themes by identifier."""
        found = {zone.id: zone.title or zone.id for zone in self.snapshot.of_type(Zone)}
        return found | {theme.id: theme.title or theme.id for theme in self.edition.themes}

    def voice(self, rule: CountRule | None = None) -> Voice:
        """The voice of its sentences, in the language of whoever reads."""
        return Voice(self.contest, rule or self.rule, self.names, language(), _)

    @property
    def needs_ballots(self) -> bool:
        """True when the rule asks single ballots what they say: totals would not do."""
        return self.rule.method != "greedy" or bool(self.rule.dimensions)

    @property
    def kind_words(self) -> str:
        """What the ballot is, in words."""
        return _(BALLOTS[self.rule.paper.kind])


def editions(snapshot: Snapshot) -> Sequence[Edition]:
    """Every edition, the latest first."""
    return sorted(snapshot.of_type(Edition), key=lambda one: one.id, reverse=True)


def number_of(project: str) -> str:
    """The number of a project on the ballot: `12` for `2026-P012`, `A3` for `2026-A3`."""
    short = project.partition("-")[2]
    digits = short.removeprefix("P")
    return str(int(digits)) if digits.isdecimal() else short
