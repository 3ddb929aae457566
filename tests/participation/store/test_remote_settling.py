"""A whole file put back to the version of one machine, unless it has changed since the two were compared."""

from __future__ import annotations

import pytest

from participation.store.errors import MediaChanged
from participation.store.remote_settling import put_back
from tests.participation.store.conftest import WHEN

SERVICES = "services.yml"


def blob(store):
    return store.snapshot().entries.get(SERVICES)


def test_the_version_chosen_takes_the_place_of_the_one_it_was_compared_with(store):
    first = blob(store)
    put_back(store, SERVICES, None, instead_of=first, author="agent-1", when=WHEN)
    assert blob(store) is None
    put_back(store, SERVICES, first, instead_of=None, author="agent-1", when=WHEN)
    assert blob(store) == first


def test_a_file_that_changed_since_stays(store):
    first = blob(store)
    put_back(store, SERVICES, None, instead_of=first, author="agent-1", when=WHEN)
    head = store.head()
    with pytest.raises(MediaChanged):
        put_back(store, SERVICES, first, instead_of=first, author="agent-1", when=WHEN)
    assert store.head() == head
