"""The fixtures of the office, on the town that votes."""

from __future__ import annotations

import pytest

from participation.store import open_store
from tests.backoffice.town import make_repository
from tests.backoffice.voting_town import VOTING


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The town that votes, made once and copied for each test."""
    return make_repository(tmp_path_factory.mktemp("voting") / "content.git", VOTING)


@pytest.fixture
def store(settings):
    """What the office wrote."""
    return open_store(settings.content)
