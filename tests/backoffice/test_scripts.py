"""The scripts of the office: what several of them do is written once, and loaded as a module by those who do it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "backoffice" / "static"
SCRIPTS = [*STATIC.glob("*.js"), *(ROOT / "themes" / "office" / "scripts").rglob("*.js")]


@pytest.mark.parametrize(("sign", "home"), [("dragover", "dropping.js"), ("?q=$", "offering.js")])
def test_dropping_and_searching_while_typing_are_written_once(sign, home):
    assert [script.name for script in SCRIPTS if sign in script.read_text("utf-8")] == [home]


def test_a_script_that_imports_another_is_loaded_as_a_module():
    importing = {one.name for one in STATIC.glob("*.js") if re.search("^import ", one.read_text("utf-8"), re.MULTILINE)}
    pages = (ROOT / "backoffice" / "templates").rglob("*.html")
    loaded = {
        found for page in pages for found in re.findall(r'filename="([\w-]+\.js)"\) }}" (\w+)', page.read_text("utf-8"))
    }
    assert {name: how for name, how in loaded if name in importing and how != "type"} == {}
    assert importing <= {name for name, _how in loaded}
