"""Someone who imports and exports, with a worker that does what was asked."""

from __future__ import annotations

import html
import io
import re

import pytest
from openpyxl import Workbook, load_workbook

from backoffice import worker
from backoffice.jobs import queue
from backoffice.jobs.kinds import IMPORTING
from backoffice.registry import exchanges
from backoffice.services import KEY
from tests.backoffice.conftest import Browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Importer:
    """`send`, `match`, `answer`, `apply`: the pages of an import, one after the other, for one role."""

    def __init__(self, app, browser_of, role: str = "publisher") -> None:
        self.services = app.extensions[KEY]
        self.browser: Browser = browser_of(role)
        self.page = ""
        self.address = ""

    def work(self) -> None:
        """Do every job of imports that waits."""
        registry, clock = self.services.registry, self.services.clock
        while (job := queue.lease(registry, clock())) is not None:
            if job.kind == IMPORTING:
                worker.carry_out(worker.Work(self.services.settings, registry, job, clock))
            else:
                queue.finish(registry, job, clock(), {})

    def follow(self, answer):
        """The page that an answer leads to, once the worker has worked."""
        if answer.status_code == 303:
            self.address = answer.location
            self.work()
            answer = self.browser.get(answer.location)
        self.page = html.unescape(answer.text).replace("\u00a0", " ").replace("\u202f", " ")
        return answer

    def send(self, data: bytes | str, name: str = "table.csv", kind: str = "project", edition: str = ""):
        """Drop a file."""
        self.browser.get("/gestion/importer")
        content = data.encode() if isinstance(data, str) else data
        form = {"type": kind, "edition": edition, "file": (io.BytesIO(content), name), "csrf_token": self.browser.token}
        answer = self.browser.client.post("/gestion/importer", data=form, content_type="multipart/form-data")
        return self.follow(self.browser._seen(answer))

    def form(self) -> dict[str, str]:
        """What a browser would send for the page's form, as the page stands."""
        found = {}
        for match in re.finditer(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', self.page, re.DOTALL):
            options = re.findall(r'<option(?: value="([^"]*)")?( selected)?[^>]*>([^<]*)', match[2])
            chosen = [value or words for value, selected, words in options if selected] or [options[0][0]]
            found[match[1]] = chosen[0]
        for match in re.finditer(r'<input type="(?:radio|checkbox)" name="([^"]+)" value="([^"]*)" checked', self.page):
            found[match[1]] = match[2]
        return found

    def match(self, **changes: str):
        """Send the columns as they were guessed, with some changed."""
        return self.follow(self.browser.post(f"{self.address}/colonnes", self.form() | changes))

    def answer(self, **answers: str):
        """Say what words mean."""
        return self.follow(self.browser.post(f"{self.address}/mots", self.form() | answers))

    def see(self, view: str):
        """One kind of rows of the dry run."""
        return self.follow(self.browser.get(f"{self.address}?voir={view}"))

    def press(self, act: str, **fields: str):
        """One of the buttons at the foot of a page."""
        return self.follow(self.browser.post(f"{self.address}/{act}", fields))

    def counts(self) -> dict[str, int]:
        """How many rows of each kind the dry run found."""
        return exchanges.counts(self.services.registry, int(self.address.rsplit("/", 1)[1].partition("?")[0]))

    def export(self, kind: str = "project", columns: tuple[str, ...] = (), edition: str = "") -> bytes:
        """A table made to be edited."""
        self.browser.get(f"/gestion/exporter?type={kind}")
        pairs = [("type", kind), ("edition", edition), *(("col", name) for name in columns)]
        assert self.follow(self.browser.post("/gestion/exporter", pairs)).status_code == 200
        found = re.search(r'href="(/gestion/exporter/\d+/tableau\.xlsx)"', self.page)
        return self.browser.get(found[1]).data

    def record(self, record_id: str):
        """A record as it is now."""
        return self.services.content.store.snapshot().get(record_id)


@pytest.fixture
def importer(app, browser_of) -> Importer:
    return Importer(app, browser_of)


def edited(data: bytes, **cells) -> bytes:
    """A workbook with some cells changed: `edited(data, B2="Un titre")`."""
    book = load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def column(data: bytes, heading: str) -> str:
    """The letter of the column with that heading."""
    row = next(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(max_row=1))
    return next(cell.column_letter for cell in row if cell.value == heading)
