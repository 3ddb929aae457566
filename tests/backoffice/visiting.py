"""The office in a real browser: coming in, and what is wrong with a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.backoffice.conftest import PASSWORD


def knock(page: Any, office: str, login: str, password: str = PASSWORD) -> None:
    """Send an address and a password; what follows may be a second factor. `office` may end in `/gestion` or not."""
    page.goto(f"{office.removesuffix('/gestion')}/gestion/")
    page.fill("#f-login", f"{login}@ville.example")
    page.fill("#f-password", password)
    page.get_by_role("button", name="Se connecter").click()


def sign_in(page: Any, office: str, role: str = "publisher") -> None:
    """Come in as a role, as far as the first page."""
    knock(page, office, role)
    page.get_by_role("heading", name="À faire").wait_for()


def found(page: Any, axe: Callable[[Any], list[str]]) -> list[str]:
    """What breaks a rule on the page as it is: axe's list, and whether it can be moved sideways."""
    faults = axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return faults + (["the page is wider than the screen"] if wide else [])
