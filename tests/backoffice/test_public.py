"""The public site as the office serves it: files of the live folder, and nothing else."""

from __future__ import annotations

import pytest


@pytest.fixture
def live(settings):
    """A live tree as releases leave it: a link to a tree, and derived files linked into it."""
    tree = settings.site / "trees" / "1"
    (tree / "projets" / "2024-P007").mkdir(parents=True)
    (tree / "index.html").write_text("<p>Accueil</p>", "utf-8")
    (tree / "404.html").write_text("<p>Perdu</p>", "utf-8")
    (tree / "projets" / "2024-P007" / "index.html").write_text("<p>Lavandières</p>", "utf-8")
    (tree / "agenda.ics").write_bytes(b"BEGIN:VCALENDAR\r\n")
    (tree / "assets").mkdir()
    (tree / "assets" / "laureat.0123abcd.css").write_text("p{}", "utf-8")
    (tree / ".cache").write_text("secret", "utf-8")
    (settings.site / "state.sqlite").write_text("secret", "utf-8")
    shared = settings.site / "shared" / "recherche~index"
    shared.mkdir(parents=True)
    (shared / "pagefind.js").write_text("1", "utf-8")
    (tree / "recherche").mkdir()
    (tree / "recherche" / "index").symlink_to(shared, target_is_directory=True)
    (tree / "evasion").symlink_to(settings.content, target_is_directory=True)
    (settings.site / "current").symlink_to(tree, target_is_directory=True)
    return tree


@pytest.fixture
def client(app, live):
    class Reader:
        """Reads each answer to its end, as a browser does."""

        def get(self, path, **more):
            return app.test_client().get(path, buffered=True, **more)

    return Reader()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "Accueil"),
        ("/index.html", "Accueil"),
        ("/projets/2024-P007/", "Lavandières"),
        ("/agenda.ics", "BEGIN:VCALENDAR"),
        ("/recherche/index/pagefind.js", "1"),
    ],
)
def test_a_file_or_the_index_of_its_folder_is_given(client, path, text):
    answer = client.get(path)
    assert (answer.status_code, text in answer.text) == (200, True)


def test_a_folder_without_its_slash_is_redirected(client):
    answer = client.get("/projets/2024-P007?x=1")
    assert (answer.status_code, answer.location) == (301, "/projets/2024-P007/?x=1")


@pytest.mark.parametrize(
    "path",
    [
        "/projets/",
        "/projets",
        "/absent",
        "/.cache",
        "/../state.sqlite",
        "/%2e%2e/state.sqlite",
        "/..%2f..%2fstate.sqlite",
        "/projets/../../../state.sqlite",
        "/evasion/HEAD",
        "/evasion/",
        "/assets/",
        "/index.html/",
        "/%00",
        "//etc/passwd",
        "/" + "a" * 5000,
    ],
)
def test_neither_a_listing_nor_a_file_outside_is_given(client, path):
    answer = client.get(path)
    assert (answer.status_code, "Perdu" in answer.text) in ((404, True), (308, False))
    assert "secret" not in answer.text
    assert "ref:" not in answer.text


@pytest.mark.parametrize(("path", "words"), [("/en/rien/", "Lost"), ("/en/x/y", "Lost"), ("/rien/", "Perdu")])
def test_each_language_has_its_own_words_for_what_is_not_there(client, live, path, words):
    (live / "en").mkdir()
    (live / "en" / "404.html").write_text("<p>Lost</p>", "utf-8")
    answer = client.get(path)
    assert (answer.status_code, words in answer.text) == (404, True)


def test_a_page_is_asked_again_each_time_at_the_price_of_its_etag(client):
    first = client.get("/")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_name_that_carries_a_hash_is_kept_for_ever(client):
    assert client.get("/assets/laureat.0123abcd.css").headers["Cache-Control"].endswith("immutable")


def test_a_calendar_is_sent_as_one(client):
    assert client.get("/agenda.ics").headers["Content-Type"] == "text/calendar; charset=utf-8"


def test_before_the_first_publication_a_page_says_so(app):
    answer = app.test_client().get("/")
    assert answer.status_code == 404
    assert "pas encore publié" in answer.text


def test_the_site_costs_no_look_at_the_registry(app, client, monkeypatch):
    from backoffice.registry import Registry

    monkeypatch.delattr(Registry, "read")
    monkeypatch.delattr(Registry, "begin")
    assert client.get("/").status_code == 200


def test_every_answer_carries_the_headers_of_security(client):
    for path in ("/", "/gestion/connexion", "/gestion/static/office.css", "/absent", "/gestion/absent"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "Content-Security-Policy" in headers, path


def test_the_site_is_served_under_the_policy_that_it_states(client, live):
    assert "img-src 'self' data:;" in client.get("/").headers["Content-Security-Policy"]
    stated = "default-src 'self'; img-src 'self' data: https://tiles.example"
    (live / "assets" / "politique.txt").write_text(f"{stated}\n", "ascii")
    assert client.get("/projets/2024-P007/").headers["Content-Security-Policy"] == stated
    assert "tiles.example" not in client.get("/gestion/connexion").headers["Content-Security-Policy"]


def test_the_policy_of_the_office_allows_no_inline_script_nor_style(client):
    policy = client.get("/gestion/connexion").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_pages_of_the_office_are_stored_by_no_cache(client):
    assert client.get("/gestion/connexion").headers["Cache-Control"] == "no-store"


def test_health_is_told_to_anybody_who_watches(client):
    answer = client.get("/gestion/sante")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "registry": True, "content": True})


def test_a_document_is_saved_and_a_drawing_opened_by_itself_runs_nothing(client, live):
    (live / "media").mkdir()
    (live / "media" / "plan.pdf").write_bytes(b"%PDF-1.7")
    (live / "media" / "plan.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert client.get("/media/plan.pdf").headers["Content-Disposition"] == "attachment"
    assert client.get("/media/plan.svg").headers["Content-Security-Policy"].endswith("sandbox")
