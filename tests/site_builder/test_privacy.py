"""What is private, embargoed or hostile in a record never reaches a file of the site as it stands."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from participation.records import TYPES
from participation.records.containers import Group, PlaceField, Rows, Texts
from participation.records.figures import Date, Day, Instant, Integer, Money, When
from participation.records.instance import Colour, Tiles
from participation.records.redirects import SiteAddress
from participation.records.territory import Geometry
from participation.records.texts import Choice, Code, Flag, Media, Ref, TimeZone, Url
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.small_town import NOW, article, event, idea, project

LATER = "2026-05-25T08:00:00+02:00"
MARKER = "tressecret"
PAST = "2001-02-03T04:05:06+00:00"
UNMARKED = {"schema", "second_person", "series", "visible_from"}
"""Private fields that no text fits in: a number, a yes or no, an instant."""


def filled(kind, *, private: bool = False):
    """Valid data with every field of every depth; private ones hold the marker."""
    return {name: _value(name, field, private or not field.public) for name, field in kind.fields.items()}


def _value(name, field, private):
    match field:
        case Group():
            return filled(field.part, private=private)
        case Rows():
            return [filled(field.part, private=private)]
        case Texts():
            return [_value(name, field.item, private)]
        case PlaceField():
            return {"name": "Place", "longitude": "2.1", "latitude": "47.1"}
        case Geometry():
            return {"type": "Point", "coordinates": [2.1, 47.1]}
        case Choice():
            return next(iter(field.options))
        case Flag():
            return True
        case Integer():
            return 1
        case Money():
            return "1200"
        case When() | Day():
            return "2026-06-03"
        case Date():
            return "2026-05"
        case Instant():
            return PAST
        case TimeZone():
            return "Europe/Paris"
        case Colour():
            return "#0b5351"
        case Tiles():
            return "https://tiles.example/{z}/{x}/{y}.png"
        case SiteAddress():
            return f"/ancienne/{name}/"
        case Url():
            return "https://example.org/"
        case Media():
            return "banc.svg"
        case Ref() if not private:
            return {"zone": "bief", "theme": "nature", "service": "voirie", "page": "mode-d-emploi"}.get(
                field.to, "2026"
            )
        case Code() if name == "person":
            return f"p-{MARKER}"
        case Code() if name == "languages":
            return "fr"
        case Code() if name == "currency":
            return "EUR"
        case Code() if name == "state":
            return "delivered"
        case _:
            return f"{MARKER}-{name}" if private else f"public-{name}"


@pytest.mark.parametrize("type_name", ["project", "idea", "event", "article", "page", "edition", "instance"])
def test_no_file_of_the_site_holds_what_a_private_field_holds(town, sites, type_name):
    ids = {"project": "2026-P007", "idea": "2026-0007", "event": "2026-E007", "article": "2026-A007", "page": "contact"}
    id = ids.get(type_name, {"edition": "2026", "instance": "instance"}.get(type_name))
    data = filled(TYPES[type_name])
    if type_name == "idea":
        data["status"][0]["state"] = "feasible"
    if type_name == "event":
        del data["recurrence"]
    path = town.put(type_name, id, data)
    town.files[path] += f"une_cle_inconnue: {MARKER}-inconnue\n".encode()
    kept = town.files[path].decode()
    private = {name for name, field in TYPES[type_name].fields.items() if not field.public} - UNMARKED
    assert {name for name in private if MARKER in str(data[name])} == private
    assert kept.count(MARKER) >= len(private)
    report = sites.build(town.commit(), markers=(MARKER,))
    assert [str(problem) for problem in report.problems if problem.file == path and problem.severity == "error"] == []
    files = sites.files()
    assert any(b"public-title" in content for content in files.values())
    assert [name for name, content in files.items() if MARKER.encode() in content.lower()] == []
    assert [name for name, content in files.items() if b"04:05:06" in content] == []


def test_services_say_their_public_fields_only(town, sites):
    town.files["services.yml"] = f"- id: voirie\n  title: La voirie\n  note: {MARKER}\n".encode()
    town.put("project", "2026-P001", project("Un jardin", service="voirie"))
    sites.build(town.commit())
    assert "La voirie" in sites.page("projets/2026-P001")
    assert [name for name, content in sites.files().items() if MARKER.encode() in content] == []


def test_a_private_text_that_a_view_would_show_stops_the_build(town, sites):
    from participation.problems import ContentError

    town.put("project", "2026-P002", project("Un banc", description="Dit à tort : 06 99 99 99 99"))
    with pytest.raises(ContentError, match="ne peut pas être fabriqué"):
        sites.build(town.commit(), markers=("06 99 99 99 99",))


@pytest.mark.parametrize("cache", ["same", "other"])
def test_what_is_under_embargo_shows_when_its_time_has_come_and_not_before(town, sites, cache):
    held = [
        {"state": "winner", "date": "2026-01-10"},
        {
            "state": "abandoned",
            "date": "2026-05-02",
            "visible_from": LATER,
            "reason": "Secret-raison",
            "holds": ["summary"],
        },
    ]
    town.put("project", "2026-P002", project("Un banc", status=held, summary="Secret-resume", money_goes_to="Ailleurs"))
    town.put(
        "event", "2026-E002", event("Secret-rendez-vous", "2026-06-09", projects=["2026-P002"], visible_from=LATER)
    )
    secret = article("Secret-nouvelle", "2026-05-20", projects=["2026-P002"], visible_from=LATER)
    town.put("article", "2026-A002", secret)
    town.put("page", "contact", {"title": "Secret-page", "body": "Bientôt.", "visible_from": LATER, "in_footer": True})
    town.put("project", "2026-P003", project("Caché", status=[{"state": "works", "visible_from": LATER}]))
    source = town.commit()
    sites.build(source)
    assert [
        name for name, content in sites.files().items() if b"Secret" in content or "Caché".encode() in content
    ] == []
    assert "Lauréat" in sites.page("projets/2026-P002")
    assert "projets/2026-P003/index.html" not in sites.files()
    before = dt.datetime.fromisoformat(LATER) - dt.timedelta(minutes=1)
    assert b"Secret" not in b"".join(_built(sites, source, before, cache).values())
    files = _built(sites, source, dt.datetime.fromisoformat(LATER) + dt.timedelta(minutes=1), cache)
    site = b"".join(files.values()).decode("utf-8", "replace")
    for words in ("raison", "resume", "rendez-vous", "nouvelle", "page"):
        assert f"Secret-{words}" in site
    assert "projets/2026-P003/index.html" in files


def _built(sites, source, now, cache):
    name = "a" if cache == "same" else f"at-{now:%d%H%M}"
    sites.build(source, name, now=now)
    return sites.files(name)


def test_an_embargo_that_ends_within_the_day_is_seen_by_the_next_build_of_the_same_content(town, sites):
    afternoon = NOW.replace(hour=14)
    town.put("page", "contact", {"title": "Secret-page", "body": "Bientôt.", "visible_from": afternoon.isoformat()})
    source = town.commit()
    sites.build(source)
    assert sites.build(source, now=NOW.replace(hour=13)).nothing_to_do is True
    sites.build(source, now=NOW.replace(hour=15))
    assert "contact/index.html" in sites.files()


def test_an_idea_that_is_still_a_draft_is_nowhere(town, sites):
    town.put("idea", "2026-0002", idea("Secret-idee", "draft"))
    sites.build(town.commit())
    assert [name for name, content in sites.files().items() if b"Secret" in content] == []


HOSTILE = (
    '<script>alert("1")</script>',
    '"><img src=x onerror=alert(2)>',
    "</title></head><body onload=alert(3)>",
    "{{ 7 * 7 }}{% raw %}",
    "'-alert(4)-' &amp; &lt;b&gt; &#60;i&#62;",
    "\u202eedoc\u202c مرحبا بالعالم 🌳👩‍👩‍👧",
    "Donaudampfschifffahrtsgesellschaft" * 3,
    "un\u00adtrait\u200bcaché",
)
MARKDOWN = "\n\n".join(
    [
        "<script>alert(5)</script>",
        "[un](javascript:alert(6)) [deux](data:text/html,x) [trois](//ailleurs.example/x) <https://x.example/>",
        "![image](https://suivi.example/pixel.gif) ![autre](javascript:alert(7))",
        "<a href='x' onclick='alert(8)'>clic</a> <style>*{display:none}</style> <iframe src=x></iframe>",
        "| a | b |\n|---|---|\n| <b onmouseover=alert(9)> | `<script>` |",
        "&lt;script&gt;alert(10)&lt;/script&gt;",
    ]
)


def test_hostile_titles_and_texts_come_out_as_text(town, sites):
    for number, words in enumerate(HOSTILE, 10):
        name = f"2026-P{number:03}"
        more = {"summary": words, "owner": {"organisation": words}, "partners": [words], "description": MARKDOWN}
        more["steps"] = [{"kind": "works", "title": words, "note": words, "actual_start": "2026-01"}]
        more["photos"] = [{"file": "banc.svg", "alt": words, "caption": words, "credit": words}]
        more["place"] = {"name": words, "address": words, "longitude": "2.1", "latitude": "47.2"}
        town.put("project", name, project(words, rank=number, **more))
        town.put("idea", f"2026-{number:04}", idea(words, need=MARKDOWN, redirected_to=words, project=name))
        moved = {"change_note": words, "access": words, "state": "moved"}
        town.put("event", f"2026-E{number:03}", event(words, "2026-06-03", **moved))
        town.put("article", f"2026-A{number:03}", article(words, "2026-05-01", summary=words, body=MARKDOWN))
    town.put("page", "contact", {"title": HOSTILE[1], "body": MARKDOWN, "in_footer": True})
    report = sites.build(town.commit())
    assert [str(problem) for problem in report.problems if problem.severity == "error"] == []
    scripts = set()
    for name, content in sites.files().items():
        if not name.endswith(".html"):
            continue
        page = ReadPage(content.decode())
        for tag, attributes in page.tags:
            assert [key for key in attributes if key.startswith("on")] == [], name
            assert not re.match(r"\s*(?:javascript|data|vbscript):", attributes.get("href", "").lower()), name
            assert "example/pixel" not in attributes.get("src", ""), name
            assert tag not in ("iframe", "object", "embed", "base"), name
            data = attributes.get("type") in {"application/ld+json", "application/json"}  # never run
            if tag == "script" and not data:
                scripts.add(re.sub(r"^(?:\.\./|/)*", "", attributes.get("src", "inline")))
            assert tag != "style" or attributes == {}, name
        assert b"49{" not in content, name
        assert page.count("h1") == 1, name
        assert page.count("body") == 1, name
    scripts.discard("assets/carte.js")  # there where set-up has made the program of the map
    assert {re.sub(r"\.[0-9a-f]{8}\.", ".", script) for script in scripts} == {
        "assets/laureat.js",
        "assets/search.js",
        "assets/catalogue.js",
    }
    page = sites.page("projets/2026-P010")
    assert "&lt;script&gt;alert(" in page
