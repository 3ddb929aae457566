"""A project: put to the vote, then followed to delivery and beyond, with its money, steps and choices."""

from __future__ import annotations

from participation.messages import mark as _
from participation.records import shared
from participation.records.base import Record
from participation.records.containers import Group, Part, PlaceField, Refs, Rows, Texts
from participation.records.fields import Required
from participation.records.figures import Date, Integer, Money
from participation.records.parts import Origin, Owner, Status
from participation.records.redirects import former_addresses
from participation.records.texts import Choice, Code, Flag, Markdown, Media, Note, Ref, Text, Url

STEP_KINDS = {
    "scoping": _("Cadrage"),
    "design": _("Études"),
    "consultation": _("Concertation"),
    "procurement": _("Marché de travaux"),
    "agreement": _("Convention"),
    "works": _("Travaux"),
    "delivery": _("Livraison"),
    "inauguration": _("Inauguration"),
    "review": _("Bilan"),
    "other": _("Autre étape"),
}


class Step(Part):
    """One step, planned against actual; `expected_end` is today's forecast, not the promise."""

    kind = Choice(_("Étape"), options=STEP_KINDS, public=True, required=Required.SAVE)
    title = Text(_("Nom de l’étape"), limit=120, public=True, translatable=True)
    planned_start = Date(_("Début prévu"), public=True)
    planned_end = Date(_("Fin prévue"), public=True)
    actual_start = Date(_("Début réel"), public=True)
    actual_end = Date(_("Fin réelle"), public=True)
    expected_end = Date(_("Fin attendue aujourd’hui"), public=True)
    note = Text(_("Explication"), limit=500, public=True, translatable=True)


class Scenario(Part):
    """One of the design choices that were compared."""

    code = Code(_("Repère"), limit=12, public=True)
    title = Text(_("Titre"), limit=120, public=True, translatable=True)
    description = Markdown(_("Description"), limit=3_000, public=True)
    cost = Money(_("Coût"), public=True)
    upkeep = Money(_("Entretien par an"), public=True)
    preferences = Integer(_("Nombre de préférences"), public=True)
    chosen = Flag(_("Scénario retenu"), public=True)
    image = Media(_("Dessin"), public=True)


class Project(Record):
    """A project on a ballot, and what became of it."""

    type_name = "project"
    title_words = _("Projet")

    title = shared.title(_("Le projet"), _("Le nom sous lequel les gens ont voté."))
    summary = shared.summary(_("Le projet"), _("Une ou deux phrases, pour le catalogue."))
    description = Markdown(_("Description"), public=True, section=_("Le projet"), subject=_("La description"))
    theme = Ref(_("Thème"), to="theme", public=True, section=_("Le projet"), subject=_("Le thème"))
    ideas = Refs(_("Idées d’origine"), to="idea", public=True, section=_("Le projet"), subject=_("Les idées d’origine"))
    owner = Group(Owner, _("Idée de"), public=True, section=_("Le projet"), subject=_("Le porteur ou la porteuse"))
    zone = Ref(_("Quartier ou canton"), to="zone", public=True, section=_("Où"), subject=_("Le quartier"))
    place = PlaceField(_("Lieu"), public=True, section=_("Où"), subject=_("Le lieu"))
    priority_area = Flag(
        _("En quartier prioritaire"), public=True, section=_("Où"), subject=_("Le quartier prioritaire")
    )
    service = Ref(
        _("Service responsable"),
        to="service",
        public=True,
        section=_("Qui s’en occupe"),
        subject=_("Le service"),
    )
    partners = Texts(_("Partenaires"), public=True, section=_("Qui s’en occupe"), subject=_("Les partenaires"))
    contractors = Texts(_("Entreprises"), public=True, section=_("Qui s’en occupe"), subject=_("Les entreprises"))
    votes = Integer(_("Voix"), public=True, section=_("Le vote"), subject=_("Le nombre de voix"))
    points = Integer(_("Points"), public=True, section=_("Le vote"), subject=_("Le nombre de points"))
    rank = Integer(_("Rang"), least=1, public=True, section=_("Le vote"), subject=_("Le rang"))
    cost = Money(
        _("Coût mis au vote"),
        public=True,
        section=_("Le budget"),
        subject=_("Le coût mis au vote"),
        help=_("Le montant que les électrices et électeurs ont vu."),
    )
    budget_voted = Money(_("Budget voté"), public=True, section=_("Le budget"), subject=_("Le budget voté"))
    budget_revised = Money(_("Budget révisé"), public=True, section=_("Le budget"), subject=_("Le budget révisé"))
    budget_committed = Money(
        _("Engagé"),
        public=True,
        section=_("Le budget"),
        subject=_("Le montant engagé"),
        help=_("Commandes signées."),
    )
    budget_paid = Money(
        _("Payé"),
        public=True,
        section=_("Le budget"),
        subject=_("Le montant payé"),
        help=_("Factures réglées."),
    )
    budget_final = Money(_("Coût final"), public=True, section=_("Le budget"), subject=_("Le coût final"))
    budget_as_of = Date(
        _("Montants arrêtés au"), public=True, section=_("Le budget"), subject=_("La date des montants")
    )
    budget_note = Text(_("Explication du budget"), limit=600, public=True, translatable=True, section=_("Le budget"))
    upkeep = Money(_("Entretien par an"), public=True, section=_("Le budget"), subject=_("L’entretien annuel"))
    steps = Rows(Step, _("Étapes"), key="kind", row=_("Étape"), public=True, section=_("Les étapes"))
    delay_reason = Markdown(
        _("Explication du retard"),
        limit=2_000,
        public=True,
        section=_("Les étapes"),
        subject=_("L’explication du retard"),
    )
    scenarios = Rows(Scenario, _("Scénarios"), key="code", row=_("Scénario"), public=True, section=_("Les scénarios"))
    scenario_note = Text(
        _("Comment le choix a été fait"),
        limit=600,
        public=True,
        translatable=True,
        section=_("Les scénarios"),
    )
    photos = shared.photos()
    documents = shared.documents()
    page = Url(
        _("Page de suivi ailleurs"),
        public=True,
        section=_("Photos et documents"),
        subject=_("La page de suivi"),
    )
    merged_into = Ref(
        _("Réuni avec le projet"),
        to="project",
        public=True,
        section=_("Liens"),
        subject=_("Le projet commun"),
    )
    money_goes_to = Text(
        _("Où va l’argent"),
        limit=400,
        public=True,
        section=_("Liens"),
        subject=_("La destination de l’argent"),
        help=_("Après un abandon\u00a0: ce que deviennent les crédits."),
    )
    old_addresses = former_addresses(_("Liens"))
    status = Rows(Status, _("États"), row=_("État"), public=True, section=_("Vie du projet"))
    origin = Group(Origin, _("Origine"), public=True, section=_("Interne"), subject=_("L’origine"))
    note = Note(_("Note de suivi"), section=_("Interne"), subject=_("La note de suivi"))

    @property
    def edition(self) -> str:
        """The edition it belongs to: the first part of its identifier."""
        return self.id.partition("-")[0]
