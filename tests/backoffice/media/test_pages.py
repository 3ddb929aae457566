"""The pages of photos and documents: adding, finding, describing, replacing, throwing away, choosing for a record."""

from __future__ import annotations

import errno
import io
import re

import pytest

from backoffice import uploads
from backoffice.media import intake, keeping
from backoffice.services import KEY
from participation.records import Project
from participation.store import media
from tests.backoffice.conftest import fields_of
from tests.backoffice.media.files import DRAWING, PAPER, from_a_telephone, photo
from tests.backoffice.town import NOW

LIBRARY = "/gestion/medias"


@pytest.fixture
def content(app):
    return app.extensions[KEY].content


@pytest.fixture
def editor(browser_of):
    return browser_of("editor")


class Never:
    """A body that nobody may read."""

    def read(self, *_size):
        raise AssertionError("nobody may read this")

    readline = readinto = read


def drop(browser, *files, where=f"{LIBRARY}/ajouter", headers=None, **more):
    """Send files (name, bytes) as a browser does."""
    form = {"csrf_token": browser.token, "files": [(io.BytesIO(data), name) for name, data in files], **more}
    answer = browser.client.post(where, data=form, content_type="multipart/form-data", headers=headers or {})
    return browser._seen(answer)


def titles(html):
    return re.findall(r"<b>([^<]+)</b></a>", html.partition('class="media shelf"')[2])


def head_message(content):
    with content.store.repo() as repo:
        return repo.commit(content.store.head()).message


def add_to_store(content, *names, data=None, facts=None):
    files = [
        media.NewFile(name, data or photo(colour=f"#{number:02x}{number * 3:02x}00", quality=95), facts or {})
        for number, name in enumerate(names)
    ]
    return media.add(content.store, files, author="agent-9", when=NOW)


# ------------------------------------------------------------------------------------------------ adding


def test_several_files_are_told_apart_accepted_known_and_refused(editor, content):
    assert "20 Mo au plus" in editor.get(f"{LIBRARY}/ajouter").text
    answer = drop(editor, ("Place été.JPG", from_a_telephone()), ("virus.jpg", b"MZ\x90"), ("Plan.pdf", PAPER))
    assert answer.status_code == 200
    assert answer.text.count("state is-done") == 2
    assert answer.text.count("state is-stop") == 1
    assert "Ce fichier n’est ni une photo, ni un dessin SVG, ni un PDF. Formats acceptés" in answer.text
    entries = content.store.snapshot().entries
    assert {path for path in entries if path.startswith("media/")} == {
        "media/2025/place-ete.jpg",
        "media/2025/plan.pdf",
    }
    again = drop(editor, ("copie.jpg", from_a_telephone()))
    assert "Déjà là" in again.text
    assert content.store.snapshot().entries == entries
    assert drop(editor, ("virus.jpg", b"MZ")).status_code == 422
    assert drop(editor).status_code == 422


def test_one_commit_brings_all_files_of_a_form_by_the_pseudonym(editor, content):
    before = content.store.head()
    drop(editor, ("a.jpg", photo(colour="red")), ("b.jpg", photo(colour="blue")))
    with content.store.repo() as repo:
        commit = repo.commit(content.store.head())
    assert commit.parents == (before,)
    assert commit.message.startswith("Fichiers ajoutés à la médiathèque\u00a0: 2.")
    assert commit.author.startswith("agent-")


def test_scripts_are_told_in_json_what_became_of_each_file(editor):
    editor.get(f"{LIBRARY}/ajouter")
    told = drop(editor, ("a.jpg", photo()), ("b.exe", b"MZ"), headers={"Accept": "application/json"}).json
    assert [(one["name"], bool(one["refused"])) for one in told] == [("a.jpg", False), ("b.exe", True)]
    assert told[0]["path"] == "2025/a.jpg"
    assert editor.get(told[0]["small"]).mimetype == "image/jpeg"


def test_more_files_than_allowed_at_once_are_refused_one_by_one(editor, monkeypatch):
    monkeypatch.setattr(intake, "MOST_AT_ONCE", 1)
    editor.get(f"{LIBRARY}/ajouter")
    assert drop(editor, ("a.jpg", photo()), ("b.jpg", photo("PNG"))).text.count("Il y a trop de fichiers") == 1


def test_a_body_of_a_gigabyte_is_refused_before_it_is_read(editor, content):
    editor.get(f"{LIBRARY}/ajouter")
    head = content.store.head()

    answer = editor.client.post(
        f"{LIBRARY}/ajouter",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(1 << 30), "wsgi.input": Never()},
    )
    assert answer.status_code == 413
    assert "C’est trop lourd" in answer.text
    assert content.store.head() == head


def test_nobodys_files_are_not_even_read(browser_of):
    nobody = browser_of(None)
    nobody.get("/gestion/connexion")
    for page in ("ajouter", "remplacer/2025/a.jpg"):
        answer = nobody.client.post(
            f"{LIBRARY}/{page}",
            content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": str(1 << 20), "wsgi.input": Never()},
        )
        assert answer.status_code == 303
        assert "/gestion/connexion" in answer.location


def test_a_full_disk_is_said_and_nothing_is_half_added(editor, content, monkeypatch):
    from participation.store import process

    editor.get(f"{LIBRARY}/ajouter")
    head, run = content.store.head(), process.run

    def full(git_dir, arguments, **more):
        if arguments[0] == "unpack-objects":
            raise process.of_os_error(OSError(errno.ENOSPC, "No space left on device"), str(git_dir))
        return run(git_dir, arguments, **more)

    monkeypatch.setattr(process, "run", full)
    answer = drop(editor, ("a.jpg", photo()))
    assert answer.status_code == 503
    assert "Il n’y a plus de place sur le disque" in answer.text
    assert content.store.head() == head


def test_what_is_known_of_new_files_is_written_down_at_once(editor, content):
    editor.get(f"{LIBRARY}/ajouter")
    page = drop(editor, ("a.jpg", photo(colour="red")), ("b.jpg", photo(colour="blue")))
    form = fields_of(page.text)
    assert (form["_f1.file"], form["_f2.file"]) == ("2025/a.jpg", "2025/b.jpg")
    form |= {"f1.alt": "Un mur rouge", "f1.people": "asked", "f2.alt": "Un mur bleu", "f2.credit": "La ville"}
    assert editor.post(f"{LIBRARY}/decrire", form).status_code == 303
    items = keeping.shelf(content).items
    assert items["2025/a.jpg"].facts["people"] == "asked"
    assert (items["2025/b.jpg"].alt, items["2025/b.jpg"].facts["credit"]) == ("Un mur bleu", "La ville")
    assert titles(editor.get(f"{LIBRARY}?filtre=unagreed").text) == ["a"]


# ------------------------------------------------------------------------------------------------ finding


def test_the_list_is_searched_filtered_and_paged(editor, content):
    add_to_store(content, *(f"2024/photo-{number}.jpg" for number in range(60)))
    add_to_store(content, "2024/plan.pdf", data=PAPER, facts={"title": "Plan de la place"})
    photos = {"photos": [{"file": "2024/photo-3.jpg", "alt": "Une place"}, {"file": "2024/photo-4.jpg"}]}
    content.store.create(Project, "2026-P009", {"title": "x", **photos}, author="agent-9", when=NOW)
    first, second = editor.get(LIBRARY).text, editor.get(f"{LIBRARY}?numero=2").text
    assert (len(titles(first)), len(titles(second))) == (48, 13)
    assert "Page 1 sur 2" in first
    assert titles(editor.get(f"{LIBRARY}?q=PLAN+place").text) == ["Plan de la place"]
    assert titles(editor.get(f"{LIBRARY}?filtre=documents").text) == ["Plan de la place"]
    assert "59 fichiers" in editor.get(f"{LIBRARY}?filtre=unused").text
    assert "59 fichiers" in editor.get(f"{LIBRARY}?filtre=wordless").text
    assert editor.get(f"{LIBRARY}?numero=99999&filtre=rien").status_code == 200


def test_twins_are_found_by_their_bytes_and_by_what_they_were_made_from(editor, content):
    from participation.store.git import MAIN

    (one,) = add_to_store(content, "2024/a.jpg")
    with content.store.repo() as repo:  # by hand, in a clone
        head = content.store.head()
        tree, new = repo.build(repo.commit(head).tree, {"media/b.jpg": one.blob})
        repo.compare_and_swap(MAIN, repo.write_commit(tree, new, [head], "À la main", "agent-9", NOW), head)
    assert sorted(titles(editor.get(f"{LIBRARY}?filtre=twins").text)) == ["a.jpg", "b.jpg"]
    assert "Le même fichier, ailleurs" in editor.get(f"{LIBRARY}/fichier/b.jpg").text


def test_the_page_of_a_file_says_where_it_is_used_and_what_became_of_it(editor, content):
    add_to_store(content, "2024/a.jpg", facts={"title": "La fontaine"})
    text = {"title": "Une fontaine", "description": "![La fontaine](media/2024/a.jpg)"}
    content.store.create(Project, "2026-P009", text, author="agent-9", when=NOW)
    page = editor.get(f"{LIBRARY}/fichier/2024/a.jpg").text
    assert "/gestion/fiche/2026-P009" in page
    assert "Photo ajoutée\u00a0: «\u00a0La fontaine\u00a0»." in page


def test_small_pictures_are_kept_by_the_browser_and_everything_else_is_not(editor, content, settings):
    (one,) = add_to_store(content, "2024/a.jpg", data=photo(size=(900, 600)))
    address = f"{LIBRARY}/vignette/2024/a.jpg?v={one.blob}"
    answer = editor.get(address)
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert len(list((settings.site / "cache" / "thumbnails").rglob("*.jpg"))) == 1
    assert editor.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert editor.get(f"{LIBRARY}/vignette/2024/a.jpg").headers.get("Cache-Control") is None
    assert editor.get(f"{LIBRARY}/vignette/2024/absente.jpg").headers["Cache-Control"] == "no-store"
    assert editor.get(f"{LIBRARY}/entier/2024/a.jpg").headers["Cache-Control"] == "no-store"


def test_a_drawing_may_run_nothing_and_a_document_is_handed_out_to_be_saved(editor, content):
    hostile = DRAWING.replace(b"<title>", b"<script>alert(1)</script><title>")  # pushed by hand: nobody cleaned it
    add_to_store(content, "plan.svg", data=hostile)
    add_to_store(content, "plan.pdf", data=PAPER)
    for address in ("vignette", "entier"):
        answer = editor.get(f"{LIBRARY}/{address}/plan.svg")
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src")
        assert answer.headers["Content-Security-Policy"].endswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer = editor.get(f"{LIBRARY}/entier/plan.pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan.pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert editor.get(f"{LIBRARY}/vignette/plan.pdf").status_code == 404


@pytest.mark.parametrize(
    "path", ["../instance.yml", "..%2Finstance.yml", "%2e%2e/%2e%2e/registry.sqlite", "absente.jpg"]
)
def test_no_address_leads_out_of_the_library(editor, path):
    for page in ("fichier", "vignette", "entier"):
        assert editor.get(f"{LIBRARY}/{page}/{path}").status_code == 404


# ------------------------------------------------------------------------------------------------ changing


def test_a_file_is_described_on_its_page_and_what_two_people_write_is_not_lost(editor, browser_of, content):
    add_to_store(content, "2024/a.jpg")
    page = f"{LIBRARY}/fichier/2024/a.jpg"
    mine, theirs = fields_of(editor.get(page).text), fields_of(editor.get(page).text)
    editor.post(f"{LIBRARY}/decrire", theirs | {"f1.alt": "Une place", "f1.credit": "La ville"})
    other = browser_of("publisher")
    other.get(page)
    asked = other.post(f"{LIBRARY}/decrire", mine | {"f1.alt": "Un marché", "f1.title": "Le marché"})
    assert asked.status_code == 422
    assert "Editor a écrit ici entre-temps : « Une place »" in asked.text
    again = fields_of(asked.text)
    assert again["f1.alt"] == "Un marché"
    assert other.post(f"{LIBRARY}/decrire", again).status_code == 303
    facts = keeping.shelf(content).items["2024/a.jpg"].facts
    assert (facts["alt"], facts["title"]) == ("Un marché", "Le marché")


def test_what_was_typed_of_a_file_survives_the_end_of_the_session(editor, content, clock):
    add_to_store(content, "2024/a.jpg")
    page = f"{LIBRARY}/fichier/2024/a.jpg"
    form = fields_of(editor.get(page).text) | {"f1.alt": "Une longue description"}
    clock.forward(hours=20)
    answer = editor.post(f"{LIBRARY}/decrire", form)
    assert "reprendre%3D1" in answer.location or "reprendre=1" in answer.location
    editor.sign_in("editor")
    assert fields_of(editor.get(f"{page}?reprendre=1").text)["f1.alt"] == "Une longue description"


def test_a_file_thrown_away_while_it_is_described_leaves_its_words_to_no_other(editor, content):
    add_to_store(content, "2024/a.jpg", "2024/b.jpg")
    form = fields_of(editor.get(f"{LIBRARY}/decrire?f=2024/a.jpg&f=2024/b.jpg").text)
    media.trash(content.store, "2024/a.jpg", author="agent-9", when=NOW)
    sent = form | {"f1.alt": "Un marché", "f2.alt": "Une place"}
    assert editor.post(f"{LIBRARY}/decrire", sent).status_code == 303
    assert keeping.shelf(content).items["2024/b.jpg"].facts["alt"] == "Une place"


def test_a_file_is_replaced_at_its_address_unless_somebody_was_quicker(editor, content):
    (one,) = add_to_store(content, "2024/a.jpg")
    address = f"{LIBRARY}/remplacer/2024/a.jpg"
    editor.get(f"{LIBRARY}/fichier/2024/a.jpg")
    assert drop(editor, ("b.png", photo("PNG", colour="pink")), where=address, _base=one.blob).status_code == 303
    late = drop(editor, ("c.jpg", photo(colour="red")), where=address, _base=one.blob)
    assert late.status_code == 422
    assert "Quelqu’un a remplacé" in late.text
    assert "pas du même type" in drop(editor, ("d.pdf", PAPER), where=address, _base=one.blob).text
    assert "Choisissez d’abord un fichier" in drop(editor, where=address, _base=one.blob).text
    assert head_message(content).startswith("Photo remplacée")


def test_a_file_that_is_used_is_thrown_away_only_when_asked_twice_and_comes_back(editor, content):
    add_to_store(content, "2024/a.jpg", facts={"title": "La fontaine"})
    photos = {"photos": [{"file": "2024/a.jpg", "alt": "Une fontaine"}]}
    content.store.create(Project, "2026-P009", {"title": "x", **photos}, author="agent-9", when=NOW)
    address = f"{LIBRARY}/corbeille/2024/a.jpg"
    editor.get(f"{LIBRARY}/fichier/2024/a.jpg")
    asked = editor.post(address)
    assert asked.status_code == 409
    assert "Ce fichier est utilisé" in asked.text
    assert editor.post(address, {"confirm": "1"}).status_code == 303
    assert editor.get(f"{LIBRARY}/fichier/2024/a.jpg").status_code == 404
    assert "La fontaine" in editor.get("/gestion/corbeille").text
    assert editor.post(f"{LIBRARY}/retablir/2024/a.jpg").location.endswith("/medias/fichier/2024/a.jpg")
    assert titles(editor.get(LIBRARY).text) == ["La fontaine"]


# ------------------------------------------------------------------------------------------------ for a record


def test_a_file_is_chosen_for_a_photo_and_the_form_comes_back_with_everything_typed(editor, content):
    add_to_store(content, "2024/a.jpg", facts={"alt": "Une fontaine", "credit": "La ville", "date": "2024-05"})
    page = "/gestion/fiche/2024-P007"
    form = fields_of(editor.get(page).text) | {"title": "Un titre pas encore enregistré"}
    away = editor.post(page, form | {"_do": "media:photos.1.file"})
    assert away.status_code == 303
    choice = editor.get(away.location)
    assert "Votre saisie est gardée" in choice.text
    back = re.search(r'href="([^"]*fichier=2024%2Fa\.jpg[^"]*)"', choice.text)[1].replace("&amp;", "&")
    found = fields_of(editor.get(back).text)
    assert found["title"] == "Un titre pas encore enregistré"
    photo_row = {name: found[f"photos.1.{name}"] for name in ("file", "alt", "credit", "date")}
    assert photo_row == {"file": "2024/a.jpg", "alt": "Une fontaine", "credit": "La ville", "date": "05/2024"}
    assert editor.post(page, found | {"_do": "save"}).status_code == 303
    assert content.store.snapshot().get("2024-P007").data["photos"][0]["alt"] == "Une fontaine"


def test_a_file_added_on_the_way_is_offered_for_the_form(editor):
    page = "/gestion/fiche/2024-P007"
    away = editor.post(page, fields_of(editor.get(page).text) | {"_do": "media:photos.1.file"})
    editor.get(away.location)
    added = drop(editor, ("Place.jpg", photo()), page=page, champ="photos.1.file")
    back = re.search(r'href="([^"]*fichier=2025%2Fplace\.jpg[^"]*)"', added.text)[1].replace("&amp;", "&")
    assert fields_of(editor.get(back).text)["photos.1.file"] == "2025/place.jpg"


def test_a_choice_for_a_text_stands_in_it_as_markdown(editor, content):
    add_to_store(content, "2024/a.jpg", facts={"alt": "Une [fontaine]"})
    found = fields_of(editor.get("/gestion/fiche/2024-P007?champ=description&fichier=2024/a.jpg").text)
    assert found["description"].endswith("![Une  fontaine ](media/2024/a.jpg)\n")


@pytest.mark.parametrize("name", ["title", "photos", "photos.x.file", "nulle.part", "note", "photos.1.file.x", "_base"])
def test_a_choice_for_any_other_field_changes_nothing(editor, content, name):
    add_to_store(content, "2024/a.jpg")
    plain = fields_of(editor.get("/gestion/fiche/2024-P007").text)
    chosen = fields_of(editor.get(f"/gestion/fiche/2024-P007?champ={name}&fichier=2024/a.jpg").text)
    assert chosen == plain


def test_a_choice_never_leads_back_to_another_site(editor, content):
    add_to_store(content, "2024/a.jpg")
    page = editor.get(f"{LIBRARY}/choisir?page=https://mechant.example/&champ=photos.1.file").text
    assert "mechant" not in page


# ------------------------------------------------------------------------------------------------ who may


def test_a_contributor_sees_and_changes_only_files_that_none_but_their_records_use(browser_of, content):
    add_to_store(content, "2024/gare.jpg", "2024/tanneries.jpg", "2024/libre.jpg")
    for number, zone in ((8, "gare"), (9, "tanneries")):
        photos = [{"file": f"2024/{zone}.jpg", "alt": "Une photo"}]
        content.store.create(
            Project, f"2026-P00{number}", {"title": "x", "zone": zone, "photos": photos}, author="agent-9", when=NOW
        )
    contributor = browser_of("contributor")
    assert sorted(titles(contributor.get(LIBRARY).text)) == ["gare.jpg", "libre.jpg"]
    assert contributor.get(f"{LIBRARY}/vignette/2024/tanneries.jpg").status_code == 404
    contributor.get(f"{LIBRARY}/fichier/2024/gare.jpg")
    assert contributor.post(f"{LIBRARY}/corbeille/2024/tanneries.jpg", {"confirm": "1"}).status_code == 404
    assert drop(contributor, ("a.jpg", photo())).status_code == 200
    assert contributor.post(f"{LIBRARY}/corbeille/2024/gare.jpg", {"confirm": "1"}).status_code == 303


def test_a_contributor_is_not_told_of_twins_that_only_records_of_others_use(browser_of, content):
    add_to_store(content, "2024/gare.jpg", "2024/secret.jpg", facts={"source": "0" * 64})
    photos = [{"file": "2024/secret.jpg", "alt": "Une photo"}]
    shown = {"title": "x", "zone": "tanneries", "photos": photos}
    content.store.create(Project, "2026-P009", shown, author="agent-9", when=NOW)
    assert "secret" in browser_of("editor").get(f"{LIBRARY}/fichier/2024/gare.jpg").text
    assert "secret" not in browser_of("contributor").get(f"{LIBRARY}/fichier/2024/gare.jpg").text


def test_a_reader_looks_and_changes_nothing(browser_of, content):
    add_to_store(content, "2024/a.jpg")
    reader = browser_of("reader")
    page = reader.get(f"{LIBRARY}/fichier/2024/a.jpg").text
    assert "disabled" in page
    assert "Mettre à la corbeille" not in page
    assert uploads.LARGEST["media.upload"] == intake.LARGEST_UPLOAD
