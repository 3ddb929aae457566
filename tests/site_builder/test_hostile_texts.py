"""What an attacker types into any text of any type is shown as text on every page and in every feed of the site."""

from __future__ import annotations

import pytest

from participation.records import TYPES
from tests.hostile import HOSTILE, alive, poisoned

IDS = {
    "project": "2026-P007",
    "idea": "2026-0007",
    "event": "2026-E007",
    "article": "2026-A007",
    "page": "contact",
    "edition": "2026",
    "instance": "instance",
}
READ_AS_MARKUP = (".html", ".xml", ".atom", ".svg")


@pytest.mark.parametrize("type_name", IDS)
def test_a_hostile_text_is_text_wherever_it_is_shown(town, sites, type_name):
    data = poisoned(TYPES[type_name])
    if type_name == "idea":
        data["status"][0]["state"] = "feasible"
    if type_name == "event":
        del data["recurrence"]
    town.put(type_name, IDS[type_name], data)
    report = sites.build(town.commit(), people={"p-tressecret": HOSTILE[:80]})
    pages = {path: data.decode() for path, data in sites.files().items() if path.endswith(READ_AS_MARKUP)}
    assert {path: found for path, text in pages.items() if (found := alive(text))} == {}
    assert [problem for problem in report.problems if problem.severity == "error"] == []
    assert any("&lt;script&gt;alert(1)" in text for text in pages.values())
