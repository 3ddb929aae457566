"""Signing in through a real provider, started for the test, in a real browser: link, out of both sessions, in again."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest

from backoffice.app import create_app
from backoffice.oidc_settings import OidcSettings
from backoffice.services import KEY
from tests.backoffice.visiting import found, sign_in
from tests.conftest import missing

pytestmark = pytest.mark.browser

SECRET = "un-secret-partage-pour-cet-essai"

SCRIPT = Path(__file__).with_name("provider.mjs")
INSTALLED = Path(__file__).parents[2] / "themes/node_modules/oidc-provider"


class Late:
    """An application whose address is known before it is made: the provider wants to be told where people return to."""

    def __init__(self) -> None:
        self.app = None

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)


@pytest.fixture
def office(settings, app, clock, serve_app):
    """The office on loopback, with the provider that knows it."""
    if shutil.which("node") is None or not INSTALLED.is_dir():
        missing("oidc-provider is not installed: make setup")
    late = Late()
    with serve_app(late) as address:
        base = f"{address}{settings.base_path}/connexion"
        command = ["node", str(SCRIPT), "laureat", SECRET, f"{base}/retour", base]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as node:
            issuer = node.stdout.readline().strip()
            oidc = OidcSettings(issuer=issuer, client_id="laureat", client_secret=SECRET, acr=("double",))
            # The provider lives in the present: what it signs expires by the clock of the machine.
            late.app = create_app(dataclasses.replace(settings, oidc=oidc))
            yield address
            node.stdin.close()
            node.wait()
        late.app.extensions[KEY].registry.close()


def at_the_provider(page) -> None:
    """Say who one is and yes on the provider's own pages."""
    page.fill("input[name=login]", "claire")
    page.fill("input[name=password]", "peu importe")
    page.click("button[type=submit]")
    page.get_by_role("button", name="Continue").click()


def sign_out(page) -> None:
    """The button lies in the menu that bears one's name."""
    page.locator("details:has(form[action$=deconnexion]) > summary").click()
    page.get_by_role("button", name="Se déconnecter", exact=True).click()


def test_an_account_is_linked_signed_out_of_both_sessions_and_signed_in_again(page, office, axe):
    sign_in(page, office, "editor")
    page.goto(f"{office}/gestion/compte")
    page.get_by_role("link", name="Relier mon compte à ProConnect").click()
    at_the_provider(page)
    page.get_by_text("Votre compte est relié").first.wait_for()
    assert found(page, axe) == []
    sign_out(page)

    page.get_by_role("link", name="Se connecter avec ProConnect").click()
    page.get_by_role("button", name="Continue").or_(page.get_by_role("heading", name="À faire")).first.wait_for()
    if page.get_by_role("button", name="Continue").count():  # the provider still knows the person, and asks for leave
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="À faire").wait_for()

    page.goto(f"{office}/gestion/compte")
    sign_out(page)
    page.get_by_role("button", name="Yes, sign me out").click()  # the provider asks before it ends its session
    page.wait_for_url(f"{office}/gestion/connexion?**")
    page.get_by_role("link", name="Se connecter avec ProConnect").wait_for()
    assert found(page, axe) == []
    page.get_by_role("link", name="Se connecter avec ProConnect").click()
    page.locator("input[name=login]").wait_for()  # over there, too, one has to say who one is
