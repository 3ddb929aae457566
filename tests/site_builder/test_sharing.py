"""What is shared: the picture of a page, the code that leads to it; when they are made, and when not again."""

from __future__ import annotations

import datetime as dt
import io
import re
import sqlite3

import pytest
import segno
from PIL import Image, ImageChops

from backoffice.cli import main as laureat
from site_builder.publish import make_sharing, publish, take_back
from site_builder.releases import Site
from site_builder.sharing import card, code
from site_builder.sharing.card import Words, draw
from tests.site_builder import publishing
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.small_town import INSTANCE, project

NOW = publishing.NOW
SITE = "Budget participatif – Valmont"
LONG = (
    "Œuvre collective : « L’été à l’ombre », fresque, mobilier et plantations d’arbres le long du canal, du pont Vieux "
    "jusqu’à l’écluse, avec les élèves des écoles Jean-Moulin et Simone-Veil, pour ralentir les voitures et rafraîchir"
)


def go(town, place, when=NOW):
    return publish(town.path, place, author="agent-7", when=when, processes=1)


def share(town, place, going_on=lambda: True):
    made, complete = make_sharing(town.path, place, NOW, going_on)
    return sorted(made), complete


def seen(words: Words) -> Image.Image:
    return Image.open(io.BytesIO(draw(words)))


def _difference(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.difference(one, other).getbbox()


# ------------------------------------------------------------------------------------------------ the picture


@pytest.mark.parametrize(
    "words",
    [
        Words("Un banc", SITE, "Livré", "Le Bief"),
        Words(LONG, SITE, "Non retenu à l’issue du vote", LONG),
        Words("ANTICONSTITUTIONNELLEMENT" * 6, LONG, LONG, "Le Bief"),
        Words("", SITE),
        Words("أهلا 😀 Ελλάδα", SITE, "Livré", "№ 1"),
    ],
)
def test_a_card_has_the_size_that_messengers_ask_for_and_words_stay_inside_it(words):
    data = draw(words)
    picture = Image.open(io.BytesIO(data))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(data) < 40_000
    for margin in ((0, 0, 79, 478), (1121, 0, 1200, 478), (0, 490, 79, 630), (1121, 490, 1200, 630)):
        assert _difference(_part(picture, margin), _plain(picture, margin)) is None, margin


def _part(picture, box):
    return picture.convert("RGB").crop(box)


def _plain(picture, box):
    part = _part(picture, box)
    return Image.new("RGB", part.size, part.getpixel((0, 0)))


def test_a_long_title_is_set_in_smaller_letters_on_more_lines():
    def heights(title: str) -> int:
        picture = seen(Words(title, SITE))
        box = (80, 140, 1120, 470)
        rows = [_part(picture, (80, row, 1120, row + 1)).getcolors(maxcolors=2000) for row in range(140, 470)]
        assert _difference(_part(picture, box), _plain(picture, box)) is not None
        return sum(len(colours) > 1 for colours in rows)

    assert heights("Un banc") < heights("Un banc et des arbres fruitiers devant l’école du Bief") < heights(LONG)


def test_a_card_has_the_colours_of_the_town_and_words_that_stand_out_on_them():
    light = seen(Words("Un banc", SITE, brand="#f2b632")).convert("RGB")
    dark = seen(Words("Un banc", SITE, brand="#123456")).convert("RGB")
    assert (light.getpixel((5, 5)), dark.getpixel((5, 5))) == ((0xF2, 0xB6, 0x32), (0x12, 0x34, 0x56))
    shades = [{colour for _count, colour in one.crop((80, 140, 1120, 470)).getcolors()} for one in (light, dark)]
    assert (0x06, 0x21, 0x1F) in shades[0]
    assert (255, 255, 255) in shades[1]


def test_the_same_words_give_the_same_bytes():
    assert draw(Words(LONG, SITE, "Livré", "Le Bief")) == draw(Words(LONG, SITE, "Livré", "Le Bief"))


# ------------------------------------------------------------------------------------------------ the code


def test_a_code_is_the_one_of_its_address():
    address = "https://budget.example/projets/2026-P001/"
    drawing = code.draw(address).decode()
    size = int(re.search(r'viewBox="0 0 (\d+) ', drawing)[1])
    dark = set()
    # The path draws rows: "M x y.5" to start, "m dx dy" to move on, "h n" to draw n modules.
    column = row = 0
    steps = drawing.split('stroke="#000" d="')[1]
    for letter, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", steps):
        if letter == "M":
            column, row = int(first), int(float(second))
        elif letter == "m":
            column, row = column + int(first), row + int(float(second or 0))
        else:
            dark |= {(column + step, row) for step in range(int(first))}
            column += int(first)
    expected = segno.make(address, micro=False, error="m", boost_error=False, mask=3)
    rows = list(expected.matrix_iter(border=4))
    assert size == len(rows)
    assert dark == {(x, y) for y, line in enumerate(rows) for x, module in enumerate(line) if module}


def test_a_project_shows_its_code_for_paper_and_offers_it_for_posters(town, sites):
    sites.build(town.commit())
    page = ReadPage(sites.page("projets/2026-P001"))
    picture = next(one for tag, one in page.tags if tag == "img" and one["src"].endswith("partage/2026-P001.svg"))
    assert (picture["alt"], picture["loading"]) == ("Code QR qui mène à cette page", "lazy")
    link = next(one for tag, one in page.tags if tag == "a" and "download" in one)
    assert (link["href"], link["download"]) == ("../../partage/2026-P001.svg", "2026-P001.svg")


def test_a_town_without_address_shares_nothing(town, sites, place):
    town.put("instance", "instance", {key: value for key, value in INSTANCE.items() if key != "url"})
    sites.build(town.commit())
    assert "partage/" not in sites.page("projets/2026-P001")
    go(town, place)
    assert share(town, place) == ([], True)
    assert list((place / "current/partage").iterdir()) == []


# ------------------------------------------------------------------------------------------------ making


def test_files_to_share_come_after_the_pages_and_one_change_makes_one_picture_again(town, place):
    town.put("project", "2026-P002", project("Un banc"))
    town.commit()
    go(town, place)
    every = ["2026-0001.png", "2026-P001.png", "2026-P001.svg", "2026-P002.png", "2026-P002.svg"]
    assert share(town, place) == ([*every, "accueil.png", "attente.svg", "edition-2026.png"], True)
    assert share(town, place) == ([], True)
    town.put("project", "2026-P002", project("Un banc", description="Tout autre."))
    town.commit()
    go(town, place)
    assert share(town, place) == ([], True)
    town.put("project", "2026-P002", project("Deux bancs"))
    town.commit()
    go(town, place)
    assert share(town, place) == (["2026-P002.png"], True)


def test_a_new_address_makes_the_codes_again_and_what_is_gone_goes(town, place):
    town.commit()
    go(town, place)
    share(town, place)
    town.put("instance", "instance", INSTANCE | {"url": "https://autre.example"})
    del town.files["editions/2026/ideas/2026-0001.yml"]
    town.commit()
    go(town, place)
    assert share(town, place) == (["2026-P001.svg", "accueil.png"], True)
    assert not (place / "current/partage/2026-0001.png").exists()


def test_a_run_that_is_stopped_is_gone_on_with(town, place):
    town.commit()
    go(town, place)
    turns = iter([True, True, False])
    first, complete = share(town, place, lambda: next(turns))
    assert (len(first), complete) == (2, False)
    rest, complete = share(town, place)
    assert (len(rest), complete) == (4, True)
    assert set(first).isdisjoint(rest)


def test_files_that_were_lost_and_a_ledger_that_is_torn_are_made_again(town, place):
    town.commit()
    go(town, place)
    every, _complete = share(town, place)
    (place / "current/partage/accueil.png").unlink()
    assert share(town, place) == (["accueil.png"], True)
    (place / "partage.sqlite").write_bytes(b"no database at all, but long enough to be read as one")
    assert share(town, place) == (every, True)


def test_a_publication_taken_back_takes_its_pictures_back(town, place):
    town.commit()
    go(town, place)
    share(town, place)
    before = (place / "current/partage/2026-P001.png").read_bytes()
    town.put("project", "2026-P001", project("Un verger"))
    town.commit()
    go(town, place, NOW + dt.timedelta(hours=1))
    assert share(town, place) == (["2026-P001.png"], True)
    take_back(town.path, place, None, author="agent-7", when=NOW + dt.timedelta(hours=2))
    assert share(town, place) == (["2026-P001.png"], True)
    assert (place / "current/partage/2026-P001.png").read_bytes() == before


def test_making_them_keeps_nobody_from_publishing(town, place):
    town.commit()
    go(town, place)
    published = []

    def going_on() -> bool:
        if not published:
            town.put("project", "2026-P002", project("Entre-temps"))
            town.commit()
            published.append(go(town, place, NOW + dt.timedelta(minutes=1)))
        return True

    share(town, place, going_on)
    assert published[0].changed
    assert share(town, place) == (["2026-P002.png", "2026-P002.svg"], True)
    with Site.open(place) as site:
        assert site.find("projets/2026-P002/index.html") is not None


def test_a_build_into_a_folder_makes_them_too_unless_told(town, tmp_path, capsys):
    town.commit()
    out = tmp_path / "out"
    assert laureat(["build", str(town.path), "--out", str(out), "--no-data"]) == 0
    assert (out / "partage/2026-P001.svg").is_symlink()
    assert laureat(["build", str(town.path), "--out", str(out)]) == 0
    assert "6 pictures and codes to share made." in capsys.readouterr().out
    assert not (out / "partage/2026-P001.svg").is_symlink()


# ------------------------------------------------------------------------------------------------ before that

BOTH = INSTANCE | {"languages": ["fr", "en"], "title": {"fr": "Budget participatif", "en": "Participatory budget"}}
PICTURES = re.compile(r'(?:"https://budget\.example/|/)(partage/[^"]+)"')


def missing(folder) -> list[str]:
    """The files to share that pages of a site name and that are not there."""
    named = {found[1] for page in folder.rglob("*.html") for found in PICTURES.finditer(page.read_text())}
    assert named
    return sorted(name for name in named if not (folder / name).is_file())


def test_no_page_ever_names_a_picture_or_code_that_is_not_there(town, place):
    town.put("instance", "instance", BOTH)
    town.commit()
    live = place / "current"
    go(town, place)
    assert missing(live) == []
    assert (live / "partage/2026-P001.png").read_bytes() == (live / "partage/accueil.png").read_bytes()
    assert "Code QR" in (live / "partage/2026-P001.svg").read_text()
    assert "in preparation" in (live / "partage/2026-P001.en.svg").read_text()
    share(town, place)
    town.put("project", "2026-P002", project("Un banc"))
    town.commit()
    go(town, place, NOW + dt.timedelta(minutes=1))
    assert missing(live) == []
    made = ["2026-P002.en.png", "2026-P002.en.svg", "2026-P002.png", "2026-P002.svg"]
    assert share(town, place) == (made, True)
    assert not any(file.is_symlink() for file in (live / "partage").iterdir())


def test_pages_that_are_taken_back_find_something_at_their_pictures_too(town, place):
    town.put("project", "2026-P002", project("Un banc"))
    town.commit()
    go(town, place)
    share(town, place)
    del town.files["editions/2026/projects/2026-P002.yml"]
    town.commit()
    go(town, place, NOW + dt.timedelta(minutes=1))
    share(town, place)
    assert not (place / "current/partage/2026-P002.png").exists()
    take_back(town.path, place, None, author="agent-7", when=NOW + dt.timedelta(minutes=2))
    assert missing(place / "current") == []


def test_what_stands_in_for_pages_that_go_before_their_picture_is_made_goes_with_them(town, sites):
    town.put("project", "2026-P002", project("Un banc"))
    sites.build(town.commit())
    assert "partage/2026-P002.svg" in sites.files()
    del town.files["editions/2026/projects/2026-P002.yml"]
    sites.build(town.commit())
    assert [name for name in sites.files() if "2026-P002" in name] == []


def test_each_language_has_pictures_in_its_words(town, place):
    town.put("instance", "instance", BOTH)
    town.put("project", "2026-P001", project({"fr": "Un verger", "en": "An orchard"}))
    town.commit()
    go(town, place)
    share(town, place)
    shared = place / "current/partage"
    for name in ("2026-P001", "accueil", "edition-2026", "2026-0001"):
        assert (shared / f"{name}.png").read_bytes() != (shared / f"{name}.en.png").read_bytes(), name
    english = (place / "current/en/projets/2026-P001/index.html").read_text()
    assert "https://budget.example/partage/2026-P001.en.png" in english
    assert "https://budget.example/partage/accueil.en.png" in (place / "current/en/index.html").read_text()


def test_another_way_of_drawing_makes_every_picture_again(town, place, monkeypatch):
    town.commit()
    go(town, place)
    share(town, place)
    monkeypatch.setattr(card, "VERSION", 2)
    assert [name for name in share(town, place)[0] if name.endswith(".svg")] == []
    ledger = sqlite3.connect(place / "partage.sqlite")
    assert ledger.execute("SELECT count(*) FROM made").fetchone() == (6,)
    ledger.close()
