"""The pages of the zones (quartiers, cantons): the list of all with figures and plan, and one page for each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from markupsafe import Markup

from participation.messages import mark as _
from site_builder import phrases
from site_builder.addresses import AGENDA, EDITIONS, of_zone
from site_builder.cards import Card
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.stages import STAGES, WON, stage_of
from site_builder.views import events, plans
from site_builder.views.catalogue import List
from site_builder.views.common import BASE_MARK, Article

BASE = "../../"
_ROWS = 6  # projects shown with their picture
_LINES = 8  # projects named for each stage, and ideas
_EVENTS = 4
_MOVING = ("works", "preparing", "suspended", "on_ballot")


def zones_page(engine: Engine, index: Index) -> Article:
    """All zones: plan, and a table of how many projects each has, how many are delivered, how many ideas came."""
    town = engine.town
    base = "../"
    projects, ideas = index.zone_stages("project"), index.counts("idea", "zone")
    rows = [
        {
            "title": town.zone(id),
            "href": base + of_zone(id),
            "won": sum(projects.get(id, {}).get(stage, 0) for stage in WON),
            "delivered": projects.get(id, {}).get("delivered", 0),
            "ideas": ideas.get(id, 0),
        }
        for id in town.zones
    ]
    html = engine.render("quartiers.html", base=base, plan=plans.town_map(engine, index, base), rows=rows)
    lead = engine.translate(_("Ce que le budget participatif change près de chez vous."))
    return Article(town.zones_word, lead, html)


def zone_page(engine: Engine, index: Index, id: str) -> Article:
    """One zone: figures, its projects by stage, its ideas, what comes next there, its share of the money."""
    town = engine.town
    facts = town.zone_facts[id]
    projects = index.cards("project", "zone", id)
    by_stage: dict[str, list[Card]] = {}
    for card in projects:
        by_stage.setdefault(stage_of(card.type, card.state), []).append(card)
    moving = [card for stage in _MOVING for card in by_stage.get(stage, ())][:_ROWS]
    shown = {card.id for card in moving}
    html = engine.render(
        "quartier.html",
        base=BASE,
        title=town.zone(id),
        kind=facts["kind"],
        population=engine.number(facts["population"]) if facts["population"] else "",
        description=engine.markdown(facts["description"], BASE),
        plan=plans.zone_map(engine, index, BASE, id),
        figures=_figures(engine, index, id, projects),
        rows=[Markup(row.replace(BASE_MARK, BASE)) for row in index.rows(card.id for card in moving)],  # noqa: S704  # rendered with escaping
        stages=_stages(engine, by_stage, shown),
        project_count=len(projects),
        projects=BASE + List("project", "zone", id).address(engine),
        ideas=_ideas(engine, index, id),
        idea_count=index.counts("idea", "zone").get(id, 0),
        idea_list=BASE + List("idea", "zone", id).address(engine),
        events=_coming(engine, index, id),
        envelopes=_envelopes(engine, id),
        agenda=BASE + AGENDA,
    )
    words = engine.translate(_("Les projets, les idées et les rendez-vous\u00a0: %s.")) % town.zone(id)
    return Article(town.zone(id), words, html)


def _figures(engine: Engine, index: Index, id: str, projects: list[Card]) -> list[dict[str, str]]:
    """At most four figures; each that counts records leads to them."""
    translate = engine.translate
    won = [card for card in projects if stage_of(card.type, card.state) in WON]
    done = [card for card in won if stage_of(card.type, card.state) == "delivered"]
    kept = [card for card in won if stage_of(card.type, card.state) != "abandoned"]
    money = sum(round(float(card.amount)) for card in kept if card.amount)
    ideas = index.counts("idea", "zone").get(id, 0)
    to_projects = BASE + List("project", "zone", id).address(engine)
    rows = [
        (len(won), translate(_("projets lauréats") if len(won) > 1 else _("projet lauréat")), to_projects),
        (len(done), translate(_("déjà livrés") if len(done) > 1 else _("déjà livré")), to_projects),
        (
            ideas,
            translate(_("idées déposées") if ideas > 1 else _("idée déposée")),
            BASE + List("idea", "zone", id).address(engine),
        ),
    ]
    figures = [{"value": engine.number(count), "words": words, "href": href} for count, words, href in rows if count]
    if money:
        amount = phrases.money(str(money), engine.lang, engine.town.currency)
        figures.append({"value": amount, "words": translate(_("pour ces projets, abandons exceptés")), "href": ""})
    return figures


def _stages(engine: Engine, by_stage: dict[str, list[Card]], shown: set[str]) -> list[dict[str, Any]]:
    """Each stage with the projects that are not shown above, the latest first."""
    found = []
    for stage in STAGES["project"]:
        cards = by_stage.get(stage.code, [])
        rest = sorted((card for card in cards if card.id not in shown), key=lambda card: card.day, reverse=True)
        if rest:
            lines = [
                {
                    "title": card.title,
                    "href": BASE + card.address,
                    "meta": phrases.money(card.amount, engine.lang, engine.town.currency) if card.amount else "",
                }
                for card in rest[:_LINES]
            ]
            found.append(
                {
                    "words": engine.translate(stage.words),
                    "family": stage.family,
                    "count": len(cards),
                    "lines": lines,
                }
            )
    return found


def _ideas(engine: Engine, index: Index, id: str) -> list[dict[str, str]]:
    cards = index.cards("idea", "zone", id, limit=_LINES)
    words = engine.town.words["idea"]
    return [{"title": card.title, "href": BASE + card.address, "state": words[card.state]} for card in cards]


def _coming(engine: Engine, index: Index, id: str) -> list[events.Listed]:
    """The next events of a zone within a year."""
    today = engine.town.day
    return events.unfold(engine, index, today, today + dt.timedelta(days=366), BASE, lambda card: card.zone == id)[
        :_EVENTS
    ]


def _envelopes(engine: Engine, id: str) -> list[dict[str, str]]:
    """The money that each edition kept for a zone."""
    return [
        {"edition": shown["title"], "href": f"{BASE}{EDITIONS}{edition}/", "amount": str(row["amount"])}
        for edition, shown in engine.town.editions.items()
        for row in shown.get("envelopes", ())
        if row.get("zone") == id and "amount" in row
    ]
