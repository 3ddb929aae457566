"""Rules of the whole repository: what no single module can promise."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("participation", "site_builder", "backoffice")
LARGEST_ROOM = 500  # lines
README_LINES = 90

TOP_LEVEL = {
    ".ci",
    ".dockerignore",
    ".editorconfig",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "backoffice",
    "content",
    "docs",
    "participation",
    "publiccode.yml",
    "pyproject.toml",
    "requirements",
    "site_builder",
    "tests",
    "themes",
}


@lru_cache(maxsize=1)
def tracked() -> tuple[str, ...]:
    """Every path that Git keeps."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return tuple(path for path in listing.stdout.split("\0") if path and (ROOT / path).is_file())


def sources(*packages: str) -> list[str]:
    """Tracked Python files, of these packages only when some are named."""
    chosen = packages or (*PACKAGES, "tests")
    return [path for path in tracked() if path.endswith(".py") and path.split("/")[0] in chosen]


def tree_of(path: str) -> ast.Module:
    """The syntax tree of a tracked module."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), path)


def calls(path: str) -> set[str]:
    """Dotted names that a module calls or reads: `os.environ`, `dt.datetime.now`."""
    return {ast.unparse(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}


def imported(path: str) -> set[str]:
    """Top-level names of the modules that a module imports, inside functions too."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_top_level_holds_what_is_expected_and_nothing_else():
    assert {path.split("/")[0] for path in tracked()} == TOP_LEVEL


def test_every_module_says_in_its_first_lines_what_lives_there():
    silent = [path for path in sources() if not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_no_source_file_has_outgrown_its_room():
    outgrown = {
        path: lines
        for path in tracked()
        if path.endswith((".py", ".js", ".css", ".html"))
        if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > LARGEST_ROOM
    }
    assert outgrown == {}


def test_no_module_is_called_utils():
    vague = [path for path in sources() if re.search(r"(^|/)(utils?|helpers?|misc)(/|\.py$)", path)]
    assert vague == []


def test_the_environment_is_read_in_one_module():
    readers = [
        path for path in sources(*PACKAGES) if calls(path) & {"os.environ", "os.getenv", "os.environb", "os.putenv"}
    ]
    assert readers == ["backoffice/settings.py"]


def test_the_domain_asks_neither_the_clock_nor_chance():
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    askers = [
        path
        for path in sources("participation")
        if imported(path) & {"random", "secrets"} or any(call.endswith(tuple(clocks)) for call in calls(path))
    ]
    assert askers == []


def test_nothing_is_left_to_do_in_a_comment():
    marks = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
    left = [path for path in sources(*PACKAGES) if marks.search((ROOT / path).read_text(encoding="utf-8"))]
    assert left == []


def test_no_check_is_silenced_without_a_reason_beside_it():
    bare = re.compile(r"#\s*(?:type: ignore(?:\[[^\]]*\])?|noqa(?:: [A-Z0-9, ]+)?)\s*$")
    silenced = [
        f"{path}:{number}"
        for path in sources(*PACKAGES)
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert silenced == []


@pytest.mark.parametrize("lock", ["requirements/run.txt", "requirements/dev.txt", "requirements/node.txt"])
def test_a_python_lock_holds_hashes_and_names_no_host(lock):
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.search(r"://|--(index|extra-index|find-links|trusted)", line)] == []
    pinned = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]
    assert pinned
    assert [line for line in pinned if "==" not in line or not line.endswith("\\")] == []


def test_the_npm_lock_holds_hashes_and_names_no_host():
    lock = json.loads((ROOT / "themes/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_the_readme_is_short_and_its_links_lead_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= README_LINES
    targets = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r"`(docs/[^`]+)`", text)
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


def test_no_file_of_the_real_data_sets_was_copied(shared_data):
    sizes: dict[int, list[Path]] = {}
    for path in shared_data.rglob("*"):
        if path.is_file() and path.stat().st_size > 200:
            sizes.setdefault(path.stat().st_size, []).append(path)
    copied = [
        path
        for path in tracked()
        for twin in sizes.get((ROOT / path).stat().st_size, [])
        if digest(ROOT / path) == digest(twin)
    ]
    assert copied == []


def digest(path: Path) -> str:
    """A file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_description_for_public_bodies_is_that_of_this_version():
    import tomllib

    import yaml

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert public["softwareVersion"] == project["version"]
    assert public["legal"]["license"] == project["license"]
    for description in public["description"].values():
        assert len(description["genericName"]) <= 35
        assert len(description["shortDescription"]) <= 150
        assert 500 <= len(description["longDescription"]) <= 10_000
