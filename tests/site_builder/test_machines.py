"""What machines read in the head of a page: JSON-LD and Open Graph."""

from __future__ import annotations

import json
import re

import pytest

from site_builder.views.machines import block
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.photos import photo
from tests.site_builder.small_town import INSTANCE, article, event, project

HOSTILE = "Fête </script><script>alert(1)</script> & <!-- \u2028 fin"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def blocks(html):
    """The data of a page by type."""
    found = [json.loads(text) for text in BLOCK.findall(html)]
    assert {one["@context"] for one in found} <= {"https://schema.org"}
    return {one["@type"]: one for one in found}


def properties(html):
    read = ReadPage(html)
    return {one["property"]: one["content"] for tag, one in read.tags if tag == "meta" and "property" in one}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("confirmed", "EventScheduled"),
        ("tentative", "EventScheduled"),
        ("moved", "EventRescheduled"),
        ("cancelled", "EventCancelled"),
    ],
)
def test_an_event_says_when_where_by_whom_and_whether_it_stands(town, sites, state, expected):
    place = {"name": "Salle des fêtes", "address": "3 rue du Bief", "longitude": "2.1", "latitude": "47.1"}
    data = event("Visite", "2026-06-03T18:30", end="2026-06-03T20:00", state=state, place=place, organiser="La voirie")
    town.put("event", "2026-E001", data | {"summary": "Venez."})
    sites.build(town.commit())
    assert blocks(sites.page("agenda/2026-E001"))["Event"] == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Visite",
        "description": "Venez.",
        "startDate": "2026-06-03T18:30:00+02:00",
        "endDate": "2026-06-03T20:00:00+02:00",
        "eventStatus": f"https://schema.org/{expected}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Salle des fêtes",
            "address": "3 rue du Bief",
            "geo": {"@type": "GeoCoordinates", "latitude": 47.1, "longitude": 2.1},
        },
        "organizer": {"@type": "Organization", "name": "La voirie"},
        "url": "https://budget.example/agenda/2026-E001/",
    }


def test_a_whole_day_has_no_hour_and_an_event_online_has_no_place(town, sites):
    town.put("event", "2026-E001", event("Visite", "2026-06-03", online_url="https://visio.example/a"))
    sites.build(town.commit())
    found = blocks(sites.page("agenda/2026-E001"))["Event"]
    assert found["startDate"] == "2026-06-03"
    assert found["location"] == {"@type": "VirtualLocation", "url": "https://visio.example/a"}
    assert found["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert found["organizer"] == {"@type": "GovernmentOrganization", "name": "Valmont"}


def test_every_kind_of_record_says_where_it_stands_in_the_site(town, sites):
    town.put("project", "2026-P001", project("Un jardin", budget_voted="45000"))
    sites.build(town.commit())
    pages = {
        "projets/2026-P001": ("Projets", "Project"),
        "idees/2026-0001": ("Idées", None),
        "agenda/2026-E001": ("Agenda", "Event"),
        "actualites/2026-A001": ("Actualités", "NewsArticle"),
    }
    for address, (words, kind) in pages.items():
        found = blocks(sites.page(address))
        way = [(one["position"], one["item"]) for one in found["BreadcrumbList"]["itemListElement"]]
        folder = address.partition("/")[0]
        base = "https://budget.example"
        assert way == [(1, f"{base}/"), (2, f"{base}/{folder}/"), (3, f"{base}/{address}/")]
        assert found["BreadcrumbList"]["itemListElement"][1]["name"] == words
        assert kind is None or kind in found
    money = blocks(sites.page("projets/2026-P001"))["Project"]["funding"]["amount"]
    assert money == {"@type": "MonetaryAmount", "value": "45000", "currency": "EUR"}


def test_the_home_page_says_how_to_search(town, sites):
    sites.build(town.commit())
    action = blocks(sites.page(""))["WebSite"]["potentialAction"]
    assert action["target"]["urlTemplate"] == "https://budget.example/recherche/?q={search_term_string}"


def test_no_text_ends_the_block_it_stands_in(town, sites):
    town.put("project", "2026-P002", project(HOSTILE))
    town.put("article", "2026-A002", article(HOSTILE, "2026-05-04"))
    sites.build(town.commit())
    for address in ("projets/2026-P002", "actualites/2026-A002"):
        html = sites.page(address)
        assert "alert(1)</script>" not in html
        assert HOSTILE in {one.get("name") or one.get("headline") for one in blocks(html).values()}
    assert "<" not in block({"name": HOSTILE}).removeprefix("<script").removesuffix("</script>")


def test_a_project_or_an_idea_is_shared_with_its_own_picture_and_the_size_of_it(town, sites):
    town.put("project", "2026-P002", project("Un lavoir « rond »"))
    sites.build(town.commit())
    shared = properties(sites.page("projets/2026-P002"))
    assert shared["og:image"] == "https://budget.example/partage/2026-P002.png"
    assert shared["og:image:alt"] == "Un lavoir « rond » (En travaux)"
    assert (shared["og:image:width"], shared["og:image:height"]) == ("1200", "630")
    assert (shared["og:site_name"], shared["og:locale"]) == ("Budget participatif", "fr_FR")
    assert 'name="twitter:card" content="summary_large_image"' in sites.page("projets/2026-P002")
    assert properties(sites.page("idees/2026-0001"))["og:image"] == "https://budget.example/partage/2026-0001.png"
    assert properties(sites.page("editions/2026"))["og:image"] == "https://budget.example/partage/edition-2026.png"


def test_news_and_events_are_shared_with_their_photo_any_other_page_with_the_picture_of_the_site(town, sites):
    town.files["media/lavoir.jpg"] = photo(60, 40)
    photos = [{"file": "lavoir.jpg", "alt": "Le lavoir « vu du pont »"}]
    town.put("article", "2026-A002", article("Un lavoir", "2026-05-04", photos=photos))
    town.put("article", "2026-A003", article("Un banc", "2026-05-04", photos=[{"file": "banc.svg", "alt": "Un banc"}]))
    sites.build(town.commit())
    shared = properties(sites.page("actualites/2026-A002"))
    assert shared["og:image"] == "https://budget.example/media/lavoir.jpg"
    assert (shared["og:image:alt"], shared["og:image:width"]) == ("Le lavoir « vu du pont »", "60")
    for address in ("actualites/2026-A003", "", "projets", "agenda", "mode-d-emploi"):
        assert properties(sites.page(address))["og:image"] == "https://budget.example/partage/accueil.png", address


def test_a_town_without_address_says_nothing_that_needs_one(town, sites):
    town.put("instance", "instance", {key: value for key, value in INSTANCE.items() if key != "url"})
    sites.build(town.commit())
    assert blocks(sites.page("")) == {}
    found = blocks(sites.page("agenda/2026-E001"))
    assert list(found) == ["Event"]
    assert "url" not in found["Event"]
    assert "og:image" not in properties(sites.page("projets/2026-P001"))


def test_a_project_can_be_passed_on_without_anybody_in_between(town, sites):
    town.put("project", "2026-P001", project("Un jardin & un banc"))
    sites.build(town.commit())
    read = ReadPage(sites.page("projets/2026-P001"))
    mail = "mailto:?subject=Un%20jardin%20%26%20un%20banc&body=https%3A//budget.example/projets/2026-P001/"
    assert mail in read.addresses()
    buttons = [one for tag, one in read.tags if tag == "button" and ("data-share" in one or "data-print" in one)]
    assert [sorted(one.keys() & {"data-share", "data-print", "hidden"}) for one in buttons] == [
        ["data-share", "hidden"],
        ["data-print", "hidden"],
    ]
