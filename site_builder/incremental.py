"""A build of what changed: the records, those around them, the lists they stand in."""

from __future__ import annotations

from collections.abc import Mapping

from site_builder import redirects
from site_builder.addresses import file
from site_builder.cards import Card
from site_builder.freshness import soonest
from site_builder.pages import BESIDE, RecordPages
from site_builder.pictures.studio import FOLDER, vanished
from site_builder.reading import (
    is_record,
    read_cards,
)
from site_builder.releases import Page
from site_builder.targets import Session
from site_builder.underway import Underway
from site_builder.wholes import Change, Wholes


def only(build: Underway, session: Session, changed: Mapping[str, str | None], known: Mapping[str, str]) -> None:
    """The records that changed, those around them, and the lists they stand in."""
    build.report.records = int(known["records"])
    changed = {**_shown_again(build, changed), **changed}
    gone = [path for path in changed if is_record(path)]
    new = {path: blob for path, blob in changed.items() if blob is not None and is_record(path)}
    before = {id: card for path in gone for id in build.index.at_path(path) if (card := build.index.card(id))}
    around = {id for card in before.values() for id in _neighbours(build, card)}
    cards = read_cards(build.source, new, build.engine, build.options.now, None)
    build.report.problems += cards.problems
    build.due = soonest(build.due, cards.due, known["due"])
    after = {entry.card.id: entry.card for entry in cards.entries}
    build.index.drop(set(before) - set(after))
    build.index.put(cards.entries)
    build.report.records += len(set(after) - set(before)) - len(set(before) - set(after))
    around |= {id for card in after.values() for id in _neighbours(build, card)}
    around |= {id for path in build.retold for id in build.index.at_path(path)}
    beside = [card for id in sorted(around - set(after)) if (card := build.index.card(id)) is not None]

    def write(address: str, data: bytes, key: str) -> Page | None:
        session.put(address, data, key)
        return None

    pages = RecordPages(
        build.source, build.engine, build.index, write, build.options.now, build.salt, None, build.options.markers,
        build.chronicle,
    )  # fmt: skip
    pages.make([*after.values(), *beside], cards.shown)
    rendered = pages.finish()
    build.report.problems += rendered.problems
    wholes = Wholes(build.engine, build.index, write, build.salt, lambda address: _key(session.live(address)))
    both = set(before) | set(after)
    changes = [Change(before.get(id), after.get(id)) for id in sorted(both)]
    wholes.changed(changes)
    _remove_vanished(build, session, changes, wholes)
    shown = [*before.values(), *after.values(), *beside]
    for address in {f"{card.address}{name}" for card in shown for name in BESIDE.get(card.type, ())}:
        if address not in rendered.there:
            build.remove(session, address)
    made = rendered.there | wholes.rendered.there | {file(card.address) for card in after.values()}
    for path in changed:
        if path.startswith(FOLDER):
            made |= _media(build, session, path)

    def live(address: str) -> bool:
        page = session.live(address)
        there = page is not None and not page.key.startswith(redirects.KEY) and address not in build.gone
        return there or address in made

    ways = set()
    for address, key, data in build.leading_on(live):
        ways.add(address)
        if _key(session.live(address)) != key:
            session.put(address, data(), key)
    for address in known["moved"].splitlines():
        if address not in ways and not live(address):
            build.remove(session, address)
    build.check_links([wholes.rendered.links, rendered.links], lambda address: address in ways or live(address))


def _neighbours(build: Underway, card: Card) -> set[str]:
    return {*card.refs, *(other.id for other in build.index.backlinks(card.id))}


def _shown_again(build: Underway, changed: Mapping[str, str | None]) -> dict[str, str | None]:
    """The files (path -> blob) of the records that show a picture that changed."""
    pictures = [path for path in changed if path.startswith(FOLDER)]
    return {card.path: card.blob for path in pictures for card in build.index.backlinks(path)}


def _media(build: Underway, session: Session, path: str) -> set[str]:
    made = set()
    for one in build.studio.files(path) if path in build.media else ():
        session.put(one.address, one.read())
        made.add(one.address)
    for address in vanished(path, {*made, *build.media}):
        session.remove(address)
    return made


def _remove_vanished(build: Underway, session: Session, changes: list[Change], wholes: Wholes) -> None:
    """Pages of records that went, and the last pages of lists that became shorter."""
    for change in changes:
        if change.after is None and change.before is not None:
            build.remove(session, file(change.before.address))
    for address in wholes.vanished(change for change in changes if change.before is not None):
        build.remove(session, address)


def _key(page: Page | None) -> str | None:
    return page.key if page is not None else None
