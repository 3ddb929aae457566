"""A rule told back in sentences, each with the key that says it: for those who adopt a rule and are no experts.

French is the source; `Voice` (of `words.py`) gives language, money and the names of zones and themes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from participation import wording
from participation.counting.model import RoundRule
from participation.counting.words import Voice
from participation.messages import mark as _
from participation.records.parts import OWNER_KINDS
from participation.records.rule import TIES


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence, and the key of the rule that it tells (`ballot.maximum`, `rounds.quartiers`)."""

    key: str
    words: str


_FITS = {
    "skip": _("Un projet qui coûte plus que ce qui reste est passé, et l’on regarde le suivant."),
    "stop": _("Au premier projet qui coûte plus que ce qui reste, on s’arrête."),
    "part": _(
        "Un projet qui coûte plus que ce qui reste reçoit ce reste, si c’est au moins %(n)s\u00a0%% de son coût, "
        "et l’on s’arrête."
    ),
}
_FITS_OF_A_ROUND = {
    "skip": _("un projet trop cher est passé"),
    "stop": _("on s’arrête au premier projet trop cher"),
    "part": _("le premier projet trop cher reçoit ce qui reste"),
}
_ORDERS = {
    "votes": _("Les projets sont retenus dans l’ordre de leurs voix, tant que l’argent suffit."),
    "points": _("Les projets sont retenus dans l’ordre de leurs points, tant que l’argent suffit."),
    "value": _("Les projets sont retenus dans l’ordre de leurs voix par euro, tant que l’argent suffit."),
}
_COMPLETIONS = {
    "utilitarian": _("Ce qui reste va aux projets suivants, dans l’ordre des voix."),
    "add1": _("Tant qu’un projet tient dans le reste, toutes les parts sont augmentées et l’on recommence."),
    "add1u": _(
        "Tant qu’un projet tient dans le reste, toutes les parts sont augmentées et l’on recommence\u202f; "
        "ce qui reste enfin va aux projets suivants, dans l’ordre des voix."
    ),
}
_GROUPS = {
    "whole": _("tous les projets ensemble"),
    "zone": _("quartier par quartier (ou canton par canton)"),
    "theme": _("thème par thème"),
}
_AMONG = {
    "zoned": _("seulement les projets d’un quartier ou d’un canton"),
    "unzoned": _("seulement les projets de tout le territoire"),
}
_VOTERS = {
    "zone": _("seuls comptent les bulletins du même quartier ou canton"),
    "youth": _("seuls comptent les bulletins des jeunes"),
}
_MONEYS = {
    "left": _("avec tout ce qui reste"),
    "amount": _("avec %(n)s en tout"),
    "each": _("avec %(n)s pour chaque groupe"),
    "share": _("avec %(n)s\u00a0%% du budget"),
    "envelopes": _("avec les enveloppes de l’édition"),
}


def rule_told(voice: Voice) -> list[Told]:
    """The whole rule of a voice, in the order in which it is applied."""
    return [*_ballot(voice), *_method(voice), *_limits(voice), *_rounds(voice), *_ends(voice)]


def _filled(words: str, value: str) -> str:
    """The words with one value put in, where they have a place for it."""
    return words % {"n": value}


def _ballot(voice: Voice) -> Iterator[Told]:
    paper, say = voice.rule.paper, voice.translate
    most = paper.maximum
    if paper.kind == "budget":
        limit = voice.money(paper.budget if paper.budget is not None else voice.contest.budget)
        words = say(_("Chaque personne choisit des projets qui, ensemble, ne coûtent pas plus de %(n)s."))
        yield Told("ballot.budget", _filled(words, limit))
    elif paper.kind == "points":
        words = say(_("Chaque personne répartit des points entre les projets."))
        yield Told("ballot.kind", words)
        if paper.points_most is not None:
            yield Told(
                "ballot.points_most", _filled(say(_("Elle a %(n)s points au plus en tout.")), _n(paper.points_most))
            )
        if paper.points_each is not None:
            words = say(_("Elle peut en donner %(n)s au plus à un même projet."))
            yield Told("ballot.points_each", _filled(words, _n(paper.points_each)))
    elif paper.kind == "ranking":
        yield Told("ballot.kind", say(_("Chaque personne classe les projets qu’elle préfère.")))
        first = paper.first_points or most
        words = (
            _filled(say(_("Le premier choix vaut %(n)s points, le suivant un de moins, et ainsi de suite.")), _n(first))
            if first
            else say(_("Le premier choix vaut autant de points qu’il y a de choix, le suivant un de moins."))
        )
        yield Told("ballot.first_points", words)
    else:
        yield Told("ballot.kind", say(_("Chaque personne choisit des projets, tous à égalité.")))
    if most is not None and most == paper.minimum:
        yield Told("ballot.maximum", _filled(say(_("Il faut choisir exactement %(n)s projets.")), _n(most)))
    elif most is not None:
        words = say(_("Il faut en choisir %(least)s au moins et %(most)s au plus\u202f; sinon le bulletin est nul."))
        yield Told("ballot.maximum", words % {"least": _n(max(paper.minimum, 1)), "most": _n(most)})
    elif paper.minimum > 1:
        yield Told("ballot.minimum", _filled(say(_("Il faut en choisir %(n)s au moins.")), _n(paper.minimum)))


def _method(voice: Voice) -> Iterator[Told]:
    rule, say = voice.rule, voice.translate
    if rule.method == "greedy":
        yield Told("method", say(_ORDERS[rule.order]))
        return
    yield Told(
        "method",
        say(
            _(
                "Parts égales\u00a0: l’argent est partagé à parts égales entre les bulletins\u202f; "
                "un projet est retenu quand ceux qui l’ont choisi peuvent le payer ensemble."
            )
        ),
    )
    if rule.completion in _COMPLETIONS:
        yield Told("completion", say(_COMPLETIONS[rule.completion]))
    if rule.completion in {"add1", "add1u"} and rule.raise_to_the_end:
        words = _("On augmente les parts même quand plus aucun projet ne tient dans le reste.")
        yield Told("raise_to_the_end", say(words))
    if rule.comparison:
        words = _("Si plus de bulletins préfèrent le résultat dans l’ordre des voix, c’est celui-là qui vaut.")
        yield Told("comparison", say(words))


def _limits(voice: Voice) -> Iterator[Told]:
    rule, say = voice.rule, voice.translate
    if rule.threshold > 1:
        words = _("Un projet doit réunir au moins %(n)s voix.")
        if rule.threshold_on == "points":
            words = _("Un projet doit réunir au moins %(n)s points.")
        yield Told("threshold", _filled(say(words), _n(rule.threshold)))
    if rule.threshold_share:
        words = say(_("Il doit être choisi par au moins %(n)s\u00a0%% des bulletins valables."))
        yield Told("threshold_share", _filled(words, _n(rule.threshold_share)))
    if rule.cost_cap is not None:
        words = say(_("Un projet qui coûte plus de %(n)s est écarté."))
        yield Told("cost_cap", _filled(words, voice.money(rule.cost_cap)))
    if rule.one_win_per_owner:
        yield Told(
            "one_win_per_owner", say(_("Un même porteur n’a qu’un lauréat\u00a0: le mieux classé de ses projets."))
        )
    for one in rule.exclusives:
        names = [f"«\u00a0{voice.title(project)}\u00a0»" for project in sorted(one.projects)]
        words = say(_("Un seul de ces projets peut être lauréat\u00a0: %(n)s."))
        yield Told("exclusives", _filled(words, wording.listing(names, voice.lang)))
        if one.void_ballots:
            yield Told("exclusives", say(_("Un bulletin qui en choisit deux est nul.")))
    if rule.method == "greedy" or rule.comparison or rule.completion in {"utilitarian", "add1u"}:
        yield Told("fit", _filled(say(_FITS[rule.fit]), _n(rule.part_minimum)))


def _rounds(voice: Voice) -> Iterator[Told]:
    rounds, say = voice.rule.rounds, voice.translate
    if rounds == (RoundRule(),):
        yield Told("rounds", say(_("Il y a un seul tour\u00a0: tous les projets ensemble, avec tout l’argent.")))
        return
    for number, one in enumerate(rounds, 1):
        yield Told(f"rounds.{one.id}", _round(voice, number, one))


def _round(voice: Voice, number: int, one: RoundRule) -> str:
    say = voice.translate
    title = one.title.get(voice.lang) or next(iter(one.title.values()), "") or one.id
    parts = [say(_GROUPS[one.by])]
    if one.among in _AMONG:
        parts.append(say(_AMONG[one.among]))
    if one.zones or one.themes:
        named = [voice.names.get(key, key) for key in (*one.zones, *one.themes)]
        parts.append(_filled(say(_("parmi\u00a0: %(n)s")), wording.listing(named, voice.lang)))
    if one.owners:
        kinds = [say(OWNER_KINDS.get(kind, kind)) for kind in sorted(one.owners)]
        parts.append(_filled(say(_("seulement ceux portés par %(n)s")), wording.listing(kinds, voice.lang)))
    if one.voters in _VOTERS:
        parts.append(say(_VOTERS[one.voters]))
    amount = _n(one.share) if one.money == "share" else voice.money(one.amount)
    parts.append(_filled(say(_MONEYS[one.money]), amount))
    if one.winners == 1:
        parts.append(say(_("un lauréat au plus par groupe")))
    elif one.winners is not None:
        parts.append(_filled(say(_("%(n)s lauréats au plus par groupe")), _n(one.winners)))
    if one.counts_earlier:
        parts.append(say(_("les lauréats des tours précédents comptent")))
    if one.threshold is not None:
        parts.append(_filled(say(_("avec un seuil de %(n)s")), _n(one.threshold)))
    if one.fit in _FITS_OF_A_ROUND:
        parts.append(say(_FITS_OF_A_ROUND[one.fit]))
    words = say(_("Tour %(number)s, «\u00a0%(title)s\u00a0»\u00a0: %(parts)s."))
    return words % {"number": number, "title": title, "parts": ", ".join(parts)}


def _ends(voice: Voice) -> Iterator[Told]:
    rule, say = voice.rule, voice.translate
    told = [say(TIES[name]) for name in rule.ties]
    lowered = [one[:1].lower() + one[1:] for one in told]
    yield Told("ties", _filled(say(_("À égalité, on départage par\u00a0: %(n)s.")), say(_(", puis ")).join(lowered)))
    for one in rule.decisions:
        words = (
            _("«\u00a0%(title)s\u00a0» est retenu par une décision\u00a0: %(why)s")
            if one.wins
            else _("«\u00a0%(title)s\u00a0» est écarté par une décision\u00a0: %(why)s")
        )
        yield Told("decisions", say(words) % {"title": voice.title(one.project), "why": one.reason})


def _n(value: int | None) -> str:
    return wording.number(value or 0)
