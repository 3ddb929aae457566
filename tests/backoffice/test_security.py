"""What an attacker tries: every route and every text field is walked, so that a new one is tried too."""

from __future__ import annotations

import io
import re

import pytest
from werkzeug.test import encode_multipart

from backoffice.policy import ENDPOINTS, Right
from backoffice.registry import accounts
from backoffice.services import KEY
from participation.records import TYPES
from participation.records.texts import Code, Text, Url
from tests.backoffice.conftest import PASSWORD, fields_of
from tests.backoffice.test_policy import routes

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
FORMULA = '=HYPERLINK("http://mechant.example";"cliquez")'


def head(settings) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((settings.content / "refs").rglob("*")) if path.is_file())


def posts(app):
    return [(endpoint, address) for endpoint, method, address in routes(app) if method == "POST"]


# ---------------------------------------------------------------------------------------------- forged requests


def test_no_form_is_taken_without_a_token(app, browser_of, settings):
    boss, before, passed = browser_of("administrator"), head(settings), []
    for endpoint, address in posts(app):
        if endpoint == "auth.choose_password":
            continue  # its link is not good
        answer = boss.post(address, {"title": "Forgé", "_page": "/gestion/"}, token="")
        kept = answer.status_code == 303 and "reprendre=1" in answer.location
        if answer.status_code != 400 and not kept and endpoint != "auth.sign_in":
            passed.append((endpoint, answer.status_code))
    assert passed == []
    assert head(settings) == before
    assert boss.get("/gestion/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://mechant.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_no_form_is_taken_from_another_site(app, browser_of, headers):
    boss = browser_of("administrator")
    passed = [
        (endpoint, status)
        for endpoint, address in posts(app)
        if (status := boss.post(address, {"role": "reader"}, headers=headers).status_code) != 403
    ]
    assert passed == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_reaches_a_view(app, browser_of, method):
    boss = browser_of("administrator")
    statuses = {boss.client.open(address, method=method).status_code for _endpoint, _method, address in routes(app)}
    assert statuses == {405}


# ---------------------------------------------------------------------------------------------- pages


def test_every_page_states_a_strict_policy_and_holds_nothing_that_it_would_refuse(app, browser_of):
    boss, faults = browser_of("administrator"), []
    for endpoint, method, address in routes(app):
        if method != "GET" or endpoint in ("static", "public.page"):
            continue
        answer = boss.get(address)
        policy = answer.headers.get("Content-Security-Policy", "")
        if "unsafe" in policy or "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
            faults.append((endpoint, policy))
        if answer.headers.get("Cache-Control") != "no-store":
            faults.append((endpoint, answer.headers.get("Cache-Control")))
        if answer.mimetype == "text/html":
            inline = re.findall(
                r"<script(?![^>]*\bsrc=)[^>]*>|<style|<[^>]+\s(?:on\w+|style)=|javascript:", answer.text
            )
            faults += [(endpoint, one) for one in inline]
    assert faults == []


@pytest.mark.parametrize("type_name", ["idea", "project", "event", "article", "page"])
def test_a_script_in_any_text_field_is_shown_as_text_everywhere(browser_of, type_name):
    editor = browser_of("editor")
    kind = TYPES[type_name]
    pairs = fields_of(editor.get(f"/gestion/nouveau/{type_name}").text)
    texts = {
        name: SCRIPT
        for name, field in kind.fields.items()
        if isinstance(field, Text) and not isinstance(field, Code | Url) and name in pairs
    }
    assert len(texts) >= 2
    first = editor.post(f"/gestion/nouveau/{type_name}", pairs | texts)
    pages = [first.text]
    if first.status_code == 303:
        pages.append(editor.get(first.location).text)
        pages.append(editor.get(f"{first.location}/historique").text)
    told = (f"liste/{type_name}", f"liste/{type_name}?q=%3Cscript%3E", "", "historique", "publier", "corbeille")
    pages += [editor.get(f"/gestion/{address}").text for address in told]
    pages.append(editor.get("/gestion/recherche", query_string={"q": SCRIPT}).text)
    assert [page for page in pages if "<script>alert" in page or "<img src=x" in page] == []


def test_a_script_in_the_fields_of_people_and_accounts_is_shown_as_text(browser_of):
    boss = browser_of("administrator")
    boss.get("/gestion/personnes/nouvelle")
    names = ("name", "phone", "address", "guardian", "guardian_contact", "note")
    person = dict.fromkeys(names, SCRIPT) | {"retain_until": "2025-11-24"}
    made = boss.post("/gestion/personnes/nouvelle", person).location
    account = {"name": SCRIPT, "login": "x@ville.example", "role": "reader"}
    pages = [boss.post("/gestion/comptes", account).text]
    paths = [made, f"{made}/corriger", f"{made}/effacer", "/gestion/personnes", "/gestion/personnes/echeances"]
    paths += ["/gestion/comptes", "/gestion/comptes/6", "/gestion/journal"]
    pages += [boss.get(path).text for path in paths]
    pages.append(boss.get("/gestion/personnes", query_string={"q": SCRIPT}).text)
    assert all("&lt;script&gt;" in page for page in pages[:6])
    assert [page for page in pages if "<script>alert" in page or "<img src=x" in page] == []


def test_a_browser_that_names_itself_with_a_script_is_shown_as_text(app, browser_of):
    browser = browser_of(None)
    browser.get("/gestion/connexion")
    pairs = {"login": "editor@ville.example", "password": PASSWORD}
    browser.post("/gestion/connexion", pairs, headers={"User-Agent": SCRIPT})
    assert "<script>alert" not in browser.get("/gestion/compte").text
    assert "<script>alert" not in browser_of("administrator").get("/gestion/comptes/2").text


# ---------------------------------------------------------------------------------------------- guessing


def test_a_refused_sign_in_looks_and_costs_the_same_whoever_it_names(app, browser_of, monkeypatch, clock):
    registry = app.extensions[KEY].registry
    accounts.set_active(registry, 1, active=False)
    accounts.invite(registry, "invited@ville.example", "Invitée", "reader", clock())
    hasher, verified = accounts._HASHER, []

    class Counting:
        def verify(self, hashed, password):
            verified.append(hashed.startswith("$argon2id$"))
            return hasher.verify(hashed, password)

        def hash(self, password):
            return hasher.hash(password)

        def check_needs_rehash(self, hashed):
            return hasher.check_needs_rehash(hashed)

    monkeypatch.setattr(accounts, "_HASHER", Counting())
    pages = set()
    for login in ("editor", "nobody", "reader", "invited"):
        answer = browser_of(None).sign_in(login, "une phrase qui est fausse")
        text = answer.text.replace(f"{login}@ville.example", "")
        pages.add((answer.status_code, re.sub(r'name="csrf_token" value="[^"]+"', "", text)))
    assert len(pages) == 1
    assert verified == [True] * 4  # one real hash each time


# ---------------------------------------------------------------------------------------------- injections

REVISIONS = ("--help", "-1", "HEAD", "main", "main~1", "0" * 39, "0" * 40, "a;id", "..", "@{-1}", "refs%2Fheads%2Fmain")


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_is_no_known_revision_is_not_found(browser_of, revision):
    publisher = browser_of("publisher")
    publisher.get("/gestion/publier")
    statuses = [
        publisher.get(f"/gestion/fiche/2024-P007/version/{revision}").status_code,
        publisher.get(f"/gestion/fiche/2024-P007/comparer?a={revision}&b=HEAD").status_code,
        publisher.post(f"/gestion/fiche/2024-P007/version/{revision}").status_code,
        publisher.post(f"/gestion/publier/revenir/{revision}").status_code,
    ]
    assert set(statuses) <= {400, 404, 405}


@pytest.mark.parametrize("name", ["..", "../instance", "..%2f..%2fetc%2fpasswd", "2024-P007%00", "-n", "x" * 5_000])
def test_what_is_no_record_is_not_found(browser_of, name):
    editor = browser_of("editor")
    assert editor.get(f"/gestion/fiche/{name}").status_code in (404, 308)
    pairs = {"_base": "--output=x", "title": "x"}
    assert editor.post("/gestion/fiche/2024-P007", pairs).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../registry.sqlite", "..%2fregistry.sqlite", "%2e%2e/secret.key", "..\\secret.key", ".git/config", "a%00b"],
)
def test_the_public_site_gives_no_file_beside_it(browser_of, settings, tmp_path, path):
    (settings.site / "current").mkdir(parents=True)
    (settings.site / "secret.key").write_text("secret")
    (tmp_path / "secret.key").write_text("secret")
    answer = browser_of(None).get(f"/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_formula_typed_as_a_title_is_no_formula_in_an_export(browser_of):
    editor = browser_of("editor")
    pairs = fields_of(editor.get("/gestion/fiche/2026-0052").text) | {"title": FORMULA}
    assert editor.post("/gestion/fiche/2026-0052", pairs).status_code == 303
    table = editor.get("/gestion/liste/idea/export.csv")
    assert table.status_code == 200
    assert "HYPERLINK" in table.text
    assert re.search(r'(^|[;,])"?=HYPERLINK', table.text, re.MULTILINE) is None
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(editor.get("/gestion/liste/idea/export.xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


def test_nothing_that_is_asked_enters_a_header_of_the_answer(app, browser_of):
    boss, faults = browser_of("administrator"), []
    asked = dict.fromkeys(("q", "next", "sort", "kind", "page", "filename", "columns"), "a\r\nX-Forged: 1")
    for endpoint, method, address in routes(app):
        if method != "GET":
            continue
        answer = boss.client.get(address, query_string=asked, buffered=True)
        named = answer.headers.get("Content-Disposition", "")
        odd = named and re.fullmatch(r"(attachment|inline)(; filename=[\w.-]+)?", named) is None
        if "X-Forged" in answer.headers or "\n" in answer.headers.get("Location", "") or odd:
            faults.append((endpoint, named or answer.headers.get("Location")))
    assert faults == []


@pytest.mark.parametrize("name", ["a%0d%0aX-Forged:%201", 'a";%20filename=b.html', "a%0aX-Forged:%201"])
def test_no_part_of_an_address_enters_a_header_of_a_download(browser_of, name):
    boss = browser_of("administrator")
    for address in (
        f"liste/{name}/export.csv",
        f"liste/idea/export.{name}",
        f"personnes/{name}/donnees.json",
        f"fiche/{name}",
    ):
        answer = boss.get(f"/gestion/{address}")
        assert answer.status_code == 404, address
        assert "X-Forged" not in answer.headers


# ---------------------------------------------------------------------------------------------- weight


def test_a_form_that_is_too_heavy_is_refused_and_the_office_goes_on(browser_of):
    editor = browser_of("editor")
    heavy = editor.post("/gestion/fiche/2024-P007", {"need": "x" * (5 * 1024 * 1024)})
    assert heavy.status_code == 413
    assert editor.get("/gestion/").status_code == 200


def test_a_form_of_too_many_parts_is_refused(browser_of):
    editor = browser_of("editor")
    # Encoded here: the test client would leave a temporary file open for so large a form.
    boundary, body = encode_multipart({f"p{number}": "x" for number in range(21_000)})
    kind = f"multipart/form-data; boundary={boundary}"
    answer = editor.client.post("/gestion/fiche/2024-P007", data=body, content_type=kind)
    assert answer.status_code == 413


def test_no_endpoint_but_the_few_open_ones_answers_without_a_session():
    opened = {endpoint for endpoint, right in ENDPOINTS.items() if right is Right.PUBLIC}
    assert all(endpoint.split(".")[0] in ("public", "home", "static", "auth", "oidc") for endpoint in opened)
