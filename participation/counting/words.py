"""Why each project won or lost, in one sentence: a pure function of the step that settled it.

French is the source; `translate` gives another language, `lang` the form of figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from participation import wording
from participation.counting.model import Contest, CountRule, RoundRule
from participation.counting.trace import Step
from participation.messages import mark as _
from participation.records.fields import Translate
from participation.records.rule import TIES

SENTENCES = {
    "won": _("Retenu avec %(votes)s, au rang %(rank)s%(where)s\u00a0: il coûte %(cost)s et il restait %(left)s."),
    "shared": _(
        "Retenu avec %(votes)s%(where)s\u00a0: ses soutiens ont payé ses %(cost)s, %(share)s au plus par bulletin."
    ),
    "won_part": _(
        "Retenu en partie avec %(votes)s, au rang %(rank)s%(where)s\u00a0: il restait %(paid)s sur %(cost)s."
    ),
    "hand_win": _("Retenu par une décision\u00a0: %(why)s"),
    "outside": _("Retenu par une décision, sur un autre budget\u00a0: %(why)s"),
    "hand_lose": _("Écarté par une décision\u00a0: %(why)s"),
    "over_cap": _("Écarté\u00a0: il coûte %(cost)s, et le règlement permet %(cap)s au plus."),
    "threshold": _("Non retenu%(where)s\u00a0: %(votes)s, alors qu’il en fallait %(needed)s."),
    "exclusive": _("Non retenu malgré %(votes)s\u00a0: il ne peut pas exister avec «\u00a0%(other)s\u00a0», lauréat."),
    "owner": _(
        "Non retenu malgré %(votes)s\u00a0: «\u00a0%(other)s\u00a0» est lauréat, et un seul projet l’est par porteur."
    ),
    "winners": _("Non retenu malgré %(votes)s%(where)s\u00a0: toutes les places étaient prises."),
    "money": _("Non retenu avec %(votes)s%(where)s\u00a0: il coûte %(cost)s et il restait %(left)s."),
    "stopped": _(
        "Non retenu avec %(votes)s%(where)s\u00a0: le comptage s’est arrêté à «\u00a0%(other)s\u00a0», trop cher."
    ),
    "support": _(
        "Non retenu avec %(votes)s%(where)s\u00a0: il coûte %(cost)s, ses soutiens avaient encore %(available)s."
    ),
    "no_round": _("Non retenu\u00a0: aucun tour du règlement ne le concerne."),
}


@dataclass(frozen=True)
class Voice:
    """How to speak: names of zones and themes by identifier, and a language."""

    contest: Contest
    rule: CountRule
    names: Mapping[str, str] = field(default_factory=dict)
    lang: str = "fr"
    translate: Translate = str

    def money(self, hundredths: int) -> str:
        """An amount in the currency of the vote."""
        return wording.money(Decimal(hundredths) / 100, self.lang, self.contest.currency)

    def share(self, text: str) -> str:
        """An exact fraction of a hundredth as an amount, rounded up to the hundredth for the eye."""
        exact = Fraction(text or "0")
        return self.money(-(-exact.numerator // exact.denominator))

    def title(self, project: str) -> str:
        """The title of a project, or its identifier."""
        one = self.contest.candidates.get(project)
        return (one.title if one else "") or project

    def score(self, step: Step) -> str:
        """`120 voix`, and the points too where projects are ranked by them."""
        if self.rule.order != "points":
            return self.votes(step)
        return wording.listing([self.points(step), self.votes(step)], self.lang)

    def votes(self, step: Step) -> str:
        """`120 voix`."""
        return self.translate(_("une voix")) if step.votes == 1 else self.translate(_("%s voix")) % self._n(step.votes)

    def points(self, step: Step) -> str:
        """`340 points`."""
        one = self.translate(_("un point"))
        return one if step.points == 1 else self.translate(_("%s points")) % self._n(step.points)

    def where(self, step: Step) -> str:
        """` (Par canton : Dax)`, or nothing for a rule of one unnamed round."""
        rule = next((one for one in self.rule.rounds if one.id == step.round), RoundRule())
        title = rule.title.get(self.lang) or next(iter(rule.title.values()), "")
        group = self.names.get(step.group, step.group)
        parts = [part for part in (title, group) if part]
        joined = self.translate(_("%(round)s\u00a0: %(group)s")) % {"round": title, "group": group}
        return f" ({joined if len(parts) == 2 else parts[0]})" if parts else ""

    def _n(self, value: int) -> str:
        return wording.number(value, self.lang)


def sentence(step: Step, voice: Voice) -> str:
    """Why the project of a step won or lost."""
    kind = step.reason
    if kind == "won" and step.share:
        kind = "shared"
    elif kind == "hand_win" and step.note == "outside":
        kind = "outside"
    score = voice.score
    if kind == "threshold":  # what the threshold asks for, and nothing else
        score = voice.points if voice.rule.threshold_on == "points" else voice.votes
    why = next((one.reason for one in voice.rule.decisions if one.project == step.project), "")
    told = voice.translate(SENTENCES[kind]) % {
        "votes": score(step),
        "rank": wording.number(step.rank, voice.lang),
        "where": voice.where(step),
        "cost": voice.money(step.cost),
        "left": voice.money(step.left),
        "paid": voice.money(step.paid),
        "share": voice.share(step.share),
        "available": voice.money(step.available),
        "needed": wording.number(step.needed, voice.lang),
        "cap": voice.money(voice.rule.cost_cap or 0),
        "other": voice.title(step.other),
        "why": why,
    }
    return " ".join(part for part in (told, _tie(step, voice)) if part)


def _tie(step: Step, voice: Voice) -> str:
    if step.tie is None:
        return ""
    others = [f"«\u00a0{voice.title(one)}\u00a0»" for one in step.tie.projects if one != step.project]
    if voice.lang == "en":
        others = [f"“{voice.title(one)}”" for one in step.tie.projects if one != step.project]
    listed = wording.listing(others, voice.lang)
    if not step.tie.by:
        return voice.translate(_("À égalité avec %s\u00a0: le tirage au sort n’a pas encore eu lieu.")) % listed
    criterion = voice.translate(TIES[step.tie.by])
    words = {"others": listed, "criterion": criterion[:1].lower() + criterion[1:]}
    return voice.translate(_("À égalité avec %(others)s, départagés par ce critère\u00a0: %(criterion)s.")) % words


KEYS = {
    "over_cap": "cost_cap",
    "threshold": "threshold",
    "exclusive": "exclusives",
    "owner": "one_win_per_owner",
    "money": "fit",
    "stopped": "fit",
    "won_part": "fit",
    "support": "method",
    "won": "method",
    "hand_win": "decisions",
    "hand_lose": "decisions",
    "no_round": "rounds",
}


def clause_key(step: Step) -> str:
    """The key of the rule that settled a step, as `clauses` of the record names it: `fit`, `rounds.cantons.winners`."""
    return f"rounds.{step.round}.winners" if step.reason == "winners" else KEYS[step.reason]
