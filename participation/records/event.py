"""An event of the calendar: a workshop, a vote, a site visit, an inauguration, with its recurrence and its changes."""

from __future__ import annotations

from collections.abc import Mapping

from participation.messages import mark as _
from participation.records import shared
from participation.records.base import Record
from participation.records.containers import Group, Part, PlaceField, Refs, Rows, Texts
from participation.records.fields import Plain, Required
from participation.records.figures import Instant, Integer, When
from participation.records.parts import Origin
from participation.records.redirects import former_addresses
from participation.records.texts import Choice, Flag, Markdown, Note, Ref, Text, TimeZone, Url

EVENT_KINDS = {
    "workshop": _("Atelier"),
    "meeting": _("Réunion publique"),
    "vote": _("Vote"),
    "visit": _("Visite de chantier"),
    "inauguration": _("Inauguration"),
    "committee": _("Commission citoyenne"),
    "deadline": _("Date limite"),
    "festival": _("Fête ou animation"),
    "online": _("Rencontre en ligne"),
    "other": _("Autre rendez-vous"),
}

EVENT_STATES = {
    "tentative": _("à confirmer"),
    "confirmed": _("confirmé"),
    "moved": _("reporté"),
    "cancelled": _("annulé"),
}

# A change of one of these is one that a subscriber's calendar must notice (RFC 5545, 3.8.7.4).
NOTICED = (
    "title",
    "start",
    "end",
    "timezone",
    "recurrence",
    "extra_dates",
    "exceptions",
    "state",
    "place",
    "online_url",
)


class Occurrence(Part):
    """One occurrence of a series that does not follow the rule: cancelled, or moved to another time."""

    occurrence = When(_("Date concernée"), public=True, required=Required.SAVE)
    cancelled = Flag(_("Annulée"), public=True)
    start = When(_("Nouveau début"), public=True)
    end = When(_("Nouvelle fin"), public=True)
    note = Text(_("Explication"), limit=300, public=True, translatable=True)


class Registration(Part):
    """How to take part."""

    required = Flag(_("Inscription obligatoire"), public=True)
    url = Url(_("Adresse d’inscription"), public=True)
    deadline = When(_("Jusqu’au"), public=True)
    capacity = Integer(_("Nombre de places"), public=True)
    instructions = Text(_("Comment s’inscrire"), limit=400, public=True, translatable=True, contacts=True)


class Event(Record):
    """Something that happens at a time and a place; `sequence` counts the changes that subscribers must see."""

    type_name = "event"
    title_words = _("Rendez-vous")

    title = shared.title(_("Le rendez-vous"))
    kind = Choice(
        _("Type"),
        options=EVENT_KINDS,
        public=True,
        default="other",
        section=_("Le rendez-vous"),
        subject=_("Le type"),
    )
    summary = shared.summary(_("Le rendez-vous"))
    description = Markdown(_("Description"), public=True, section=_("Le rendez-vous"), subject=_("La description"))
    start = When(
        _("Début"),
        public=True,
        required=Required.PUBLISH,
        section=_("Quand"),
        subject=_("Le début"),
        help=_("Le jour, et l’heure si elle est connue\u00a0: 12/05/2024 18:30."),
    )
    end = When(_("Fin"), public=True, section=_("Quand"), subject=_("La fin"))
    timezone = TimeZone(
        _("Fuseau horaire"),
        public=True,
        section=_("Quand"),
        subject=_("Le fuseau horaire"),
        help=_("Vide\u00a0: celui de la collectivité."),
    )
    recurrence = Text(
        _("Répétition"),
        limit=500,
        public=True,
        section=_("Quand"),
        subject=_("La répétition"),
        help=_("Règle iCalendar, par exemple FREQ=WEEKLY;BYDAY=TU;UNTIL=20250630."),
    )
    extra_dates = Texts(
        _("Dates en plus"),
        item=When(_("Date")),
        public=True,
        section=_("Quand"),
        subject=_("Les dates en plus"),
    )
    exceptions = Rows(
        Occurrence, _("Exceptions"), key="occurrence", row=_("Exception"), public=True, section=_("Quand")
    )
    state = Choice(
        _("État"),
        options=EVENT_STATES,
        public=True,
        default="confirmed",
        section=_("Quand"),
        subject=_("L’état du rendez-vous"),
    )
    change_note = Text(
        _("Ce qui a changé"),
        limit=300,
        public=True,
        translatable=True,
        section=_("Quand"),
        help=_("Après un report ou une annulation\u00a0: la raison, en une phrase."),
    )
    place = PlaceField(_("Lieu"), public=True, section=_("Où"), subject=_("Le lieu"))
    zone = Ref(_("Quartier ou canton"), to="zone", public=True, section=_("Où"), subject=_("Le quartier"))
    online_url = Url(_("Adresse en ligne"), public=True, section=_("Où"), subject=_("L’adresse en ligne"))
    access = Text(
        _("Accès et accessibilité"),
        limit=600,
        public=True,
        translatable=True,
        section=_("Où"),
        subject=_("L’accès"),
    )
    organiser = Text(
        _("Organisé par"),
        limit=160,
        public=True,
        section=_("Où"),
        subject=_("L’organisateur"),
        help=_("Un service ou une association. Jamais le nom d’une personne."),
    )
    registration = Group(
        Registration, _("Inscription"), public=True, section=_("Participer"), subject=_("L’inscription")
    )
    agenda = Markdown(_("Ordre du jour"), public=True, section=_("Participer"), subject=_("L’ordre du jour"))
    report = Markdown(_("Compte rendu"), public=True, section=_("Après"), subject=_("Le compte rendu"))
    attendance = Integer(
        _("Participantes et participants"),
        public=True,
        section=_("Après"),
        subject=_("Le nombre de participants"),
    )
    edition = Ref(_("Édition"), to="edition", public=True, section=_("Liens"), subject=_("L’édition"))
    projects = Refs(_("Projets concernés"), to="project", public=True, section=_("Liens"), subject=_("Les projets"))
    ideas = Refs(_("Idées concernées"), to="idea", public=True, section=_("Liens"), subject=_("Les idées"))
    website = Url(_("Page du rendez-vous ailleurs"), public=True, section=_("Liens"), subject=_("La page"))
    photos = shared.photos()
    documents = shared.documents()
    old_addresses = former_addresses(_("Liens"))
    visible_from = Instant(_("À ne pas publier avant"), section=_("Interne"), subject=_("La date de publication"))
    sequence = Integer(_("Numéro de mise à jour"), public=True, section=_("Interne"))
    uid = Text(_("Identifiant de calendrier"), limit=300, public=True, contacts=True, section=_("Interne"))
    origin = Group(Origin, _("Origine"), public=True, section=_("Interne"), subject=_("L’origine"))
    note = Note(_("Note de suivi"), section=_("Interne"), subject=_("La note de suivi"))

    @classmethod
    def settled(cls, before: Mapping[str, Plain], after: dict[str, Plain]) -> dict[str, Plain]:
        """`sequence` rises with a change that calendars must notice, whoever saves it, and never falls."""
        if not before:
            return after
        was, given = int(before.get("sequence", 0)), int(after.get("sequence", 0))
        moved = any(before.get(name) != after.get(name) for name in NOTICED)
        least = was + 1 if moved else was
        if given >= least:
            return after
        changed = {**after, "sequence": least}
        return {name: changed[name] for name in cls.fields if name in changed}
