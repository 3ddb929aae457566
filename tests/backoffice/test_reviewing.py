"""A second person: who may approve, what an approval is worth, what is sent back, what may not leave alone."""

from __future__ import annotations

import pytest

from backoffice import pending
from backoffice.publish import reviewing
from backoffice.registry import accounts
from participation.records import Idea, Instance, Project
from tests.backoffice.conftest import fields_of
from tests.backoffice.publisher import PAGE, Publisher
from tests.backoffice.town import NOW

PATH = "editions/2024/projects/2024-P007.yml"
ABRI = "/gestion/fiche/2026-0052"
ABRI_PATH = "editions/2026/ideas/2026-0052.yml"


@pytest.fixture
def office(app, browser_of):
    """A town whose first publication is done, and which asks for a second person from then on."""
    made = Publisher(app, browser_of)
    made.publish()
    store = made.services.content.store
    blob = store.snapshot().entries["instance.yml"]
    store.save(Instance, "instance", {"second_person": True}, base_blob=blob, author="agent-0", when=NOW)
    made.browser.post(f"{PAGE}/avis", made.seen() | {"path": "instance.yml", "_do": "approve"})
    assert "C’est en ligne" in made.publish().text
    return made


@pytest.fixture
def editor(browser_of):
    return browser_of("editor")


def approve(office, browser, *paths, verdict="approve", **more):
    sent = [*office.seen(browser).items(), *(("path", path) for path in paths), ("_do", verdict), *more.items()]
    return browser.post(f"{PAGE}/avis", sent)


def test_what_nobody_has_approved_stays_and_says_so(office):
    office.save({"title": "Pas encore relu"})
    page = office.browser.get(PAGE).text
    assert "À relire" in page
    assert "Vous l’avez modifiée" in page
    assert 'action="/gestion/publier"' not in page
    result = office.publish().text
    assert "La publication n’a pas abouti" in result
    assert "Aucune modification n’a encore été approuvée" in result
    assert "Pas encore relu" not in office.live("/projets/2024-P007/")


def test_approved_by_somebody_else_it_leaves_and_the_publication_names_who_read_it(office, editor):
    office.save({"title": "Relu et approuvé"})
    assert approve(office, editor, PATH).status_code == 303
    assert "Relu par Editor" in office.browser.get(PAGE).text
    assert "C’est en ligne" in office.publish().text
    assert "Relu et approuvé" in office.live("/projets/2024-P007/")
    (latest, *_) = office.services.content.store.publications()
    reader = accounts.find(office.services.registry, "editor@ville.example").pseudonym
    assert latest.reviewed_by == (reader,)
    assert "relu par Editor" in office.browser.get(PAGE).text


def test_nobody_approves_their_own_change_nor_one_that_they_had_a_part_in(office, editor):
    office.save({"title": "De deux mains"})
    office.save({"votes": "500"}, browser=editor)
    for someone in (office.browser, editor):
        answer = approve(office, someone, PATH)
        assert answer.status_code == 409
        assert "Vous avez vous-même modifié" in answer.text
    assert "À relire" in office.browser.get(PAGE).text


def test_one_own_change_among_them_refuses_the_whole_verdict(office, editor):
    office.save({"title": "À moi"})
    office.save({"title": "À l’autre"}, ABRI, editor)
    assert approve(office, editor, PATH, ABRI_PATH).status_code == 409
    assert "Relu par" not in office.browser.get(PAGE).text


def test_what_changed_after_the_approval_must_be_read_again(office, editor):
    office.save({"title": "Approuvé"})
    approve(office, editor, PATH)
    office.save({"title": "Changé depuis"})
    assert "À relire" in office.browser.get(PAGE).text
    office.publish()
    assert "Changé depuis" not in office.live("/projets/2024-P007/")


def test_what_changed_while_it_was_being_read_is_not_approved(office, editor):
    office.save({"title": "Lu"})
    read = office.seen(editor)
    office.save({"title": "Changé pendant la lecture"})
    answer = editor.post(f"{PAGE}/avis", [*read.items(), ("path", PATH), ("_do", "approve")])
    assert answer.status_code == 409
    assert "a changé depuis que vous avez ouvert cette page" in answer.text


def test_only_what_was_approved_leaves_with_the_others_waiting(office, editor):
    office.save({"title": "Approuvé"})
    office.save({"title": "Un abri pas relu"}, ABRI)
    approve(office, editor, PATH)
    office.publish()
    assert "Approuvé" in office.live("/projets/2024-P007/")
    assert "pas relu" not in office.live("/idees/2026-0052/")


def test_a_deletion_and_a_media_file_need_the_same_approval(office, editor):
    store = office.services.content.store
    store.trash("2026-0052", author="agent-0", when=NOW, force=True)
    with store.repo() as repo:
        from participation.store.git import MAIN

        head = store.head()
        tree, new = repo.build(repo.commit(head).tree, {"media/photo.txt": b"photo"})
        commit = repo.write_commit(tree, new, [head], "Une photo", "agent-0", NOW)
        repo.compare_and_swap(MAIN, commit, head)
    office.save({"title": "Approuvé"})
    approve(office, editor, PATH)
    office.publish()
    public = store.snapshot(store.published().commit).entries
    assert (ABRI_PATH in public, "media/photo.txt" in public) == (True, False)
    assert "Fichier ajouté\u00a0: «\u00a0photo.txt\u00a0»." in office.browser.get(PAGE).text
    approve(office, editor, ABRI_PATH, "media/photo.txt")
    office.publish()
    public = store.snapshot(store.published().commit).entries
    assert (ABRI_PATH in public, "media/photo.txt" in public) == (False, True)


def test_sent_back_with_a_remark_it_waits_in_the_authors_day_until_it_changes(office, editor, app):
    office.save({"title": "À revoir"})
    assert approve(office, editor, PATH, verdict="return").status_code == 409
    assert approve(office, editor, PATH, verdict="return", remark="Le chiffre est faux.").status_code == 303
    content, registry = office.services.content, office.services.registry
    author = accounts.find(registry, "publisher@ville.example")
    with app.app_context():
        (remark,) = reviewing.remarks(content, registry, author)
        assert (remark.record_id, remark.title, remark.words) == ("2024-P007", "À revoir", "Le chiffre est faux.")
        assert reviewing.remarks(content, registry, accounts.find(registry, "editor@ville.example")) == []
    assert "Le chiffre est faux." in office.browser.get(PAGE).text
    today = "/gestion/"
    assert "Editor\u00a0: «\u00a0Le chiffre est faux.\u00a0»" in office.browser.get(today).text
    assert "Le chiffre est faux." not in editor.get(today).text
    office.save({"title": "Revu"})
    assert "Le chiffre est faux." not in office.browser.get(today).text
    with app.app_context():
        assert reviewing.remarks(content, registry, author) == []


def test_whoever_could_approve_is_told_how_much_waits(office, editor, app):
    office.save({"title": "Un"})
    office.save({"title": "Deux"}, ABRI, editor)
    content, registry, now = office.services.content, office.services.registry, office.services.clock()
    with app.app_context():
        counts = [
            reviewing.awaiting(content, registry, accounts.find(registry, f"{role}@ville.example"), now)
            for role in ("publisher", "editor", "administrator")
        ]
    assert counts == [1, 1, 2]
    assert "1 changement attend la relecture" in editor.get("/gestion/").text


def test_taking_a_publication_back_makes_earlier_approvals_worthless(office, editor):
    office.save({"title": "Regretté"})
    approve(office, editor, PATH)
    office.publish()
    store = office.services.content.store
    office.browser.post(f"{PAGE}/revenir/{store.publications()[1].commit}")
    office.work()
    assert store.snapshot(store.published().commit).get("2024-P007").title != "Regretté"
    assert "À relire" in office.browser.get(PAGE).text
    office.publish()
    assert store.snapshot(store.published().commit).get("2024-P007").title != "Regretté"


def test_switching_the_second_person_off_is_itself_approved_by_one(office, editor):
    store = office.services.content.store
    author = accounts.find(office.services.registry, "publisher@ville.example").pseudonym
    blob = store.snapshot().entries["instance.yml"]
    store.save(Instance, "instance", {"second_person": None}, base_blob=blob, author=author, when=NOW)
    office.save({"title": "En douce"})
    office.publish()
    assert "En douce" not in office.live("/projets/2024-P007/")
    assert approve(office, editor, "instance.yml").status_code == 303


def test_a_reader_gives_no_verdict(office, browser_of):
    office.save({"title": "Un"})
    assert approve(office, browser_of("reader"), PATH).status_code == 403


def test_what_leads_to_a_record_put_aside_waits_for_it(app, browser_of):
    office = Publisher(app, browser_of)
    office.publish()
    store = office.services.content.store
    store.create(Idea, "2024-0090", {"title": "Une idée neuve"}, author="agent-0", when=NOW)
    store.create(Project, "2024-P090", {"title": "Un projet neuf", "ideas": ["2024-0090"]}, author="agent-0", when=NOW)
    office.browser.post(f"{PAGE}/mettre-de-cote/2024-0090", {"reason": "Attendons le conseil."})
    page = office.browser.get(PAGE).text
    assert "Attend une autre fiche" in page
    assert "Attendons le conseil." in page
    assert "Mis de côté par Publisher" in page
    office.save({"title": "Autre chose"})
    office.publish()
    public = store.snapshot(store.published().commit)
    assert (public.get("2024-0090"), public.get("2024-P090")) == (None, None)
    assert "Autre chose" in office.live("/projets/2024-P007/")
    office.browser.post(f"{PAGE}/remettre/2024-0090")
    office.publish()
    assert "Un projet neuf" in office.live("/projets/2024-P090/")


def test_a_record_is_not_removed_while_a_public_page_that_is_put_aside_leads_to_it(app, browser_of):
    office = Publisher(app, browser_of)
    office.publish()
    store = office.services.content.store
    event = "/gestion/fiche/2025-E014"
    office.browser.post(event, fields_of(office.browser.get(event).text) | {"projects": ""})
    store.trash("2024-P012", author="agent-0", when=NOW, force=True)
    office.browser.post(f"{PAGE}/mettre-de-cote/2025-E014")
    office.save({"title": "Autre chose"})
    office.publish()
    assert store.snapshot(store.published().commit).get("2024-P012") is not None


def test_a_first_import_is_read_page_by_page(app, browser_of, monkeypatch):
    monkeypatch.setattr(pending, "MOST_TOLD", 2)
    office = Publisher(app, browser_of)
    waiting = len(reviewing.standing(office.services.content, office.services.registry, NOW).changes)
    last = -(-waiting // 2)
    first, end = (office.browser.get(f"{PAGE}?page={page}").text for page in (1, last))
    assert (f"Page 1 sur {last}" in first, "Page suivante" in first, "Page précédente" in first) == (True, True, False)
    assert (f"Page {last} sur {last}" in end, "Page suivante" in end) == (True, False)
    assert f"Page {last} sur {last}" in office.browser.get(f"{PAGE}?page=999").text
