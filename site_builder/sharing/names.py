"""Where the files to share lie: light enough for every page to ask. What draws them is in `card` and `code`."""

from __future__ import annotations

from site_builder.addresses import SHARE, slug

CARD_SIZE = (1_200, 630)  # what messengers and networks ask for
HOME = f"{SHARE}accueil.png"


def card_of(id: str) -> str:
    """The address of the picture of a project or an idea."""
    return f"{SHARE}{id}.png"


def card_of_edition(id: str) -> str:
    """The address of the picture of an edition."""
    return f"{SHARE}edition-{slug(id)}.png"


def code_of(id: str, lang: str = "") -> str:
    """The address of the QR code of a project's page; `lang` where that is not in the main language of the site."""
    return f"{SHARE}{id}.{lang}.svg" if lang else f"{SHARE}{id}.svg"
