"""Feeds of news and of changes as Atom (RFC 4287): the town's news, the journal of each project.

Texts only: what an entry says stands in full on the page that it leads to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from participation import journal
from participation.journal import Voice
from participation.messages import mark as _
from participation.values import zone_info
from site_builder.addresses import NEWS
from site_builder.cards import Card, first_day
from site_builder.chronicle import Told
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.views import events

FILE = "flux.xml"
NEWS_FEED = f"{NEWS}{FILE}"
KIND = "application/atom+xml"
_LATEST = 30  # pieces of news in the feed


class Entry(NamedTuple):
    """One entry: what names it for ever, its title, its instant (ISO with offset), its page, and what it says."""

    name: str
    title: str
    updated: str
    page: str
    summary: str


def announced(href: str, title: str) -> str:
    """The line of a head that announces a feed at `href`."""
    return events.alternate(href, title, KIND)


def name_of(engine: Engine, card: Card) -> str:
    """What the feed of a record is called."""
    return f"{card.title} – {events.calendar_name(engine)}"


def of_record(engine: Engine, card: Card, told: Sequence[Told]) -> tuple[str, bytes]:
    """Address and bytes of the feed of a record's journal."""
    address = f"{card.address}{FILE}"
    voice = Voice(engine.lang, engine.translate)
    entries = [
        Entry(
            f"{card.address}journal/{one.publication}",
            journal.summary(one.sentences, voice),
            one.moment,
            f"{card.address}#journal",
            "\n".join(one.sentences),
        )
        for one in told
    ]
    subtitle = engine.translate(_("Ce qui a changé dans cette fiche, et quand."))
    return address, feed(engine, name_of(engine, card), subtitle, address, card.address, entries)


def news_name(engine: Engine) -> str:
    """What the feed of the news is called."""
    return f"{engine.translate(_('Actualités'))} – {events.calendar_name(engine)}"


def news(engine: Engine, index: Index) -> bytes:
    """The feed of the latest news."""
    zone = zone_info(engine.town.timezone)
    entries = []
    for card in index.latest("article", _LATEST):
        day = first_day(card.day)
        if day is not None:  # an article without a date is in no order
            moment = dt.datetime.combine(day, dt.time(0), zone).isoformat()
            entries.append(Entry(card.address, card.title, moment, card.address, card.summary))
    return feed(engine, news_name(engine), engine.town.summary, NEWS_FEED, NEWS, entries)


def feed(engine: Engine, title: str, subtitle: str, address: str, page: str, entries: Iterable[Entry]) -> bytes:
    """An Atom feed that lies at `address` and says what `page` shows; addresses are from the root of the site."""
    town = engine.town
    listed = list(entries)
    # Without entries, a moment that never changes: the same content gives the same bytes.
    updated = max(
        (dt.datetime.fromisoformat(one.updated) for one in listed), default=dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{engine.lang}">',
        f"<title>{_text(title)}</title>",
        *([f"<subtitle>{_text(subtitle)}</subtitle>"] if subtitle else []),
        f"<id>{_name(engine, address)}</id>",
        f"<updated>{updated.isoformat()}</updated>",
        f"<author><name>{_text(town.name or town.title)}</name></author>",
        f'<link rel="self" type="{KIND}" href={_address(engine, address, address)}/>',
        f'<link rel="alternate" type="text/html" href={_address(engine, address, page)}/>',
    ]
    for one in listed:
        lines += [
            "<entry>",
            f"<title>{_text(one.title)}</title>",
            f"<id>{_name(engine, one.name)}</id>",
            f"<updated>{one.updated}</updated>",
            f'<link rel="alternate" type="text/html" href={_address(engine, address, one.page)}/>',
            *([f"<summary>{_text(one.summary)}</summary>"] if one.summary else []),
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""]).encode()


def _name(engine: Engine, address: str) -> str:
    """An identifier that outlives a change of server (RFC 4151)."""
    return escape(f"tag:{events.uid_host(engine.town.url)},2024:{engine.town.folder}{address}")


def _address(engine: Engine, feed_address: str, address: str) -> str:
    """A whole address where the site has one, else the way from the feed's folder."""
    if engine.town.url:
        return _quoted(f"{engine.town.url}/{address}")
    return _quoted("../" * feed_address.count("/") + address)


def _text(words: str) -> str:
    """Plain text for XML: the few characters that XML refuses are dropped."""
    kept = "".join(
        letter for letter in words if letter in "\t\n" or (ord(letter) >= 32 and letter not in "\ufffe\uffff")
    )
    return escape(kept)


def _quoted(words: str) -> str:
    """An attribute's value with its quotation marks."""
    return f'"{escape(words)}"'
