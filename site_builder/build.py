"""A build: from files of content to a finished place, all of it or only what changed. The steps are in `build`.

Where files come from is a source, where pages go is a target; the clock is an argument.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing

from participation.values import zone_info
from site_builder import overrides, redirects
from site_builder.engine import Engine
from site_builder.footprint import page as footprint
from site_builder.freshness import code_key, soonest, touches_everything
from site_builder.full import everything
from site_builder.incremental import only
from site_builder.index import Index, open_index
from site_builder.opendata import page as open_data
from site_builder.pages import LEAK
from site_builder.part import own_file
from site_builder.sharing import waiting
from site_builder.sources import FolderSource, GitSource, Source, listed, unlisted
from site_builder.targets import Session, Target
from site_builder.underway import Options, Report, Underway

__all__ = ["Options", "Report", "build", "engine_of"]


def build(
    source: Source, target: Target, options: Options, before_live: Callable[[Report], None] | None = None
) -> Report:
    """Bring `target` to the state of `source`. Raises ContentError when the whole cannot be built.

    `before_live` is called when everything is rendered and checked, just before the first live file changes.
    """
    if options.templates is not None:
        overrides.check_folder(options.templates, source.place)
    collecting = gc.isenabled()
    gc.disable()  # everything made here lives until the end: looking for garbage again and again only costs
    try:
        return _Build(source, target, options, before_live).run()
    finally:
        if collecting:
            gc.enable()


def engine_of(source: Source, target: Target, options: Options) -> tuple[Engine, dict[str, str]]:
    """What renders the site of a source as `build` would, and its files (path -> blob): for derived files."""
    if options.templates is not None:
        overrides.check_folder(options.templates, source.place)
    looking = Underway(source, target, options)
    looking.look_at_everything({})
    return looking.engine, looking.entries


class _Build(Underway):
    """The order of the steps."""

    def run(self) -> Report:
        with ExitStack() as stack:
            index = self._open_index(stack, "")
            before = index.remembered()
            # An index of another state of the place (after a rollback, say) tells nothing of its pages.
            known = before if before.get("mark") == self.target.mark() and not self.options.full else {}
            self.told = "1" if isinstance(self.source, GitSource) and self.source.published else ""
            if known.get("told", "") != self.told:  # the same records, with or without their journals
                known = {}
            if self._same_as(known):
                self.report.nothing_to_do = True
                self.report.records = int(known["records"])
                return self.report
            self.look_at_everything(known)
            for part in self.parts:
                part.index = self._open_index(stack, part.folder) if part.folder else index
                part.chronicle = self.open_chronicle(part)
                if part.chronicle is not None:
                    stack.callback(part.chronicle.close)
                    part.chronicle.refresh()
            changed = self._changed_files(known)
            # A new place or new shells: every page differs, so a fresh tree is filled and switched to.
            fresh = not self.target.mark() or before.get("shells") != self.engine.shells.key
            if fresh and self.target.mark():
                self.live_before = {page.address for page in self.target.live_pages()}
            connections = [part.index.connection for part in self.parts]
            for connection in connections:
                connection.execute("BEGIN IMMEDIATE")
            self.target.speak([part.folder for part in self.parts])
            with self.target.session(self.source.key, fresh=fresh) as session:
                if changed is None or session.fresh:
                    everything(self, session)
                else:
                    only(self, session, changed, known)
                self._finish(session)
            for connection in connections:
                connection.execute("COMMIT")
        return self.report

    def _open_index(self, stack: ExitStack, folder: str) -> Index:
        connection = stack.enter_context(closing(open_index(own_file(self.target.index_file(), folder))))
        index = Index(connection)
        index.prepare()
        return index

    # ------------------------------------------------------------------------------------------------ what is new

    def _same_as(self, known: Mapping[str, str]) -> bool:
        """True when the same content was built by the same code on the same day."""
        return bool(
            self.source.key
            and known.get("source") == self.source.key
            and known.get("code") == code_key(self.options.theme, self.options.templates)
            and known.get("people", "") == listed(self.people)
            and known.get("from", "~") <= self.moment < known.get("until", "")
        )

    def _changed_files(self, known: Mapping[str, str]) -> dict[str, str | None] | None:
        """Path -> blob (None: gone) of the files that changed since the last build; None when all must be built."""
        if not known or known.get("salt") != self.salt or known.get("shells") != self.engine.shells.key:
            return None
        if not known["from"] <= self.moment < known["until"]:
            return None
        for part in self.parts[1:]:
            its = part.index.remembered()
            if (its.get("mark"), its.get("salt"), its.get("from")) != (known["mark"], part.salt, known["from"]):
                return None
        chronicle = self.parts[0].chronicle  # of the same changes in every language
        if chronicle is not None:
            retold = chronicle.since(known["source"])
            if retold is None:
                return None
            self.retold = retold
        named = unlisted(known.get("people", ""))
        self.renamed = {person for person, _digest in named.items() ^ self.people.items()}
        if self.moved is not None:
            return self._part_of_it(self.moved, known)
        if known["source"]:  # built from a repository the last time: nobody noted what files there were
            return None
        before = dict(self.index.connection.execute("SELECT path, blob FROM source_file"))
        now = self.entries
        changed: dict[str, str | None] = {path: blob for path, blob in now.items() if before.get(path) != blob}
        changed |= {path: None for path in before if path not in now}
        return self._part_of_it(changed, known)

    def _part_of_it(self, changed: dict[str, str | None], known: Mapping[str, str]) -> dict[str, str | None] | None:
        """The changed files, or None when one of them shows on every page or changes the outcome of a vote."""
        if any(touches_everything(path) for path in changed):
            return None
        results = self.engine.results
        if not results.touched_by(changed):
            self.outcomes = known.get("results", "")
        elif results.key() != known.get("results", ""):
            return None
        return changed

    # ------------------------------------------------------------------------------------------------ the end

    def _finish(self, session: Session) -> None:
        self.report.problems += self.engine.results.problems
        self.report.problems += redirects.lost(self.gone, self.led)
        if len(self.parts) > 1:  # a record was read once for each language
            self.report.problems = list(dict.fromkeys(self.report.problems))
        self.report.problems.sort(key=lambda problem: (problem.file, problem.line or 0))
        self.stop_for(problem for problem in self.report.problems if problem.message == LEAK)
        folder = self.target.sharing_folder()
        waiting.begin(self.engine, self.shown_now, folder)
        waiting.end(self.gone, folder)
        if self.before_live is not None:
            self.before_live(self.report)
        self.report.changed = session.finish()
        for part in self.parts:
            open_data.refresh(
                part.engine, self.target.data_folder(), self.target.data_folder(part.folder), self.options.cache
            )
            eco = self.target.eco_folder
            footprint.refresh(part.engine, eco(), eco(part.folder), self.options.cache)
        if isinstance(self.source, FolderSource):
            self.index.connection.execute("CREATE TABLE IF NOT EXISTS source_file (path TEXT PRIMARY KEY, blob TEXT)")
            self.index.connection.execute("DELETE FROM source_file")
            self.index.connection.executemany("INSERT INTO source_file VALUES (?, ?)", list(self.entries.items()))
        # The site is right from midnight to midnight in the town, or until the next embargo ends.
        zone = zone_info(self.engine.town.timezone)
        midnight = dt.datetime.combine(self.engine.town.day + dt.timedelta(days=1), dt.time(0), zone).astimezone(dt.UTC)
        self.index.remember(
            {
                "mark": self.target.mark(),
                "source": self.source.key,
                "told": self.told,
                "code": code_key(self.options.theme, self.options.templates),
                "salt": self.salt,
                "shells": self.engine.shells.key,
                "records": str(self.report.records),
                "edition": self.engine.town.current_edition,
                "people": listed(self.people),
                "results": self.engine.results.key() if self.outcomes is None else self.outcomes,
                "languages": " ".join(code for code, _folder in self.engine.town.tongues),
                "shared": listed(self.shared),
                "media": listed(self.media),
                "moved": "\n".join(way.address for way in redirects.ways(self.engine, self.led)),
                "due": self.due,
                "from": self.moment,
                "until": soonest(midnight.isoformat(), self.due),
            }
        )
        for part in self.parts[1:]:
            part.index.remember({"mark": self.target.mark(), "salt": part.salt, "from": self.moment})
