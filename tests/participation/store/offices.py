"""A store with its remote, as the worker of an office uses it: for the tests of exchanges."""

from __future__ import annotations

from participation.records import Project
from participation.store import open_store
from participation.store.git import MAIN
from participation.store.remote import Remote
from participation.store.remote_exchange import exchange
from tests.participation.store.conftest import WHEN, later


class Office:
    """A store with its remote."""

    def __init__(self, path, host, series=0):
        self.store = open_store(path)
        self.remote = Remote(host.address())
        self.clashes = []
        self.series = series

    def exchange(self, **more):
        def keep(commit, clashes):
            self.clashes = [one for one in self.clashes if one[0] != commit] + [(commit, one) for one in clashes]

        return exchange(self.store, more.pop("remote", self.remote), lambda: WHEN, keep)

    def save(self, minutes=0, record_id="2021-P001", **fields):
        blob = self.store.snapshot().get(record_id).blob
        author = f"agent-{self.series}"
        return self.store.save(Project, record_id, fields, base_blob=blob, author=author, when=later(minutes))

    def data(self, record_id="2021-P001"):
        return self.store.snapshot().get(record_id).data

    def at(self, reference=MAIN):
        with self.store.repo() as repo:
            return repo.resolve(reference)
