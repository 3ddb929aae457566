"""Every route asks for a right, and refuses each role that lacks it: the whole map is walked."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from types import SimpleNamespace

import pytest

from backoffice.policy import ENDPOINTS, LIMITED, ROLES, Right, allowed
from backoffice.registry.schema import Person
from backoffice.services import KEY
from participation.store import media
from participation.store.media import NewFile
from tests.backoffice.conftest import ROLES as ROLE_NAMES
from tests.backoffice.media.files import photo
from tests.backoffice.town import NOW

ARGUMENTS = {
    "type_name": "project",
    "record_id": "2024-P012",
    "zone_id": "gare",
    "number": 1,
    "revision": "0" * 40,
    "account_id": 1,
    "session_id": 1,
    "person_id": "p-abcdefghjk",
    "token": "x" * 43,
    "job_id": 1,
    "view_id": 1,
    "edition_id": "2026",
    "import_id": 1,
    "place_id": "2026-V001",
    "exchange_id": 1,
    "row": 1,
    "ending": "csv",
    "path": "",
    "filename": "office.css",
    "file": "2025/banc.jpg",
    "spot": "accueil",
    "name": "accounts-and-people",
}


@pytest.fixture(autouse=True)
def _person(app):
    """The person whom addresses name."""
    with app.extensions[KEY].registry.begin() as transaction:
        day = dt.date(2028, 1, 1)
        transaction.add(Person(id=ARGUMENTS["person_id"], name="Amina", retain_until=day, created=NOW, updated=NOW))


@pytest.fixture(autouse=True)
def _file(app):
    """The file that addresses name."""
    file = NewFile(ARGUMENTS["file"], photo(), {})
    media.add(app.extensions[KEY].content.store, [file], author="agent-9", when=NOW)


def routes(app):
    """Endpoint, method and address of every route, arguments filled in."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: ARGUMENTS[name] for name in rule.arguments}
        address = adapter.build(rule.endpoint, values, append_unknown=False)
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            yield rule.endpoint, method, address


def test_every_endpoint_of_the_map_asks_for_a_right_and_no_other_is_named(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ENDPOINTS)


def test_only_the_site_and_the_sign_in_are_open_to_anybody():
    opened = {endpoint for endpoint, right in ENDPOINTS.items() if right is Right.PUBLIC}
    assert opened == {
        "public.page",
        "home.health",
        "static",
        "auth.sign_in",
        "auth.second_step",
        "auth.choose_password",
        "oidc.start",
        "oidc.callback",
        "oidc.goodbye",
    }


# What a reader may send: their own account, their own views, what they have read. Anything else asks for more.
OF_ONESELF = {
    "auth.sign_out",
    "auth.my_password",
    "auth.end_session",
    "auth.end_other_sessions",
    "auth.my_language",
    "factor.switch_on",
    "factor.switch_off",
    "factor.new_codes",
    "oidc.unlink",
    "lists.keep_view",
    "lists.drop_view",
    "help.close_tour",
    "help.shortcuts",
}
FAMILIES = {
    "accounts": {Right.ADMINISTER},
    "audit": {Right.ADMINISTER},
    "expert": {Right.ADMINISTER},
    "look": {Right.ADMINISTER},
    "people": {Right.PEOPLE, Right.PRIVACY},
    "withdrawal": {Right.PEOPLE},
}


def test_all_that_a_reader_may_send_is_about_himself(app):
    sent = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    assert {one for one in sent if ENDPOINTS[one] is Right.READ} == OF_ONESELF & sent


@pytest.mark.parametrize("family", FAMILIES)
def test_what_looks_after_accounts_and_people_asks_for_its_own_right_on_every_route(family):
    rights = {right for endpoint, right in ENDPOINTS.items() if endpoint.startswith(f"{family}.")}
    assert rights == FAMILIES[family]


def test_each_role_without_limits_can_do_all_that_the_one_before_can():
    rights = [ROLES[role] for role in ("reader", "editor", "publisher", "administrator")]
    assert all(less < more for less, more in pairwise(rights))


def test_a_role_with_limits_has_no_right_that_tells_about_every_record():
    assert all(Right.OVERSEE not in ROLES[role] for role in LIMITED)


def test_anybody_is_led_to_the_sign_in_from_every_route_that_asks_for_a_right(app, browser_of):
    nobody = browser_of(None)
    nobody.get("/gestion/connexion")
    passed = []
    for endpoint, method, address in routes(app):
        if ENDPOINTS[endpoint] is Right.PUBLIC:
            continue
        answer = nobody.get(address) if method == "GET" else nobody.post(address)
        if answer.status_code != 303 or "/gestion/connexion" not in answer.location:
            passed.append((endpoint, method, answer.status_code))
    assert passed == []


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_role_is_refused_by_every_route_whose_right_it_lacks(app, browser_of, role):
    browser = browser_of(role)
    passed = []
    for endpoint, method, address in routes(app):
        if ENDPOINTS[endpoint] is Right.PUBLIC or ENDPOINTS[endpoint] in ROLES[role]:
            continue
        answer = browser.get(address) if method == "GET" else browser.post(address)
        if answer.status_code != 403:
            passed.append((endpoint, method, answer.status_code))
    assert passed == []


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_role_gets_every_page_that_it_has_the_right_to_read(app, browser_of, role):
    browser = browser_of(role)
    refused = {}
    for endpoint, method, address in routes(app):
        if method != "GET" or endpoint in (
            "public.page",
            "auth.second_step",
            "auth.choose_password",
            "sharing.choose",
            "publish.publication",
            "votetally.entry",
            "voteballots.show",
            "voteballots.state",
            "votesimulator.show",
            "votesimulator.state",
            "votenight.scan",
            "publish.progress",
            "publish.state",
            "preview.asset",
            "history.version",
            "history.compare",
            "lists.view",
            "lists.look_back",
            "texts.show",
            "exchange.show",
            "exchange.state",
            "exchange.errors",
            "export.fetch",
            "withdrawal.show",
            "withdrawal.state",
            "oidc.start",
            "oidc.callback",
            "oidc.link",
        ):
            continue  # nothing published, no job, no link, no such version and no provider in this town
        if endpoint != "auth.sign_in" and ENDPOINTS[endpoint] not in ROLES[role] | {Right.PUBLIC}:
            continue
        status = browser.get(address).status_code
        if status != 200:
            refused[endpoint] = status
    assert refused == {}


def test_a_record_beyond_a_contributors_limits_does_not_exist_on_any_route(app, browser_of):
    contributor = browser_of("contributor")
    found = []
    for rule in app.url_map.iter_rules():
        if "record_id" not in rule.arguments or ENDPOINTS[rule.endpoint] not in ROLES["contributor"]:
            continue
        values = {name: ARGUMENTS[name] for name in rule.arguments} | {"record_id": "2024-P007"}
        address = app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            answer = contributor.get(address) if method == "GET" else contributor.post(address)
            if answer.status_code != 404 or "Lavandières" in answer.text:
                found.append((rule.endpoint, method, answer.status_code))
    assert found == []


@pytest.mark.parametrize(
    ("service", "zones", "seen"),
    [
        ("espaces-verts", "", True),
        ("voirie", "", False),
        ("", "gare tanneries", True),
        ("", "gare", False),
        ("voirie", "tanneries", True),
        ("", "", False),
    ],
)
def test_a_contributor_has_rights_over_its_service_or_its_zones_only(service, zones, seen):
    account = SimpleNamespace(role="contributor", active=True, service=service, zones=zones)
    data = {"title": "La place", "zone": "tanneries", "service": "espaces-verts"}
    assert allowed(account, Right.READ, data) is allowed(account, Right.EDIT, data) is seen
    assert allowed(account, Right.READ, {"title": "Une page du site"}) is False
    assert allowed(account, Right.PUBLISH, data) is False


def test_an_unknown_role_or_a_closed_account_has_no_right():
    class Person:
        role, active = "wizard", True

    class Closed:
        role, active = "administrator", False

    assert not allowed(Person(), Right.READ)
    assert not allowed(Closed(), Right.READ)
    assert not allowed(None, Right.READ)
