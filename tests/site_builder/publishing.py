"""A process that saves and publishes again and again until it is killed, for test_publish: `publishing.py REPO SITE`.

Prints the number of a version when its save has been acknowledged.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from participation.records import Project
from participation.store.store import open_store
from site_builder.publish import publish

NOW = dt.datetime(2026, 5, 20, 9, 0, tzinfo=dt.UTC)


def save(repository: Path, title: str, id: str = "2026-P001") -> str:
    """Save a new title; gives the commit."""
    store = open_store(repository)
    record = store.snapshot().get(id)
    return store.save(Project, id, {"title": title}, base_blob=record.blob, author="agent-7", when=NOW).commit


if __name__ == "__main__":
    repository, site = Path(sys.argv[1]), Path(sys.argv[2])
    for version in range(int(sys.argv[3]), 10_000):
        save(repository, f"Jardin, version {version}")
        print(version, flush=True)
        publish(repository, site, author="agent-7", when=NOW, processes=1)
