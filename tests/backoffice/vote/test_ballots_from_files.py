"""Ballots of other tools in the office: columns matched, who voted left behind, a report, one change, undone."""

from __future__ import annotations

import io

import pytest
from sqlalchemy.event import listen

from backoffice.registry import ballot_imports
from backoffice.vote.import_views import head
from participation.counting.reading import read_vote
from tests.backoffice.publisher import Publisher

CSV = """\
Nom;Email;Horodatage;Âge;Choix
Amina;a@ville.example;2026-06-02 10:00;18-25;1,2
Bruno;b@ville.example;2026-06-02 10:01;18-25;2,3,4,5
Chloé;c@ville.example;2026-06-02 10:02;90+;99
"""
MATCHED = {"role.0": "drop", "role.1": "drop", "role.2": "drop", "role.3": "groups", "role.4": "choices"}


@pytest.fixture
def publisher(app, browser_of):
    return Publisher(app, browser_of)


def send(publisher, content: str, kind: str = "ballots", name: str = "votes.csv", place: str = "2026-V002"):
    browser = publisher.browser
    browser.get("/gestion/vote/2026/bulletins")
    sent = {"kind": kind, "place": place, "csrf_token": browser.token}
    sent["file"] = (io.BytesIO(content.encode()), name)
    return browser.client.post("/gestion/vote/2026/bulletins", data=sent, content_type="multipart/form-data")


def matched(publisher, content: str = CSV, roles=MATCHED, **more: str) -> tuple[str, str]:
    """The address of the import once its columns are matched, and its page."""
    page = send(publisher, content, **more).location
    publisher.browser.get(page)
    publisher.browser.post(f"{page}/colonnes", roles)
    publisher.work()
    return page, publisher.browser.get(page).text


def test_nothing_is_written_before_the_report_was_read(publisher, store):
    before = store.head()
    _page, report = matched(publisher)
    assert "Importer ces bulletins" in report
    assert "Trop de choix" in report
    assert "«\u00a099\u00a0»" in report
    assert store.head() == before


def test_columns_that_tell_who_voted_are_to_be_dropped_by_name(publisher):
    page = send(publisher, CSV).location
    shown = publisher.browser.get(page).text
    assert shown.count("Elle peut dire qui a voté") == 4
    refused = publisher.browser.post(f"{page}/colonnes", MATCHED | {"role.1": ""})
    assert refused.status_code == 422
    assert "Dites ce qu’est la colonne" in refused.text


def test_what_is_written_says_nothing_but_choices(publisher, store):
    page, _report = matched(publisher)
    publisher.browser.post(f"{page}/ecrire")
    publisher.work()
    assert "Ces bulletins sont importés" in publisher.browser.get(page).text
    snapshot = store.snapshot()
    files = dict(snapshot.contents([path for path in snapshot.entries if path.endswith("v002.csv")]))
    ballots = files["editions/2026/votes/ballots-v002.csv"].decode().splitlines()
    assert ballots[0] == "ballot,choices"
    assert sorted(line.partition(",")[2] for line in ballots[1:]) == ["99", "P001 P002", "P002 P003 P004 P005"]
    assert files["editions/2026/votes/groups-v002.csv"].decode().splitlines()[1:] == ["Âge,…,3"]
    assert not any(word in content.decode() for content in files.values() for word in ("Amina", "ville", "10:0"))
    tally = snapshot.get("2026-V002").tally
    assert (tally.found, tally.valid) == (3, 1)


def test_an_import_is_undone_while_nobody_changed_what_it_wrote(publisher, store):
    page, _report = matched(publisher)
    publisher.browser.post(f"{page}/ecrire")
    publisher.work()
    publisher.browser.post(f"{page}/annuler")
    snapshot = store.snapshot()
    assert not [path for path in snapshot.entries if path.endswith(".csv")]
    assert snapshot.get("2026-V002").tally.closed is None


def test_a_worker_killed_just_after_the_commit_is_followed_by_one_that_knows_it(publisher, store, monkeypatch):
    page, _report = matched(publisher)
    publisher.browser.post(f"{page}/ecrire")
    change = ballot_imports.change

    def die(registry, import_id, **more):
        if more.get("stage") == "done":
            raise KeyboardInterrupt
        change(registry, import_id, **more)

    monkeypatch.setattr(ballot_imports, "change", die)
    with pytest.raises(KeyboardInterrupt):
        publisher.work()
    monkeypatch.undo()
    written = store.head()
    publisher.browser.post(f"{page}/annuler")
    assert "Un travail est en cours" in publisher.browser.get(page).text
    publisher.services.clock.forward(minutes=30)
    publisher.work()
    assert "Ces bulletins sont importés" in publisher.browser.get(page).text
    assert store.head() == written
    assert ballot_imports.file_of(publisher.services.registry, int(page.rpartition("/")[2])) is None


def test_an_import_that_is_given_up_leaves_no_file(publisher):
    page = send(publisher, CSV).location
    publisher.browser.get(page)
    publisher.browser.post(f"{page}/annuler")
    assert publisher.browser.get(page).status_code == 404


def test_totals_come_with_their_number_of_ballots(publisher, store):
    roles = {"role.0": "project", "role.1": "votes", "valid": "", "void.blank": "2"}
    page = send(publisher, "Projet;Voix\n1;7\nUn banc;3\n", kind="totals").location
    publisher.browser.get(page)
    assert "bulletins valables" in publisher.browser.post(f"{page}/colonnes", roles).text
    publisher.browser.post(f"{page}/colonnes", roles | {"valid": "8"})
    publisher.work()
    publisher.browser.get(page)
    publisher.browser.post(f"{page}/ecrire")
    publisher.work()
    (totals,) = read_vote(store.snapshot(), "2026").box.totals
    assert (dict(totals.votes), totals.valid, dict(totals.void)) == ({"2026-P001": 7, "2026-P002": 3}, 8, {"blank": 2})


def test_a_pabulib_file_needs_no_matching(publisher, store):
    text = (
        "META\nkey;value\ndescription;Vote\ncountry;France\nunit;Ville\ninstance;2026\nnum_projects;2\nnum_votes;2\n"
        "budget;100000\nvote_type;approval\nrule;greedy\nPROJECTS\nproject_id;cost;votes\n1;40000;2\n2;5000;1\n"
        "VOTES\nvoter_id;age;vote\n1;33;1,2\n2;51;1\n"
    )
    page = send(publisher, text, kind="pabulib", name="votes.pb").location
    publisher.work()
    report = publisher.browser.get(page).text
    assert "age" in report
    publisher.browser.post(f"{page}/ecrire")
    publisher.work()
    box = read_vote(store.snapshot(), "2026").box
    assert sorted(ballot.choices for ballot in box.ballots) == [("2026-P001",), ("2026-P001", "2026-P002")]


def test_the_columns_of_a_large_file_are_told_from_its_first_lines():
    content = b"Nom;Choix\n" + b"Amina;1,2\n" * 100_000
    first = head(content)
    assert len(first) <= 64 << 10
    assert first.endswith(b"Amina;1,2\n")
    assert head(CSV.encode()) == CSV.encode()


def test_a_place_that_is_closed_takes_no_file(publisher):
    page, _report = matched(publisher)
    publisher.browser.post(f"{page}/ecrire")
    publisher.work()
    assert send(publisher, CSV).status_code == 422


class Zeros(io.RawIOBase):
    """A body of so many bytes; `left` tells how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        return bytes(size)


def test_a_file_that_is_too_large_is_read_to_its_end_and_told_with_the_limit(publisher):
    publisher.browser.get("/gestion/vote/2026/bulletins")
    body = Zeros(40_200_000)
    answer = publisher.browser.client.post(
        "/gestion/vote/2026/bulletins",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(body.left), "wsgi.input": body},
    )
    assert answer.status_code == 413
    assert "dépasse 40\u00a0Mo" in answer.text
    assert body.left == 0


def test_the_page_of_an_import_under_way_does_not_load_its_file(publisher):
    page = send(publisher, CSV).location
    registry = publisher.services.registry
    asked: list[str] = []
    listen(registry.engine, "before_cursor_execute", lambda *sent: asked.append(sent[2]))
    assert publisher.browser.get(f"{page}/etat").json["over"] is True
    imports = [sql for sql in asked if "FROM ballot_imports" in sql]
    assert len(imports) == 1
    assert "content" not in imports[0]
