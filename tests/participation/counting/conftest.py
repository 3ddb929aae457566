"""Short ways to say a contest, ballots and a rule in a test; the real files, each read once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from participation.counting.pabulib import read_vote

RESULTS = "pabulib/expected_results.json"
FOLDER = "pabulib/pb_files"


@cache
def vote_of(path: Path):
    """A real file as something to count."""
    return read_vote(path.read_bytes(), path.name)


@pytest.fixture(scope="session")
def expected(shared_data):
    """File name -> what pabutools and a plain count gave for it."""
    return json.loads((shared_data / RESULTS).read_text(encoding="utf-8"))["results"]


@pytest.fixture(scope="session")
def votes(shared_data, expected):
    """`votes(name)` is a real file as something to count."""
    return lambda name: vote_of(shared_data / FOLDER / name)
