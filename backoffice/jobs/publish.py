"""The jobs of publishing: put what is saved on the site, bring an earlier publication back, make derived files.

The only place of the office that calls the generator. What a publication is, the store decides.
"""

from __future__ import annotations

import datetime as dt

from backoffice import pending
from backoffice.content import Content
from backoffice.jobs import queue
from backoffice.jobs.kinds import DATA, PUBLISH, ROLLBACK, SEARCH, SHARING, WEIGHING
from backoffice.jobs.work import Result, Work
from backoffice.registry import held
from backoffice.telling import SERVICE
from participation.layout import locate
from participation.messages import mark
from participation.problems import Problem, Severity
from participation.store.objects import is_hash
from participation.store.publications import Publication
from site_builder import publish as generator

STEPS = 3  # as the generator tells them: reading, making, going live
MOST_NAMED = 100
SLICE = dt.timedelta(seconds=20)  # of making pictures to share, before other jobs have their turn


def publish(work: Work) -> Result:
    """Publish the commit that the person saw, or the newest one; held-back and faulty records stay as they were."""
    payload, content = work.job.payload, Content(work.settings)
    before = content.published()
    main = str(payload.get("commit", ""))
    if payload.get("embargo"):  # a moment that was waited for has come: nothing else may leave with it
        if before is None:
            return {"changed": 0, "records": [], "faults": []}
        main = before.main
    staying = set(payload.get("held", [])) | held.held(work.registry)
    done = 0

    def tell(words: str) -> None:
        nonlocal done
        done += 1
        work.tell(min(done, STEPS), STEPS + 1, words)

    published = generator.publish(
        work.settings.content,
        work.settings.site,
        author=str(payload.get("author", SERVICE)),
        when=work.clock(),
        main=main if is_hash(main) else None,
        hold_back=sorted(staying),
        processes=work.settings.processes,
        templates=work.settings.templates,
        progress=tell,
    )
    after = content.store.published()
    _follow(work, content, after)
    return {
        "changed": published.changed,
        "records": _records(content, before, after),
        "faults": [told(problem) for problem in published.problems if problem.severity is Severity.ERROR][:MOST_NAMED],
        "notices": [told(problem) for problem in published.problems if _of_the_site(problem)][:MOST_NAMED],
    }


def roll_back(work: Work) -> Result:
    """Bring an earlier publication back; what is saved stays as it is."""
    payload, content = work.job.payload, Content(work.settings)
    before = content.published()
    work.tell(1, 2, mark("Retour à la publication choisie"))
    done = generator.take_back(
        work.settings.content,
        work.settings.site,
        str(payload["publication"]),
        author=str(payload["author"]),
        when=work.clock(),
        templates=work.settings.templates,
    )
    after = content.store.published()
    _follow(work, content, after)
    return {"changed": done.changed, "records": _records(content, before, after), "faults": []}


def index_search(work: Work) -> Result:
    """Make the search indexes that the live pages ask for."""
    work.tell(0, 1, mark("Index de recherche"))
    return {"indexes": generator.index_search(work.settings.site)}


def make_data(work: Work) -> Result:
    """Make the files of open data of what is live."""
    settings = work.settings
    work.tell(0, 1, mark("Fichiers de données ouvertes"))
    return {"files": generator.make_data(settings.content, settings.site, work.clock(), settings.templates)}


def make_sharing(work: Work) -> Result:
    """Make the pictures and codes to share; ten thousand take minutes, so whoever publishes meanwhile goes first."""
    work.tell(0, 1, mark("Images à partager"))
    until = work.clock() + SLICE
    done = 0

    def going_on() -> bool:
        nonlocal done
        done += 1
        return done % 16 != 0 or (
            work.clock() < until and not queue.due(work.registry, work.clock(), PUBLISH, ROLLBACK)
        )

    settings = work.settings
    made, complete = generator.make_sharing(settings.content, settings.site, work.clock(), going_on, settings.templates)
    if not complete:
        queue.ask_once(work.registry, SHARING, {}, work.clock())
    return {"files": len(made), "complete": complete}


def _of_the_site(problem: Problem) -> bool:
    """A warning that no form shows: addresses that disappear or cannot lead on, files of the theme."""
    addresses = not problem.file or problem.field in ("old_addresses", "redirects")
    return problem.severity is Severity.WARNING and (addresses or problem.file.startswith("theme/"))


def weigh_pages(work: Work) -> Result:
    """Weigh a page of each kind, for the page of eco-design."""
    work.tell(0, 1, mark("Poids des pages"))
    settings = work.settings
    return {"pages": generator.weigh_pages(settings.content, settings.site, work.clock(), settings.templates)}


def _follow(work: Work, content: Content, public: Publication | None) -> None:
    """What comes after a publication: its derived files now, and the next embargo when it falls due."""
    now = work.clock()
    queue.ask_once(work.registry, SEARCH, {}, now)
    queue.ask_once(work.registry, DATA, {}, now)
    queue.ask_once(work.registry, WEIGHING, {}, now)
    queue.ask_once(work.registry, SHARING, {}, now)
    moment = _next_embargo(content, public, now)
    if moment is not None:
        queue.ask(work.registry, PUBLISH, {"embargo": True}, now, due=moment)


def _next_embargo(content: Content, public: Publication | None, now: dt.datetime) -> dt.datetime | None:
    if public is None:
        return None
    snapshot = content.store.snapshot(public.main)
    records = [record for one in public.embargoed if (record := snapshot.get(one)) is not None]
    return min((moment for record in records for moment in pending.embargoes(record.data, now)), default=None)


def _records(content: Content, before: Publication | None, after: Publication | None) -> list[str]:
    """The ids of the records whose public version changed."""
    if after is None or before is None or before.commit == after.commit:
        return []
    was, now = (content.store.snapshot(one.commit).entries for one in (before, after))
    places = [locate(path) for path, blob in now.items() if was.get(path) != blob]
    return [place.id for place in places if place is not None and place.id][:MOST_NAMED]


def told(problem: Problem) -> dict[str, str]:
    """A fault as the page of the result tells it; sentences apart, to be translated for whoever reads."""
    place = locate(problem.file)
    record_id = place.id if place is not None else ""
    return {
        "record_id": record_id,
        "file": problem.file,
        "field": problem.field,
        "words": problem.message,
        "hint": problem.hint,
    }
