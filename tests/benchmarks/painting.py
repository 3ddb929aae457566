"""How soon a visitor sees a page: the largest paint of each kind of page, on a processor slowed down four times.

Measured on the demonstration town, served from loopback under the site's policy and compressed, each visit in a new
context (nothing in any cache), at the width of a phone. The first visit of a kind warms the browser and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.measure import LOAD, median
from tests.benchmarks.report import Line, seconds
from tests.browser import chromium
from tests.browser.deployed import served_as_deployed
from tests.browser.kinds import KINDS
from tests.demonstration import build_demonstration

SLOWED = 4
MOST = 1_000  # ms, of the slowest kind of page
SETTLED = 300  # ms without anything new before the largest paint is taken for the last one
LARGEST = """() => new Promise(found => new PerformanceObserver(list => found(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""


def measure(folder: Path, rounds: int) -> Iterator[Line]:
    """The line of the table; the site is made in `folder`."""
    folder.mkdir()
    site, _report = build_demonstration(folder)
    with sync_playwright() as playwright, served_as_deployed(site) as address:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        times = {}
        for kind, page in KINDS.items():
            LOAD.note()
            times[kind] = median([visit(browser, f"{address}/{page}") for _round in range(rounds + 1)][1:])
        browser.close()
    slowest = max(times, key=lambda kind: times[kind])
    yield Line(
        f"Largest contentful paint, processor slowed {SLOWED} times: the slowest of {len(times)} kinds of page",
        seconds(times[slowest] / 1000),
        f"median of all: {seconds(median(times.values()) / 1000)}",
        value=times[slowest],
        limit=MOST,
        unit="ms",
        note=slowest,
    )


def visit(browser: Browser, address: str) -> float:
    """Milliseconds until the largest paint of one visit."""
    with browser.new_context(viewport={"width": 375, "height": 800}, locale="fr-FR") as context:
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLED)
        return float(page.evaluate(LARGEST))
