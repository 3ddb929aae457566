"""The results page of an edition: who won and why, with what money, by whose votes, by which rule, and how to check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from participation import wording
from participation.counting.telling import rule_told
from participation.counting.trace import WINNING
from participation.counting.words import Voice
from participation.messages import mark as _
from participation.records.polling import VOID
from participation.records.rule import METHODS
from participation.values import PartialDate, zone_info
from site_builder import charts, phrases
from site_builder.addresses import DATA, of_record
from site_builder.cards import text
from site_builder.charts import Part
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.results import parts, turnout
from site_builder.results.names import FORMATS, file_of, of_recount
from site_builder.results.reading import Shown
from site_builder.results.voice import LABELS, anchor, page_of, voice_of, why
from site_builder.tongues import filled, joined
from site_builder.views import plans
from site_builder.views.charts import Chart, Figure, Row, natural
from site_builder.views.common import Article

_BASE = "../../../"
FILE_WORDS = {
    "csv": (_("Résultat, en tableau"), "CSV"),
    "json": (_("Résultat complet, pour les programmes"), "JSON"),
    "pb": (_("Bulletins anonymes, au format Pabulib"), "PB"),
    "pdf": (_("Relevé du résultat, à imprimer"), "PDF"),
    "zip": (_("Tout pour recompter"), "ZIP"),
}


class Ranked(NamedTuple):
    """A line of the ranking; `sum` is what was given so far, "" where a line gives nothing. `width` is in rem."""

    anchor: str
    rank: str
    title: str
    href: str
    note: str
    votes: str
    points: str
    width: float
    cost: str
    sum: str
    won: bool
    label: str
    why: str


class Given(NamedTuple):
    """One group of one round: its money, and how many projects won in it."""

    title: str
    allowance: str
    spent: str
    left: str
    winners: str
    voters: str


def results_page(engine: Engine, index: Index, id: str) -> Article:
    """The whole page; the results of the edition are announced."""
    shown = engine.results.of(id)
    if shown is None:
        raise ValueError(id)
    town, translate = engine.town, engine.translate
    edition, outcome = town.editions[id], shown.outcome
    voice, result = voice_of(engine, index, shown), outcome.result
    title = translate(_("Résultats du vote, %s")) % edition["title"]
    ranking, cut = _ranking(engine, index, shown, voice)
    lead = _lead(engine, shown, voice)
    tables = turnout.tables(engine, shown)
    html = engine.render(
        "resultats.html",
        base=_BASE,
        title=title,
        lead=lead,
        edition={"title": edition["title"], "href": of_record("edition", id)},
        announced=_moment(engine, outcome.record["announced"]),
        provisional=[[voice.title(one) for one in tie.projects] for tie in result.undecided],
        figures=turnout.figures(engine, shown, voice, _dates(engine, edition)),
        void=[(translate(VOID[code]), engine.number(number)) for code, number in result.void.items()],
        recorded=outcome.recorded,
        ranking=ranking,
        points=outcome.rule.order == "points",
        cut=cut if single(shown) else 0,
        cut_spent=voice.money(result.spent),
        cut_left=voice.money(result.left),
        rounds=_rounds(engine, shown, voice),
        charts=[chart for what in ("zone", "theme") if (chart := _by(engine, shown, voice, what)) is not None],
        patterns=charts.definitions(),
        plan=plans.of_cards(engine, [card for one in result.winners if (card := index.card(one)) is not None], _BASE),
        turnout=tables,
        small=any(turnout.small(table.rows) for table in tables),
        fewest=turnout.fewest(shown),
        served=_served(engine, shown),
        ties=parts.ties(engine, shown, voice),
        seed=outcome.rule.seed,
        seed_source=text(outcome.record.get("seed_source", ""), engine.lang),
        decisions=parts.decisions(engine, shown, voice),
        corrections=[
            {"date": row.get("date", ""), "reason": text(row.get("reason", ""), engine.lang)}
            for row in outcome.record.get("corrections", ())
        ],
        others=parts.others(engine, index, shown, voice, _BASE),
        method=translate(METHODS[outcome.rule.method]),
        rule=[parts.told(engine, shown, one) for one in rule_told(voice)],
        rules=f"{_BASE}{of_record('edition', id)}#reglement" if text(edition.get("rules", ""), engine.lang) else "",
        document=outcome.record.get("document", ""),
        frozen=outcome.record.get("frozen", {}),
        recount=f"{_BASE}{of_recount(id)}",
        command=f"laureat recount {file_of(id, 'zip')}",
        file_words={one: (translate(words), kind) for one, (words, kind) in FILE_WORDS.items()},
        files=[(one, f"{_BASE}{engine.up}{DATA}{file_of(id, one)}") for one in _offered(shown)],
    )
    return Article(title, lead, html)


def _lead(engine: Engine, shown: Shown, voice: Voice) -> str:
    """What was voted, in two sentences."""
    translate, result, outcome = engine.translate, shown.outcome.result, shown.outcome
    many = len(outcome.contest.candidates)
    won = len(result.winners)
    first = translate(_("%(voters)s bulletins ont départagé %(projects)s projets pour %(budget)s.")) % {
        "voters": engine.number(result.voters),
        "projects": engine.number(many),
        "budget": voice.money(result.budget),
    }
    if won == 1:
        second = translate(_("Un projet est lauréat\u202f; voici pour chacun pourquoi il l’est ou non."))
    else:
        second = translate(_("%s projets sont lauréats\u202f; voici pour chacun pourquoi il l’est ou non."))
        second %= engine.number(won)
    return f"{first} {second}"


def _moment(engine: Engine, instant: str) -> str:
    local = dt.datetime.fromisoformat(instant).astimezone(zone_info(engine.town.timezone))
    lang = str(engine.lang)
    return f"{wording.date(PartialDate.of(local.date()), lang)}, {wording.time(local.time(), lang)}"


def _dates(engine: Engine, edition: Mapping[str, Any]) -> str:
    vote: Mapping[str, Any] = next((row for row in edition.get("phases", ()) if row.get("phase") == "vote"), {})
    if "start" in vote and "end" in vote:
        return str(phrases.date_range(vote["start"], vote["end"], engine.lang))
    return ""


def _ranking(engine: Engine, index: Index, shown: Shown, voice: Voice) -> tuple[list[Ranked], int]:
    """All projects by falling result, and after how many of them the line of the envelope stands (0: nowhere).

    Where all are counted in one group the order is that of the count; else it is that of the votes.
    """
    outcome, result, ranks = shown.outcome, shown.outcome.result, shown.ranks
    scores = result.points if outcome.rule.order == "points" else result.votes
    order = sorted(result.decided, key=lambda one: (-scores[one], result.decided[one].rank or len(ranks), one))
    if not single(shown):
        order.sort(key=lambda one: (result.decided[one].reason not in WINNING, -scores[one], one))
    most = max(scores.values(), default=0) or 1
    given, lines, last = 0, [], 0
    for place, id in enumerate(order, 1):
        step, one = result.decided[id], outcome.contest.candidates[id]
        won = step.reason in WINNING
        if won and step.note != "outside":
            given += step.paid
        last = place if won else last
        names = (engine.town.zone(one.zone) if one.zone else "", engine.town.theme(one.theme) if one.theme else "")
        lines.append(
            Ranked(
                anchor(id),
                engine.number(ranks[id]),
                card.title if (card := index.card(id)) is not None else voice.title(id),
                page_of(index, id, _BASE),
                joined(" · ", names),
                engine.number(result.votes[id]),
                engine.number(result.points[id]),
                round(scores[id] * 4.5 / most, 1),
                voice.money(one.cost),
                voice.money(given) if won else "",
                won,
                engine.translate(LABELS[step.reason]),
                why(step, voice, shown),
            )
        )
    return lines, last


def single(shown: Shown) -> bool:
    """True when all projects are counted in one group, in the order in which they are shown."""
    rule = shown.outcome.rule
    return len(shown.outcome.result.groups) == 1 and rule.method == "greedy" and rule.order != "value"


def _offered(shown: Shown) -> list[str]:
    """The formats of the files to download; a Pabulib file needs single ballots."""
    return [one for one in FORMATS if one != "pb" or (shown.outcome.ballots and not shown.outcome.recorded)]


def _rounds(engine: Engine, shown: Shown, voice: Voice) -> list[Given]:
    """The groups of a rule with several; nothing for a rule of one round that counts all projects together."""
    result = shown.outcome.result
    if len(result.groups) < 2:
        return []
    winners: dict[tuple[str, str], int] = {}
    for step in result.winning_steps():
        winners[step.round, step.group] = winners.get((step.round, step.group), 0) + 1
    titles = {one.id: text(dict(one.title), engine.lang) for one in voice.rule.rounds}
    groups = {**engine.town.zones, **engine.town.themes}
    return [
        Given(
            _named(engine, titles.get(one.round, ""), groups.get(one.group, one.group)),
            voice.money(one.allowance),
            voice.money(one.spent),
            voice.money(one.allowance - one.spent),
            engine.number(winners.get((one.round, one.group), 0)),
            engine.number(one.voters),
        )
        for one in result.groups
    ]


def _named(engine: Engine, title: str, group: str) -> str:
    if title and group:
        return filled(engine.translate(_("%(round)s\u00a0: %(group)s")), {"round": title, "group": group})
    return title or group or engine.translate(_("Tous les projets"))


def _by(engine: Engine, shown: Shown, voice: Voice, what: str) -> Chart | None:
    """How many projects of each zone or theme won, of how many, with the money they get."""
    translate, town, outcome = engine.translate, engine.town, shown.outcome
    counted: dict[str, list[int]] = {}
    for id, one in outcome.contest.candidates.items():
        row = counted.setdefault(getattr(one, what), [0, 0, 0])
        step = outcome.result.decided[id]
        row[0] += 1
        if step.reason in WINNING:
            row[1] += 1
            row[2] += step.paid
    if len(counted) < 2:
        return None
    named = {key: town.zone(key) if what == "zone" else town.theme(key) for key in counted}
    named[""] = translate(_("Tout le territoire ou lieu non précisé") if what == "zone" else _("Sans thème"))
    most = max(row[0] for row in counted.values())
    rows, table = [], []
    for key in sorted(counted, key=lambda key: (key == "", natural(named[key]))):
        every, won, paid = counted[key]
        said = translate(_("%(won)s sur %(of)s")) % {"won": engine.number(won), "of": engine.number(every)}
        shares = [Part(won, "done", ""), Part(every - won, "over", "")]
        rows.append(Row(named[key], [Figure("", said, charts.bar(shares, most))]))
        table.append([named[key], engine.number(won), engine.number(every), voice.money(paid)])
    title = _("Les lauréats par lieu") if what == "zone" else _("Les lauréats par thème")
    head = town.zone_word if what == "zone" else translate(_("Thème"))
    columns = [str(head), translate(_("Lauréats")), translate(_("Projets au vote")), translate(_("Montant"))]
    legend = [(charts.swatch("done"), translate(_("Lauréats"))), (charts.swatch("over"), translate(_("Non retenus")))]
    return Chart(f"laureats-{what}", translate(title), rows, columns, table, legend=legend)


def _served(engine: Engine, shown: Shown) -> str:
    outcome = shown.outcome
    if not outcome.ballots:
        return ""
    words = engine.translate(_("%(share)s des bulletins valables ont choisi au moins un lauréat."))
    return words % {"share": turnout.percent(engine, outcome.served, outcome.ballots)}
