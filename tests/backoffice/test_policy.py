"""Every route asks for a right, and refuses each role that lacks it: the whole map is walked."""

from __future__ import annotations

from itertools import pairwise

import pytest

from backoffice.policy import ENDPOINTS, ROLES, Right, allowed
from tests.backoffice.conftest import ROLES as ROLE_NAMES

ARGUMENTS = {
    "type_name": "project",
    "record_id": "2024-P007",
    "revision": "0" * 40,
    "account_id": 1,
    "job_id": 1,
    "view_id": 1,
    "row": 1,
    "ending": "csv",
    "path": "",
    "filename": "office.css",
}


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
    assert opened == {"public.page", "home.health", "static", "auth.sign_in"}


def test_each_role_can_do_all_that_the_one_before_can():
    rights = [ROLES[role] for role in ROLE_NAMES]
    assert all(less < more for less, more in pairwise(rights))


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
            "publish.progress",
            "publish.state",
            "history.version",
            "history.compare",
            "lists.view",
        ):
            continue  # nothing published, no job and no such version in this town
        if endpoint != "auth.sign_in" and ENDPOINTS[endpoint] not in ROLES[role] | {Right.PUBLIC}:
            continue
        status = browser.get(address).status_code
        if status != 200:
            refused[endpoint] = status
    assert refused == {}


def test_an_unknown_role_or_a_closed_account_has_no_right():
    class Person:
        role, active = "wizard", True

    class Closed:
        role, active = "administrator", False

    assert not allowed(Person(), Right.READ)
    assert not allowed(Closed(), Right.READ)
    assert not allowed(None, Right.READ)
