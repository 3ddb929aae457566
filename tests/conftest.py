"""Fixtures that every kind of test shares: real data, the real browser, axe-core, servers on loopback.

What only one package's tests need lives in that folder's own conftest.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import pytest
from filelock import FileLock

from site_builder.build import Report
from tests import scratch
from tests.browser import chromium
from tests.demonstration import build_demonstration
from tests.githost import GitHost
from tests.serving import served_app, served_folder

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
AXE = ROOT / "themes" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

scratch.choose()  # before pytest makes its folder


def missing(reason: str) -> None:
    """Skip where somebody works on something else; fail in CI, which must run everything."""
    if chromium.in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real data sets is not beside the checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The folder of the demonstration town's site, and the report of its build; one for all the processes of a run."""
    ours = tmp_path_factory.getbasetemp()
    shared = (ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours) / "demonstration"
    with FileLock(f"{shared}.lock"):
        report = shared / "report"
        if not report.is_file():
            shutil.rmtree(shared, ignore_errors=True)  # half made by a process that was stopped
            _site, made = build_demonstration(shared)
            report.write_bytes(pickle.dumps(made))
    return shared / "site", pickle.loads(report.read_bytes())


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The machine's Chromium, driven by Playwright; one for the session."""
    path = chromium.find()
    if path is None:
        missing(f"no Chromium on this machine: {chromium.HOW_TO}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patched:
        chromium.wait_for_pages(patched)
        started = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page in a context of its own: no cookie of another test. An error of a script fails the test."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []


@pytest.fixture(params=["with script", "without script"])
def visitor(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A page in a browser that runs scripts, then in one that does not."""
    if request.param == "with script":
        yield request.getfixturevalue("page")
        return
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", java_script_enabled=False)
    yield context.new_page()
    context.close()


# Links take 0.1 s to change their colour with the scheme: between two colours they have neither contrast.
_AT_REST = """async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    await Promise.all(document.getAnimations()
        .filter(one => one.effect.getComputedTiming().endTime < Infinity).map(one => one.finished.catch(() => null)));
}"""


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """`axe(page)` lists what breaks WCAG 2.2 A or AA on the page as it is now: `rule: help: selectors`."""
    if not AXE.is_file():
        missing("axe-core is not installed: make setup")
    source = AXE.read_text(encoding="utf-8")

    def violations(page: Any) -> list[str]:
        page.evaluate(source)  # not a script element: the page's own policy may forbid those
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        page.evaluate(_AT_REST)
        found = page.evaluate(f"async () => (await axe.run(document, {json.dumps(options)})).violations")
        return [
            f"{rule['id']}: {rule['help']}: " + ", ".join(str(node["target"]) for node in rule["nodes"])
            for rule in found
        ]

    return violations


@pytest.fixture(scope="session")
def serve_folder() -> Callable[[Path], Any]:
    """`with serve_folder(path) as address:`."""
    return served_folder


@pytest.fixture(scope="session")
def serve_app() -> Callable[[WSGIApplication], Any]:
    """`with serve_app(app) as address:`."""
    return served_app


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    """A Git host with an empty repository."""
    (tmp_path / "host").mkdir()
    with GitHost(tmp_path / "host").serving() as serving:
        serving.make()
        yield serving
