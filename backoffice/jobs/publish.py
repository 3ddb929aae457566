"""The jobs of publishing: put what is saved on the site, bring an earlier publication back, make the search indexes.

The only place of the office that calls the generator. What a publication is, the store decides.
"""

from __future__ import annotations

import datetime as dt

from backoffice import pending
from backoffice.content import Content
from backoffice.i18n import ngettext
from backoffice.jobs import queue
from backoffice.jobs.kinds import PUBLISH, SEARCH
from backoffice.jobs.work import Result, Work
from backoffice.registry import held
from participation.layout import locate
from participation.messages import mark
from participation.store.objects import is_hash
from participation.store.publications import Publication
from site_builder import publish as generator

STEPS = 3  # as the generator tells them: reading, making, going live
MOST_NAMED = 100
SERVICE = "laureat"  # the author of what the service does by itself


def publish(work: Work) -> Result:
    """Publish the commit that the person saw, or the newest one; held-back and faulty records stay as they were."""
    payload, content = work.job.payload, Content(work.settings)
    before = content.published()
    main = str(payload.get("commit", ""))
    if payload.get("embargo"):  # a moment that was waited for has come: nothing else may leave with it
        if before is None:
            return {"words": "", "records": [], "faults": []}
        main = before.main
    staying = set(payload.get("held", [])) | held.held(work.registry)
    faults = pending.faults_of_changes(content, content.store.snapshot(main if is_hash(main) else None))
    done = 0

    def tell(words: str) -> None:
        nonlocal done
        done += 1
        work.tell(min(done, STEPS), STEPS + 1, words)

    work.tell(0, STEPS + 1, mark("Vérification des fiches"))
    published = generator.publish(
        work.settings.content,
        work.settings.site,
        author=str(payload.get("author", SERVICE)),
        when=work.clock(),
        main=main if is_hash(main) else None,
        hold_back=sorted(staying | {fault.record_id for fault in faults if fault.record_id}),
        processes=work.settings.processes,
        progress=tell,
    )
    after = content.store.published()
    _follow(work, content, after)
    return {
        "words": _words(published.changed),
        "records": _records(content, before, after),
        "faults": [_told(fault) for fault in faults],
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
    )
    after = content.store.published()
    _follow(work, content, after)
    return {"words": _words(done.changed), "records": _records(content, before, after), "faults": []}


def index_search(work: Work) -> Result:
    """Make the search indexes that the live pages ask for."""
    work.tell(0, 1, mark("Index de recherche"))
    return {"indexes": generator.index_search(work.settings.site)}


def _follow(work: Work, content: Content, public: Publication | None) -> None:
    """What comes after a publication: the search indexes now, and the next embargo when it falls due."""
    now = work.clock()
    queue.ask_once(work.registry, SEARCH, {}, now)
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


def _words(changed: int) -> str:
    if not changed:
        return mark("Rien n’avait changé sur le site.")
    words = ngettext("%(num)s fichier du site a changé.", "%(num)s fichiers du site ont changé.", changed)
    return words % {"num": changed}


def _told(fault: pending.Fault) -> dict[str, str]:
    return {"record_id": fault.record_id, "field": fault.field, "words": f"{fault.title}\u00a0: {fault.words}"}
