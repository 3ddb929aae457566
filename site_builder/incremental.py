"""A build of what changed: the records, those around them, the lists they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from site_builder import redirects
from site_builder.addresses import file
from site_builder.cards import Card
from site_builder.freshness import soonest
from site_builder.pages import BESIDE, RecordPages, Rendered
from site_builder.part import Part
from site_builder.people import PERSON
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
    build.due = soonest(build.due, known["due"])
    changed = {**_shown_again(build.parts[0], [*changed, *build.renamed]), **changed}
    rendered = [found for part in build.parts for found in _in_one_language(build, part, session, changed, known)]
    made = set().union(*(one.there for one in rendered))
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
    build.check_links([one.links for one in rendered], lambda address: address in ways or live(address))


def _in_one_language(
    build: Underway, part: Part, session: Session, changed: Mapping[str, str | None], known: Mapping[str, str]
) -> list[Rendered]:
    """What rendering the pages of a part gave; `there` holds whole addresses."""
    index = part.index
    gone = [path for path in changed if is_record(path)]
    new = {path: blob for path, blob in changed.items() if blob is not None and is_record(path)}
    before = {id: card for path in gone for id in index.at_path(path) if (card := index.card(id))}
    around = {id for card in before.values() for id in _neighbours(part, card)}
    cards = read_cards(build.source, new, part.engine, build.options.now, None)
    build.report.problems += cards.problems
    build.due = soonest(build.due, cards.due)
    after = {entry.card.id: entry.card for entry in cards.entries}
    index.drop(set(before) - set(after))
    index.put(cards.entries)
    build.shown_now += [(card.type, card.id) for card in after.values()]
    build.report.records = int(known["records"]) + len(set(after) - set(before)) - len(set(before) - set(after))
    around |= {id for card in after.values() for id in _neighbours(part, card)}
    around |= {id for path in build.retold for id in index.at_path(path)}
    around |= build.engine.results.naming(set(before) | set(after))
    beside = [card for id in sorted(around - set(after)) if (card := index.card(id)) is not None]

    def write(address: str, data: bytes, key: str) -> Page | None:
        session.put(part.folder + address, data, key)
        return None

    def key_of(address: str) -> str | None:
        return _key(session.live(part.folder + address))

    pages = RecordPages(
        build.source, part.engine, index, write, build.options.now, part.salt, None, build.options.markers,
        part.chronicle,
    )  # fmt: skip
    pages.make([*after.values(), *beside], cards.shown)
    rendered = pages.finish()
    build.report.problems += rendered.problems
    wholes = Wholes(part.engine, index, write, part.salt, key_of)
    both = set(before) | set(after)
    changes = [Change(before.get(id), after.get(id)) for id in sorted(both)]
    wholes.changed(changes)
    shown = [*before.values(), *after.values(), *beside]
    vanished = _vanished(changes, wholes)
    beside_pages = {f"{card.address}{name}" for card in shown for name in BESIDE.get(card.type, ())}
    for address in [*vanished, *(beside_pages - rendered.there)]:
        build.remove(session, part.folder + address)
    rendered.there |= {file(card.address) for card in after.values()}
    for one in (rendered, wholes.rendered):
        one.there = {part.folder + address for address in one.there}
    return [rendered, wholes.rendered]


def _neighbours(part: Part, card: Card) -> set[str]:
    return {*card.refs, *(other.id for other in part.index.backlinks(card.id))}


def _shown_again(part: Part, changed: Iterable[str]) -> dict[str, str | None]:
    """The files (path -> blob) of the records that show a picture that changed, or name a person whose label did."""
    shown = [name for name in changed if name.startswith((FOLDER, PERSON))]
    return {card.path: card.blob for name in shown for card in part.index.backlinks(name)}


def _media(build: Underway, session: Session, path: str) -> set[str]:
    made = set()
    for one in build.studio.files(path) if path in build.media else ():
        session.put(one.address, one.read())
        made.add(one.address)
    for address in vanished(path, {*made, *build.media}):
        session.remove(address)
    return made


def _vanished(changes: list[Change], wholes: Wholes) -> list[str]:
    """Pages of records that went, and the last pages of lists that became shorter."""
    records = [change.before for change in changes if change.after is None and change.before is not None]
    lists = wholes.vanished(change for change in changes if change.before is not None)
    return [*(file(card.address) for card in records), *lists]


def _key(page: Page | None) -> str | None:
    return page.key if page is not None else None
