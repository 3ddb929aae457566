"""The demonstration town's site, served on loopback for the tests that visit it."""

from __future__ import annotations

import pytest

from tests.demonstration import build_demonstration


@pytest.fixture(scope="session")
def demonstration_site(tmp_path_factory, serve_folder):
    """The address of the site, without a slash at its end."""
    folder, _report = build_demonstration(tmp_path_factory.mktemp("demonstration"))
    with serve_folder(folder) as address:
        yield address
