"""What may leave the office: fields declared public, past their embargo, at every depth."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.records import TYPES, Article, Event, Idea, Project
from participation.records.base import check_raw
from participation.records.containers import Group, Rows
from tests.participation.generated import planted, private_names, raw

NOW = dt.datetime(2024, 5, 12, 12, 0, tzinfo=dt.UTC)
MARKER = "SECRET-7f3a"


@pytest.mark.parametrize("record_type", TYPES.values(), ids=list(TYPES))
def test_no_private_value_is_in_the_public_data(record_type):
    data = planted(record_type, MARKER)
    assert MARKER not in json.dumps(record_type.public_data(data))


@pytest.mark.parametrize("record_type", TYPES.values(), ids=list(TYPES))
def test_every_public_field_is_in_the_public_data(record_type):
    data = planted(record_type, MARKER)
    assert list(record_type.public_data(data)) == [name for name, field in record_type.fields.items() if field.public]


@pytest.mark.parametrize("record_type", TYPES.values(), ids=list(TYPES))
def test_no_unknown_key_is_in_the_public_data(record_type):
    data = planted(record_type, MARKER) | {"phone_of_the_owner": MARKER}
    assert MARKER not in json.dumps(record_type.public_data(data))


def test_the_private_fields_are_these():
    private = {name: private_names(record_type) for name, record_type in TYPES.items()}
    status = ["status.visible_from", "status.holds", "status.note"]
    assert private == {
        "instance": ["schema", "map.geocoder", "second_person", "series", "standard_texts"],
        "zone": [],
        "service": ["note"],
        "edition": ["note"],
        "rule": ["note"],
        "idea": ["owner.person", "service", *status, "note"],
        "project": ["owner.person", *status, "note"],
        "polling_place": [
            "tally.differences.by",
            "tally.first_by",
            "tally.second_by",
            "reopened.by",
            "note",
        ],
        "event": ["visible_from", "note"],
        "article": ["visible_from", "note"],
        "page": ["visible_from", "note"],
    }


@pytest.mark.parametrize("record_type", TYPES.values(), ids=list(TYPES))
@settings(max_examples=50)
@given(data=st.data())
def test_the_public_data_of_any_record_names_public_fields_only(record_type, data):
    record = check_raw(record_type, data.draw(raw(record_type))).data

    def only_public(kind, public):
        for name, value in public.items():
            field = kind.fields[name]
            assert field.public
            if isinstance(field, Group):
                only_public(field.part, value)
            elif isinstance(field, Rows):
                for row in value:
                    only_public(field.part, row)

    only_public(record_type, record_type.public_data(record))


def test_a_group_with_nothing_public_is_not_there_at_all():
    assert Idea.public_data({"title": "Un pont", "owner": {"person": "p-abc123"}}) == {"title": "Un pont"}


FUTURE, PAST = "2024-05-12T14:00:01+02:00", "2024-05-12T14:00:00+02:00"


@pytest.mark.parametrize("record_type", [Event, Article])
@pytest.mark.parametrize(("until", "visible"), [(FUTURE, False), (PAST, True)])
def test_a_record_shows_nothing_before_its_time(record_type, until, visible):
    public = record_type({"title": "Fête", "visible_from": until}, id="x").public(NOW)
    assert public == ({"title": "Fête"} if visible else None)


def test_an_embargoed_state_holds_back_the_fields_changed_with_it():
    data = {
        "title": "Un pont",
        "budget_final": "52000",
        "status": [
            {"state": "works", "date": "2024-01"},
            {"state": "delivered", "visible_from": FUTURE, "holds": ["budget_final"], "reason": "Inauguré bientôt"},
        ],
    }
    assert Project(data, id="2021-P1").public(NOW) == {
        "title": "Un pont",
        "status": [{"state": "works", "date": "2024-01"}],
    }
    later = NOW + dt.timedelta(seconds=2)
    assert Project(data, id="2021-P1").public(later)["budget_final"] == "52000"


def test_a_record_whose_states_are_all_embargoed_is_not_shown():
    data = {"title": "Un pont", "status": [{"state": "winner", "visible_from": FUTURE}]}
    assert Project(data, id="2021-P1").public(NOW) is None


def test_the_embargo_itself_is_never_shown():
    data = {"status": [{"state": "winner", "visible_from": PAST, "holds": ["title"], "note": "x"}]}
    assert Project(data, id="2021-P1").public(NOW) == {"status": [{"state": "winner"}]}
