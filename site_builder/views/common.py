"""What the views of records share: an article ready to pour, links to other records, rows of lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup

from participation.records.fields import Plain
from site_builder.addresses import EDITIONS, slug
from site_builder.cards import Card, first_day, text
from site_builder.engine import Engine
from site_builder.given import Given
from site_builder.index import Index
from site_builder.pictures.album import HALF

BASE_MARK = "\x00"
"""Stands for the way to the root in rows that are shown at several depths."""
_THEME_PICTURES = {
    "culture": "culture", "cultures": "culture", "art": "culture",
    "education": "education", "ecole": "education", "ecoles": "education", "jeunesse": "education",
    "mobilite": "mobilite", "mobilites": "mobilite", "transports": "mobilite", "velo": "mobilite",
    "nature": "nature", "environnement": "nature", "biodiversite": "nature", "climat": "nature",
    "patrimoine": "patrimoine",
    "solidarite": "solidarite", "solidarites": "solidarite", "sante": "solidarite",
    "sport": "sport", "sports": "sport",
}  # fmt: skip
"""A word of a theme's identifier -> the drawing that stands for the theme; the first such word decides."""


@dataclass(frozen=True, slots=True)
class Article:
    """The part of a page that is its own: plain title and description, HTML, extra lines for the head."""

    title: str
    description: str
    html: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another record, as templates show it."""

    title: str
    href: str
    note: str = ""
    state: str = ""
    family: str = ""
    day: dt.date | None = None


def link(engine: Engine, card: Card, base: str) -> Link:
    """A link to the page of a card from a page `base` away from the root."""
    table = engine.town.words.get(card.type, {})
    return Link(
        card.title,
        base + card.address,
        state=table.get(card.state, ""),
        family=card.family,
        day=first_day(card.day) if card.type in ("event", "article") else None,
    )


def linked(engine: Engine, index: Index, ids: Iterable[str], base: str) -> list[Link]:
    """Links to the records of these identifiers that are public."""
    return [link(engine, card, base) for id in ids if (card := index.card(id)) is not None]


def thumbnail(engine: Engine, card: Card, base: str) -> str:
    """The address of the small picture that stands for a card: its first photo, or the drawing of its theme."""
    return base + (engine.album.small(card.image) or theme_picture(engine, card.theme))


def figure(engine: Engine, card: Card, base: str, *, lazy: bool = False) -> Markup:
    """The same as HTML, larger, as one of two columns shows it."""
    if card.image:
        return engine.album.img(card.image, base, card.image_alt, HALF, lazy=lazy)
    drawing = engine.town.theme_images.get(card.theme, "")
    if engine.album.find(drawing):
        return engine.album.img(drawing, base, "", HALF, lazy=lazy)
    later = ' loading="lazy"' if lazy else ""
    source = f"{base}{theme_picture(engine, card.theme)}"
    return Markup(f'<img src="{source}" alt="" width="800" height="600"{later}>')  # noqa: S704  # our own letters


def theme_picture(engine: Engine, theme: str) -> str:
    """The address of the drawing of a theme: the town's own, or ours."""
    drawing = engine.album.small(engine.town.theme_images.get(theme, ""))
    if drawing:
        return drawing
    drawn = next((_THEME_PICTURES[word] for word in theme.split("-") if word in _THEME_PICTURES), "autre")
    return f"{engine.up}assets/img/theme-{drawn}.svg"


def photos(engine: Engine, plain: Plain, base: str, skip: int = 0) -> list[dict[str, Any]]:
    """The photos of a record that can be shown, ready for a gallery."""
    lang = engine.lang
    return [
        {
            "img": engine.album.img(row["file"], base, text(row.get("alt", ""), lang), HALF),
            "caption": text(row.get("caption", ""), lang),
            "credit": text(row.get("credit", ""), lang),
        }
        for row in (plain or [])[skip:]
        if "file" in row and engine.album.find(row["file"]) is not None
    ]


def main_text(shown: Mapping[str, Plain], lang: str, *names: str) -> str:
    """The text that a page is about: the first of these fields that says something, else the title."""
    found = (text(shown.get(name), lang) for name in (*names, "summary", "title"))
    return next((words for words in found if words), "")


def documents(plain: Plain, base: str, lang: str) -> list[dict[str, str]]:
    """The documents of a record: title, address, kind of file; `base` leads to the root of the site."""
    found = []
    for row in plain or []:
        href = f"{base}media/{row['file']}" if "file" in row else row.get("url", "")
        if href:
            kind = row["file"].rpartition(".")[2].upper() if "file" in row else ""
            found.append({"title": text(row.get("title", ""), lang) or href, "href": href, "kind": kind})
    return found


def facet_links(engine: Engine, card: Card, base: str, catalogue: str) -> Given:
    """The lists that a card stands in: facet -> (words, address)."""
    town = engine.town
    found = Given()
    if card.edition:
        listed = f"{base}{catalogue}edition/{slug(card.edition)}/"
        found["edition_list"] = listed
        known = card.edition in town.editions  # records may come before anybody has described their edition
        found["edition"] = (town.edition(card.edition), f"{base}{EDITIONS}{card.edition}/" if known else listed)
    if card.zone:
        found["zone"] = (town.zone(card.zone), f"{base}{catalogue}quartier/{slug(card.zone)}/")
    if card.theme:
        found["theme"] = (town.theme(card.theme), f"{base}{catalogue}theme/{slug(card.theme)}/")
    return found


def owner_words(engine: Engine, owner: Mapping[str, Plain] | None, card: Card) -> str:
    """Who proposed it: an organisation's name, the label that a person agreed to, or a kind of person."""
    owner = owner or {}
    if organisation := owner.get("organisation"):
        return text(organisation, engine.lang)
    return str(card.more.get("label") or engine.town.words["owner"].get(owner.get("kind", ""), ""))


def registration(shown: Mapping[str, Plain], lang: str) -> Given:
    """How to take part, with its words in the language of the site."""
    return Given({key: text(value, lang) if key == "instructions" else value for key, value in shown.items()})


class Reached(NamedTuple):
    """A state that a record reached: its words, its date as stored, its public reason as HTML."""

    words: str
    date: str
    reason: Markup


def history(engine: Engine, type_name: str, status: Plain, base: str) -> list[Reached]:
    """The states a record went through, latest first, with their public reasons."""
    table = engine.town.words[type_name]
    return [
        Reached(
            table.get(row.get("state", ""), row.get("state", "")),
            row.get("date", ""),
            engine.markdown(text(row.get("reason", ""), engine.lang), base, top=4),
        )
        for row in reversed(status or [])
    ]
