"""An edition of the participatory budget: its phases, envelopes, themes, rules of entry and turnout."""

from __future__ import annotations

from participation.messages import mark as _
from participation.records import shared
from participation.records.base import Record
from participation.records.containers import Group, Part, Rows
from participation.records.fields import Required
from participation.records.figures import Date, Integer, Money
from participation.records.redirects import former_addresses
from participation.records.texts import Choice, Code, Markdown, Media, Note, Ref, Text, Url

PHASES = {
    "preparation": _("Préparation"),
    "ideas": _("Dépôt des idées"),
    "study": _("Étude"),
    "campaign": _("Campagne"),
    "vote": _("Vote"),
    "results": _("Résultats"),
    "delivery": _("Réalisation"),
    "review": _("Bilan"),
    "closed": _("Édition close"),
}


class Phase(Part):
    """One phase, with its dates as announced."""

    phase = Choice(_("Phase"), options=PHASES, public=True, required=Required.SAVE)
    start = Date(_("Début"), public=True)
    end = Date(_("Fin"), public=True)
    note = Text(_("En une phrase"), limit=200, public=True, translatable=True)


class Envelope(Part):
    """A share of the money, kept for a zone or a theme (or for neither: the whole territory)."""

    zone = Ref(_("Quartier ou canton"), to="zone", public=True)
    theme = Ref(_("Thème"), to="theme", public=True)
    label = Text(_("Intitulé"), limit=120, public=True, translatable=True)
    amount = Money(_("Montant"), public=True, required=Required.SAVE)


class Theme(Part):
    """A theme of the catalogue; the id is what records name."""

    id = Code(_("Identifiant"), public=True, required=Required.SAVE)
    title = Text(_("Nom"), limit=80, public=True, translatable=True)
    image = Media(_("Dessin"), public=True)


class Submission(Part):
    """Where "Proposer une idée" leads: a form, a paper to print, places to go."""

    url = Url(_("Formulaire en ligne"), public=True)
    paper = Media(_("Formulaire à imprimer"), public=True)
    places = Markdown(_("Où aller"), limit=3_000, public=True)


class Turnout(Part):
    """Who took part."""

    population = Integer(_("Population"), public=True)
    voters_online = Integer(_("Votes en ligne"), public=True)
    voters_paper = Integer(_("Votes sur papier"), public=True)
    voters = Integer(_("Votantes et votants"), public=True)
    ideas = Integer(_("Idées reçues"), public=True)
    admissible = Integer(_("Idées recevables"), public=True)
    studied = Integer(_("Idées passées à l’étude"), public=True)
    projects = Integer(_("Projets soumis au vote"), public=True)


class Edition(Record):
    """One round, from the first ideas to the last delivery."""

    type_name = "edition"
    title_words = _("Édition")

    title = Text(
        _("Titre"),
        limit=120,
        public=True,
        translatable=True,
        required=Required.ADVISED,
        section=_("L’édition"),
    )
    summary = Text(_("Résumé"), limit=400, public=True, translatable=True, section=_("L’édition"))
    description = Markdown(_("Présentation"), public=True, section=_("L’édition"))
    phases = Rows(Phase, _("Phases"), key="phase", row=_("Phase"), public=True, section=_("Le calendrier"))
    budget = Money(_("Budget de l’édition"), public=True, section=_("L’argent"), subject=_("Le budget de l’édition"))
    currency = Code(_("Monnaie"), pattern=r"[A-Z]{3}", public=True, default="EUR", section=_("L’argent"))
    cost_cap = Money(_("Coût maximal d’un projet"), public=True, section=_("L’argent"), subject=_("Le coût maximal"))
    envelopes = Rows(Envelope, _("Enveloppes"), row=_("Enveloppe"), public=True, section=_("L’argent"))
    themes = Rows(Theme, _("Thèmes"), key="id", row=_("Thème"), public=True, section=_("Les thèmes"))
    minimum_age = Integer(_("Âge minimal"), most=120, public=True, section=_("Qui peut participer"))
    eligibility = Markdown(_("Qui peut proposer et voter"), public=True, section=_("Qui peut participer"))
    criteria = Markdown(_("Critères de recevabilité"), public=True, section=_("Qui peut participer"))
    rules = Markdown(_("Règlement"), limit=60_000, public=True, section=_("Qui peut participer"))
    submission = Group(Submission, _("Proposer une idée"), public=True, section=_("Qui peut participer"))
    turnout = Group(Turnout, _("Participation"), public=True, section=_("Les chiffres"))
    photos = shared.photos()
    documents = shared.documents()
    old_addresses = former_addresses(_("Interne"))
    note = Note(_("Note interne"), section=_("Interne"))
