"""Page shells: MkDocs and Material draw one placeholder page for each depth, this module cuts it.

MkDocs runs as a program of its own and only when a shell must be made again, so that a build that changes
nothing pays neither for its start nor for its memory. Pages of records never pass through it: see `Shell.pour`.
"""

from __future__ import annotations

import hashlib
import html
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

from participation.messages import mark as _
from participation.problems import ContentError, LaureatError, Problem, errors
from site_builder import colours
from site_builder.look import Look
from site_builder.repairs import mend
from site_builder.shell_project import CONTENT, HEAD, TITLE, digest, placeholder, theme_files, words, write_project
from site_builder.tongues import HERE

ABSOLUTE = -1
"""The depth of a page shown at any address (that of error 404): its links start at the root of the host."""
_MATERIAL_FILES = ("assets/stylesheets/main.*.min.css",)
_HERE = HERE.encode()
_TIMEOUT = 120
_KEPT = 8


class ShellError(LaureatError):
    """MkDocs did not build the shell, or built something that cannot be cut."""


@dataclass(frozen=True, slots=True)
class Shell:
    """A page without its title, head and content, for one depth, one active entry of the menu, one language.

    `base` leads to the folder of the language (`../../`), `key` changes when any byte of the shell does.
    """

    before_title: bytes
    before_head: bytes
    before_content: bytes
    after: bytes
    base: str
    key: str
    switch: bool = False

    def pour(self, title: str, head: bytes, content: bytes, address: str = "") -> bytes:
        """The page, in UTF-8: `title` is plain text, `head` and `content` are HTML in UTF-8 and go in as they are.

        `address` is asked for where a shell leads to the same page in another language.
        """
        before_content = self.before_content
        if self.switch:
            before_content = before_content.replace(_HERE, quote(address).encode())
        return b"%b%b%b%b%b%b%b" % (
            self.before_title,
            html.escape(title, quote=False).encode(),
            self.before_head,
            head,
            before_content,
            content,
            self.after,
        )


class _Made(TypedDict):
    """What is kept on disk: by depth the four parts of a page, and the addresses of the files they call for."""

    parts: dict[str, list[str]]
    assets: list[str]


class ShellSet:
    """All shells of a site. `assets` are the files they call for: address -> file to copy.

    `problems` are warnings about the look; `key` changes when any shell may have.
    """

    def __init__(self, looks: Sequence[Look], made: Sequence[tuple[_Made, Path]], key: str) -> None:
        self._looks = {look.language: look for look in looks}
        self._parts = {look.language: entry["parts"] for look, (entry, _folder) in zip(looks, made, strict=True)}
        self._shells: dict[tuple[int, str | None, str], Shell] = {}
        self.key = key
        self.assets = {address: folder / address for entry, folder in made for address in entry["assets"]}
        self.problems: list[Problem] = [problem for look in looks for problem in colours.check(look.colours)]

    def shell(self, depth: int, active: str | None = None, language: str = "") -> Shell:
        """The shell for pages with `depth` folders above them (or `ABSOLUTE`).

        `active` is the address of the menu's entry to mark, as in `Look.menu`; an unknown one marks nothing.
        `language` is by default that of the first look.
        """
        language = language or next(iter(self._looks))
        asked = (depth, active, language)
        if asked not in self._shells:
            self._shells[asked] = self._make(*asked)
        return self._shells[asked]

    def _make(self, depth: int, active: str | None, language: str) -> Shell:
        try:
            parts = self._parts[language][str(depth)]
        except KeyError as error:
            words = _("Aucune page modèle pour la profondeur %(depth)s en «\u00a0%(language)s\u00a0».")
            raise ShellError(words % {"depth": depth, "language": language}) from error
        look = self._looks[language]
        one, two, three, four = (mark_entry(part, look, depth, active).encode() for part in parts)
        key = digest(one, two, three, four)
        return Shell(one, two, three, four, base=_base(look, depth), key=key, switch=bool(look.languages))


def build_shells(looks: Look | Sequence[Look], cache_dir: Path) -> ShellSet:
    """The shells for one look, or for several that differ by their language; the first is the main language.

    A shell is made again only when `shell_key` changes; what was made lies in `cache_dir`, which may be emptied
    at any time. Raises `ShellError` when Material cannot be run, `ContentError` when the town's `theme/` folder
    is at fault.
    """
    looks = [looks] if isinstance(looks, Look) else list(looks)
    keys = [shell_key(look) for look in looks]
    made = [_cached(look, cache_dir / key) for look, key in zip(looks, keys, strict=True)]
    return ShellSet(looks, made, digest(*(key.encode() for key in keys)))


def shell_key(look: Look) -> str:
    """What the shells of a look depend on, as one hash: the look, the theme's files, Material, this package's code.

    Takes a few milliseconds and imports nothing of MkDocs.
    """
    made = hashlib.blake2b(digest_size=16)
    plain = [field.name for field in fields(look) if field.name not in {"theme", "town_files"}]
    made.update(repr([getattr(look, name) for name in plain]).encode())
    made.update(json.dumps(words(look), sort_keys=True).encode())
    for name in sorted(look.town_files):
        made.update(digest(name.encode(), look.town_files[name]).encode())
    for file in [*theme_files(look.theme), *_machinery()]:
        made.update(digest(file.name.encode(), file.read_bytes()).encode())
    return made.hexdigest()


def cut(page: str) -> list[str]:
    """A page that Material built, mended and cut in four at its title, head and content."""
    before_title, title, rest = mend(page).partition(TITLE)
    before_head, head, rest = rest.partition(HEAD)
    before_content, content, after = rest.partition(CONTENT)
    if not (title and head and content):
        raise ShellError(
            _("La page modèle ne porte plus les repères attendus."), hint=_("Vérifiez les gabarits du thème.")
        )
    return [before_title, before_head, before_content, after]


def mark_entry(part: str, look: Look, depth: int, active: str | None) -> str:
    """A part of a shell in which the active entry of the menus is told to people who do not see it."""
    for number, entry in enumerate(look.menu):
        current = ""
        if active is not None and entry.address == active:
            current = ' aria-current="page"' if depth == _depth(entry.address) else ' aria-current="true"'
        part = part.replace(f' data-entry="{number}"', current)
    return part


def _cached(look: Look, folder: Path) -> tuple[_Made, Path]:
    record = folder / "shells.json"
    if not record.is_file():
        _make_into(look, folder)
        _forget_old(folder.parent)
    made: _Made = json.loads(record.read_text("utf-8"))
    return made, folder / "files"


def _make_into(look: Look, folder: Path) -> None:
    """Build with MkDocs beside `folder`, then move there in one step: another process never sees a half."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder.parent) as name:
        project, made = Path(name) / "project", Path(name) / "made"
        project.mkdir()
        problems = write_project(look, project)
        if errors(problems):
            raise ContentError(_("Le dossier theme/ contient une faute."), problems)
        _run_mkdocs(project)
        site = project / "site"
        pages = {str(depth): site / look.folder / placeholder(depth) / "index.html" for depth in look.depths}
        pages[str(ABSOLUTE)] = site / "404.html"
        record: _Made = {
            "parts": {depth: cut(page.read_text("utf-8")) for depth, page in pages.items()},
            "assets": _take_assets(project, made / "files"),
        }
        (made / "shells.json").write_text(json.dumps(record), encoding="utf-8")
        try:
            made.rename(folder)
        except OSError:
            # Somebody made the same shells meanwhile: theirs are as good as ours.
            if not (folder / "shells.json").is_file():
                raise


def _take_assets(project: Path, into: Path) -> list[str]:
    """Copy our own assets and the few of Material's that shells call for; gives their addresses."""
    site, docs = project / "site", project / "docs"
    files = {file.relative_to(docs): file for file in docs.glob("assets/**/*")}
    files |= {file.relative_to(site): file for pattern in _MATERIAL_FILES for file in site.glob(pattern)}
    addresses = sorted(address for address, file in files.items() if file.is_file())
    for address in addresses:
        (into / address).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[address], into / address)
    return [address.as_posix() for address in addresses]


def _run_mkdocs(project: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(project / "mkdocs.yml")]
    try:
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        raise ShellError(_("La fabrication des pages modèles a pris trop de temps.")) from error
    if done.returncode != 0:
        told = (done.stderr or done.stdout)[-2000:].strip()
        raise ShellError(_("MkDocs n’a pas pu fabriquer les pages modèles."), hint=told)


def _forget_old(cache_dir: Path) -> None:
    """Keep the latest looks: going back to an older theme stays quick, the folder does not grow for ever."""
    folders = [folder for folder in cache_dir.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    for folder in sorted(folders, key=lambda folder: folder.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


def _machinery() -> list[Path]:
    """Files whose change means new shells: Material's page, MkDocs' version, our own modules."""
    here = Path(__file__).parent
    names = ("shells", "shell_project", "repairs", "stylesheets", "colours", "markdown", "townfiles")
    ours = [here / f"{name}.py" for name in names]
    return [*ours, _package_file("mkdocs", "__init__.py"), _package_file("material", "templates/base.html")]


def _package_file(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ShellError(
            _("Le paquet %s n’est pas installé.") % package, hint=_("Relancez l’installation (make setup).")
        )
    return Path(spec.submodule_search_locations[0]) / name


def _base(look: Look, depth: int) -> str:
    if depth != ABSOLUTE:
        return "../" * depth
    _scheme, _colon, rest = look.site_url.partition("://")
    path = rest.partition("/")[2].strip("/")
    return f"/{path}/{look.folder}" if path else f"/{look.folder}"


def _depth(address: str) -> int:
    return address.strip("/").count("/") + 1 if address.strip("/") else 0
