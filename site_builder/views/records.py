"""The pages of projects, ideas and articles, and of the town's own texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from participation.messages import mark as _
from participation.records.fields import Plain
from participation.values import zone_info
from site_builder import phrases, steps
from site_builder.addresses import AGENDA, CATALOGUES, IDEAS, NEWS, PROJECTS
from site_builder.cards import Card, text
from site_builder.chronicle import Told
from site_builder.engine import Engine
from site_builder.given import Given
from site_builder.index import Index
from site_builder.pictures.album import HALF
from site_builder.results import voice
from site_builder.sharing import names
from site_builder.tongues import joined
from site_builder.views import atom, common, detailed, machines, plans
from site_builder.views.common import Article

BASE = "../../"  # pages of records lie two folders deep

_CHANGES = 12  # publications told on the page; the feed tells more
MONEY = ("cost", "budget_voted", "budget_revised", "budget_committed", "budget_paid", "budget_final")


def project_page(
    engine: Engine, index: Index, card: Card, shown: Mapping[str, Plain], told: Sequence[Told] | None = None
) -> Article:
    """A project: state, steps planned against actual, money, scenarios, the ideas and events around it.

    `told` is its journal of changes, None where there is none to follow.
    """
    lang = engine.lang
    status = shown.get("status") or []
    history = common.history(engine, "project", status, BASE)
    timeline, axis = _timeline(engine, shown)
    around = index.backlinks(card.id)
    events = sorted((other for other in around if other.type == "event"), key=lambda other: other.day)
    ideas = dict.fromkeys([*shown.get("ideas", ()), *(other.id for other in around if other.type == "idea")])
    html = engine.render(
        "projet.html",
        base=BASE,
        main_text=common.main_text(shown, lang, "description"),
        card=card,
        state=engine.town.words["project"][card.state],
        since=status[-1].get("date", "") if status else "",
        reason=history[0].reason if history else "",
        facets=common.facet_links(engine, card, BASE, PROJECTS),
        image=common.figure(engine, card, BASE),
        photo=_photo(shown, lang) if card.image else Given(),
        owner=common.owner_words(engine, shown.get("owner"), card),
        description=engine.markdown(text(shown.get("description", ""), lang), BASE),
        timeline=timeline,
        axis=axis,
        delay=engine.markdown(text(shown.get("delay_reason", ""), lang), BASE, top=4),
        budget=_budget(engine, shown),
        budget_note=text(shown.get("budget_note", ""), lang),
        scenarios=[_scenario(engine, row) for row in shown.get("scenarios", ())],
        scenario_note=text(shown.get("scenario_note", ""), lang),
        gallery=common.photos(engine, shown.get("photos"), BASE, skip=1),
        documents=common.documents(shown.get("documents"), BASE + engine.up, lang),
        history=history,
        shown=_given(shown),
        plan=plans.record_map(engine, card, BASE),
        place=place_of(shown, lang),
        service=Given(engine.town.services.get(shown.get("service", ""), {})),
        ideas=common.linked(engine, index, ideas, BASE),
        events=[common.link(engine, other, BASE) for other in events],
        calendar=any(other.day for other in events),
        articles=[common.link(engine, other, BASE) for other in around if other.type == "article"],
        merged=common.linked(engine, index, [shown["merged_into"]] if "merged_into" in shown else [], BASE),
        money_goes_to=text(shown.get("money_goes_to", ""), lang),
        journal=_journal(engine, told or ()),
        page=f"{engine.town.url}/{card.address}" if engine.town.url else "",
        code=f"{BASE}{engine.up}{names.code_of(card.id, engine.town.folder)}",
        feed=atom.FILE if told is not None else "",
        vote=voice.line(engine, index, card, BASE),
    )
    head = atom.announced(atom.FILE, atom.name_of(engine, card)) if told is not None else ""
    return Article(card.title, card.summary, html, head + machines.of_record(engine, card, shown))


def idea_page(engine: Engine, index: Index, card: Card, shown: Mapping[str, Plain]) -> Article:
    """An idea: what is proposed, where it stands, and after a refusal what can be done."""
    lang = engine.lang
    status = shown.get("status") or []
    around = index.backlinks(card.id)
    history = common.history(engine, "idea", status, BASE)
    own = [shown[name] for name in ("project",) if name in shown]
    projects = dict.fromkeys([*own, *(other.id for other in around if other.type == "project")])
    beside = [other.id for other in around if other.type == "idea" and not _merged(other)]
    related = [id for id in dict.fromkeys([*shown.get("related", ()), *beside]) if id != shown.get("merged_into")]
    html = engine.render(
        "idee.html",
        base=BASE,
        main_text=common.main_text(shown, lang, "proposal", "need"),
        card=card,
        state=engine.town.words["idea"][card.state],
        facets=common.facet_links(engine, card, BASE, IDEAS),
        owner=common.owner_words(engine, shown.get("owner"), card),
        decision=Given(status[-1] if status else {}),
        reason=history[0].reason if history else "",
        need=engine.markdown(text(shown.get("need", ""), lang), BASE),
        proposal=engine.markdown(text(shown.get("proposal", ""), lang), BASE),
        study=engine.markdown(text(shown.get("study", ""), lang), BASE),
        conditions=engine.markdown(text(shown.get("conditions", ""), lang), BASE),
        next_steps=engine.markdown(text(shown.get("next_steps", ""), lang), BASE),
        gallery=common.photos(engine, shown.get("photos"), BASE),
        documents=common.documents(shown.get("documents"), BASE + engine.up, lang),
        history=history,
        shown=_given(shown),
        plan=plans.record_map(engine, card, BASE),
        place=place_of(shown, lang),
        projects=common.linked(engine, index, projects, BASE),
        merged=common.linked(engine, index, [shown["merged_into"]] if "merged_into" in shown else [], BASE),
        related=common.linked(engine, index, related, BASE),
        absorbed=[common.link(engine, other, BASE) for other in around if _merged(other)],
        events=[common.link(engine, other, BASE) for other in around if other.type == "event"],
    )
    return Article(card.title, card.summary, html, machines.of_record(engine, card, shown))


def _merged(card: Card) -> bool:
    """True for an idea that goes on with another one."""
    return card.type == "idea" and card.state == "merged"


def article_page(engine: Engine, index: Index, card: Card, shown: Mapping[str, Plain]) -> Article:
    """A piece of news."""
    lang = engine.lang
    html = engine.render(
        "actualite.html",
        base=BASE,
        main_text=common.main_text(shown, lang, "body"),
        card=card,
        shown=_given(shown),
        lead=text(shown.get("summary", ""), lang),
        body=engine.markdown(text(shown.get("body", ""), lang), BASE, top=2),
        photos=common.photos(engine, shown.get("photos"), BASE),
        documents=common.documents(shown.get("documents"), BASE + engine.up, lang),
        projects=common.linked(engine, index, shown.get("projects", ()), BASE),
        events=common.linked(engine, index, shown.get("events", ()), BASE),
        news=f"{BASE}{NEWS}",
    )
    head = atom.announced(BASE + atom.NEWS_FEED, atom.news_name(engine))
    return Article(card.title, card.summary, html, head + machines.of_record(engine, card, shown))


def text_page(engine: Engine, card: Card, shown: Mapping[str, Plain]) -> Article:
    """A standing text of the town."""
    base = "../"
    html = engine.render(
        "page.html",
        base=base,
        main_text=common.main_text(shown, engine.lang, "body"),
        card=card,
        lead=text(shown.get("summary", ""), engine.lang),
        body=engine.markdown(text(shown.get("body", ""), engine.lang), base, top=2),
        photos=common.photos(engine, shown.get("photos"), base),
        after=detailed.consent(engine, base) if card.id == detailed.PRIVACY else "",
    )
    return Article(card.title, card.summary, html)


def row(engine: Engine, card: Card) -> str:
    """The row of a project or an idea in a catalogue; the way to the root is `common.BASE_MARK`."""
    town = engine.town
    place = town.zone(card.zone) if card.zone else (town.words["whole"] if card.more.get("whole") else "")
    return engine.render(
        f"ligne-{'projet' if card.type == 'project' else 'idee'}.html",
        base=common.BASE_MARK,
        card=card,
        image=common.thumbnail(engine, card, common.BASE_MARK),
        meta=joined(" · ", (place, town.theme(card.theme) if card.theme else "", _edition(engine, card))),
        state=town.words[card.type][card.state],
        owner=common.owner_words(engine, card.more, card) if card.type == "idea" else "",
        amount=phrases.money(card.amount, engine.lang, town.currency),
        progress=card.progress,
        step=_step_words(engine, card),
    )


def _edition(engine: Engine, card: Card) -> str:
    return engine.town.edition(card.edition) if card.edition else ""


def _step_words(engine: Engine, card: Card) -> str:
    progress = card.progress
    if progress is None or not progress.current:
        return ""
    title = text(progress.current_title, engine.lang) if progress.current_title else ""
    return title or engine.town.words["step"].get(
        progress.current, engine.town.words["project"].get(progress.current, "")
    )


def place_of(shown: Mapping[str, Plain], lang: str) -> Given:
    """A record's place for templates: `whole`, or name and address, in the language they are in."""
    place = shown.get("place")
    if place == "whole_territory":
        return Given(whole=True)
    found = place if isinstance(place, dict) else {}
    return Given(found, **{key: text(found[key], lang) for key in ("name", "address") if key in found})


def _given(shown: Mapping[str, Plain]) -> Given:
    return Given(shown, origin=Given(shown["origin"]) if "origin" in shown else "")


def _photo(shown: Mapping[str, Plain], lang: str) -> Given:
    photo = (shown.get("photos") or [{}])[0]
    return Given(caption=text(photo.get("caption", ""), lang), credit=text(photo.get("credit", ""), lang))


def _journal(engine: Engine, told: Sequence[Told]) -> list[Given]:
    """The latest changes: the day in the town's time zone, the sentences."""
    zone = zone_info(engine.town.timezone)
    days = ((dt.datetime.fromisoformat(one.moment).astimezone(zone).date(), one) for one in told[:_CHANGES])
    return [Given(day=day.isoformat(), sentences=one.sentences) for day, one in days]


class _Step(NamedTuple):
    """One step as the template shows it."""

    title: str
    past: bool
    now: bool
    planned: str
    actual: str
    expected: str
    note: str
    late: str
    early: str
    on_time: bool
    bars: Markup


def _timeline(engine: Engine, shown: Mapping[str, Plain]) -> tuple[list[_Step], list[str]]:
    """The steps, and the dates of the axis."""
    rows = shown.get("steps") or []
    span = steps.span(rows)
    made = []
    last_begun = max((n for n, row in enumerate(rows) if "actual_start" in row or "actual_end" in row), default=-1)
    for number, row_ in enumerate(rows):
        slip = steps.slip(row_)
        past = "actual_end" in row_ or number < last_begun
        delay = phrases.delay(slip.days, engine.lang) if slip and slip.days else ""
        made.append(
            _Step(
                title=text(row_.get("title", ""), engine.lang) or engine.town.words["step"][row_["kind"]],
                past=past,
                now=number == last_begun and not past,
                planned=_range(engine, row_, "planned_start", "planned_end"),
                actual=_range(engine, row_, "actual_start", "actual_end"),
                expected="" if past else phrases.date(row_.get("expected_end", ""), engine.lang),
                note=text(row_.get("note", ""), engine.lang),
                late=delay if slip and slip.days > 0 else "",
                early=delay if slip and slip.days < 0 else "",
                on_time=slip is not None and not slip.days,
                bars=_bars(steps.bars(row_, *span)) if span else Markup(""),
            )
        )
    return made, _axis(*span, engine.lang) if span else []


@lru_cache(maxsize=4096)
def _axis(first: dt.date, last: dt.date, lang: str) -> list[str]:
    return phrases.months_axis(steps.axis(first, last), lang)


def _bars(bars: list[steps.Bar]) -> Markup:
    """Three figures a bar, some five bars a project: put together here they cost a third of a loop in HTML."""
    drawn = [f'<i class="{bar.kind}" style="left:{bar.left}%;width:{bar.width}%"></i>' for bar in bars]
    return Markup("".join(drawn))  # noqa: S704  # figures and our own letters


def _range(engine: Engine, row_: Mapping[str, Plain], start: str, end: str) -> str:
    lang = engine.lang
    if start in row_ and end in row_:
        return phrases.date_range(row_[start], row_[end], lang)
    if end in row_:
        return phrases.date(row_[end], lang)
    if start not in row_:
        return ""
    if start == "planned_start":
        return phrases.date(row_[start], lang)
    return Markup(engine.translate(_("commencé %s"))) % phrases.on_date(row_[start], lang)  # noqa: S704  # our own words


def _budget(engine: Engine, shown: Mapping[str, Plain]) -> dict[str, Given]:
    """Amounts on one scale: the largest is the whole width."""
    amounts = {name: float(shown[name]) for name in MONEY if name in shown}
    if not amounts:
        return {}
    whole = max(amounts.values()) or 1.0
    words = {name: phrases.money(shown[name], engine.lang, engine.town.currency) for name in amounts}
    parts = {name: round(amount * 100 / whole, 1) for name, amount in amounts.items()}
    return {"words": Given(words), "part": Given(parts)}


def _scenario(engine: Engine, row_: Mapping[str, Plain]) -> Given:
    return Given(
        row_,
        title=text(row_.get("title", ""), engine.lang),
        image=engine.album.img(row_.get("image", ""), BASE, "", HALF),
        description=engine.markdown(text(row_.get("description", ""), engine.lang), BASE, top=4),
    )


def active_menu(card: Card) -> str | None:
    """The entry of the menu that a record's page belongs to."""
    return {"article": NEWS, "event": AGENDA, **CATALOGUES, "page": card.address}.get(card.type)
