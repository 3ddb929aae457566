"""Charts and the comparison of editions: figures counted or declared, what is not known, and a table behind each."""

from __future__ import annotations

import re

import pytest

from site_builder.charts import Part, bar
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.small_town import EDITION, idea, project

WON = [{"state": "winner", "date": "2026-01-10"}]
DELIVERED = [*WON, {"state": "delivered", "date": "2026-03-11"}]


def table(page: str, id: str) -> list[list[str]]:
    """The cells of the table behind a chart, line by line."""
    found = re.search(rf'<figure class="lr-chart" aria-labelledby="{id}">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert found is not None
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in found[1].split("</tr>")[:-1]]


def comparison(page: str) -> dict[str, list[str]]:
    """Edition -> cells of the table of editions."""
    found = re.search(r"<table class=\"lr-table lr-editions\".*?<tbody[^>]*>(.*?)</tbody>", page, re.DOTALL)
    assert found is not None
    lines = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in found[1].split("</tr>")[:-1]]
    return {re.sub(r"<[^>]+>", "", line[0]): line[1:] for line in lines}


def clear(town) -> None:
    for path in [path for path in town.files if path.startswith(("editions/2026/", "events", "articles"))]:
        del town.files[path]
    town.put("edition", "2026", EDITION)


def test_a_funnel_counts_how_far_ideas_and_projects_came_whatever_became_of_them(town, sites):
    clear(town)
    histories = (["inadmissible"], ["admissible"], ["admissible", "in_study", "infeasible"], ["feasible", "on_ballot"])
    for number, states in enumerate(histories):
        status = [{"state": state, "date": "2026-02-01", "reason": "Voilà."} for state in states]
        town.put("idea", f"2026-000{number}", idea(f"Idée {number}") | {"status": status})
    town.put("project", "2026-P001", project("Livré", status=DELIVERED))
    town.put("project", "2026-P002", project("Suspendu", "suspended"))
    town.put("project", "2026-P003", project("Perdu", status=[{"state": "not_selected"}]))
    sites.build(town.commit())
    assert table(sites.page("editions/2026"), "parcours") == [
        ["Idées reçues", "4"],
        ["Idées recevables", "3"],
        ["Idées passées à l’étude", "2"],
        ["Projets soumis au vote", "3"],
        ["Projets lauréats", "2"],
        ["Projets livrés", "1"],
    ]


def test_what_nobody_can_count_is_said_to_be_unknown(town, sites):
    clear(town)
    town.put("edition", "2026", EDITION | {"turnout": {"ideas": 214, "admissible": 126}})
    town.put("idea", "2026-0001", idea("Une idée"))
    town.put("project", "2026-P001", project("Livré", status=DELIVERED))
    sites.build(town.commit())
    page = sites.page("editions/2026")
    assert table(page, "parcours") == [
        ["Idées reçues", "214"],
        ["Idées recevables", "126"],
        ["Idées passées à l’étude", "non connu"],
        ["Projets soumis au vote", "non connu"],
        ["Projets lauréats", "1"],
        ["Projets livrés", "1"],
    ]
    assert "1 des 214 idées reçues ont une page ici." in page
    assert "Non connu\u00a0: idées passées à l’étude et projets soumis au vote." in page


def test_each_figure_leads_to_a_list_of_what_it_counts_or_nowhere(town, sites):
    clear(town)
    town.put("idea", "2026-0001", idea("Une idée"))
    town.put("project", "2026-P001", project("Livré", status=DELIVERED))
    town.put("project", "2026-P002", project("Perdu", status=[{"state": "not_selected"}]))
    sites.build(town.commit())
    page = sites.page("editions/2026")
    links = re.findall(r'<a class="lr-chart__label" href="([^"]+)">([^<]+)</a>', page)
    chosen = "etat=delivered&amp;etat=works&amp;etat=preparing&amp;etat=suspended&amp;etat=abandoned"
    assert links == [
        ("../../idees/edition/2026/", "Idées reçues"),
        ("../../projets/edition/2026/", "Projets soumis au vote"),
        (f"../../projets/edition/2026/?edition=2026&amp;{chosen}", "Projets lauréats"),
        ("../../projets/edition/2026/?edition=2026&amp;etat=delivered", "Projets livrés"),
    ]


def test_money_is_added_up_to_the_cent_and_says_of_how_many_projects_it_is_known(town, sites):
    clear(town)
    town.put("project", "2026-P001", project("A", budget_voted="1000.10", budget_paid="0.20"))
    town.put("project", "2026-P002", project("B", cost="2000.20", budget_paid="0.10"))
    town.put("project", "2026-P003", project("C", theme="sport"))
    town.put("project", "2026-P004", project("Perdu", cost="9000", status=[{"state": "not_selected"}]))
    sites.build(town.commit())
    page = sites.page("editions/2026")
    assert table(page, "argent-par-theme") == [
        ["Nature en ville", "3\u202f000,30\u00a0€", "0,30\u00a0€"],
        ["Sport", "non connu", "non connu"],
        ["Total", "3\u202f000,30\u00a0€ (2 projets sur 3)", "0,30\u00a0€ (2 projets sur 3)"],
    ]
    assert "Payé\u00a0: montant connu pour 2 projets sur 3." in page


def test_zones_stand_in_the_order_of_their_numbers_and_words(town, sites):
    clear(town)
    for number, zone in enumerate(("18e", "2e", "10e", "est")):
        town.put("project", f"2026-P00{number}", project(zone, zone=zone))
    sites.build(town.commit())
    lines = table(sites.page("editions/2026"), "etats-par-quartier")
    assert [line[0] for line in lines] == ["est", "2e", "10e", "18e"]


def test_a_theme_of_which_no_amount_is_known_says_so_beside_the_others(town, sites):
    clear(town)
    town.put("project", "2026-P001", project("A", budget_committed="700", budget_paid="500", theme="sport"))
    town.put("project", "2026-P002", project("B", theme="culture"))
    sites.build(town.commit())
    assert table(sites.page("editions/2026"), "argent-par-theme") == [
        ["Sport", "700\u00a0€", "500\u00a0€"],
        ["culture", "non connu", "non connu"],
        ["Total", "700\u00a0€ (1 projet sur 2)", "500\u00a0€ (1 projet sur 2)"],
    ]


def test_states_by_zone_are_one_bar_for_each_zone_with_words_for_those_who_cannot_see_it(town, sites):
    clear(town)
    town.put("project", "2026-P001", project("A", status=DELIVERED))
    town.put("project", "2026-P002", project("B", "works"))
    town.put("project", "2026-P003", project("C", "works", zone="halles"))
    sites.build(town.commit())
    page = sites.page("editions/2026")
    assert table(page, "etats-par-quartier") == [["Le Bief", "1", "1", "2"], ["Les Halles", "0", "1", "1"]]
    assert re.findall(r'<svg class="lr-bar" role="img" aria-label="([^"]+)"', page) == [
        "Livrés\u00a0: 1, En travaux\u00a0: 1",
        "En travaux\u00a0: 1",
    ]


def test_an_edition_with_nothing_to_show_has_no_chart(town, sites):
    clear(town)
    sites.build(town.commit())
    page = sites.page("editions/2026")
    assert ("lr-chart" in page, "lr-editions" in page) == (False, False)


def test_a_bar_needs_no_style_and_no_script_and_parts_differ_by_pattern():
    drawn = bar([Part(1, "done", "Livrés : 1"), Part(3, "work", "En <b> : 3")], 8, numbers=True)
    assert drawn == (
        '<svg class="lr-bar" role="img" aria-label="Livrés : 1, En &lt;b&gt; : 3">'
        '<g class="is-done"><rect class="full" x="0%" width="12.5%" height="100%"/>'
        '<text x="6.25%" y="50%" dy=".35em">1</text></g>'
        '<g class="is-work"><rect class="full" x="12.5%" width="37.5%" height="100%"/>'
        '<rect x="12.5%" width="37.5%" height="100%" fill="url(#m-work)"/>'
        '<text x="31.25%" y="50%" dy=".35em">3</text></g></svg>'
    )


def test_an_edition_stands_beside_those_before_it_and_not_those_after(town, sites):
    clear(town)
    vote = {"phases": [{"phase": "vote", "start": "2023-05-01", "end": "2023-05-31"}]}
    town.put("edition", "2023", {"title": "Édition 2023", "turnout": {"voters": 812, "ideas": 90}} | vote)
    town.put("edition", "2027", {"title": "Édition 2027"})
    town.put("project", "2026-P001", project("Livré", status=DELIVERED, budget_voted="5000"))
    done = {"state": "delivered", "date": "2024-06-30"}
    town.put("project", "2023-P001", project("Vieux", status=[done]))
    town.put("project", "2023-P002", project("Sans date", status=[{"state": "delivered"}]))
    sites.build(town.commit())
    assert comparison(sites.page("editions/2026")) == {
        "Édition 2026": ["non connu"] * 2 + ["1", "1", "5\u202f000\u00a0€", "9\u00a0semaines"],
        "Édition 2023": [
            "90", "812", "2", "2", "non connu", "13\u00a0mois (1 projet sur 2)"
        ],
    }  # fmt: skip
    assert "Non connu pour ces éditions\u00a0: idées recevables." in sites.page("editions/2026")
    assert "lr-editions" not in sites.page("editions/2023")


@pytest.mark.parametrize("change", ["amount", "date", "idea", "gone"])
def test_a_change_in_an_earlier_edition_shows_on_the_later_ones_as_a_full_build_would(town, sites, change):
    town.put("edition", "2023", {"title": "Édition 2023"})
    town.put("project", "2023-P001", project("Vieux", status=DELIVERED, budget_voted="100"))
    town.put("project", "2023-P002", project("Autre", status=DELIVERED, budget_voted="100"))
    town.put("idea", "2023-0001", idea("Idée"))
    sites.build(town.commit())
    if change == "amount":
        town.put("project", "2023-P001", project("Vieux", status=DELIVERED, budget_voted="100", budget_paid="7"))
    elif change == "date":
        status = [*WON, {"state": "delivered", "date": "2026-05-11"}]
        town.put("project", "2023-P001", project("Vieux", status=status, budget_voted="100"))
    elif change == "idea":
        town.put("idea", "2023-0001", idea("Idée", "in_study"))
    else:
        del town.files["editions/2023/projects/2023-P001.yml"]
    source = town.commit()
    report = sites.build(source)
    sites.build(source, "b")
    assert (report.full, sites.files("a") == sites.files("b")) == (False, True)


def test_every_chart_of_the_demonstration_town_has_a_table_and_unique_ids(demonstration):
    folder, _report = demonstration
    page = ReadPage((folder / "editions/2024/index.html").read_text("utf-8"))
    charts = [tag for tag, attributes in page.tags if attributes.get("class") == "lr-chart"]
    behind = [tag for tag, attributes in page.tags if attributes.get("class") == "lr-chart__data"]
    assert (len(charts), len(behind), len(page.ids)) == (3, 3, len(set(page.ids)))
