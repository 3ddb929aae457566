"""From what is saved to the live site: what waits, holding back, the worker's job, taking a publication back."""

from __future__ import annotations

import re

import pytest

from backoffice.jobs import queue
from backoffice.jobs.kinds import PUBLISH, SHOW
from backoffice.registry import accounts
from participation.store.git import MAIN
from tests.backoffice.conftest import fields_of
from tests.backoffice.publisher import PAGE, PROJECT, Publisher


@pytest.fixture
def office(app, browser_of):
    """A publisher at work, with a worker that does what was asked."""
    return Publisher(app, browser_of)


def test_what_another_machine_published_is_made_into_pages_here(office):
    services = office.services
    made = services.content.store.publish(author="agent-2-1", when=services.clock())
    queue.ask(services.registry, SHOW, {}, services.clock())
    office.work()
    assert "La place des Lavandières" in office.live("/projets/2024-P007/")
    assert services.content.store.published().commit == made.commit


def test_the_first_publication_puts_every_record_on_the_site(office):
    assert "Publier" in office.browser.get("/gestion/publier").text
    result = office.publish()
    assert "C’est en ligne" in result.text
    assert "La place des Lavandières" in office.live("/projets/2024-P007/")
    assert "Tout ce qui est enregistré est publié." in office.browser.get("/gestion/publier").text
    assert 'href="/projets/2024-P007/"' in office.browser.get(PROJECT).text


def test_a_change_waits_in_a_sentence_then_goes_live(office):
    office.publish()
    office.save({"budget_voted": "92400"})
    waiting = office.browser.get("/gestion/publier").text
    assert "Le budget voté passe de 85\u202f000\u00a0€ à 92\u202f400\u00a0€." in waiting
    assert "92\u202f400" not in office.live("/projets/2024-P007/")
    result = office.publish()
    assert 'href="/projets/2024-P007/"' in result.text
    assert "92\u202f400" in office.live("/projets/2024-P007/")


def test_what_is_private_is_on_no_page(office, settings):
    office.publish()
    pages = [path.read_text("utf-8") for path in settings.site.rglob("*.html")]
    assert pages
    assert [page for page in pages if "Ne jamais publier" in page or "Rappelée le 14" in page] == []


def test_a_record_held_back_stays_as_it_was_published(office):
    office.publish()
    office.save({"title": "Un nouveau nom"})
    office.save({"title": "Un abri tout neuf"}, "/gestion/fiche/2026-0052")
    office.browser.post("/gestion/publier/mettre-de-cote/2024-P007")
    assert "Mise de côté" in office.browser.get("/gestion/publier").text
    office.publish()
    assert "Un nouveau nom" not in office.live("/projets/2024-P007/")
    assert "Un abri tout neuf" in office.live("/idees/2026-0052/")
    office.browser.post("/gestion/publier/remettre/2024-P007")
    office.publish()
    assert "Un nouveau nom" in office.live("/projets/2024-P007/")


def test_what_a_colleague_saved_since_the_page_was_read_does_not_leave_with_it(office, browser_of):
    office.publish()
    office.save({"votes": "500"})
    read = office.browser.get("/gestion/publier").text
    commit = re.search(r'name="commit" value="([^"]*)"', read)[1]
    other = browser_of("editor")
    page = "/gestion/fiche/2024-P012"
    other.post(page, fields_of(other.get(page).text) | {"title": "Pas encore relu"})
    office.browser.post("/gestion/publier", {"commit": commit})
    office.work()
    assert "Pas encore relu" not in office.live("/projets/2024-P012/")
    assert "Pas encore relu" in office.browser.get("/gestion/publier").text


def test_a_faulty_record_is_named_with_its_field_and_does_not_stop_the_others(office):
    office.publish()
    office.save({"theme": "disparu"})
    office.save({"title": "Un abri tout neuf"}, "/gestion/fiche/2026-0052")
    waiting = office.browser.get("/gestion/publier").text
    assert "À corriger" in waiting
    assert 'href="/gestion/fiche/2024-P007#f-theme"' in waiting
    result = office.publish()
    assert "C’est en ligne" in result.text
    assert 'href="/gestion/fiche/2024-P007#f-theme"' in result.text
    assert "Un abri tout neuf" in office.live("/idees/2026-0052/")


def test_an_old_address_that_cannot_lead_on_is_told_with_the_result(office):
    office.publish()
    office.save({"old_addresses": "/idees/\n/projets/lavandieres/"})
    result = office.publish().text
    assert "C’est en ligne" in result
    assert "L’ancienne adresse «\u00a0/idees/\u00a0» est celle d’une page d’aujourd’hui." in result
    assert "2024-P007" in office.live("/projets/lavandieres/")


def test_an_earlier_publication_is_put_back_and_the_work_waits_again(office):
    office.publish()
    office.save({"title": "Un nom regretté"})
    office.publish()
    page = office.browser.get("/gestion/publier").text
    revision = re.search(r"/gestion/publier/revenir/([0-9a-f]{40})", page)[1]
    asked = office.browser.post(f"/gestion/publier/revenir/{revision}")
    office.work()
    assert "C’est en ligne" in office.browser.get(asked.location).text
    assert "Un nom regretté" not in office.live("/projets/2024-P007/")
    assert "Un nom regretté" in office.browser.get("/gestion/publier").text


@pytest.mark.parametrize("revision", ["0" * 40, "main", "--all"])
def test_only_a_publication_can_be_put_back(office, revision):
    office.publish()
    assert office.browser.post(f"/gestion/publier/revenir/{revision}").status_code == 404


def test_an_embargo_goes_live_by_itself_when_its_moment_comes(office, clock):
    office.publish()
    pairs = {"etat.state": "works", "etat.visible_from": "26/11/2025 09:00", "budget_revised": "99000"}
    office.save(pairs)
    office.publish()
    assert "99\u202f000" not in office.live("/projets/2024-P007/")
    office.save({"votes": "999"}, PROJECT)
    clock.forward(days=3)
    office.work()
    assert "99\u202f000" in office.live("/projets/2024-P007/")
    office.browser.sign_in("publisher")
    assert "999" in office.browser.get("/gestion/publier").text


def test_two_publications_at_once_are_one_after_the_other(office):
    first = office.browser.post("/gestion/publier", {"commit": ""})
    second = office.browser.post("/gestion/publier", {"commit": ""})
    assert first.location == second.location


def test_progress_is_told_to_the_page_and_to_its_script(office):
    asked = office.browser.post("/gestion/publier", {"commit": ""})
    waiting = office.browser.get(asked.location).text
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in waiting
    assert office.browser.get(f"{asked.location}/etat").json["over"] is False
    office.work()
    assert office.browser.get(f"{asked.location}/etat").json["over"] is True
    assert "refresh" not in office.browser.get(asked.location).text


def test_a_publication_that_fails_says_why_and_leaves_the_site(office, monkeypatch):
    office.publish()
    office.save({"title": "Jamais en ligne"})

    def broken(*_arguments, **_more):
        raise RuntimeError("a bug")

    monkeypatch.setattr("site_builder.publish.publish", broken)
    result = office.publish()
    assert "La publication n’a pas abouti" in result.text
    assert re.search(r"référence [0-9a-f]{8}", result.text)
    assert "Jamais en ligne" not in office.live("/projets/2024-P007/")
    assert "La dernière tentative n’a pas abouti" in office.browser.get("/gestion/").text


def test_an_editor_cannot_publish_but_sees_what_waits(office, browser_of):
    office.publish()
    office.save({"votes": "500"})
    page = browser_of("editor").get("/gestion/publier").text
    assert "500" in page
    assert 'action="/gestion/publier"' not in page
    assert queue.running(office.services.registry, office.services.clock(), PUBLISH) is None


def test_the_open_data_follow_the_publication_and_hold_nothing_private(office, settings):
    office.publish()
    assert "2024-P007" in office.live("/donnees/projets.csv")
    assert "projets.csv" in office.live("/donnees/")
    files = [path for path in (settings.site / "shared" / "donnees").iterdir() if path.suffix != ".xlsx"]
    texts = {path.name: path.read_text("utf-8") for path in files}
    assert [name for name, text in texts.items() if "Ne jamais publier" in text or "Rappelée le 14" in text] == []


def later(office, moment="26/11/2025 9:00"):
    return office.browser.post(PAGE, office.seen() | {"_do": "later", "moment": moment})


def test_a_publication_is_planned_for_a_moment_and_takes_what_was_seen_then(office, clock):
    office.publish()
    office.save({"title": "Titre attendu"})
    assert later(office).status_code == 303
    page = office.browser.get(PAGE).text
    assert "26 novembre 2025, 9 h" in page.replace("\u00a0", " ")
    assert "Prévue par Publisher" in page
    office.save({"title": "Enregistré depuis"}, "/gestion/fiche/2026-0052")
    clock.forward(days=1)
    office.work()
    assert "Titre attendu" not in office.live("/projets/2024-P007/")
    clock.forward(days=1)
    office.work()
    assert "Titre attendu" in office.live("/projets/2024-P007/")
    assert "Enregistré depuis" not in office.live("/idees/2026-0052/")


@pytest.mark.parametrize(
    ("moment", "words"),
    [("demain", "Écrivez le jour et l’heure"), ("", "Écrivez le jour et l’heure"), ("12/11/2025 9:00", "déjà passé")],
)
def test_a_moment_that_cannot_be_is_refused_in_words(office, moment, words):
    answer = later(office, moment)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_planned_publication_is_cancelled(office, clock):
    office.publish()
    office.save({"title": "Titre attendu"})
    later(office)
    job = re.search(r"/gestion/publier/annuler/(\d+)", office.browser.get(PAGE).text)[1]
    office.browser.post(f"/gestion/publier/annuler/{job}")
    assert "/gestion/publier/annuler/" not in office.browser.get(PAGE).text
    clock.forward(days=3)
    office.work()
    assert "Titre attendu" not in office.live("/projets/2024-P007/")
    office.browser.sign_in("publisher")
    assert "Cette publication a été annulée" in office.browser.get(f"/gestion/publier/suivi/{job}").text


def test_a_planned_publication_does_not_stop_one_now_and_never_brings_older_content_back(office, clock):
    office.publish()
    office.save({"title": "Titre attendu"})
    later(office)
    office.save({"title": "Plus récent"})
    assert "C’est en ligne" in office.publish().text
    clock.forward(days=3)
    office.work()
    assert "Plus récent" in office.live("/projets/2024-P007/")


def test_a_planned_publication_does_not_survive_a_return_to_an_earlier_one(office, clock):
    office.publish()
    office.save({"title": "Regretté"})
    office.publish()
    office.save({"votes": "777"})
    later(office)
    previous = office.services.content.store.publications()[1].commit
    office.browser.post(f"/gestion/publier/revenir/{previous}")
    office.work()
    clock.forward(days=3)
    office.work()
    assert "Regretté" not in office.live("/projets/2024-P007/")


def test_whoever_may_publish_no_more_publishes_nothing_at_the_moment_they_chose(office, clock):
    office.publish()
    office.save({"title": "Titre attendu"})
    later(office)
    registry = office.services.registry
    accounts.set_active(registry, accounts.find(registry, "publisher@ville.example").id, active=False)
    clock.forward(days=3)
    office.work()
    assert "Titre attendu" not in office.live("/projets/2024-P007/")
    failed = queue.last_finished(registry, PUBLISH)
    assert (failed.state, "n’a plus le droit de publier" in failed.error) == ("failed", True)


def test_the_end_of_an_embargo_is_visible_and_can_be_cancelled(office, clock):
    office.publish()
    pairs = {"etat.state": "works", "etat.visible_from": "26/11/2025 09:00", "budget_revised": "99000"}
    office.save(pairs)
    office.publish()
    page = office.browser.get(PAGE).text
    assert "Fin d’embargo\u00a0: La place des Lavandières" in page
    assert "Sous embargo" in page
    office.save({"title": "Un abri tout neuf"}, "/gestion/fiche/2026-0052")
    assert "Un abri tout neuf" in office.publish().text
    job = re.search(r"/gestion/publier/annuler/(\d+)", office.browser.get(PAGE).text)[1]
    office.browser.post(f"/gestion/publier/annuler/{job}")
    clock.forward(days=3)
    office.work()
    office.browser.sign_in("publisher")
    office.publish()
    assert "99\u202f000" not in office.live("/projets/2024-P007/")


def test_a_page_of_before_another_publication_publishes_nothing(office):
    office.publish()
    office.save({"votes": "500"})
    read = office.seen()
    office.save({"votes": "501"})
    office.publish()
    answer = office.browser.post(PAGE, read)
    assert answer.status_code == 409
    assert "Une autre publication a eu lieu" in answer.text


def test_what_is_no_commit_of_the_content_is_not_published(office):
    office.publish()
    store = office.services.content.store
    with store.repo() as repo:
        tree, new = repo.build(repo.commit(store.head()).tree, {"intrus.txt": b"x"})
        stray = repo.write_commit(tree, new, [store.head()], "Ailleurs", "agent-0", office.services.clock())
    asked = office.browser.post(PAGE, office.seen() | {"commit": stray})
    office.work()
    assert "n’est pas dans l’historique" in office.browser.get(asked.location).text


def test_a_fault_of_an_edition_stops_the_publication_and_is_told_with_its_field_in_each_language(office):
    office.publish()
    store = office.services.content.store
    with store.repo() as repo:
        head = store.head()
        text = "title: Édition 2026\nenvelopes:\n  - amount: beaucoup\n".encode()
        tree, new = repo.build(repo.commit(head).tree, {"editions/2026/edition.yml": text})
        commit = repo.write_commit(tree, new, [head], "Une faute", "agent-0", office.services.clock())
        repo.compare_and_swap(MAIN, commit, head)
    live = office.live("/")
    asked = office.browser.post(PAGE, office.seen())
    office.work()
    page = office.browser.get(asked.location)
    assert "La publication n’a pas abouti" in page.text
    assert re.search(r">Édition 2026, [^<]+</a>", page.text)
    assert office.live("/") == live
    job = queue.last_finished(office.services.registry, PUBLISH)
    assert [one["words"][0].get("source", one["words"][0]["words"]) for one in job.result["faults"]]
    registry = office.services.registry
    accounts.set_language(registry, accounts.find(registry, "publisher@ville.example").id, "en")
    english = office.browser.get(asked.location).text
    assert "The site has stayed as it was" in english
    assert "Le site ne peut pas" not in english


def test_a_publication_has_a_page_that_tells_what_it_changed(office):
    office.publish()
    office.save({"budget_voted": "92400"})
    office.publish()
    revision = office.services.content.store.published().commit
    page = office.browser.get(f"/gestion/publier/publication/{revision}").text
    assert "Le budget voté passe de 85\u202f000\u00a0€ à 92\u202f400\u00a0€." in page
    assert revision in page
    assert office.browser.get(f"/gestion/publier/publication/{'0' * 40}").status_code == 404
