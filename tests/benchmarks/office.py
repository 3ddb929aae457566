"""The office at 10,000 records: a list with any filter, a form, a save, the list after it. One agent, one process."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from backoffice import compiled
from backoffice.app import create_app
from backoffice.registry import accounts
from backoffice.services import KEY
from backoffice.settings import Settings
from tests.backoffice.conftest import PASSWORD, Browser, fields_of
from tests.benchmarks import repository
from tests.benchmarks.measure import LOAD
from tests.benchmarks.report import Line, seconds

NOW = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
LISTS = (
    "liste/project",
    "liste/project?q=banc+velo&state=works&zone=quartier-3",
    "liste/project?late=1&sort=-due",
    "liste/project?missing=1",
    "liste/project?sort=title&page=90",
    "liste/project?sort=zone&col=zone&col=summary&col=budget_voted&col=votes",
    "liste/idea?service=-&sort=theme",
    "liste/event?period=past&sort=-start",
)
MILLISECONDS = "ms"


def measure(folder: Path, files: int, rounds: int) -> Iterator[Line]:
    """The lines of the table, each the median with its 95th percentile beside the limit."""
    folder.mkdir()
    repository.make_with_history(folder / "content.git", files, [])
    settings = Settings(
        content=folder / "content.git",
        site=folder / "site",
        registry=f"sqlite:///{folder / 'registry.sqlite'}",
        secret_key="0" * 64,
    )
    app = create_app(settings, lambda: NOW)
    shop = app.extensions[KEY]
    accounts.create(shop.registry, "publisher@ville.example", "Banc d’essai", "publisher", PASSWORD, NOW)
    browser = Browser(app)
    browser.sign_in("publisher")
    began = time.perf_counter()
    shop.content.warm()
    compiled.warm(app)
    yield Line("Office: what a web process reads when it starts", seconds(time.perf_counter() - began))
    size = f"{files:,} records".replace(",", " ")
    ids = [line.id for line in shop.content.index().lines["project"][: rounds * 8]]
    shown = [_timed(browser, page) for _round in range(rounds) for page in LISTS]
    forms = [_timed(browser, f"fiche/{record_id}") for record_id in ids]
    saves, after = [], []
    for record_id in ids:
        page = f"/gestion/fiche/{record_id}"
        typed = fields_of(browser.get(page).text) | {"note": "Relue par le banc d’essai."}
        saves.append(_clocked(lambda page=page, typed=typed: browser.post(page, typed), 303))  # type: ignore[misc]  # defaults bind
        after.append(_timed(browser, LISTS[0]))
    yield _line(f"Office at {size}: a list, any filter", shown, 200)
    yield _line(f"Office at {size}: a form", forms, 200)
    yield _line(f"Office at {size}: a save", saves, 300)
    yield _line(f"Office at {size}: the list just after a save", after, 200)
    shop.registry.close()


def _timed(browser: Browser, page: str) -> float:
    return _clocked(lambda: browser.get(f"/gestion/{page}"), 200)


def _clocked(work: Callable[[], object], status: int) -> float:
    LOAD.note()
    began = time.perf_counter()
    answer = work()
    took = time.perf_counter() - began
    if getattr(answer, "status_code", 0) != status:
        raise AssertionError(f"{answer} instead of {status}")
    return took


def _line(what: str, times: list[float], limit: int) -> Line:
    worst = statistics.quantiles(times, n=20)[-1]
    words = f"median {seconds(statistics.median(times))}"
    return Line(what, words, "95th percentile", worst * 1000, limit, unit=MILLISECONDS)
