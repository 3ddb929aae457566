"""The office on a small town: settings, application, accounts, clients that are signed in."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import threading

import pytest
from argon2 import PasswordHasher

from backoffice import worker
from backoffice.app import create_app
from backoffice.registry import accounts
from backoffice.registry.database import Registry
from backoffice.services import KEY
from backoffice.settings import Settings
from tests.backoffice import compiled_once
from tests.backoffice.town import NOW, make_repository

PASSWORD = "une phrase assez longue"
ROLES = ("reader", "editor", "publisher", "administrator", "contributor")  # the last one sees the zone "gare"


@pytest.fixture(scope="session", autouse=True)
def _compiled_once():
    with pytest.MonkeyPatch.context() as patched:
        compiled_once.install(patched)
        yield


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    """The real algorithm at its lowest price: dozens of accounts are made."""
    _cheapen(monkeypatch)


def _cheapen(patched) -> None:
    patched.setattr(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._nobodys_hash.cache_clear()


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += dt.timedelta(**units)


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server, started by the first test that asks for it."""
    from tests import postgres

    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def registry_url(request, tmp_path):
    """An empty registry in each of the databases that it may lie in."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'registry.sqlite'}"
        return
    from tests import postgres

    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The small town, made once and copied for each test."""
    return make_repository(tmp_path_factory.mktemp("town") / "content.git")


@pytest.fixture
def settings(tmp_path, repository) -> Settings:
    return Settings(
        content=shutil.copytree(repository, tmp_path / "content.git"),
        site=tmp_path / "site",
        registry=f"sqlite:///{tmp_path / 'registry.sqlite'}",
        secret_key="0" * 64,
    )


@pytest.fixture(scope="session")
def registry_made(tmp_path_factory):
    """A registry with one account for each role, made once and copied for each test."""
    path = tmp_path_factory.mktemp("registry") / "registry.sqlite"
    registry = Registry(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patched:
        _cheapen(patched)
        for role in ROLES:
            made = accounts.create(registry, f"{role}@ville.example", role.capitalize(), role, PASSWORD, NOW)
    accounts.set_limits(registry, made.id, "", ["gare"])
    registry.forget_traces()
    registry.close()
    return path


@pytest.fixture
def app(settings, clock, registry_made):
    """The office, an account for each role: "reader" signs in as `reader@ville.example`, and so on."""
    shutil.copyfile(registry_made, settings.registry.removeprefix("sqlite:///"))
    made = create_app(settings, clock)
    yield made
    made.extensions[KEY].registry.close()


@pytest.fixture
def office(app, settings, serve_app):
    """The office on loopback, its worker beside it."""
    stop = threading.Event()
    work = threading.Thread(target=worker.run, args=(settings,), kwargs={"stop": stop})
    with serve_app(app) as address:
        work.start()
        try:
            yield address
        finally:
            stop.set()
            work.join()


class Browser:
    """A test client that fills in the token of the last page's form, as a browser does."""

    def __init__(self, app) -> None:
        self.client = app.test_client()
        self._token: str | None = ""

    @property
    def token(self) -> str:
        """The token of the last form seen; right after signing in, that of the person's own account page."""
        if self._token is None:
            self.get("/gestion/compte")
        return self._token or ""

    def get(self, path: str, **more):
        return self._seen(self.client.get(path, buffered=True, **more))

    def post(self, path: str, data=None, *, token: str | None = None, **more):
        pairs = list(data.items()) if isinstance(data, dict) else list(data or [])
        form: dict[str, list[str]] = {}
        for name, value in [*pairs, ("csrf_token", self.token if token is None else token)]:
            form.setdefault(name, []).append(value)
        return self._seen(self.client.post(path, data=form, **more))

    def enter(self, role: str) -> None:
        """Sign in as a role; no page is seen yet."""
        assert self.sign_in(role).status_code == 303
        self._token = None

    def sign_in(self, role: str, password: str = PASSWORD, **more):
        self.get("/gestion/connexion")
        return self.post("/gestion/connexion", {"login": f"{role}@ville.example", "password": password, **more})

    def _seen(self, answer):
        if answer.mimetype == "text/html" and (found := re.search(r'name="csrf_token" value="([^"]+)"', answer.text)):
            self._token = found[1]
        return answer


@pytest.fixture
def browser_of(app):
    """`browser_of("editor")` is signed in; `browser_of(None)` is anybody."""

    def make(role: str | None) -> Browser:
        made = Browser(app)
        if role is not None:
            made.enter(role)
        return made

    return make


def fields_of(html: str) -> dict[str, str]:
    """The names and values that a browser would send for the page's main form, buttons aside."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.pairs: list[tuple[str, str]] = []
            self.inside = False
            self.area = self.select = ""

        def handle_starttag(self, tag, attributes):
            found = dict(attributes)
            if tag == "form":
                self.inside = "data-keep" in found
            if not self.inside or ("name" not in found and tag != "option"):
                return
            kind = found.get("type", "text")
            if tag == "input" and (kind not in ("checkbox", "radio") or "checked" in found):
                self.pairs.append((found["name"], found.get("value", "")))
            elif tag == "textarea":
                self.area = found["name"]
                self.pairs.append((self.area, ""))
            elif tag == "select":
                self.select = found["name"]
                self.pairs.append((self.select, ""))
            elif tag == "option" and "selected" in found:
                self.pairs[-1] = (self.select, found.get("value", ""))

        def handle_data(self, data):
            if self.area:
                self.pairs[-1] = (self.area, self.pairs[-1][1] + data)

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.pairs[-1] = (self.area, self.pairs[-1][1].removeprefix("\n"))
                self.area = ""
            elif tag == "form":
                self.inside = False

    reader = Reader()
    reader.feed(html)
    return {name: value for name, value in reader.pairs if name != "csrf_token"}
