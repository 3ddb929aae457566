"""What may come in, what is done to it, what is refused and why: hostile files first."""

from __future__ import annotations

import json
import zlib

import pytest

from backoffice.media import drawing, intake, paper, redraw
from backoffice.media.intake import Refused, taken
from tests.backoffice.media.files import DRAWING, PAPER, bomb, from_a_telephone, opened, photo


def refusal(name, data, **more):
    with pytest.raises(Refused) as refused:
        taken(name, data, **more)
    return refused.value.message


def svg(inside, head=""):
    start = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{head}{start} viewBox='0 0 4 3'>{inside}</svg>".encode()


UNFOLDING = "<path id='n0'/>" + "".join(
    f"<g id='n{level}'>" + f"<use href='#n{level - 1}'/>" * 10 + "</g>" for level in range(1, 9)
)


def drawn(inside, head=""):
    return drawing.clean(svg(inside, head)).data.decode()


# ------------------------------------------------------------------------------------------------ pictures


def test_a_photo_is_turned_upright_and_says_no_more_where_by_whom_and_with_what_it_was_taken():
    kept = taken("IMG_2041 Place.JPG", from_a_telephone())
    assert opened(kept.content).size == (40, 60)
    left = (b"Camille", b"Dupont", b"Exif", b"GPS", b"2025:10")
    assert [secret for secret in left if secret in kept.content or secret in kept.small] == []
    assert dict(opened(kept.content).getexif()) == {}
    assert kept.name == "img-2041-place.jpg"
    assert kept.facts == {"title": "IMG 2041 Place", "date": "2025-10-03"}


def test_a_large_photo_is_brought_down_to_a_sane_size_with_a_small_one_for_lists():
    kept = taken("grande.jpg", photo(size=(3000, 1500)))
    assert opened(kept.content).size == (2000, 1000)
    assert opened(kept.small).size == (480, 240)


def test_the_photo_of_a_telephone_is_decoded_at_half_its_size():
    with opened(photo(size=(4000, 3000))) as image:
        redraw.begin_small(image)
        assert image.size == (2000, 1500)


def test_a_photo_with_transparency_is_written_without_the_slow_search_for_a_tenth_less(monkeypatch):
    monkeypatch.setattr(redraw, "_PHOTO_AS_PNG", 50)
    slow = photo("PNG", mode="RGBA", optimize=True)
    told, (kept, _small) = redraw.read(redraw.drawn(slow, ""))
    assert told["format"] == "PNG"
    assert kept != slow
    assert opened(kept).tobytes() == opened(slow).tobytes()


def test_the_same_photo_is_always_drawn_the_same():
    assert taken("a.jpg", photo()).content == taken("b.jpg", photo()).content


@pytest.mark.parametrize(("form", "end"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp"), ("GIF", ".png")])
def test_the_name_ends_as_the_bytes_say_whatever_it_said_before(form, end):
    kept = taken("photo.exe", photo(form))
    assert kept.name == f"photo{end}"
    assert opened(kept.content).format == {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}[end]


def test_a_replacement_takes_the_type_of_what_it_replaces():
    assert opened(taken("a.png", photo("PNG"), like="2025/pont.jpg").content).format == "JPEG"
    assert opened(taken("a.jpg", photo(), like="2025/pont.webp").content).format == "WEBP"
    assert refusal("a.pdf", PAPER, like="2025/pont.jpg") == intake.OTHER_TYPE[0]
    assert refusal("a.jpg", photo(), like="2025/plan.svg") == intake.OTHER_TYPE[0]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Photos\\Été 2025.JPG", "ete-2025.jpg"),
        ("a\x00b\r\nSet-Cookie: x.jpg", "a-b-set-cookie-x.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("....jpg", "jpg.jpg"),
        ("ÉÉÉ", "eee.jpg"),
        ("日本.jpg", "fichier.jpg"),
        ("x" * 500 + ".jpg", "x" * 66 + ".jpg"),
        ("-rf.jpg", "rf.jpg"),
    ],
)
def test_a_name_never_leads_anywhere(name, safe):
    kept = taken(name, photo(size=(4, 4)))
    assert kept.name == safe
    assert not any(ord(character) < 32 for character in kept.facts["title"])


@pytest.mark.parametrize(
    "data", [bomb(60_000, 60_000), bomb(20_000, 2_001)], ids=["3.6 thousand million points", "40 million"]
)
def test_a_picture_with_more_points_than_memory_is_refused_before_it_is_opened(data):
    assert len(data) < 1000
    assert refusal("bombe.png", data) == intake.PIXELS[0]


@pytest.mark.parametrize(
    "data",
    [photo()[:200], b"\xff\xd8\xff" + b"<script>alert(1)</script>" * 20, bomb(500, 500), photo("PNG")[:60]],
    ids=["cut off", "script with the head of a photo", "points that are not there", "only a head"],
)
def test_a_damaged_picture_is_refused_in_words(data):
    assert refusal("abime.jpg", data) == intake.BROKEN[0]


def test_what_hides_behind_a_photo_is_not_kept():
    behind = b"PK\x03\x04<?php system($_GET[0]); ?><script>alert(1)</script>%PDF-1.7"
    kept = taken("polyglotte.jpg", photo(comment=b"<script>alert(2)</script>") + behind)
    assert b"script" not in kept.content
    assert b"PK\x03\x04" not in kept.content


def test_a_picture_that_takes_too_long_or_too_much_ends_its_own_process_only(monkeypatch):
    monkeypatch.setattr(intake, "_PATIENCE", 0.001)
    assert refusal("lente.jpg", photo()) == intake.BROKEN[0]


def test_an_answer_of_the_drawing_process_that_is_torn_is_none():
    whole = redraw.answer({"format": "JPEG"}, b"abc", b"d")
    assert redraw.read(whole) == ({"format": "JPEG"}, [b"abc", b"d"])
    for end in range(len(whole)):
        if end in (8 + len(json.dumps({"format": "JPEG"})), len(whole) - 9):
            continue  # whole parts: the number of files is looked at by whoever asked
        with pytest.raises(ValueError, match=r"answer|Expecting"):
            redraw.read(whole[:end])


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("programme.jpg", b"MZ\x90\x00" + b"\0" * 100, intake.UNKNOWN[0]),
        ("page.html", b"<!doctype html><script>alert(1)</script>", intake.UNKNOWN[0]),
        ("notes.txt", b"bonjour", intake.UNKNOWN[0]),
        ("photo.heic", b"\0\0\0\x18ftypheic" + b"\0" * 50, intake.HEIC[0]),
        ("tableau.xlsx", b"PK\x03\x04" + b"\0" * 50, intake.OFFICE[0]),
        ("vide.jpg", b"", intake.EMPTY[0]),
    ],
)
def test_what_is_no_photo_drawing_or_pdf_is_refused_with_what_to_do(name, data, words):
    assert refusal(name, data) == words


def test_what_is_too_heavy_for_its_type_is_refused_unopened():
    assert refusal("a.svg", DRAWING + b" " * 1_000_000) == "Ce fichier pèse 2\u00a0Mo, c’est trop."
    assert "11 Mo" in refusal("a.pdf", PAPER + b" " * 10_000_000)
    assert "21 Mo" in refusal("a.jpg", photo() + b" " * 20_000_000)


# ------------------------------------------------------------------------------------------------ drawings


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<script xlink:href='https://mechant.example/x.js'/>",
        "<g onload='alert(1)'/>",
        "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='javascript:alert(1)'/></foreignObject>",
        "<a xlink:href='javascript:alert(1)'><text>ici</text></a>",
        "<image href='https://mechant.example/pixel.png'/>",
        "<image href='data:image/svg+xml;base64,AAAA'/>",
        "<use href='https://mechant.example/a.svg#x'/>",
        "<use xlink:href='data:image/svg+xml,x#y'/>",
        "<style>@import url(https://mechant.example/a.css);</style>",
        "<style>path { fill: url( 'https://mechant.example/#a') }</style>",
        "<style>path { fill: \\75rl(https://mechant.example) }</style>",
        "<path style='fill:url(https://mechant.example/#a)'/>",
        "<path fill='url(//mechant.example/#a)'/>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<animate attributeName='xlink:href' values='javascript:alert(1)'/>",
        "<handler type='text/ecmascript'>alert(1)</handler>",
        "<iframe src='https://mechant.example'/>",
        "<feImage href='https://mechant.example/a.png'/>",
        "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?xml-stylesheet href='https://mechant.example/a.css'?>",
    ],
)
def test_nothing_in_a_drawing_runs_or_loads_anything(inside):
    made = drawn(inside + "<path d='M0 0'/>")
    low = made.replace("http://www.w3.org/2000/svg", "").replace("&lt;", "‹").lower()
    for never in (
        "<script",
        "alert(1)</",
        "mechant",
        "javascript",
        "onload",
        "foreignobject",
        "<image",
        "import",
        "data:",
    ):
        assert never not in low
    assert '<path d="M0 0"/>' in made


@pytest.mark.parametrize(
    "data",
    [
        svg("&a;", '<!DOCTYPE svg [<!ENTITY a "ha">]>'),
        svg("&a;", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        svg("", '<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://mechant.example/x.dtd"> %x;]>'),
        svg("<g>" * 150 + "</g>" * 150),
        svg("<path/>" * 50_001),
        svg("<g id='a'><use href='#a'/></g>"),
        svg(UNFOLDING),
        svg("<pattern id='p'><path fill='url(#p)'/></pattern>"),
        b"<html><svg xmlns='http://www.w3.org/2000/svg'></svg></html>",
        b"<svg></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
        b"<svg",
    ],
)
def test_a_drawing_that_hides_or_never_ends_is_refused(data):
    assert refusal("a.svg", data) == intake.UNSAFE_DRAWING[0]


def test_an_honest_drawing_stays_as_it_is_and_what_was_cut_out_is_said():
    inside = (
        "<defs><linearGradient id='g'><stop offset='0' stop-color='#fff'/></linearGradient></defs><g class='a'>"
        "<path d='M0 0h4' style='fill:url(#g);stroke:red'/><text x='1'>1 &lt; 2</text></g><use xlink:href='#g'/>"
        "<style>.a{opacity:.5}</style>"
    )
    made = drawn(inside, "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'>")
    for kept in (
        "fill:url(#g);stroke:red",
        "1 &lt; 2",
        'href="#g"',
        "<style>.a{opacity:.5}</style>",
        'viewBox="0 0 4 3"',
    ):
        assert kept in made
    assert not drawing.clean(svg(inside)).cut
    assert drawing.clean(made.encode()).data.decode() == made.replace("</svg>\n", "</svg>\n")
    assert taken("a.svg", svg("<script/><path/>")).note == intake.CUT
    assert taken("a.svg", DRAWING).note == ""


# ------------------------------------------------------------------------------------------------ documents


def with_hidden(inside: bytes) -> bytes:
    packed = zlib.compress(inside)
    stream = b"3 0 obj\n<< /Type /ObjStm /N 1 /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    return PAPER.replace(b"trailer", stream + b"trailer")


def test_an_honest_document_is_kept_as_it_is():
    assert taken("Compte rendu.PDF", PAPER).content == PAPER
    assert taken("Compte rendu.PDF", PAPER).name == "compte-rendu.pdf"
    assert paper.fault_of(with_hidden(b"4 0 << /Type /Page >>")) is None


@pytest.mark.parametrize(
    "data",
    [
        PAPER.replace(b"/Type", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Type", 1),
        PAPER.replace(b"/Type", b"/OpenAction << /S /Java#53cript >> /Type", 1),
        PAPER.replace(b"/Type", b"/A << /S /Launch /F (cmd.exe) >> /Type", 1),
        PAPER.replace(b"/Type", b"/Names << /EmbeddedFiles 9 0 R >> /Type", 1),
        with_hidden(b"4 0 << /S /JavaScript /JS (app.alert(1)) >>"),
        with_hidden(b"\0" * 41_000_000),
    ],
    ids=["script", "script in disguise", "program", "file inside", "script in a stream", "bomb"],
)
def test_a_document_that_does_something_is_refused(data):
    assert refusal("a.pdf", data) == intake.PAPERS["active"][0]


def test_a_document_that_is_locked_torn_or_none_is_refused():
    assert refusal("a.pdf", PAPER.replace(b"/Root", b"/Encrypt 5 0 R /Root")) == intake.PAPERS["locked"][0]
    assert refusal("a.pdf", PAPER[:-20]) == intake.PAPERS["broken"][0]
    assert refusal("a.pdf", b"<html>" + PAPER) == intake.UNKNOWN[0]
    torn = with_hidden(b"x" * 100).replace(b"stream\nx", b"stream\n\xff")
    assert paper.fault_of(torn) == paper.Fault("broken")
