"""Files pass through the same review and publication as records, and those without consent wait."""

from __future__ import annotations

import pytest

from backoffice.media import keeping
from backoffice.publish import reviewing
from backoffice.publish.reviewing import Stay
from backoffice.services import KEY
from participation.records import Project
from participation.store import media
from tests.backoffice.media.files import photo
from tests.backoffice.town import NOW

PHOTO = "media/2025/place.jpg"


@pytest.fixture
def content(app):
    found = app.extensions[KEY].content
    found.store.publish(author="agent-9", when=NOW)
    return found


def add(content, **facts):
    file = media.NewFile("2025/place.jpg", photo(), {"title": "La place", **facts})
    media.add(content.store, [file], author="agent-9", when=NOW)


def show_it(content):
    photos = {"photos": [{"file": "2025/place.jpg", "alt": "Une place"}]}
    content.store.create(Project, "2026-P009", {"title": "Une place", **photos}, author="agent-9", when=NOW)


def standing(app, content):
    return reviewing.standing(content, app.extensions[KEY].registry, NOW)


def test_files_are_told_in_sentences_and_what_is_known_of_them_is_no_change(browser_of, content):
    boss = browser_of("administrator")
    add(content)
    page = boss.get("/gestion/publier").text
    assert "Photo ajoutée\u00a0: «\u00a0La place\u00a0»." in page
    assert "/gestion/medias/fichier/2025/place.jpg" in page
    assert "library/" not in page
    content.store.publish(author="agent-9", when=NOW)
    blob = content.store.snapshot().entries[PHOTO]
    media.replace(content.store, "2025/place.jpg", photo("PNG"), base_blob=blob, source="", author="agent-9", when=NOW)
    assert "Photo remplacée\u00a0: «\u00a0La place\u00a0»." in boss.get("/gestion/publier").text
    media.trash(content.store, "2025/place.jpg", author="agent-9", when=NOW)
    assert "Photo retirée\u00a0: «\u00a0La place\u00a0»." in boss.get("/gestion/publier").text


def test_what_is_known_of_a_file_alone_asks_nobody(app, content):
    add(content)
    content.store.publish(author="agent-9", when=NOW)
    media.describe(content.store, "2025/place.jpg", {"credit": "La ville"}, base_blob=None, author="agent-9", when=NOW)
    assert standing(app, content).changes == {}


def test_a_photo_of_people_who_have_not_agreed_waits_with_the_record_that_shows_it(app, content):
    add(content, people="asked")
    show_it(content)
    found = standing(app, content)
    assert found.stays == {PHOTO: Stay.CONSENT, "editions/2026/projects/2026-P009.yml": Stay.NEEDS}
    item = keeping.shelf(content).items["2025/place.jpg"]
    agreed = {"people": "agreed", "note": "classeur 12"}
    media.describe(content.store, item.path, agreed, base_blob=item.facts_blob, author="agent-9", when=NOW)
    assert standing(app, content).stays == {}


def test_a_photo_without_words_holds_its_record_back_and_never_its_saving(browser_of, content):
    add(content)
    content.store.create(
        Project, "2026-P009", {"title": "x", "photos": [{"file": "2025/place.jpg"}]}, author="agent-9", when=NOW
    )
    page = browser_of("publisher").get("/gestion/publier").text
    assert "Cette photo n’a pas de texte de remplacement. Dites en une phrase" in page


def test_the_command_line_tells_files_in_sentences_too(content):
    add(content)
    (told,) = content.store.pending(NOW)
    assert told.sentences == ("Photo ajoutée\u00a0: «\u00a0place.jpg\u00a0».",)
