"""The jobs of publishing: put what is saved on the site, bring an earlier publication back, make derived files.

The only place of the office that calls the generator. What a publication is, the store decides.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from backoffice.content import Content
from backoffice.jobs import queue
from backoffice.jobs.kinds import DATA, PUBLISH, ROLLBACK, SEARCH, SHARING, WEIGHING
from backoffice.jobs.work import JobRefused, Result, Work, sentences
from backoffice.policy import Right, allowed
from backoffice.publish import reviewing
from backoffice.registry import accounts, held, people, reviews
from backoffice.telling import SERVICE
from participation.layout import locate
from participation.messages import mark
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Rule
from participation.store.objects import is_hash
from participation.store.publications import Publication
from site_builder import publish as generator

STEPS = 3  # as the generator tells them: reading, making, going live
MOST_NAMED = 100
INSTANCE = "instance.yml"
SLICE = dt.timedelta(seconds=20)  # of making pictures to share, before other jobs have their turn


def publish(work: Work) -> Result:
    """Publish the commit that the person saw, or the newest one; what is held back, faulty or not approved stays."""
    payload, content = work.job.payload, Content(work.settings)
    before = content.published()
    chosen = _after_embargo(work, content, before) if payload.get("embargo") else _asked(work, content, before)
    if chosen is None:
        return {"changed": 0, "records": [], "faults": [], "already": True}
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
        main=chosen.main,
        hold_back=chosen.staying,
        reviewed_by=chosen.readers,
        processes=work.settings.processes,
        templates=work.settings.templates,
        people=lambda: people.labels(work.registry),
        progress=tell,
    )
    after = content.store.published()
    _follow(work, content, after)
    return {
        "changed": published.changed,
        "records": _records(content, before, after),
        "publication": after.commit if published.new and after is not None else "",
        "faults": [told(problem) for problem in published.problems if problem.severity is Severity.ERROR][:MOST_NAMED],
        "notices": [told(problem) for problem in published.problems if _of_the_site(problem)][:MOST_NAMED],
    }


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a publication takes: a commit of main, the names of what stays, who read it before."""

    main: str | None
    staying: list[str]
    readers: list[str]


def _after_embargo(work: Work, content: Content, before: Publication | None) -> _Chosen | None:
    """A moment that was waited for has come: what the last publication kept for it leaves, and nothing else."""
    if before is None:
        return None
    found = reviewing.standing(content, work.registry, work.clock(), before.main)
    others = {one.name for one in found.changes.values() if one.record_id not in before.embargoed}
    return _Chosen(before.main, sorted(others | held.held(work.registry)), list(before.reviewed_by))


def _asked(work: Work, content: Content, before: Publication | None) -> _Chosen | None:
    """What people asked for, judged now: it may have been asked days ago. None when newer content is public already."""
    payload = work.job.payload
    main = str(payload.get("commit", ""))
    main = main if is_hash(main) else content.head()
    if payload.get("scheduled"):
        _still_wanted(work, content)
    with content.store.repo() as repo:
        if repo.reachable(main, [content.head()]):
            raise JobRefused(_("Cette version n’est pas dans l’historique des contenus."))
        if before is not None and before.action == PUBLISH and main != before.main:
            older = not repo.reachable(main, [before.main])
        else:
            older = False
    if older:
        return None
    found = reviewing.standing(content, work.registry, work.clock(), main)
    if found.required and found.changes and not found.leaving:
        raise JobRefused(
            _("Aucune modification n’a encore été approuvée par une deuxième personne."),
            hint=_("Demandez une relecture, puis publiez."),
        )
    if before is None and found.stays.get(INSTANCE) is not None:
        raise JobRefused(
            _("La première publication a besoin des réglages du site, et ils sont mis de côté."),
            hint=_("Remettez le fichier instance.yml avec les autres, ou faites-le approuver."),
        )
    staying = {*found.staying, *map(str, payload.get("held", []))}
    return _Chosen(main, sorted(staying), sorted(found.readers))


def _still_wanted(work: Work, content: Content) -> None:
    """Refuse a scheduled publication whose author may publish no more, or before which a rollback has come."""
    author = accounts.by_id(work.registry, work.job.account_id or 0)
    if not allowed(author, Right.PUBLISH):
        raise JobRefused(
            _("La personne qui a programmé cette publication n’a plus le droit de publier."),
            hint=_("Publiez vous-même, ou programmez-la de nouveau."),
        )
    seen = str(work.job.payload.get("publication", ""))
    for one in content.store.publications(limit=200):
        if one.commit == seen:
            return
        if one.action == ROLLBACK:
            raise JobRefused(
                _("Une publication antérieure a été remise en ligne depuis que celle-ci est programmée."),
                hint=_("Relisez ce qui va changer, puis programmez-la de nouveau."),
            )


def roll_back(work: Work) -> Result:
    """Bring an earlier publication back; what is saved stays as it is, what was approved or planned must be again."""
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
        people=lambda: people.labels(work.registry),
    )
    if done.new:
        reviews.void_approvals(work.registry)
        for job in queue.planned(work.registry, work.clock(), PUBLISH):
            queue.cancel(work.registry, job.id, work.clock())
    after = content.store.published()
    _follow(work, content, after)
    return {"changed": done.changed, "records": _records(content, before, after), "faults": []}


def show(work: Work) -> Result:
    """Make the pages of what another office has published: the chain has grown, this site has not yet."""
    content = Content(work.settings)
    work.tell(1, 2, mark("Publication venue d’une autre machine"))
    shown = generator.show(
        work.settings.content,
        work.settings.site,
        when=work.clock(),
        processes=work.settings.processes,
        templates=work.settings.templates,
        people=lambda: people.labels(work.registry),
    )
    _follow(work, content, content.store.published())
    return {"changed": shown.changed, "records": [], "publication": shown.commit, "faults": []}


def index_search(work: Work) -> Result:
    """Make the search indexes that the live pages ask for."""
    work.tell(0, 1, mark("Index de recherche"))
    return {"indexes": generator.index_search(work.settings.site)}


def make_data(work: Work) -> Result:
    """Make the files of open data of what is live."""
    settings = work.settings
    work.tell(0, 1, mark("Fichiers de données ouvertes"))
    return {
        "files": generator.make_data(
            settings.content, settings.site, work.clock(), settings.templates, lambda: people.labels(work.registry)
        )
    }


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
    for job in queue.planned(work.registry, now, PUBLISH):
        if job.payload.get("embargo"):
            queue.cancel(work.registry, job.id, now)  # the one that follows knows what was published since
    if moment is not None:
        records = list(public.embargoed) if public is not None else []
        queue.ask(work.registry, PUBLISH, {"embargo": True, "records": records}, now, due=moment)


def _next_embargo(content: Content, public: Publication | None, now: dt.datetime) -> dt.datetime | None:
    if public is None:
        return None
    snapshot = content.store.snapshot(public.main)
    records = [record for one in public.embargoed if (record := snapshot.get(one)) is not None]
    moments = [moment for record in records for moment in reviewing.embargoes(record.data, now)]
    rules = content.store.snapshot(public.commit).of_type(Rule)
    moments += [rule.announced for rule in rules if rule.announced is not None and rule.announced > now]
    return min(moments, default=None)


def _records(content: Content, before: Publication | None, after: Publication | None) -> list[str]:
    """The ids of the records whose public version changed."""
    if after is None or before is None or before.commit == after.commit:
        return []
    was, now = (content.store.snapshot(one.commit).entries for one in (before, after))
    places = [locate(path) for path, blob in now.items() if was.get(path) != blob]
    return [place.id for place in places if place is not None and place.id][:MOST_NAMED]


def told(problem: Problem) -> dict[str, Any]:
    """A fault as the page of the result tells it; sentences with their values, to be told to whoever reads."""
    place = locate(problem.file)
    return {
        "record_id": place.id if place is not None else "",
        "type": place.type_name if place is not None else "",
        "file": problem.file,
        "line": problem.line,
        "field": problem.field,
        "words": sentences(problem.message, problem.hint),
    }
