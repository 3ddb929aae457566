"""How the votes of an edition become winners: ballot, rounds and their money, ties, decisions taken by hand.

The declaration only: what each key means for the count is in `participation.counting`, which reads these records.
"""

from __future__ import annotations

import hashlib
import json

from participation.messages import mark as _
from participation.records.base import Record
from participation.records.containers import Group, Part, Refs, Rows, Texts
from participation.records.fields import Required
from participation.records.figures import Date, Instant, Integer, Money
from participation.records.parts import OWNER_KINDS
from participation.records.texts import Choice, Code, Flag, Media, Note, Ref, Text

BALLOTS = {
    "approval": _("Des projets choisis, tous égaux"),
    "points": _("Des points répartis"),
    "ranking": _("Un classement"),
    "budget": _("Des projets choisis, dans la limite d’un budget"),
}
METHODS = {"greedy": _("Dans l’ordre des voix"), "equal_shares": _("Parts égales")}
COMPLETIONS = {
    "none": _("Aucun"),
    "utilitarian": _("Le reste dans l’ordre des voix"),
    "add1": _("Parts augmentées peu à peu"),
    "add1u": _("Parts augmentées peu à peu, puis le reste dans l’ordre des voix"),
}
SATISFACTIONS = {"cost": _("Le coût des projets obtenus"), "count": _("Le nombre de projets obtenus")}
ORDERS = {"votes": _("Les voix"), "points": _("Les points"), "value": _("Les voix par euro")}
FITS = {
    "skip": _("Passer au projet suivant"),
    "stop": _("S’arrêter là"),
    "part": _("Financer en partie, puis s’arrêter"),
}
TIES = {
    "votes": _("Le plus de voix"),
    "points": _("Le plus de points"),
    "cheapest": _("Le moins cher"),
    "dearest": _("Le plus cher"),
    "draw": _("Tirage au sort public"),
    "id": _("L’ordre des numéros de projet"),
}
GROUPS = {"whole": _("Tout le territoire ensemble"), "zone": _("Chaque quartier ou canton"), "theme": _("Chaque thème")}
AMONG = {
    "all": _("Tous les projets"),
    "zoned": _("Les projets d’un quartier ou d’un canton"),
    "unzoned": _("Les projets de tout le territoire"),
}
VOTERS = {
    "all": _("Tous les bulletins"),
    "zone": _("Les bulletins du même quartier ou canton"),
    "youth": _("Les bulletins des jeunes"),
}
MONEYS = {
    "left": _("Tout ce qui reste"),
    "amount": _("Un montant pour le tour"),
    "each": _("Un montant pour chaque groupe"),
    "share": _("Un pourcentage du budget"),
    "envelopes": _("Les enveloppes de l’édition"),
}
DECISIONS = {"win": _("Retenu"), "lose": _("Écarté")}


AFTER_THE_VOTE = frozenset({"seed", "decisions", "frozen", "corrections", "announced", "smallest_group", "note"})
"""Keys that are filled in once the vote has opened: they are no part of what is frozen."""
OF_ONE_VOTE = frozenset({"seed", "decisions", "frozen", "corrections", "announced", "exclusives", "adopted", "note"})
"""Keys that speak of one vote only: the rule of the next one begins without them."""


class BallotRule(Part):
    """What a ballot may say; one that says otherwise is void, with its reason, and never dropped."""

    kind = Choice(_("Sorte de bulletin"), options=BALLOTS, public=True, default="approval")
    minimum = Integer(_("Choix au moins"), public=True, default=1)
    maximum = Integer(_("Choix au plus"), least=1, public=True)
    points_each = Integer(_("Points au plus pour un projet"), least=1, public=True)
    points_least = Integer(_("Points au moins en tout"), public=True)
    points_most = Integer(_("Points au plus en tout"), least=1, public=True)
    first_points = Integer(
        _("Points du premier choix"),
        least=1,
        public=True,
        help=_(
            "Pour un classement\u00a0: le suivant en reçoit un de moins, et ainsi de suite. Sinon le nombre de choix."
        ),
    )
    budget = Money(_("Budget d’un bulletin"), public=True, help=_("Sans lui, le budget de l’édition."))


class Round(Part):
    """One round of the count. Rounds are counted in their order; what one leaves is there for the next.

    Money that a later round has in an amount, a share or envelopes of its own is kept for it.
    """

    id = Code(_("Repère"), public=True, required=Required.SAVE)
    title = Text(_("Nom du tour"), limit=120, public=True, translatable=True)
    by = Choice(_("Compter par"), options=GROUPS, public=True, default="whole")
    among = Choice(_("Projets"), options=AMONG, public=True, default="all")
    zones = Refs(_("Quartiers ou cantons, dans cet ordre"), to="zone", public=True)
    themes = Refs(_("Thèmes, dans cet ordre"), to="theme", public=True)
    owners = Texts(
        _("Seulement les projets portés par"),
        item=Choice(_("Qui"), options=OWNER_KINDS),
        public=True,
        help=_("Par exemple youth, school pour une part réservée aux jeunes."),
    )
    voters = Choice(_("Bulletins comptés"), options=VOTERS, public=True, default="all")
    money = Choice(_("Argent du tour"), options=MONEYS, public=True, default="left")
    amount = Money(_("Montant"), public=True)
    share = Integer(_("Pourcentage du budget"), least=1, most=100, public=True)
    winners = Integer(
        _("Lauréats par groupe"), least=1, public=True, help=_("Sans lui, autant que l’argent le permet.")
    )
    counts_earlier = Flag(
        _("Les lauréats des tours précédents comptent"),
        public=True,
        default=False,
        help=_("Dans le nombre de lauréats du groupe et dans l’argent du tour."),
    )
    threshold = Integer(_("Seuil de ce tour"), public=True)
    fit = Choice(_("Un projet trop cher pour ce qui reste"), options=FITS, public=True)


class Exclusive(Part):
    """Projects of which one at most can win."""

    projects = Refs(_("Projets"), to="project", public=True, required=Required.SAVE)
    reason = Text(_("Raison"), limit=300, public=True, translatable=True)
    void_ballots = Flag(_("Un bulletin qui en choisit deux est nul"), public=True, default=False)


class Decision(Part):
    """What was decided by hand, and why. A project that wins so is paid from what all rounds have left."""

    project = Ref(_("Projet"), to="project", public=True, required=Required.SAVE)
    decision = Choice(_("Décision"), options=DECISIONS, public=True, required=Required.SAVE)
    reason = Text(_("Raison, pour le public"), limit=500, public=True, translatable=True, required=Required.SAVE)
    date = Date(_("Date"), public=True)
    outside = Flag(_("Payé par un autre budget"), public=True, default=False)


class Clause(Part):
    """Where the text as adopted says what a key of the rule says."""

    key = Code(_("Clé de la règle"), pattern=r"[a-z][a-z0-9_.]*", public=True, required=Required.SAVE)
    article = Text(_("Article du règlement"), limit=80, public=True)
    anchor = Code(_("Ancre dans le règlement"), public=True)
    quote = Text(_("Ce qu’il dit"), limit=500, public=True, translatable=True)


class Frozen(Part):
    """The state of rule and ballot list when the vote opened, as SHA-256 in hexadecimal."""

    date = Date(_("Figée le"), public=True)
    rule = Code(_("Empreinte de la règle"), pattern=r"[0-9a-f]{64}", public=True)
    projects = Code(_("Empreinte de la liste des projets"), pattern=r"[0-9a-f]{64}", public=True)


class Correction(Part):
    """A change made after the vote had opened; it shows in the results."""

    date = Date(_("Date"), public=True, required=Required.SAVE)
    reason = Text(_("Raison, pour le public"), limit=500, public=True, translatable=True, required=Required.SAVE)
    rule = Code(_("Empreinte de la règle corrigée"), pattern=r"[0-9a-f]{64}", public=True)
    projects = Code(_("Empreinte de la liste corrigée"), pattern=r"[0-9a-f]{64}", public=True)


class Rule(Record):
    """How the votes of one edition become winners, as data; `laureat count` applies it."""

    type_name = "rule"
    title_words = _("Règle de comptage")

    title = Text(_("Titre"), limit=120, public=True, translatable=True, section=_("La règle"))
    adopted = Date(_("Adoptée le"), public=True, section=_("La règle"))
    document = Media(_("Règlement adopté, à télécharger"), public=True, section=_("La règle"))
    clauses = Rows(Clause, _("Articles du règlement"), key="key", row=_("Article"), public=True, section=_("La règle"))
    ballot = Group(BallotRule, _("Bulletin"), public=True, section=_("Le bulletin"))
    method = Choice(_("Méthode"), options=METHODS, public=True, default="greedy", section=_("Le comptage"))
    order = Choice(_("Classement par"), options=ORDERS, public=True, default="votes", section=_("Le comptage"))
    satisfaction = Choice(
        _("Parts égales\u00a0: ce que l’on égalise"),
        options=SATISFACTIONS,
        public=True,
        default="cost",
        section=_("Le comptage"),
    )
    completion = Choice(
        _("Parts égales\u00a0: emploi du reste"),
        options=COMPLETIONS,
        public=True,
        default="none",
        section=_("Le comptage"),
    )
    step = Money(_("Parts égales\u00a0: augmentation par bulletin"), public=True, default="1", section=_("Le comptage"))
    raise_to_the_end = Flag(
        _("Parts égales\u00a0: augmenter jusqu’au dépassement"),
        public=True,
        default=False,
        section=_("Le comptage"),
        help=_("Sinon l’augmentation s’arrête dès qu’aucun projet ne tient plus dans le reste."),
    )
    comparison = Flag(
        _("Parts égales\u00a0: comparer avec l’ordre des voix"),
        public=True,
        default=False,
        section=_("Le comptage"),
        help=_("Si plus de bulletins préfèrent le résultat dans l’ordre des voix, c’est lui qui vaut."),
    )
    threshold = Integer(_("Seuil"), public=True, default=1, section=_("Le comptage"))
    threshold_on = Choice(
        _("Le seuil porte sur"),
        options={"votes": ORDERS["votes"], "points": ORDERS["points"]},
        public=True,
        default="votes",
        section=_("Le comptage"),
    )
    threshold_share = Integer(
        _("Seuil en pourcentage des bulletins valables"), most=100, public=True, section=_("Le comptage")
    )
    cost_cap = Money(_("Coût au plus d’un projet"), public=True, section=_("Le comptage"))
    one_win_per_owner = Flag(_("Un seul projet par porteur"), public=True, default=False, section=_("Le comptage"))
    exclusives = Rows(
        Exclusive, _("Projets qui s’excluent"), row=_("Projets qui s’excluent"), public=True, section=_("Le comptage")
    )
    fit = Choice(
        _("Un projet trop cher pour ce qui reste"),
        options=FITS,
        public=True,
        default="skip",
        section=_("Le comptage"),
    )
    part_minimum = Integer(
        _("Part financée au moins, en pourcentage du coût"),
        least=1,
        most=100,
        public=True,
        default=1,
        section=_("Le comptage"),
    )
    rounds = Rows(Round, _("Tours"), key="id", row=_("Tour"), public=True, section=_("Les tours"))
    ties = Texts(
        _("Départage des égalités, dans cet ordre"),
        item=Choice(_("Critère"), options=TIES),
        public=True,
        section=_("Les égalités"),
    )
    seed_source = Text(
        _("D’où viendra la graine du tirage"),
        limit=300,
        public=True,
        translatable=True,
        section=_("Les égalités"),
        help=_("Par exemple les numéros du tirage du Loto qui suit la clôture du vote."),
    )
    seed = Text(_("Graine du tirage"), limit=200, public=True, section=_("Les égalités"))
    decisions = Rows(
        Decision,
        _("Décisions prises à la main"),
        key="project",
        row=_("Décision"),
        public=True,
        section=_("Après le vote"),
    )
    frozen = Group(Frozen, _("Règle figée"), public=True, section=_("Après le vote"))
    corrections = Rows(Correction, _("Corrections"), row=_("Correction"), public=True, section=_("Après le vote"))
    announced = Instant(
        _("Annonce des résultats"),
        public=True,
        section=_("Après le vote"),
        help=_("Jusque-là, rien du dépouillement ne paraît sur le site."),
    )
    smallest_group = Integer(
        _("Plus petit groupe publié"),
        least=1,
        most=1_000,
        public=True,
        default=10,
        section=_("Après le vote"),
        help=_("Un groupe de votants plus petit (un âge, un canal, un quartier) n’est pas montré seul."),
    )
    note = Note(_("Note interne"), section=_("Interne"))

    @property
    def edition(self) -> str:
        """The edition that it counts: the first part of its identifier."""
        return self.id.partition("-")[0]

    def settled_fingerprint(self, what: str) -> str:
        """What the rule (`rule`) or the ballot list (`projects`) must be: as frozen, or as last corrected; "" if free.

        A correction written by hand without fingerprints allows any state: also "".
        """
        frozen: str = getattr(self.frozen, what)
        if not frozen or not self.corrections:
            return frozen
        if any(not (one.rule or one.projects) for one in self.corrections):
            return ""
        return next((found for one in reversed(self.corrections) if (found := getattr(one, what))), frozen)

    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of all that is frozen when the vote opens: compact JSON, keys in text order."""
        kept = {name: plain for name, plain in self.data.items() if name not in AFTER_THE_VOTE}
        text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
