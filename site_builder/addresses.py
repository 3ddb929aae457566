"""The addresses of the site: which page lies where, from the root and without a leading slash.

The identifier is the address: a title may change, a link stays (design, section 2).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

_PLAIN = re.compile(r"[A-Za-z0-9/_.~-]*")
PROJECTS, IDEAS, AGENDA, NEWS, EDITIONS, SEARCH, ZONES = (
    "projets/",
    "idees/",
    "agenda/",
    "actualites/",
    "editions/",
    "recherche/",
    "quartiers/",
)
DATA = "donnees/"
SHARE = "partage/"
CATALOGUES = {"project": PROJECTS, "idea": IDEAS}
_FOLDERS = {"project": PROJECTS, "idea": IDEAS, "event": AGENDA, "article": NEWS, "edition": EDITIONS, "page": ""}
# First folders that a page of the town's own cannot take.
RESERVED = frozenset(
    {"projets", "idees", "agenda", "actualites", "editions", "recherche", "donnees", "quartiers", "assets", "media"}
    | {"plan-du-site", "gestion", "partage"}
)


def of_record(type_name: str, id: str) -> str:
    """`projets/2021-P007/`."""
    return f"{_FOLDERS[type_name]}{id}/"


def of_zone(id: str) -> str:
    """`quartiers/les-tanneries/`."""
    return f"{ZONES}{slug(id)}/"


def file(address: str) -> str:
    """The file that holds a page: `projets/` -> `projets/index.html`; a file's own address is unchanged."""
    return f"{address}index.html" if not address or address.endswith("/") else address


def depth(address: str) -> int:
    """How many folders lie above the page."""
    return address.count("/")


@lru_cache(maxsize=4096)  # a few hundred zones, themes and states, asked for on every page
def slug(words: str) -> str:
    """`En travaux` -> `en-travaux`."""
    plain = unicodedata.normalize("NFKD", words.replace("’", "-").replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def quoted(address: str) -> str:
    """An address as it stands in an absolute one: nearly all are plain letters, and quoting costs."""
    return address if _PLAIN.fullmatch(address) else quote(address)


def paged(address: str, number: int) -> str:
    """The address of page `number` (from 1) of a list."""
    return address if number == 1 else f"{address}page/{number}/"
