"""The pages that look at everything: home, editions, news, site maps, and what is said when a page is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from html import escape
from typing import Any

from markupsafe import Markup

from participation import wording
from participation.messages import mark as _
from participation.values import PartialDate
from site_builder import compiling, phrases
from site_builder.addresses import AGENDA, EDITIONS, IDEAS, NEWS, PROJECTS, RESERVED, depth, paged
from site_builder.cards import Card, text
from site_builder.charts import definitions as patterns
from site_builder.charts import swatch
from site_builder.engine import Engine
from site_builder.given import Given
from site_builder.index import Index
from site_builder.pictures.album import HALF
from site_builder.results.names import of_results
from site_builder.sharing import names
from site_builder.stages import STAGES, WON
from site_builder.tongues import filled
from site_builder.town import Town, phase_now
from site_builder.views import atom, charts, common, comparison, events, machines, plans
from site_builder.views.catalogue import List
from site_builder.views.common import Article

NEWS_PER_PAGE = 20
_TOLD = (*WON, "on_ballot")  # the stages of projects that the home page counts


def home_page(engine: Engine, index: Index) -> Article:
    """Where the edition stands, what can be done now, what is under way, what is next."""
    town = engine.town
    edition = town.editions.get(town.current_edition, {})
    phase = phase_now(edition, town.day)
    heading, lead, actions = _call(engine, edition, phase)
    far = town.day + dt.timedelta(days=120)
    stages = _stages(engine, index)
    html = engine.render(
        "accueil.html",
        kicker=_kicker(engine, edition),
        heading=heading,
        lead=lead or town.summary,
        actions=[action for action in actions if action["href"] not in _empty(index)],
        how=next(((words, to) for words, to in town.menu if to and to.strip("/") not in RESERVED), ()),
        image=engine.album.img(town.home_image, "", town.home_image_alt, HALF, lazy=False),
        phases=_phases(engine, edition, phase),
        figures=_figures(engine, index),
        stages=stages,
        bar=charts.in_one_bar(engine, stages),
        patterns=patterns(),
        plan=plans.overview(engine, index, "", "project", stages=_TOLD),
        projects=_under_way(engine, index),
        events=events.unfold(engine, index, town.day, far, "")[:4],
        news=[_news(card, "") for card in index.latest("article", 3)],
    )
    head = atom.announced(atom.NEWS_FEED, atom.news_name(engine)) + machines.site(engine)
    return Article("", town.summary, html, head)


def edition_page(engine: Engine, index: Index, id: str) -> Article:
    """One edition: phases, figures, rules, envelopes."""
    town, lang = engine.town, engine.lang
    shown = town.editions[id]
    base = "../../"

    def said(name: str, top: int = 3) -> str:
        return engine.markdown(text(shown.get(name, ""), lang), base, top)

    submission = Given(shown.get("submission", {}))
    compared, unknown = comparison.compared(engine, index, id, base)
    html = engine.render(
        "edition.html",
        base=base,
        main_text=common.main_text(shown, lang, "description", "rules"),
        id=id,
        title=shown["title"],
        lead=text(shown.get("summary", ""), lang),
        phases=_phases(engine, shown, phase_now(shown, town.day)),
        figures=_edition_figures(engine, index, id, base),
        stages=_stages(engine, index, id),
        patterns=patterns(),
        charts=charts.of_edition(engine, index, id, base),
        compared=compared,
        unknown=unknown,
        description=said("description"),
        submission=submission,
        places=engine.markdown(text(submission["places"], lang), base) if submission else "",
        eligibility=said("eligibility"),
        criteria=said("criteria"),
        rules=said("rules"),
        envelopes=[{"label": _envelope(engine, row), "amount": row["amount"]} for row in shown.get("envelopes", ())],
        documents=common.documents(shown.get("documents"), base + engine.up, lang),
        results=f"{base}{of_results(id)}" if engine.results.of(id) else "",
        projects=_list_of(engine, index, "project", id),
        ideas=_list_of(engine, index, "idea", id),
    )
    head = engine.card(names.card_of_edition(id, town.folder), str(shown["title"]))
    return Article(str(shown["title"]), text(shown.get("summary", ""), lang), html, head)


def _list_of(engine: Engine, index: Index, type_name: str, edition: str) -> str:
    """The address of an edition's list; "" when nothing stands in it."""
    return (
        List(type_name, "edition", edition).address(engine) if index.counts(type_name, "edition").get(edition) else ""
    )


def editions_page(engine: Engine, index: Index) -> Article:
    """All editions, latest first."""
    town = engine.town
    projects, ideas = index.counts("project", "edition"), index.counts("idea", "edition")
    listed = []
    for id, shown in town.editions.items():
        phase = phase_now(shown, town.day)
        counted = [
            _count(engine, projects.get(id, 0), _("projet"), _("projets")),
            _count(engine, ideas.get(id, 0), _("idée"), _("idées")),
        ]
        listed.append(
            {
                "href": f"../{EDITIONS}{id}/",
                "title": shown["title"],
                "phase": town.words["phase"].get(phase, ""),
                "over": phase == "closed",
                "summary": text(shown.get("summary", ""), engine.lang),
                "meta": " · ".join(part for part in counted if part),
            }
        )
    html = engine.render("editions.html", base="../", editions=listed)
    return Article(engine.translate(_("Les éditions")), "", html)


def news_pages(engine: Engine, index: Index) -> dict[str, Article]:
    """The list of news, cut into pages: address -> page."""
    cards = index.latest("article")
    pages = max(1, -(-len(cards) // NEWS_PER_PAGE))
    made = {}
    for number in range(1, pages + 1):
        address = paged(NEWS, number)
        base = "../" * depth(address)
        html = engine.render(
            "actualites.html",
            base=base,
            number_of_page=number,
            feed=base + atom.NEWS_FEED,
            news=[_news(card, base) for card in cards[(number - 1) * NEWS_PER_PAGE : number * NEWS_PER_PAGE]],
            previous=paged(NEWS, number - 1) if number > 1 else "",
            next=paged(NEWS, number + 1) if number < pages else "",
            range_words=engine.translate(_("page %(number)s sur %(pages)s")) % {"number": number, "pages": pages},
        )
        head = atom.announced(base + atom.NEWS_FEED, atom.news_name(engine))
        made[address] = Article(engine.translate(_("Actualités")), "", html, head)
    return made


def missing_page(engine: Engine, root: str) -> Article:
    """What a visitor reads at an address where nothing lies."""
    html = engine.render("introuvable.html", base=root)
    return Article(engine.translate(_("Page introuvable")), "", html, '<meta name="robots" content="noindex">')


def search_page(engine: Engine) -> Article:
    """The search page; the search itself runs in the browser, on indexes that the worker makes."""
    town, translate = engine.town, engine.translate
    kinds = [translate(word) for word in (_("Projet"), _("Idée"), _("Rendez-vous"), _("Actualité"), _("Page"))]
    filters = [
        {"name": "type", "label": translate(_("Type")), "values": kinds},
        {
            "name": "edition",
            "label": translate(_("Édition")),
            "values": [one["title"] for one in town.editions.values()],
        },
    ]
    catalogues = [{"label": label, "address": address} for label, address in town.menu if address]
    html = engine.render("recherche.html", root="../", filters=filters, catalogues=catalogues)
    script = f'<script src="../{engine.up}assets/search.js" type="module"></script>'
    return Article(translate(_("Rechercher")), "", f'<div class="lr">{html}</div>', script)


def site_map(town: Town, addresses: list[str]) -> bytes:
    """A site map (sitemaps.org 0.9) of the pages at these addresses; each tells of itself in the other languages."""
    others = town.tongues if len(town.tongues) > 1 else []
    rows = []
    for address in addresses:
        ways = [(code, f"{town.site_url}/{folder}{address}") for code, folder in others]
        same = [f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(url)}"/>' for code, url in ways]
        same += [f'<xhtml:link rel="alternate" hreflang="x-default" href="{escape(url)}"/>' for _code, url in ways[:1]]
        rows.append(f"<url><loc>{escape(f'{town.url}/{address}')}</loc>{''.join(same)}</url>\n")
    more = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"' if others else ""
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{more}>\n'
    )
    return f"{head}{''.join(rows)}</urlset>\n".encode()


def site_map_index(urls: list[str]) -> bytes:
    """The index of the site maps."""
    rows = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>\n" for url in urls)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    )
    return f"{head}{rows}</sitemapindex>\n".encode()


def _call(engine: Engine, edition: Mapping[str, Any], phase: str) -> tuple[str, str, list[dict[str, str]]]:
    """The one thing to say now, and what can be done: it follows the phase of the edition."""
    town, translate = engine.town, engine.translate
    row: Mapping[str, Any] = next((one for one in edition.get("phases", ()) if one.get("phase") == phase), {})
    until = wording.date(PartialDate.parse(row["end"]), engine.lang) if "end" in row else ""
    lead = text(edition.get("summary", ""), engine.lang)
    see_projects = {"label": translate(_("Voir les projets")), "href": PROJECTS}
    see_ideas = {"label": translate(_("Voir les idées")), "href": IDEAS}
    agenda = {"label": translate(_("Voir l’agenda")), "href": AGENDA}
    if phase == "ideas":
        submission = edition.get("submission", {})
        href = submission.get("url") or f"{EDITIONS}{town.current_edition}/#proposer"
        propose = [{"label": translate(_("Proposer une idée")), "href": href}] if submission else []
        words = (
            translate(_("Proposez votre idée jusqu’au %s")) % until if until else translate(_("Proposez votre idée"))
        )
        return words, lead, [*propose, see_ideas, agenda]
    if phase == "vote":
        words = translate(_("Votez jusqu’au %s")) % until if until else translate(_("C’est le moment de voter"))
        return words, lead, [see_projects, agenda]
    headings = {
        "study": _("Les idées sont à l’étude"),
        "campaign": _("Découvrez les projets soumis au vote"),
        "results": _("Les résultats du vote"),
        "delivery": _("Les projets se réalisent"),
        "review": _("L’heure du bilan"),
    }
    if phase == "results" and engine.results.of(town.current_edition):
        results = {"label": translate(_("Voir les résultats du vote")), "href": of_results(town.current_edition)}
        return translate(headings[phase]), lead, [results, see_projects, agenda]
    first = see_ideas if phase == "study" else see_projects
    second = see_projects if phase == "study" else see_ideas
    return translate(headings.get(phase, "")) if phase in headings else town.title, lead, [first, second, agenda]


def _empty(index: Index) -> set[str]:
    """The lists in which nothing stands yet: nobody is sent there."""
    lists = {PROJECTS: "project", IDEAS: "idea", AGENDA: "event"}
    return {address for address, type_name in lists.items() if not index.counts(type_name, "type")}


def _kicker(engine: Engine, edition: Mapping[str, Any]) -> str:
    if not edition:
        return engine.town.name
    title: str = edition["title"]
    if "budget" not in edition:
        return title
    amount = phrases.money(edition["budget"], engine.lang, edition.get("currency", engine.town.currency))
    return filled(engine.translate(_("%(edition)s · %(amount)s à répartir")), {"edition": title, "amount": amount})


def _phases(engine: Engine, edition: Mapping[str, Any], now: str) -> list[dict[str, Any]]:
    today = engine.town.day
    return [
        {
            "words": engine.town.words["phase"][row["phase"]],
            "dates": phrases.short_range(row.get("start", ""), row.get("end", ""), engine.lang)
            if "start" in row or "end" in row
            else "",
            "note": text(row.get("note", ""), engine.lang),
            "now": row["phase"] == now,
            "past": "end" in row and PartialDate.parse(row["end"]).last() < today,
        }
        for row in edition.get("phases", ())
        if row["phase"] not in ("preparation", "closed")
    ]


def _figures(engine: Engine, index: Index) -> list[dict[str, Any]]:
    stages = index.counts("project", "stage")
    won = sum(stages.get(stage, 0) for stage in WON)
    done = stages.get("delivered", 0)
    ideas = index.count("idea")
    money = sum(int(float(one.get("budget", 0))) for one in engine.town.editions.values())
    rows = [
        (won, engine.translate(_("projets lauréats")), PROJECTS),
        (done, engine.translate(_("déjà livrés")), PROJECTS),
        (ideas, engine.translate(_("idées déposées")), IDEAS),
    ]
    figures = [{"value": engine.number(count), "words": words, "href": href} for count, words, href in rows if count]
    if money:
        words = engine.translate(_("confiés aux habitants"))
        amount = phrases.money(str(money), engine.lang, engine.town.currency)
        figures.append({"value": amount, "words": words, "href": EDITIONS})
    return figures


def _edition_figures(engine: Engine, index: Index, id: str, base: str) -> list[dict[str, Any]]:
    shown = engine.town.editions[id]
    turnout = shown.get("turnout", {})
    figures = []
    if "budget" in shown:
        amount = phrases.money(shown["budget"], engine.lang, shown.get("currency", engine.town.currency))
        figures.append({"value": amount, "words": engine.translate(_("à répartir")), "href": ""})
    ideas = index.counts("idea", "edition").get(id, 0)
    if ideas or turnout.get("ideas"):
        words = engine.translate(_("idées déposées"))
        href = f"{base}{List('idea', 'edition', id).address(engine)}" if ideas else ""
        figures.append({"value": engine.number(turnout.get("ideas") or ideas), "words": words, "href": href})
    projects = index.counts("project", "edition").get(id, 0)
    if projects:
        href = f"{base}{List('project', 'edition', id).address(engine)}"
        figures.append({"value": engine.number(projects), "words": engine.translate(_("projets")), "href": href})
    if "voters" in turnout:
        words = engine.translate(_("votantes et votants"))
        figures.append({"value": engine.number(turnout["voters"]), "words": words, "href": ""})
    return figures


def _stages(engine: Engine, index: Index, edition: str = "") -> list[dict[str, Any]]:
    """How many projects have come how far, with the lists of them; those of one edition are in no list of their own."""
    counts = index.counts("project", "stage", edition)
    return [
        {
            "words": engine.translate(stage.words),
            "family": stage.family,
            "count": counts[stage.code],
            "sample": "" if edition else swatch(stage.family),
            "href": "" if edition else List("project", "stage", stage.code).address(engine),
        }
        for stage in STAGES["project"]
        if stage.code in counts and (edition or stage.code in _TOLD)
    ]


def _under_way(engine: Engine, index: Index) -> list[dict[str, Any]]:
    """Four projects that move: works first, then those being prepared, the latest news first."""
    found: list[Card] = []
    for stage in ("works", "preparing", "delivered", "suspended"):
        cards = index.cards("project", "stage", stage, limit=40)
        found += sorted(cards, key=lambda card: card.day, reverse=True)[: 2 if stage == "works" else 1]
    made = []
    for card in found[:4]:
        place = engine.town.zone(card.zone) if card.zone else ""
        made.append(
            {
                "image": common.figure(engine, card._replace(image_alt=""), "", lazy=True),
                "family": card.family,
                "state": engine.town.words["project"][card.state],
                "href": card.address,
                "title": card.title,
                "meta": Markup(" · ".join(compiling.shown(part) for part in (place, card.summary) if part)),  # noqa: S704  # escaped
            }
        )
    return made


def _news(card: Card, base: str) -> dict[str, str]:
    return {"date": card.day, "href": base + card.address, "title": card.title, "summary": card.summary}


def _envelope(engine: Engine, row: Mapping[str, Any]) -> str:
    label = text(row.get("label", ""), engine.lang)
    if label:
        return label
    if "zone" in row:
        return engine.town.zone(row["zone"])
    return engine.town.theme(row["theme"]) if "theme" in row else engine.translate(_("Tout le territoire"))


def _count(engine: Engine, count: int, one: str, many: str) -> str:
    return f"{engine.number(count)} {engine.translate(many if count > 1 else one)}" if count else ""
