"""The demonstration town's site, served on loopback for the tests that visit it."""

from __future__ import annotations

import pytest

from tests.browser.deployed import served_as_deployed


@pytest.fixture(scope="session")
def demonstration_site(demonstration, serve_folder):
    """The address of the site, without a slash at its end."""
    folder, _report = demonstration
    with serve_folder(folder) as address:
        yield address


@pytest.fixture(scope="session")
def deployed_site(demonstration):
    """The same under its own policy and compressed, as a town's server gives it."""
    folder, _report = demonstration
    with served_as_deployed(folder) as address:
        yield address
