"""An idea: what someone proposes, from its first words to the ballot or a kind refusal."""

from __future__ import annotations

from participation.messages import mark as _
from participation.records import shared
from participation.records.base import Record
from participation.records.containers import Group, PlaceField, Refs, Rows
from participation.records.figures import Date, Money
from participation.records.parts import Origin, Owner, Status
from participation.records.redirects import former_addresses
from participation.records.texts import Choice, Markdown, Note, Ref, Text

CHANNELS = {
    "online": _("en ligne"),
    "paper": _("sur papier"),
    "workshop": _("en atelier"),
    "phone": _("par téléphone"),
    "mail": _("par courrier"),
    "transferred": _("reprise d’une autre démarche"),
}


class Idea(Record):
    """An idea; once on the ballot it names its project, and only the project has a state from then on."""

    type_name = "idea"
    title_words = _("Idée")

    title = shared.title(_("L’idée"), _("Court et concret, comme on le dirait à une voisine."))
    summary = shared.summary(_("L’idée"), _("Une ou deux phrases, pour la liste des idées."))
    need = Markdown(
        _("Le besoin"),
        public=True,
        section=_("L’idée"),
        subject=_("Le besoin"),
        help=_("Ce qui manque ou ne va pas aujourd’hui, et pour qui."),
    )
    proposal = Markdown(
        _("La proposition"),
        public=True,
        section=_("L’idée"),
        subject=_("La proposition"),
        help=_("Ce qui serait fait, concrètement."),
    )
    theme = Ref(_("Thème"), to="theme", public=True, section=_("L’idée"), subject=_("Le thème"))
    zone = Ref(_("Quartier ou canton"), to="zone", public=True, section=_("Où"), subject=_("Le quartier"))
    place = PlaceField(
        _("Lieu"),
        public=True,
        section=_("Où"),
        subject=_("Le lieu"),
        help=_("Tout le territoire, ou une adresse et son point sur la carte."),
    )
    owner = Group(Owner, _("Idée de"), public=True, section=_("Qui"), subject=_("Le porteur ou la porteuse"))
    channel = Choice(_("Reçue"), options=CHANNELS, public=True, section=_("Qui"), subject=_("Le canal de réception"))
    received = Date(_("Reçue le"), public=True, section=_("Qui"), subject=_("La date de réception"))
    cost = Money(
        _("Coût estimé"),
        public=True,
        section=_("Combien"),
        subject=_("Le coût estimé"),
        help=_("Toutes taxes comprises."),
    )
    upkeep = Money(_("Entretien par an"), public=True, section=_("Combien"), subject=_("Le coût d’entretien annuel"))
    service = Ref(_("Service chargé de l’étude"), to="service", section=_("Étude"), subject=_("Le service chargé"))
    study = Markdown(
        _("Avis des services"),
        public=True,
        section=_("Étude"),
        subject=_("L’avis des services"),
        help=_("Écrit pour la personne qui a proposé l’idée\u00a0: ce qui est possible, à quelles conditions."),
    )
    conditions = Markdown(
        _("Conditions de réalisation"),
        limit=5_000,
        public=True,
        section=_("Étude"),
        subject=_("Les conditions"),
    )
    next_steps = Markdown(
        _("Et maintenant\u202f?"),
        limit=5_000,
        public=True,
        section=_("Étude"),
        subject=_("La suite proposée"),
        help=_("Après un refus\u00a0: à qui l’idée est transmise, comment la retravailler, comment contester."),
    )
    project = Ref(_("Projet issu de l’idée"), to="project", public=True, section=_("Liens"), subject=_("Le projet"))
    merged_into = Ref(_("Réunie avec l’idée"), to="idea", public=True, section=_("Liens"), subject=_("L’idée commune"))
    related = Refs(_("Idées proches"), to="idea", public=True, section=_("Liens"), subject=_("Les idées proches"))
    redirected_to = Text(_("Transmise à"), limit=200, public=True, section=_("Liens"), subject=_("Le destinataire"))
    old_addresses = former_addresses(_("Liens"))
    photos = shared.photos()
    documents = shared.documents()
    status = Rows(Status, _("États"), row=_("État"), public=True, section=_("Vie de l’idée"))
    origin = Group(Origin, _("Origine"), public=True, section=_("Interne"), subject=_("L’origine"))
    note = Note(_("Note de suivi"), section=_("Interne"), subject=_("La note de suivi"))

    @property
    def edition(self) -> str:
        """The edition it belongs to: the first part of its identifier."""
        return self.id.partition("-")[0]
