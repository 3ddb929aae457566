"""A full build: every record, every page; in two processes when there are many."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping

from site_builder.addresses import file
from site_builder.fragments import Fragments
from site_builder.freshness import soonest
from site_builder.held import HeldIndex
from site_builder.index import Entry, Index
from site_builder.links import Links
from site_builder.pages import RecordPages, Rendered, Write
from site_builder.parallel import Half, Helper, split
from site_builder.part import Part, own_file
from site_builder.reading import (
    Cards,
    entry_of,
    is_record,
    read_cards,
)
from site_builder.releases import Page, Staging
from site_builder.results import recount
from site_builder.targets import Session
from site_builder.underway import Underway
from site_builder.views import detailed, law, records
from site_builder.wholes import Wholes

FEW = 300  # record pages that one process renders sooner than two can be told to


def everything(build: Underway, session: Session) -> None:
    """Every record, every page; in two processes when there are many."""
    build.report.full = True
    build.entries = build.entries or build.source.entries()
    wanted = {path: blob for path, blob in build.entries.items() if is_record(path)}
    known = {} if session.fresh else {page.address: page.digest for page in build.target.live_pages()}
    build.engine.results.load()
    rendered: list[Rendered] = []
    there: set[str] = set()
    for part in build.parts:
        found, pages = _in_one_language(build, part, session, wanted, known)
        there |= {f"{part.folder}{address}" for one in found for address in one.there}
        if not session.fresh:
            there |= {f"{part.folder}{file(address)}" for _type_name, _id, address in pages}
        build.shown_now += [(type_name, id) for type_name, id, _address in pages]
        rendered += found
    build.report.problems += [problem for one in rendered for problem in one.problems]
    staged = [page for one in rendered for page in one.pages]
    there |= {page.address for page in staged}
    for page in staged:
        session.take(page)
    write = _writer(session.staging, known)
    for address, key, data in build.leading_on(there.__contains__):
        there.add(address)
        if (led := write(address, data(), key)) is not None:
            session.take(led)
    for address in set(known) - there:
        build.remove(session, address)
    build.gone |= build.live_before - there
    build.check_links([one.links for one in rendered], there.__contains__)


def _in_one_language(
    build: Underway, part: Part, session: Session, wanted: Mapping[str, str], known: dict[str, str]
) -> tuple[list[Rendered], list[tuple[str, str, str]]]:
    """What rendering the pages of a part gave; type, identifier and address of all records and texts of it."""
    staging = session.staging
    half = _half(build, part, staging, known)  # before the fork: two processes cannot both begin the cache's file
    helper = None
    mine, theirs = split(wanted)
    if build.options.processes < 2 or len(wanted) < FEW:
        mine, theirs = dict(wanted), {}
    else:
        helper = Helper(lambda: _half(build, part, staging, known), theirs)
    try:
        cards = half.read(mine)
        if helper:
            helper.tell(cards)
        others = helper.cards() if helper else Cards()
        build.report.problems += [*cards.problems, *others.problems]
        build.due = soonest(build.due, cards.due, others.due)
        entries = [*cards.entries, *others.entries]
        build.report.records = len(entries)
        filled = part.index
        _fill_index(part, entries)
        every = [entry.card for entry in entries]
        texts = [card for card, _shown in part.texts]
        part.index = HeldIndex(filled.connection, [*every, *texts], entries)
        wholes, pages = half.wholes(entries), half.pages(entries)
        wholes.all_but_lists()
        for one in helper.lists(wholes.lists()) if helper else wholes.lists():
            wholes.make(one)
        for portion in helper.pages() if helper else [every]:
            pages.make(portion, cards.shown)
        rendered = [_texts(part, staging, known), wholes.rendered, pages.finish()]
        if part is build.parts[0]:
            rendered.append(_static(build, session, known))
        half.close()
        if helper:
            rendered += helper.rendered()
    finally:
        if helper:
            helper.stop()
    part.index = filled  # two languages in memory would be twice as much
    return rendered, [(card.type, card.id, card.address) for card in [*every, *texts]]


def _half(build: Underway, part: Part, staging: Staging, known: dict[str, str]) -> Half:
    fragments = Fragments(own_file(build.options.cache / "fragments.sqlite", part.folder), part.salt)
    chronicle = build.open_chronicle(part)
    write = _writer(staging, known, part.folder)

    def read(wanted: Mapping[str, str]) -> Cards:
        return read_cards(build.source, wanted, part.engine, build.options.now, fragments)

    def held(entries: list[Entry]) -> Index:
        if isinstance(part.index, HeldIndex):  # the first process, whose file is filled
            return part.index
        cards = [entry.card for entry in entries]
        texts = [card for card, _shown in part.texts]
        return HeldIndex(sqlite3.connect(":memory:"), [*cards, *texts], entries)

    def pages(entries: list[Entry]) -> RecordPages:
        return RecordPages(
            build.source, part.engine, held(entries), write, build.options.now, part.salt,
            fragments, build.options.markers, chronicle,
        )  # fmt: skip

    def wholes(entries: list[Entry]) -> Wholes:
        return Wholes(part.engine, held(entries), write, part.salt, lambda _address: None, fragments)

    def close() -> None:
        fragments.close()
        if chronicle is not None:
            chronicle.close()

    return Half(read, pages, wholes, close)


def _fill_index(part: Part, entries: list[Entry]) -> None:
    part.index.clear()
    part.index.put([*entries, *(entry_of(part.engine, card) for card, _shown in part.texts)])
    part.index.finish()


def _texts(part: Part, staging: Staging, known: dict[str, str]) -> Rendered:
    """The town's own texts."""
    write = _writer(staging, known, part.folder)
    links = Links(part.folder)
    rendered = Rendered(links=links.wanted)
    for card, shown in part.texts:
        article = records.text_page(part.engine, card, shown)
        links.read(card.address, article.html)
        page = part.engine.page(card.address, card.address, article.title, article.description, article.html)
        _stage(rendered, write, file(card.address), page)
    for address, said in law.pages(part.engine):
        page = part.engine.page(address, address, said.title, said.description, said.html)
        _stage(rendered, write, file(address), page)
    return rendered


def _static(build: Underway, session: Session, known: dict[str, str]) -> Rendered:
    """Files that are only copied, once for all languages."""
    write = _writer(session.staging, known)
    rendered = Rendered()
    for address, asset in build.engine.shells.assets.items():
        _stage(rendered, write, address, asset.read_bytes())
    if plan := build.engine.town.plan:
        _stage(rendered, write, plan["asset"], plan["svg"].encode())
    if (script := recount.program(build.engine.theme)) and build.engine.results.editions:
        _stage(rendered, write, *script)
    for part in build.parts:
        for address, data in detailed.files(part.engine).items():
            _stage(rendered, write, address, data)
    for path in build.media:
        for one in build.studio.files(path):
            if one.digest and known.get(one.address) == one.digest:
                rendered.there.add(one.address)
            else:
                _stage(rendered, write, one.address, one.read())
    return rendered


def _stage(rendered: Rendered, write: Write, address: str, data: bytes) -> None:
    rendered.there.add(address)
    page = write(address, data, "")
    if page is not None:
        rendered.pages.append(page)


def _writer(staging: Staging, known: Mapping[str, str], folder: str = "") -> Write:
    """Stages a file below `folder` unless the same bytes are live already (whole address -> digest in `known`)."""

    def write(address: str, data: bytes, key: str) -> Page | None:
        address = folder + address
        if known and known.get(address) == hashlib.sha256(data).hexdigest():
            return None
        return staging.write(address, data, key)

    return write
