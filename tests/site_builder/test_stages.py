"""Stages: every state of the life cycle belongs to one of them, in every catalogue."""

from __future__ import annotations

import pytest

from participation.lifecycle import TABLES
from site_builder.stages import STAGES, WON, stage_of


@pytest.mark.parametrize("type_name", ["project", "idea"])
def test_every_state_is_in_exactly_one_stage(type_name):
    gathered = [state for stage in STAGES[type_name] for state in stage.states]
    assert sorted(gathered) == sorted(TABLES[type_name])


def test_a_stage_has_the_colour_of_a_state_in_it():
    for type_name, stages in STAGES.items():
        for stage in stages:
            assert stage.family in {TABLES[type_name][state].family for state in stage.states}, stage.code


def test_records_without_a_life_cycle_have_no_stage():
    assert (stage_of("project", "closed"), stage_of("event", "confirmed")) == ("delivered", "")
    assert set(WON) <= {stage.code for stage in STAGES["project"]}
