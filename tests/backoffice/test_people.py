"""People: found, read, corrected, linked by an opaque id, exported, erased everywhere; every reading is in the log."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from backoffice import worker
from backoffice.jobs import queue
from backoffice.jobs.kinds import PUBLISH, WITHDRAWAL
from backoffice.jobs.work import Work
from backoffice.registry import audit, kept, people
from backoffice.services import KEY
from site_builder import publish as generator
from site_builder.opendata import making
from site_builder.releases import Site
from site_builder.withdrawal import withdraw
from tests.backoffice.conftest import fields_of

AMINA = {
    "name": "Amina Benkacem",
    "email": "amina.benkacem@courrier.example",
    "phone": "06 12 34 56 78",
    "consent_on": "2025-11-09",
    "consent_text": "J’accepte que « Amina B. » paraisse avec mon idée. Dit à l’atelier.",
    "public_label": "Amina B.",
    "retain_until": "2028-11-24",
}


@pytest.fixture
def registry(app):
    return app.extensions[KEY].registry


@pytest.fixture
def editor(browser_of):
    return browser_of("editor")


@pytest.fixture
def publisher(browser_of):
    return browser_of("publisher")


def made(browser, **changes) -> str:
    """The id of a person made through the form."""
    browser.get("/gestion/personnes/nouvelle")
    answer = browser.post("/gestion/personnes/nouvelle", AMINA | changes)
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]


def test_a_person_gets_an_opaque_id_and_is_found_by_name_contact_or_id(editor):
    person = made(editor)
    assert re.fullmatch(r"p-[a-z0-9]{10}", person)
    for asked in ("benkacem", "AMINA", "courrier.example", "0612345678", person):
        assert "Amina Benkacem" in editor.get(f"/gestion/personnes?q={asked}").text, asked
    assert "Amina Benkacem" not in editor.get("/gestion/personnes?q=durand").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Écrivez le nom"),
        ({"email": "amina"}, "n’est pas complète"),
        ({"consent_on": ""}, "donnez les deux"),
        ({"consent_text": ""}, "donnez les deux"),
        ({"consent_on": "", "consent_text": ""}, "demande un accord"),
        ({"consent_on": "hier"}, "n’est pas comprise"),
        ({"consent_on": "2031-01-01"}, "daté de l’avenir"),
        ({"minor": "1"}, "qui la représente"),
        ({"retain_until": "2020-01-01"}, "date à venir"),
        ({"retain_until": "2199-01-01"}, "date à venir"),
    ],
)
def test_a_person_who_cannot_be_kept_so_is_refused_and_what_was_typed_stays(editor, changes, words):
    editor.get("/gestion/personnes/nouvelle")
    answer = editor.post("/gestion/personnes/nouvelle", AMINA | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "06 12 34 56 78" in answer.text


def test_days_are_typed_as_people_do(editor, registry):
    person = people.find(registry, made(editor, consent_on="09/11/2025"))
    assert person.consent_on.isoformat() == "2025-11-09"


def test_a_person_is_linked_by_the_id_alone_and_git_never_learns_the_name(editor, settings):
    person = made(editor)
    editor.post(f"/gestion/personnes/{person}/lier", {"record": "2026-0050"})
    assert "Ouvrir le jardin" in editor.get(f"/gestion/personnes/{person}").text
    shown = subprocess.run(
        ["git", "-C", str(settings.content), "show", "main"], capture_output=True, text=True, check=True
    ).stdout
    assert f"person: {person}" in shown
    assert "Amina" not in shown
    editor.post(f"/gestion/personnes/{person}/delier", {"record": "2026-0050"})
    assert "Aucune fiche ne nomme" in editor.get(f"/gestion/personnes/{person}").text


def test_a_person_made_for_a_record_is_linked_to_it(editor):
    person = made(editor, pour="2024-P007")
    assert "La place des Lavandières" in editor.get(f"/gestion/personnes/{person}").text


def test_a_record_that_names_somebody_is_not_given_to_somebody_else_unasked(editor):
    first = made(editor, pour="2026-0050")
    second = made(editor, name="Leïla Roux", pour="2026-0050")
    assert f"déliez-la d’abord ({first})" in editor.get(f"/gestion/personnes/{second}").text
    assert "Ouvrir le jardin" in editor.get(f"/gestion/personnes/{first}").text


@pytest.mark.parametrize("record", ["2026-9999", "2025-E014", "", "../etc"])
def test_what_is_no_idea_nor_project_is_not_linked(editor, record):
    person = made(editor)
    answer = editor.post(f"/gestion/personnes/{person}/lier", {"record": record})
    assert answer.status_code == 303
    assert "n’a ce numéro" in editor.get(f"/gestion/personnes/{person}").text


def test_a_person_is_corrected_and_two_who_do_it_at_once_are_told(browser_of, registry, clock):
    first, second = browser_of("editor"), browser_of("publisher")
    person = made(first)
    page = f"/gestion/personnes/{person}/corriger"
    stamps = [re.search(r'name="_seen" value="([^"]+)"', one.get(page).text)[1] for one in (first, second)]
    clock.forward(seconds=1)
    changed = {"name": "Amina Benkacem-Roux", "_seen": stamps[0]}
    assert first.post(page, AMINA | changed).status_code == 303
    late = second.post(page, AMINA | {"phone": "07 00 00 00 00", "_seen": stamps[1]})
    assert late.status_code == 422
    assert "entre-temps" in late.text
    assert people.find(registry, person).name == "Amina Benkacem-Roux"
    [event] = audit.latest(registry, 5, kind="person_changed")
    assert event.detail == {"fields": ["name"]}


def test_every_reading_is_in_the_log_without_a_name_nor_what_was_searched(editor, registry):
    person = made(editor)
    editor.get("/gestion/personnes?q=Benkacem")
    editor.get(f"/gestion/personnes/{person}")
    events = audit.latest(registry, 20)
    assert [one.kind for one in events[:2]] == ["person_read", "people_listed"]
    assert events[1].detail == {"count": 1, "people": [person]}
    assert "Benkacem" not in " ".join(f"{one.subject} {one.detail}" for one in events)


def test_the_export_of_a_person_holds_everything_and_is_in_the_log(publisher, registry):
    person = made(publisher, pour="2026-0050")
    answer = publisher.get(f"/gestion/personnes/{person}/donnees.json")
    data = json.loads(answer.text)
    assert data["name"] == "Amina Benkacem"
    assert data["consent_on"] == "2025-11-09"
    assert [one["id"] for one in data["records"]] == ["2026-0050"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "person_exported" in [one["kind"] for one in data["uses"]]


def test_an_editor_neither_exports_nor_erases(editor, registry):
    person = made(editor)
    assert editor.get(f"/gestion/personnes/{person}/donnees.json").status_code == 403
    assert editor.post(f"/gestion/personnes/{person}/effacer").status_code == 403
    assert people.find(registry, person) is not None


def test_an_erased_person_is_in_no_file_of_the_registry_any_more(publisher, registry, tmp_path, clock):
    person = made(publisher, pour="2026-0050")
    pairs = [("note", "Rappeler AMINA benkacem au 06 12 34 56 78 lundi"), ("title", "Le jardin")]
    kept.keep(registry, 2, "/gestion/fiche/2026-0050", "Amina Benkacem", pairs, "session", clock())
    publisher.get(f"/gestion/personnes/{person}/effacer")
    assert publisher.post(f"/gestion/personnes/{person}/effacer").status_code == 303
    assert people.find(registry, person) is None
    [left] = kept.mine(registry, 2)
    assert kept.pairs_of(left) == [("note", "Rappeler […] au […] lundi"), ("title", "Le jardin")]
    registry.close()
    bytes_left = b"".join(path.read_bytes() for path in tmp_path.glob("registry.sqlite*"))
    assert person.encode() in bytes_left
    for text in ("Benkacem", "BENKACEM", "benkacem", "06 12 34", "amina.b"):
        assert text.encode() not in bytes_left, text


def test_the_number_of_an_erased_person_is_told_as_such(publisher):
    person = made(publisher, pour="2026-0050")
    publisher.post(f"/gestion/personnes/{person}/effacer")
    page = publisher.get(f"/gestion/personnes/{person}").text
    assert "Personne effacée" in page
    assert "Ouvrir le jardin" in page
    assert publisher.get("/gestion/personnes/p-nobodyatall").status_code == 404


def test_before_erasing_one_is_told_where_the_name_was_typed_into_the_content(publisher):
    person = made(publisher)
    page = "/gestion/fiche/2026-0052"
    pairs = fields_of(publisher.get(page).text) | {"need": "Amina Benkacem attend le bus debout."}
    assert publisher.post(page, pairs).status_code == 303
    asked = publisher.get(f"/gestion/personnes/{person}/effacer").text
    assert "est écrit dans le contenu" in asked
    assert "2026-0052" in asked
    publisher.post(f"/gestion/personnes/{person}/effacer")
    assert "2026-0052" in publisher.get("/gestion/personnes").text


def test_what_falls_due_is_kept_longer_or_erased(publisher, clock, registry):
    person = made(publisher, retain_until="2025-12-01")
    assert "Rien n’est échu" in publisher.get("/gestion/personnes/echeances").text
    clock.forward(days=10)
    publisher.sign_in("publisher")
    assert "Amina Benkacem" in publisher.get("/gestion/personnes/echeances").text
    publisher.post(f"/gestion/personnes/{person}/conserver", {"until": "2020-01-01"})
    assert people.find(registry, person).retain_until.isoformat() == "2025-12-01"
    publisher.post(f"/gestion/personnes/{person}/conserver", {"until": "2026-12-01"})
    assert "Rien n’est échu" in publisher.get("/gestion/personnes/echeances").text


def test_what_falls_due_is_told_on_the_first_page_to_those_who_look_after_people(browser_of, clock):
    editor = browser_of("editor")
    made(editor, retain_until="2025-12-01")
    assert "plus longtemps qu’annoncé" not in editor.get("/gestion/").text
    clock.forward(days=10)
    editor.sign_in("editor")
    assert "1 personne est gardée plus longtemps qu’annoncé" in editor.get("/gestion/").text
    assert "plus longtemps qu’annoncé" not in browser_of("reader").get("/gestion/").text


def publish(settings, registry, clock):
    queue.ask(registry, PUBLISH, {}, clock())
    work(settings, registry, clock)


def work(settings, registry, clock):
    """Publications and withdrawals; derived files are asked for by both and tried elsewhere."""
    while (job := queue.lease(registry, clock())) is not None:
        if job.kind in (PUBLISH, WITHDRAWAL):
            worker.carry_out(Work(settings, registry, job, clock))
        else:
            queue.finish(registry, job, clock(), {})


def holding(folder, *words: str) -> list[str]:
    """The files of a folder that hold one of these words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word.encode() in path.read_bytes() for word in words)]


def test_the_public_site_shows_the_label_that_was_agreed_to_and_neither_name_nor_number(
    publisher, settings, registry, clock
):
    person = made(publisher, pour="2026-0050")
    silent = made(publisher, name="Leïla Roux", public_label="", consent_on="", consent_text="", pour="2026-0052")
    publish(settings, registry, clock)
    live = (settings.site / "current").resolve()
    assert holding(live, "Benkacem", "Leïla", person, silent) == []
    assert "Amina B." in (live / "idees/2026-0050/index.html").read_text()


@pytest.mark.parametrize("how", ["erased", "consent withdrawn", "another label"])
def test_a_label_that_may_not_show_any_more_leaves_the_whole_folder_of_the_site(
    publisher, settings, registry, clock, how
):
    person = made(publisher, pour="2026-0050")
    publish(settings, registry, clock)
    page = f"/gestion/personnes/{person}"
    if how == "erased":
        asked = publisher.post(f"{page}/effacer")
    else:
        seen = re.search(r'name="_seen" value="([^"]+)"', publisher.get(f"{page}/corriger").text)[1]
        changed = {"public_label": "La voisine"} if how == "another label" else {"consent_on": "", "consent_text": ""}
        changed |= {"public_label": ""} if how == "consent withdrawn" else {}
        asked = publisher.post(f"{page}/corriger", AMINA | changed | {"_seen": seen})
    assert "attend son tour" in publisher.get(asked.location).text
    assert publisher.get(f"{asked.location}/etat").json["over"] is False
    work(settings, registry, clock)
    told = publisher.get(asked.location).text
    assert "Le nom ne paraît plus" in told
    assert holding(settings.site, "Amina B.") == []
    shown = (settings.site / "current/idees/2026-0050/index.html").read_text()
    assert ("La voisine" in shown) is (how == "another label")
    assert queue.find(registry, int(asked.location.rpartition("/")[2])).payload == {"person": person}


@pytest.mark.parametrize("derived", [False, True])
def test_a_label_withdrawn_while_another_writer_has_the_site_does_not_come_out(
    publisher, settings, registry, clock, monkeypatch, derived
):
    """Somebody who publishes waits for the withdrawal under way: who may be named is asked once the site is theirs."""
    person = made(publisher, pour="2026-0050")
    publish(settings, registry, clock)
    waited = Site.alone if not derived else making.update

    def after_the_withdrawal(*arguments, **more):
        if people.find(registry, person) is not None:
            people.erase(registry, person, clock())
            withdraw(settings.content, settings.site, ["Amina B."], when=clock())
        return waited(*arguments, **more)

    monkeypatch.setattr(making if derived else Site, "update" if derived else "alone", after_the_withdrawal)
    if derived:
        generator.make_data(
            settings.content, settings.site, clock(), settings.templates, lambda: people.labels(registry)
        )
    else:
        publish(settings, registry, clock)
    assert people.find(registry, person) is None
    assert holding(settings.site, "Amina B.") == []


def test_a_withdrawal_that_failed_is_told_and_begun_again(publisher, settings, registry, clock):
    person = made(publisher, pour="2026-0050")
    publish(settings, registry, clock)
    asked = publisher.post(f"/gestion/personnes/{person}/effacer").location
    job = queue.lease(registry, clock())
    while job.kind != WITHDRAWAL:
        queue.finish(registry, job, clock(), {})
        job = queue.lease(registry, clock())
    queue.give_up(registry, job, clock(), "Le disque est plein.")
    page = publisher.get(asked).text
    assert "n’a pas abouti" in page
    assert "Le disque est plein." in page
    again = publisher.post(asked).location
    work(settings, registry, clock)
    assert "Le nom ne paraît plus" in publisher.get(again).text
    assert publisher.post(asked).location == asked  # nothing is left to begin again
    assert holding(settings.site, "Amina B.") == []


def test_what_was_typed_of_a_person_comes_back_after_the_session_has_ended(browser_of, registry, clock):
    editor = browser_of("editor")
    page = "/gestion/personnes/nouvelle"
    editor.get(page)
    clock.forward(hours=13)
    late = editor.post(page, AMINA | {"_page": page})
    assert "/gestion/connexion" in late.location
    editor.sign_in("editor")
    shown = editor.get(f"{page}?reprendre=1")
    assert [text in shown.text for text in ("Amina Benkacem", "06 12 34 56 78")] == [True, True]
    [left] = kept.mine(registry, 2)
    assert left.title == "Fiche d’une personne"
    assert editor.post(page, AMINA | {"_page": page}).status_code == 303
    assert kept.mine(registry, 2) == []
    assert "Amina Benkacem" not in browser_of("publisher").get(f"{page}?reprendre=1").text
