"""The look of a site, as plain data: names, menu, footer, colours, what a town put in its `theme/` folder.

Nothing here reads content or writes files: the caller fills a `Look` from the instance record,
`shells.build_shells` and `stylesheets.site_stylesheet` make something of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from site_builder.shipped import THEME


@dataclass(frozen=True, slots=True)
class Link:
    """A label and where it leads.

    `address` is from the root of the site without a leading slash (`projets/`; empty for the root itself), or
    a whole address with its scheme.
    """

    label: str
    address: str
    lang: str = ""
    """The language of the label when it is not the page's."""


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """A list of links of the footer; `label` names it to a screen reader."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours a town may change, `#rrggbb`, in the light scheme; an empty one is derived from `brand`."""

    brand: str = ""
    brand_dark: str = ""
    tint: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What the shells of one language are made of. Every label is already in that language.

    `main` is the main language of the site, `folder` where the pages in this one lie (`en/`; empty for the main
    language); links lead to addresses below it. `search` is the address of its search page (empty: no search),
    `contact` is Markdown, `languages` the other languages as (code, link from the root, in which `tongues.HERE`
    stands for the page's address). `town_files` are the files of the content's `theme/` folder by their name:
    `logo.svg`, `style.css`, `announce.md`, `footer.md`, `fonts/*.woff2`; others are ignored. `foot` is Markdown above
    the foot of every page. `depths` are the numbers of folders above the pages (0 is the root).
    """

    site_name: str
    town: str = ""
    language: str = "fr"
    site_url: str = ""
    folder: str = ""
    main: str = "fr"
    menu: tuple[Link, ...] = ()
    search: str = ""
    languages: tuple[tuple[str, Link], ...] = ()
    contact: str = ""
    footer: tuple[LinkGroup, ...] = ()
    colours: Colours = field(default_factory=Colours)
    theme: Path = THEME
    town_files: Mapping[str, bytes] = field(default_factory=dict)
    foot: str = ""
    depths: tuple[int, ...] = (0, 1, 2, 3, 4)
