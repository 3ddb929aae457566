"""Finding the machine's Chromium, and `python -m tests.browser.chromium` to install one where possible.

Tests never download a browser of their own: a distribution's package is patched with the rest of the machine.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # containers and CI run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # tests need no network but loopback
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO = "install one with your system's packages, for example: apt install chromium"


def find() -> str | None:
    """The path of a Chromium on this machine."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def wait_for_pages(patched: Any) -> None:
    """Have a click or a key that leads to another page end when that page is there, with its scripts run.

    By itself Playwright goes on at the page's first byte, and a test on a busy machine reads half of it.
    """
    from playwright.sync_api import Locator, Page

    def settling(act: Callable[..., Any], page_of: Callable[[Any], Any]) -> Callable[..., Any]:
        @functools.wraps(act)
        def acted(actor: Any, *arguments: Any, **named: Any) -> Any:
            result = act(actor, *arguments, **named)
            if not (page := page_of(actor)).is_closed():
                page.wait_for_load_state("domcontentloaded")
            return result

        return acted

    for name in ("click", "press"):
        patched.setattr(Locator, name, settling(getattr(Locator, name), lambda locator: locator.page))
        patched.setattr(Page, name, settling(getattr(Page, name), lambda page: page))


def in_ci() -> bool:
    """In CI a missing browser is a failure, elsewhere a reason to skip."""
    return os.environ.get("CI", "") not in {"", "0", "false"}


def install() -> int:
    """Make sure that there is a browser: Debian's package when root, else words on what to do. Exit code."""
    if find():
        return 0
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            command = ["apt-get", "-qq", *step]
            done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
            if done.returncode:
                print(done.stderr.strip(), file=sys.stderr)
    if find():
        return 0
    print(f"No Chromium on this machine: {HOW_TO}", file=sys.stderr)
    return 1 if in_ci() else 0


if __name__ == "__main__":
    sys.exit(install())
