"""Photos: their sizes, what is taken out of them, the pages that show them, and those that cannot be shown."""

from __future__ import annotations

import os
import re
import signal
import struct
import zlib

import pytest

from participation.library import named_in
from participation.problems import Severity
from site_builder.pictures import making, studio
from site_builder.pictures.making import Made
from site_builder.pictures.studio import PicturesFailed
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.photos import COMMENT, opened, photo, see_through
from tests.site_builder.small_town import EDITION, INSTANCE, project

SECRETS = (COMMENT, b"Camille", b"Dupont", b"Exif", b"GPS")


def made(data: bytes, path: str = "cour.jpg") -> Made:
    found = making.make(path, data)
    assert isinstance(found, Made)
    return found


def huge(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_photo_is_made_in_three_widths_none_larger_than_a_page_needs():
    sizes = {end: (opened(data).format, opened(data).size) for end, data in made(photo(3000, 2000)).files.items()}
    assert sizes == {
        "": ("JPEG", (1280, 853)),
        ".480.jpg": ("JPEG", (480, 320)),
        ".480.webp": ("WEBP", (480, 320)),
        ".800.webp": ("WEBP", (800, 533)),
        ".1280.webp": ("WEBP", (1280, 853)),
    }


def test_a_small_photo_is_never_made_larger():
    found = made(photo(300, 200))
    assert {end: opened(data).width for end, data in found.files.items()} == {
        "": 300,
        ".480.jpg": 300,
        ".480.webp": 300,
    }


def test_a_photo_taken_upright_stands_upright():
    found = made(photo(1000, 750, turned=True))
    assert (found.width, found.height) == (1000, 750)
    sky = opened(found.files[""]).convert("RGB").getpixel((500, 20))
    assert sky[2] > sky[0]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_nothing_that_a_camera_or_a_program_wrote_is_published(form):
    data = photo(900, 600, form)
    assert any(secret in data for secret in SECRETS)
    for end, file in made(data).files.items():
        assert [secret for secret in SECRETS if secret in file] == [], end
        assert dict(opened(file).getexif()) == {}, end
        assert {"exif", "comment", "icc_profile", "xmp"} & opened(file).info.keys() == set(), end


def test_a_drawing_on_nothing_stays_so_and_is_white_where_a_format_knows_no_transparency():
    found = made(see_through(600, 600), "logo.png")
    assert opened(found.files[""]).getpixel((1, 1))[3] == 0
    assert opened(found.files[".480.webp"]).convert("RGBA").getpixel((1, 1))[3] == 0
    assert opened(found.files[".480.jpg"]).getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("path", "data", "refused"),
    [
        ("a.jpg", b"pas une image", making.BROKEN),
        ("a.jpg", photo(800, 600)[:4000], making.BROKEN),
        ("a.png", huge(4000, 4000), making.BROKEN),
        ("a.png", huge(60_000, 60_000), making.TOO_LARGE),
        ("a.png", huge(11_000, 9_000), making.TOO_LARGE),
        ("a.heic", b"whatever", making.UNKNOWN),
        ("a.svg", b"<html>", making.BROKEN),
    ],
)
def test_what_cannot_be_shown_is_refused_with_words(path, data, refused):
    assert making.make(path, data) == refused


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">', (800, 400)),
        (b'<svg width="30px" height="60px" id="a">', (800, 1600)),
        (b"<svg>", (800, 600)),
    ],
)
def test_the_place_of_a_drawing_is_kept_by_its_proportions(head, size):
    found = made(head, "plan.svg")
    assert (found.width, found.height, found.files) == (*size, {})


def test_pictures_are_found_in_markdown():
    text = (
        "![a](media/a.jpg) [b](/media/b%20c.pdf 'x') ![c](<media/d e.png>) [n]: media/f_(1).jpg https://x/media/g.jpg"
    )
    assert named_in(text) == ["a.jpg", "b c.pdf", "d e.png", "f_(1).jpg"]


# ------------------------------------------------------------------------------------------------ on pages


def test_a_page_offers_the_sizes_keeps_their_place_and_never_loads_what_is_not_seen(town, sites):
    town.files |= {"media/2026/cour.jpg": photo(2000, 1500), "media/banc.jpg": photo(640, 480)}
    photos = [
        {"file": "2026/cour.jpg", "alt": "La cour « avant »", "credit": "Ville"},
        {"file": "banc.jpg", "alt": "Un banc", "caption": "Après", "credit": "Ville"},
    ]
    town.put("project", "2026-P002", project("Une cour", photos=photos, description="![Plan](media/banc.jpg)"))
    sites.build(town.commit())
    page = ReadPage(sites.page("projets/2026-P002"))
    found = [one for tag, one in page.tags if tag == "img" and "/media/" in one["src"]]
    first, *others = found
    assert (first["src"], first["alt"]) == ("../../media/2026/cour.jpg.480.jpg", "La cour « avant »")
    assert (first["width"], first["height"], first.get("loading")) == ("1280", "960", None)
    assert [(one["alt"], one["width"], one["height"], one["loading"]) for one in others] == [
        ("Plan", "640", "480", "lazy"),
        ("Un banc", "640", "480", "lazy"),
    ]
    sources = [one["srcset"] for tag, one in page.tags if tag == "source"]
    assert sources[0].split(", ")[1:] == [
        "../../media/2026/cour.jpg.800.webp 800w",
        "../../media/2026/cour.jpg.1280.webp 1280w",
    ]
    named = {word for one in [*sources, *(one["srcset"] for one in found)] for word in re.findall(r"media/\S+", one)}
    assert named <= sites.files().keys()
    assert "Après. Photo : Ville" in " ".join("".join(page.words).split())


def test_the_original_is_nowhere_on_the_site(town, sites):
    data = town.files["media/cour.jpg"] = photo(1600, 1200)
    town.put("project", "2026-P002", project("Une cour", photos=[{"file": "cour.jpg", "alt": "La cour"}]))
    sites.build(town.commit())
    assert [name for name, file in sites.files().items() if file == data or COMMENT in file] == []


def test_a_list_shows_the_small_size(town, sites):
    town.files["media/cour.jpg"] = photo(1600, 1200)
    town.put("project", "2026-P002", project("Une cour", photos=[{"file": "cour.jpg"}]))
    sites.build(town.commit())
    assert 'src="../media/cour.jpg.480.jpg"' in sites.page("projets")


def test_a_broken_or_missing_photo_is_told_with_its_field_and_the_page_goes_without_it(town, sites):
    town.files |= {"media/cour.jpg": photo(80, 60), "media/abime.jpg": b"rien"}
    photos = [{"file": name, "alt": name} for name in ("abime.jpg", "cour.jpg", "perdue.jpg")]
    text = "Avant ![la place](media/abime.jpg) après."
    path = town.put("project", "2026-P002", project("Une cour", photos=photos, description=text))
    problems = sites.build(town.commit()).problems
    assert [(one.file, one.field, one.severity) for one in problems] == [
        (path, field, Severity.WARNING) for field in ("photos.1.file", "photos.3.file", "description")
    ]
    assert [problem.message for problem in problems[:2]] == [
        "Cette image ne peut pas être lue\u00a0: le fichier est abîmé, ou n’est pas une image.",
        "Le fichier «\u00a0media/perdue.jpg\u00a0» manque.",
    ]
    page = sites.page("projets/2026-P002")
    assert "abime" not in page
    assert "perdue" not in page
    assert "media/cour.jpg.480.jpg" in page
    assert "Avant la place après." in page
    assert "media/abime.jpg" not in sites.files()


def test_a_faulty_picture_of_the_home_page_or_of_an_edition_is_told_too(town, sites):
    town.put("instance", "instance", INSTANCE | {"look": {"home_image": "perdue.jpg"}})
    town.put("edition", "2026", EDITION | {"description": "![Une affiche](media/perdue.png)"})
    problems = sites.build(town.commit()).problems
    assert [(one.file, one.field) for one in problems] == [
        ("editions/2026/edition.yml", "description"),
        ("instance.yml", "look.home_image"),
    ]
    assert "perdue" not in sites.page("")


def test_a_photo_that_comes_later_finds_the_pages_that_wait_for_it(town, sites):
    town.put("project", "2026-P002", project("Une cour", photos=[{"file": "cour.jpg", "alt": "La cour"}]))
    sites.build(town.commit())
    assert "cour.jpg" not in sites.page("projets/2026-P002")
    town.files["media/cour.jpg"] = photo(1000, 500)
    report = sites.build(town.commit())
    assert (report.full, report.problems) == (False, [])
    assert 'width="1000" height="500"' in sites.page("projets/2026-P002")
    town.files["media/cour.jpg"] = photo(500, 1000)
    assert sites.build(town.commit()).full is False
    assert 'width="500" height="1000"' in sites.page("projets/2026-P002")


def test_only_new_pictures_are_made(town, sites, monkeypatch):
    town.files["media/cour.jpg"] = photo(80, 60)
    sites.build(town.commit())
    asked = []
    real = making.make
    monkeypatch.setattr(making, "make", lambda path, data: asked.append(path) or real(path, data))
    town.files |= {"media/place.jpg": photo(90, 60), "media/copie.jpg": town.files["media/cour.jpg"]}
    sites.build(town.commit())
    sites.build(town.commit(), full=True)
    assert asked == ["media/place.jpg"]


def test_two_processes_make_the_pictures_of_one(town, sites):
    town.files |= {f"media/{number}.jpg": photo(500 + number, 300) for number in range(6)}
    source = town.commit()
    sites.build(source, "one", processes=1)
    sites.build(source, "two", processes=2)
    assert sites.files("one") == sites.files("two")


def test_a_worker_that_answers_signals_itself_makes_pictures_and_goes_on(town, sites):
    """The processes that draw inherit its answer to SIGTERM: nothing may wait for them to die of one."""
    town.files |= {f"media/{number}.jpg": photo(500 + number, 300) for number in range(6)}
    source = town.commit()
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        for name in ("one", "two", "three"):
            sites.build(source, name, processes=2)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert sites.files("one") == sites.files("three")


def test_a_process_that_is_killed_while_it_draws_is_told_and_the_next_build_goes_on(town, sites, monkeypatch):
    town.files |= {f"media/{number}.jpg": photo(500 + number, 300) for number in range(6)}
    source = town.commit()
    with monkeypatch.context() as patch:
        patch.setattr(making, "make", lambda _path, _data: os.kill(os.getpid(), signal.SIGKILL))
        with pytest.raises(PicturesFailed):
            sites.build(source, processes=2)
    sites.build(source, processes=2)
    assert "media/3.jpg" in sites.files()


def test_a_cache_that_lost_or_tore_files_is_mended(town, sites):
    town.files["media/cour.jpg"] = photo(900, 600)
    source = town.commit()
    sites.build(source)
    torn, lost = sorted((sites.folder / "cache-a" / "pictures").glob("*/*"))[:2]
    torn.write_bytes(b"")
    lost.unlink()
    sites.build(source, "b", cache="a")
    assert sites.files("b") == sites.files("a")


def test_pictures_that_nothing_shows_any_more_leave_the_cache_after_a_day(town, sites, monkeypatch):
    town.files |= {"media/a.jpg": photo(80, 60), "media/b.jpg": photo(60, 80)}
    source = town.commit()
    sites.build(source)
    cache = sites.folder / "cache-a"
    entries = source.entries()
    assert studio.forget(cache, {"media/a.jpg": entries["media/a.jpg"]}) == 0
    monkeypatch.setattr(studio, "_KEPT", -1.0)
    assert studio.forget(cache, {"media/a.jpg": entries["media/a.jpg"]}) == 3
    assert {file.name.partition(".")[0] for file in cache.glob("pictures/*/*")} == {entries["media/a.jpg"]}
