"""The search index: which pages are indexed together, driving Pagefind, and putting its files where visitors find them.

An index is a derived file: made by the worker from the live pages after a publication, part of no release. What of a
page is searched, its filters and its title, is said by `data-pagefind-*` attributes in the page's template.

Below the folder of the index:

    groupes.json            which groups there are: read first by `search.js`, replaced last
    fr-2024/                one Pagefind bundle for each group
    fr-2024/fichiers.txt    its files; those of the bundle before stay one turn longer, for visitors who are searching
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from pagefind_bin import get_executable

from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder.index import Index
from site_builder.releases import Page, disk
from site_builder.tongues import tongues

SEARCHED = ("project", "idea", "event", "article", "page")
FOLDER = "recherche/index"
GROUP_SIZE = 3_000  # pages: some 3 s and 450 MB of Pagefind for a group
CHUNK_SIZE = 4_000  # word positions in one chunk of an index, a fifth of Pagefind's own: a word costs a visitor 6 kB
TIME_LIMIT = 900.0  # seconds for one group
NICENESS = 10  # saving and publishing go first

ENTRY = "groupes.json"
FILES = "fichiers.txt"
_WORK = ".travail-"
_PARTS = ("index", "fragment", "filter")  # folders of files named after their content
_SCRIPTS = ("pagefind.js", "pagefind-worker.js")
_LAST = "pagefind-entry.json"  # names the others


class IndexingFailed(LaureatError):
    """Pagefind could not make an index; visitors go on searching the one before. `detail` is for the log."""

    def __init__(self, group: str, detail: str) -> None:
        super().__init__(
            _("L’index de recherche « %s » n’a pas pu être fait.") % group,
            kept=_("Le site est en ligne\u202f; la recherche porte encore sur sa version précédente."),
            hint=_(
                "Il sera refait à la prochaine publication. Si cela dure, prévenez la personne qui administre Lauréat."
            ),
        )
        self.group = group
        self.detail = detail


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page to be found. `digest` changes when what is searched in it does; `edition` is empty for what has none."""

    address: str
    edition: str
    digest: str
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Group:
    """Pages indexed together. As long as `key` stays the same their index need not be made again."""

    name: str
    language: str
    addresses: tuple[str, ...]
    key: str


def groups_of(index: Index, find: Callable[[str], Page | None]) -> list[Group]:
    """The groups of the pages that a site has now: `find` gives the live page at an address."""
    known = index.remembered()
    pages = [
        SearchPage(f"{folder}{card.address}index.html", card.edition, page.key, code)
        for type_name in SEARCHED
        for card in index.cards(type_name)
        for code, folder in tongues(known.get("languages", "").split())
        if (page := find(f"{folder}{card.address}index.html")) is not None
    ]
    return index_groups(pages, known.get("edition", ""))


def index_groups(pages: Iterable[SearchPage], current: str, size: int = GROUP_SIZE) -> list[Group]:
    """Share pages out: for each language the current edition, then the older ones together up to `size` pages.

    What has no edition goes with the current one. An edition larger than `size` is cut by a hash of the address, so
    that a new page changes one part only.
    """
    by_language: dict[str, dict[str, list[SearchPage]]] = {}
    for page in pages:
        by_language.setdefault(page.language, {}).setdefault(page.edition or current, []).append(page)
    groups: list[Group] = []
    for language, editions in sorted(by_language.items()):
        newest = editions.pop(current, [])
        groups += _cut(language, current, newest, size)
        for name, found in _together(editions, size):
            groups += _cut(language, name, found, size)
    return groups


def outdated(groups: Iterable[Group], folder: Path) -> list[Group]:
    """The groups whose index is missing or was made of other pages."""
    keys = {group["name"]: group["key"] for group in _entry(folder)}
    return [group for group in groups if keys.get(group.name) != group.key]


def update(live: Path, folder: Path, groups: list[Group], *, forget: bool = False) -> list[str]:
    """Index again what is outdated among `groups`, all there are, and return the names of the groups that were.

    `live` is the folder of the pages, `folder` that of the index (`Site.shared("recherche/index")`). A kill loses at
    most the group that was being indexed. `forget` deletes the former index at once: for an erasure, which must not
    stay one turn longer. Raises IndexingFailed.
    """
    group_name = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock")):
            for left in folder.parent.glob(_WORK + "*"):
                shutil.rmtree(left)
            known = {group["name"]: group for group in _entry(folder)}
            done = outdated(groups, folder)
            for group in done:
                group_name = group.name
                with _bundle(live, folder, group) as bundle:
                    _publish(bundle, folder / group.name)
                known[group.name] = _described(group)
                _write_entry(folder, [known[one.name] for one in groups if one.name in known])
            if len(known) != len(groups):
                _write_entry(folder, [known[group.name] for group in groups])
            _sweep(folder, {group.name for group in groups}, forget=forget)
            return [group.name for group in done]
    except OSError as fault:
        raise IndexingFailed(group_name, str(fault)) from fault


# ---------------------------------------------------------------------------------------------------- groups


def _together(editions: dict[str, list[SearchPage]], size: int) -> Iterator[tuple[str, list[SearchPage]]]:
    """Older editions from the oldest on, so that a year that ends joins the last group and moves no other."""
    names: list[str] = []
    found: list[SearchPage] = []
    for edition in sorted(editions):
        if found and len(found) + len(editions[edition]) > size:
            yield _span(names), found
            names, found = [], []
        names.append(edition)
        found = found + editions[edition]
    if found:
        yield _span(names), found


def _span(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}_{names[-1]}"


def _cut(language: str, name: str, pages: list[SearchPage], size: int) -> Iterator[Group]:
    count = max(1, -(-len(pages) // (size * 3 // 2)))  # half as much again is borne, lest a growing year be cut at once
    parts: list[list[SearchPage]] = [[] for _number in range(count)]
    for page in pages:
        parts[zlib.crc32(page.address.encode()) % count].append(page)
    for number, part in enumerate(parts, 1):
        if part:
            yield _group(f"{language}-{name}" + (f".{number}" if count > 1 else ""), language, part)


def _group(name: str, language: str, pages: list[SearchPage]) -> Group:
    pages = sorted(pages, key=lambda page: page.address)
    made_with = [importlib.metadata.version("pagefind-bin"), language, CHUNK_SIZE]
    key = hashlib.sha256(json.dumps([made_with, [(page.address, page.digest) for page in pages]]).encode())
    return Group(name, language, tuple(page.address for page in pages), key.hexdigest())


# ---------------------------------------------------------------------------------------------------- Pagefind


@contextmanager
def _bundle(live: Path, folder: Path, group: Group) -> Iterator[Path]:
    """The bundle that Pagefind makes of a group, in a folder of its own beside the index, deleted afterwards."""
    work = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder.parent))
    try:
        _link_pages(live.resolve(), work / "pages", group.addresses)
        _run(group, work)
        if not (work / "bundle" / _LAST).is_file():
            raise IndexingFailed(group.name, "Pagefind wrote no index: has any page a data-pagefind-body?")
        disk.flush_all(work)
        yield work / "bundle"
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _link_pages(live: Path, pages: Path, addresses: Iterable[str]) -> None:
    """Only the pages of the group, as symbolic links: `a/b/index.html` as `a/b.html`, which saves a folder each.

    `search.js` turns the addresses back.
    """
    for address in addresses:
        folder, slash, name = address.rpartition("/")
        flat = f"{folder}.html" if slash and name == "index.html" else f"{address}.html"
        link = pages / flat
        try:
            link.symlink_to(live / address)
        except FileNotFoundError:
            link.parent.mkdir(parents=True)
            link.symlink_to(live / address)


def _run(group: Group, work: Path) -> None:
    command = [
        str(get_executable()), "--site", "pages", "--output-path", "bundle",
        "--force-language", group.language, "--keep-index-url", "--quiet",
    ]  # fmt: skip
    # An environment and a working folder of its own: no setting of the machine's changes the index.
    settings = {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": str(CHUNK_SIZE)}
    with subprocess.Popen(
        command, cwd=work, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        try:
            output, _none = process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise IndexingFailed(group.name, f"no answer from Pagefind after {TIME_LIMIT:.0f} s") from None
    if process.returncode != 0:
        raise IndexingFailed(group.name, output.decode(errors="replace")[-2_000:])


# ---------------------------------------------------------------------------------------------------- files


def _publish(bundle: Path, place: Path) -> None:
    """Put a bundle in place: files named after their content that are new, then the scripts, last what names them.

    So a visitor who searches meanwhile has the former index or the new one, whole.
    """
    named = [path for part in _PARTS for path in (bundle / part).glob("*")] + list(bundle.glob("*.pf_meta"))
    engines = [path for path in bundle.glob("wasm.*.pagefind") if path.name != "wasm.unknown.pagefind"]
    fixed = [bundle / name for name in _SCRIPTS] + (engines or list(bundle.glob("wasm.*")))
    for part in ("", *_PARTS):
        (place / part).mkdir(parents=True, exist_ok=True)
    for path in named:
        target = place / path.relative_to(bundle)
        if not target.exists():
            path.rename(target)
    for path in [*fixed, bundle / _LAST]:
        target = place / path.name
        if not target.exists() or target.read_bytes() != path.read_bytes():
            path.replace(target)
    former = _files(place)
    names = [path.relative_to(bundle).as_posix() for path in [*named, *fixed, bundle / _LAST]]
    _replace(place / FILES, "\n".join(sorted(names)))
    _delete_others(place, former | set(names))


def _sweep(folder: Path, wanted: set[str], *, forget: bool) -> None:
    """Delete the groups that are no more, and with `forget` what the former bundles alone had."""
    for place in folder.iterdir():
        if place.is_dir() and place.name not in wanted:
            shutil.rmtree(place)
        elif forget and place.is_dir():
            _delete_others(place, _files(place))


def _files(place: Path) -> set[str]:
    try:
        return set((place / FILES).read_text("utf-8").split("\n"))
    except FileNotFoundError:
        return set()


def _delete_others(place: Path, names: set[str]) -> None:
    for path in place.rglob("*"):
        if path.is_file() and path.name != FILES and path.relative_to(place).as_posix() not in names:
            path.unlink()


def _entry(folder: Path) -> list[dict[str, object]]:
    try:
        groups: list[dict[str, object]] = json.loads((folder / ENTRY).read_text("utf-8"))["groups"]
    except (FileNotFoundError, ValueError, KeyError):
        return []
    return groups


def _described(group: Group) -> dict[str, object]:
    return {"name": group.name, "language": group.language, "key": group.key, "pages": len(group.addresses)}


def _write_entry(folder: Path, groups: list[dict[str, object]]) -> None:
    _replace(folder / ENTRY, json.dumps({"groups": groups}, ensure_ascii=False))


def _replace(path: Path, text: str) -> None:
    new = path.with_name(path.name + ".new")
    new.write_text(text, "utf-8")
    new.replace(path)
