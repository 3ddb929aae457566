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
from site_builder.reading import (
    Cards,
    entry_of,
    is_record,
    read_cards,
)
from site_builder.releases import Page, Staging
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
    staging = session.staging
    half = _half(build, staging, known)  # before the fork: two processes cannot both begin the cache's file
    helper = None
    mine, theirs = split(wanted)
    if build.options.processes < 2 or len(wanted) < FEW:
        mine, theirs = wanted, {}
    else:
        helper = Helper(lambda: _half(build, staging, known), theirs)
    try:
        cards = half.read(mine)
        others = helper.cards() if helper else Cards()
        if helper:
            helper.tell(cards)
        build.report.problems += [*cards.problems, *others.problems]
        build.due = soonest(build.due, cards.due, others.due)
        _fill_index(build, [*cards.entries, *others.entries])
        entries = [*cards.entries, *others.entries]
        every = [entry.card for entry in entries]
        texts = [card for card, _shown in build.page_cards]
        build.index = HeldIndex(build.index.connection, [*every, *texts], entries)
        wholes, pages = half.wholes(entries), half.pages(entries)
        wholes.all_but_lists()
        for one in helper.lists(wholes.lists()) if helper else wholes.lists():
            wholes.make(one)
        for part in helper.pages() if helper else [every]:
            pages.make(part, cards.shown)
        rendered = [_static(build, session, known), wholes.rendered, pages.finish()]
        half.close()
        if helper:
            rendered += helper.rendered()
    finally:
        if helper:
            helper.stop()
    build.report.problems += [problem for one in rendered for problem in one.problems]
    staged = [page for one in rendered for page in one.pages]
    there = {page.address for page in staged}.union(*(one.there for one in rendered))
    for page in staged:
        session.take(page)
    if not session.fresh:
        there |= {file(card.address) for card in every} | {file(card.address) for card, _shown in build.page_cards}
    write = _writer(staging, known)
    for address, key, data in build.leading_on(there.__contains__):
        there.add(address)
        if (led := write(address, data(), key)) is not None:
            session.take(led)
    for address in set(known) - there:
        build.remove(session, address)
    build.gone |= build.live_before - there
    build.check_links([one.links for one in rendered], there.__contains__)


def _half(build: Underway, staging: Staging, known: dict[str, str]) -> Half:
    fragments = Fragments(build.options.cache / "fragments.sqlite", build.salt)
    chronicle = build.open_chronicle()

    def read(wanted: Mapping[str, str]) -> Cards:
        return read_cards(build.source, wanted, build.engine, build.options.now, fragments)

    def held(entries: list[Entry]) -> Index:
        if isinstance(build.index, HeldIndex):  # the first process, whose file is filled
            return build.index
        cards = [entry.card for entry in entries]
        texts = [card for card, _shown in build.page_cards]
        return HeldIndex(sqlite3.connect(":memory:"), [*cards, *texts], entries)

    def pages(entries: list[Entry]) -> RecordPages:
        return RecordPages(
            build.source, build.engine, held(entries), _writer(staging, known), build.options.now, build.salt,
            fragments, build.options.markers, chronicle,
        )  # fmt: skip

    def wholes(entries: list[Entry]) -> Wholes:
        write = _writer(staging, known)
        return Wholes(build.engine, held(entries), write, build.salt, lambda _address: None, fragments)

    def close() -> None:
        fragments.close()
        if chronicle is not None:
            chronicle.close()

    return Half(read, pages, wholes, close)


def _fill_index(build: Underway, entries: list[Entry]) -> None:
    build.index.clear()
    build.index.put([*entries, *(entry_of(build.engine, card) for card, _shown in build.page_cards)])
    build.index.finish()
    build.report.records = len(entries)


def _static(build: Underway, session: Session, known: dict[str, str]) -> Rendered:
    """Files that are only copied, and the town's own texts."""
    write = _writer(session.staging, known)
    links = Links()
    rendered = Rendered(links=links.wanted)

    def stage(address: str, data: bytes) -> None:
        rendered.there.add(address)
        page = write(address, data, "")
        if page is not None:
            rendered.pages.append(page)

    for address, asset in build.engine.shells.assets.items():
        stage(address, asset.read_bytes())
    if plan := build.engine.town.plan:
        stage(plan["asset"], plan["svg"].encode())
    for address, data in detailed.files(build.engine).items():
        stage(address, data)
    for path in build.media:
        for one in build.studio.files(path):
            if one.digest and known.get(one.address) == one.digest:
                rendered.there.add(one.address)
            else:
                stage(one.address, one.read())
    for card, shown in build.page_cards:
        article = records.text_page(build.engine, card, shown)
        links.read(card.address, article.html)
        page = build.engine.page(card.address, card.address, article.title, article.description, article.html)
        stage(file(card.address), page)
    for address, said in law.pages(build.engine):
        stage(file(address), build.engine.page(address, address, said.title, said.description, said.html))
    return rendered


def _writer(staging: Staging, known: Mapping[str, str]) -> Write:
    """Stages a file unless the same bytes are live already (address -> digest in `known`)."""

    def write(address: str, data: bytes, key: str) -> Page | None:
        if known and known.get(address) == hashlib.sha256(data).hexdigest():
            return None
        return staging.write(address, data, key)

    return write
