"""Small towns and their sites."""

from __future__ import annotations

import pytest

from tests.site_builder.small_town import Sites, SmallTown, furnish


@pytest.fixture(scope="session")
def shells(tmp_path_factory):
    """The cache of page shells: they take a second to make and are no part of what these tests compare."""
    return tmp_path_factory.mktemp("shells")


@pytest.fixture
def sites(tmp_path, shells):
    return Sites(tmp_path / "sites", shells)


@pytest.fixture
def town(tmp_path):
    return furnish(SmallTown(tmp_path / "town.git"))


@pytest.fixture
def place(tmp_path, shells):
    """A site whose shells come from the session's cache."""
    site = tmp_path / "site"
    (site / "cache").mkdir(parents=True)
    (shells / "shells").mkdir(exist_ok=True)
    (site / "cache" / "shells").symlink_to(shells / "shells", target_is_directory=True)
    return site
