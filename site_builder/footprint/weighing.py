"""Weighing a page: the page itself and every file that a browser fetches to show it, as they lie on the disk.

Counted is the most that a first visit can cost: pictures further down too, each in its largest size; nothing is in a
cache. Texts are weighed as servers send them, compressed by gzip; pictures as they are.
"""

from __future__ import annotations

import gzip
import posixpath
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from participation.messages import mark as _
from site_builder.addresses import AGENDA, EDITIONS, IDEAS, NEWS, PROJECTS, ZONES
from site_builder.releases import Page

KINDS = {
    "home": _("Accueil"),
    "catalogue": _("Catalogue"),
    "project": _("Projet"),
    "idea": _("Idée"),
    "event": _("Rendez-vous"),
    "month": _("Mois de l’agenda"),
    "edition": _("Édition"),
    "zone": _("Quartier"),
    "article": _("Actualité"),
    "page": _("Page de texte"),
}
_BELOW = {PROJECTS: "project", IDEAS: "idea", AGENDA: "event", NEWS: "article", EDITIONS: "edition", ZONES: "zone"}
_CATALOGUES = (f"{PROJECTS}index.html", f"{IDEAS}index.html")
_MONTH = re.compile(r"\d{4}-\d{2}\Z")
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")
_TEXTS = (".html", ".css", ".js", ".svg", ".json", ".ico")
_LEVEL = 6  # of gzip: what servers use unless told


class Weight(NamedTuple):
    """What showing one page costs: requests, bytes as sent, bytes once unpacked."""

    requests: int
    sent: int
    unpacked: int


def kind_of(address: str) -> str:
    """The kind of page that a file of the site is; "" for a file that is none of them."""
    if address == "index.html":
        return "home"
    if address in _CATALOGUES:
        return "catalogue"
    folder, name = posixpath.split(address)
    if name != "index.html":
        return ""
    above, last = posixpath.split(folder)
    if not above:
        return "" if f"{last}/" in (*_BELOW, "recherche/", "donnees/") else "page"
    kind = _BELOW.get(f"{above}/", "")
    return "month" if kind == "event" and _MONTH.match(last) else kind


def typical(pages: Iterable[Page]) -> dict[str, tuple[str, int]]:
    """Kind -> the file of its page of middle size, and how many pages of that kind there are; in the order of KINDS."""
    found: dict[str, list[tuple[int, str]]] = {}
    for page in pages:
        if kind := kind_of(page.address):
            found.setdefault(kind, []).append((page.size, page.address))
    return {kind: (sorted(found[kind])[len(found[kind]) // 2][1], len(found[kind])) for kind in KINDS if kind in found}


def weigh(root: Path, address: str) -> Weight:
    """The weight of the page in file `address` of the site in folder `root`; a missing file weighs nothing."""
    files = [address]
    for loaded in dict.fromkeys(_loaded(address, (root / address).read_text("utf-8"))):
        file = root / loaded
        if not file.is_file():
            continue
        files.append(loaded)
        if loaded.endswith(".css"):
            files += (one for one in _styled(loaded, file.read_text("utf-8")) if (root / one).is_file())
    sent = unpacked = 0
    files = list(dict.fromkeys(files))
    for name in files:
        data = (root / name).read_bytes()
        unpacked += len(data)
        sent += len(gzip.compress(data, _LEVEL, mtime=0)) if name.endswith(_TEXTS) else len(data)
    return Weight(len(files), sent, unpacked)


def _loaded(address: str, html: str) -> Iterator[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for found in reader.found:
        if (inner := _inside(address, found)) is not None:
            yield inner


def _styled(address: str, css: str) -> Iterator[str]:
    for found in _URL.findall(css):
        if (inner := _inside(address, found)) is not None:
            yield inner


def _inside(address: str, target: str) -> str | None:
    """The file of the site that an address leads to, seen from the file `address`; None for one outside or inline."""
    parts = urlsplit(target.strip())
    if parts.scheme or parts.netloc or not parts.path:
        return None
    inner = posixpath.normpath(posixpath.join("/", posixpath.dirname(address), unquote(parts.path)))
    return inner.lstrip("/") or None


class _Reader(HTMLParser):
    """The addresses that a browser fetches by itself, each picture in its largest size and first format."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._picture: str | None = None  # the largest file of the first source of a <picture>; "" before it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and {"stylesheet", "icon", "preload", "modulepreload"} & set(given.get("rel", "").split()):
            self.found.append(given.get("href", ""))
        elif tag == "picture":
            self._picture = ""
        elif tag == "source" and self._picture == "":
            self._picture = _largest(given.get("srcset", ""))
        elif tag == "img":
            self.found.append(self._picture or _largest(given.get("srcset", "")) or given.get("src", ""))
        elif tag in ("script", "iframe", "video", "audio", "embed"):
            self.found.append(given.get("src", ""))
        elif tag in ("use", "image"):
            self.found.append(given.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "picture":
            self._picture = None


def _largest(srcset: str) -> str:
    candidates = [one.split() for one in srcset.split(",") if one.strip()]
    wide = [(int(parts[1].removesuffix("w")), parts[0]) for parts in candidates if len(parts) == 2]
    return max(wide)[1] if wide else ""
