"""Publishing: what is on `main` becomes a publication, the publication becomes pages, the pages go live.

Everything is rendered and checked from the publication's own tree before the chain of publications grows by it and
before the first live file changes. Interrupted anywhere, the next call finishes: the chain says what should be live.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from participation.messages import mark as _
from participation.problems import ContentError, LaureatError, Problem
from participation.store.content import Repository
from participation.store.errors import NotAContentRepository, RevisionUnknown
from participation.store.git import GitRepo
from participation.store.publications import (
    Publication,
    confirm,
    latest,
    prepare,
    prepare_rollback,
    publications,
)
from site_builder.build import Options, Report, build, engine_of
from site_builder.faults import faults
from site_builder.freshness import stops_everything
from site_builder.index import Index
from site_builder.part import own_file
from site_builder.people import NOBODY, Asked, nobody
from site_builder.pictures.studio import blobs_below, forget
from site_builder.reading import is_record, read_cards
from site_builder.releases import Site, clean, returnable, returning, roll_back
from site_builder.releases.site import SHARING
from site_builder.sharing import names, waiting
from site_builder.sources import GitSource
from site_builder.targets import SiteTarget

Progress = Callable[[str], None]


class NothingPublished(LaureatError):
    """There is no publication to go back to."""

    def __init__(self) -> None:
        super().__init__(
            _("Il n’y a pas de publication antérieure à remettre en ligne."),
            kept=_("Le site en ligne est resté tel qu’il était."),
        )


@dataclass
class Published:
    """What a publication did: its commit, the files that changed on the site, the records kept back, the problems."""

    commit: str
    changed: int
    records: int
    new: bool
    problems: list[Problem] = field(default_factory=list)
    faulty: tuple[str, ...] = ()


def publish(
    content: Path,
    site: Path,
    *,
    author: str,
    when: dt.datetime,
    main: str | None = None,
    hold_back: Collection[str] = (),
    reviewed_by: Collection[str] = (),
    processes: int = 2,
    markers: tuple[str, ...] = (),
    templates: Path | None = None,
    people: Asked = nobody,
    progress: Progress = lambda _words: None,
) -> Published:
    """Publish `main` (its head by default) of the repository `content` to the site in folder `site`.

    `people` gives the labels of those who agree to be named. A record with an error stays as last published, and is
    named in the result. Raises ContentError when the whole
    cannot be built, one of the errors of the store or of the releases when a disk refuses; the live site is then as
    it was.
    """
    store = _repository(content)
    with Site.open(site) as place, place.alone():
        place.recover()
        progress(_("Lecture des changements"))
        main = main or store.head()
        found = faults(content, main, latest(store))
        if stopping := [problem for problem in found.problems if stops_everything(problem)]:
            raise ContentError(_("Le site ne peut pas être fabriqué."), stopping)
        prepared = prepare(
            store, author=author, when=when, main=main, hold_back=hold_back, faulty=found.held, reviewed_by=reviewed_by
        )
        public = prepared or latest(store)
        if public is None:  # an empty repository: nothing was ever published and nothing is there to be
            raise NothingPublished
        progress(_("Fabrication des pages"))

        def before_live(_report: Report) -> None:
            progress(_("Mise en ligne"))
            if prepared is not None:
                confirm(store, prepared)

        report = _build(
            content,
            place,
            public,
            Options(when, site / "cache", processes, markers=markers, templates=templates, people=people()),
            before_live,
        )
        if report.nothing_to_do and prepared is not None:
            confirm(store, prepared)
        return Published(
            public.commit,
            report.changed,
            report.records,
            prepared is not None,
            _once([*found.problems, *report.problems]),
            found.held,
        )


def show(
    content: Path,
    site: Path,
    *,
    when: dt.datetime,
    processes: int = 2,
    templates: Path | None = None,
    people: Asked = nobody,
) -> Published:
    """Make the pages of the latest publication, which another machine may have made. Nothing is published by it.

    Raises NothingPublished, ContentError, or one of the errors of the releases; the live site is then as it was.
    """
    store = _repository(content)
    with Site.open(site) as place, place.alone():
        place.recover()
        public = latest(store)
        if public is None:
            raise NothingPublished
        options = Options(when, site / "cache", processes, templates=templates, people=people())
        report = _build(content, place, public, options, lambda _report: None)
        return Published(public.commit, report.changed, report.records, new=False, problems=_once(report.problems))


def take_back(
    content: Path,
    site: Path,
    to: str | None,
    *,
    author: str,
    when: dt.datetime,
    reviewed_by: Collection[str] = (),
    templates: Path | None = None,
    people: Asked = nobody,
) -> Published:
    """Put publication `to` (the one before the latest by default) live again, as a new publication.

    The pages that were replaced since are kept and simply come back; where they are no longer kept they are made
    again. Raises NothingPublished or RevisionUnknown when there is no such publication.
    """
    store = _repository(content)
    with Site.open(site) as place, place.alone():
        place.recover()
        try:
            prepared = prepare_rollback(store, to, author=author, when=when, reviewed_by=reviewed_by)
        except RevisionUnknown:
            if to is not None:
                raise
            raise NothingPublished from None
        if prepared is None:
            shown = latest(store)
            return Published(shown.commit if shown else "", 0, 0, new=False)
        with_tree = {one.commit for one in publications(store, limit=200) if one.tree == prepared.tree}
        kept = next((one for one in returnable(place) if one.source_commit in with_tree), None)
        if kept is None:
            options = Options(when, site / "cache", templates=templates, people=people())
            report = _build(content, place, prepared, options, lambda _r: confirm(store, prepared))
            return Published(prepared.commit, report.changed, report.records, new=True)
        confirm(store, prepared)
        waiting.begin_again(returning(place, kept), place.shared(SHARING))
        release = roll_back(place, kept.id, when, author, prepared.subject)
        changed = release.added + release.changed + release.removed if release else 0
        return Published(prepared.commit, changed, 0, new=True)


def build_again(
    content: Path,
    place: Site,
    when: dt.datetime,
    *,
    people: Mapping[str, str] = NOBODY,
    templates: Path | None = None,
    processes: int = 2,
) -> int:
    """Make what is published anew, because what it is shown with has changed; how many files did. No publication.

    The caller holds the site (`Site.alone`). Raises what `publish` raises.
    """
    public = latest(_repository(content))
    if public is None:
        return 0
    options = Options(when, place.folder / "cache", processes, templates=templates, people=people)
    return _build(content, place, public, options, lambda _report: None).changed


def index_search(site: Path, *, forget: bool = False) -> list[str]:
    """Make the search indexes that the live pages ask for; the names of those that were made. For the worker."""
    from site_builder import search  # noqa: PLC0415  # likewise

    with Site.open(site) as place:
        place.recover()
        connection = sqlite3.connect(SiteTarget.index_of(place))
        try:
            groups = search.groups_of(Index(connection), place.find)
        finally:
            connection.close()
        made = search.update(place.live, place.shared(search.FOLDER), groups, forget=forget)
        clean(place)
        return list(made)


def make_data(
    content: Path,
    site: Path,
    when: dt.datetime,
    templates: Path | None = None,
    people: Asked = nobody,
) -> list[str]:
    """Make the files of open data of what is live; the names of those that were made. For the worker.

    They tell what the pages tell: of the same commit, at the moment when the pages were made. Nobody is kept from the
    site meanwhile, so they are made anew when a label has changed by then. Raises DataFailed.
    """
    made: dict[str, None] = {}
    named = None
    while named != (asked := people()):
        named = asked
        made |= dict.fromkeys(_make_data(content, site, when, templates, named))
    return list(made)


def _make_data(
    content: Path, site: Path, when: dt.datetime, templates: Path | None, people: Mapping[str, str]
) -> list[str]:
    from site_builder.opendata import making  # noqa: PLC0415  # openpyxl costs 0.2 s, only the worker needs it

    with Site.open(site) as place:
        place.recover()
        shown = _shown(place, when)
        if shown is None:
            return []
        options = Options(shown.moment, site / "cache", templates=templates, people=people)
        source = GitSource(content, shown.commit)
        target = SiteTarget(place, shown.moment, "", "")
        engine, entries = engine_of(source, target, options)
        target.speak([engine.town.folder, *(other.town.folder for other in engine.others)])
        folder, cache = target.data_folder(), options.cache
        return making.update(source, entries, engine, folder, cache, shown.moment, target.data_folder)


def make_sharing(
    content: Path,
    site: Path,
    when: dt.datetime,
    going_on: Callable[[], bool] = lambda: True,
    templates: Path | None = None,
) -> tuple[list[str], bool]:
    """Make the pictures and codes to share of what is live: the names of those made, and whether all are there now.

    Asked before each file, `going_on` may end the run; another call goes on. For the worker. Raises SharingFailed.
    """
    from site_builder.sharing import making  # noqa: PLC0415  # Pillow costs 0.1 s, only the worker needs it

    with Site.open(site) as place:
        place.recover()
        shown = _shown(place, when)
        if shown is None:
            return [], True
        options = Options(shown.moment, site / "cache", templates=templates)
        source = GitSource(content, shown.commit)
        engine, entries = engine_of(source, SiteTarget(place, shown.moment, "", ""), options)
        parts = []
        for one in (engine, *engine.others):
            if shown.indexed:
                with closing(sqlite3.connect(own_file(SiteTarget.index_of(place), one.town.folder))) as connection:
                    index = Index(connection)
                    cards = [card for name in names.TYPES for card in index.cards(name)]
            else:
                records = {path: blob for path, blob in entries.items() if is_record(path)}
                read = read_cards(source, records, one, shown.moment, None)
                cards = [entry.card for entry in read.entries if entry.card.type in names.TYPES]
            parts.append((one, cards))
        made = making.update(parts, place.shared(SHARING), place.folder / making.LEDGER, going_on)
        forget(options.cache, blobs_below(entries))
        return made.made, made.complete


def weigh_pages(content: Path, site: Path, when: dt.datetime, templates: Path | None = None) -> int:
    """Weigh a page of each kind of what is live, for the page of eco-design; how many. For the worker.

    Raises NotMeasured.
    """
    from site_builder.footprint import page  # noqa: PLC0415  # likewise

    with Site.open(site) as place:
        place.recover()
        shown = _shown(place, when)
        if shown is None:
            return 0
        options = Options(shown.moment, site / "cache", templates=templates)
        target = SiteTarget(place, shown.moment, "", "")
        engine, _entries = engine_of(GitSource(content, shown.commit), target, options)
        target.speak([engine.town.folder, *(other.town.folder for other in engine.others)])
        count = page.measure(engine, place.live, place.pages(), target.eco_folder(), options.cache, when)
        for other in engine.others:
            page.refresh(other, target.eco_folder(), target.eco_folder(other.town.folder), options.cache)
        return count


@dataclass(frozen=True)
class _Shown:
    """What is live: the commit, the moment it was made for; `indexed` when the index is of it."""

    commit: str
    moment: dt.datetime
    indexed: bool


def _shown(place: Site, when: dt.datetime) -> _Shown | None:
    release = place.current()
    if release is None:
        return None
    with closing(sqlite3.connect(SiteTarget.index_of(place))) as connection:
        index = Index(connection)
        index.prepare()
        known = index.remembered()
    if known.get("mark") == str(release.id):
        return _Shown(known["source"], dt.datetime.fromisoformat(known["from"]), indexed=True)
    return _Shown(release.source_commit, when, indexed=False)  # taken back: the index knows nothing of these pages


def _repository(content: Path) -> Repository:
    """The repository without all that editing it needs: a publication must start fast."""
    if not GitRepo.is_repository(content):
        raise NotAContentRepository(str(content))
    return Repository(content)


def _build(
    content: Path, place: Site, public: Publication, options: Options, before_live: Callable[[Report], None]
) -> Report:
    target = SiteTarget(place, options.now, public.author, public.subject, public.action or "publish")
    return build(GitSource(content, public.commit, published=True), target, options, before_live)


def _once(problems: list[Problem]) -> list[Problem]:
    """Each problem once: a changed file is read to know its faults, and again to make its page."""
    return list(dict.fromkeys(problems))
