"""Where the files to share lie: light enough for every page to ask. What draws them is in `card` and `code`.

`language` is the folder of a language, "" for the main one of the site: each has pictures and codes of its own.
"""

from __future__ import annotations

from site_builder.addresses import SHARE, slug

CARD_SIZE = (1_200, 630)  # what messengers and networks ask for
TYPES = ("project", "idea")
"""The types of records that have a picture of their own; projects have a code, too."""


def home(language: str = "") -> str:
    """The address of the picture of the site as a whole."""
    return f"{SHARE}accueil{_in(language)}.png"


def card_of(id: str, language: str = "") -> str:
    """The address of the picture of a project or an idea."""
    return f"{SHARE}{id}{_in(language)}.png"


def card_of_edition(id: str, language: str = "") -> str:
    """The address of the picture of an edition."""
    return f"{SHARE}edition-{slug(id)}{_in(language)}.png"


def code_of(id: str, language: str = "") -> str:
    """The address of the QR code of a project's page."""
    return f"{SHARE}{id}{_in(language)}.svg"


def code_to_come(language: str = "") -> str:
    """The address of what is shown in place of a code that is not made yet."""
    return f"{SHARE}attente{_in(language)}.svg"


def of_record(type_name: str, id: str, language: str = "") -> list[str]:
    """The addresses of all that the page of a record shares."""
    if type_name not in TYPES:
        return []
    codes = [code_of(id, language)] if type_name == "project" else []
    return [card_of(id, language), *codes]


def _in(language: str) -> str:
    return f".{language.strip('/')}" if language else ""
