"""The groups and rows that several record types share: owner, status history, photos, documents, origin.

Each is a `Part`; the record types that use them are in the files beside this one.
"""

from __future__ import annotations

from participation.messages import mark as _
from participation.records.containers import Part, Texts
from participation.records.fields import Required
from participation.records.figures import Date, Instant
from participation.records.texts import Choice, Code, Markdown, Media, Note, Text, Url

OWNER_KINDS = {
    "inhabitant": _("une habitante ou un habitant"),
    "collective": _("un collectif"),
    "association": _("une association"),
    "school": _("une école, un collège ou un lycée"),
    "youth": _("un groupe de jeunes"),
    "neighbourhood_council": _("un conseil de quartier"),
    "company": _("une entreprise"),
    "authority": _("la collectivité"),
    "other": _("autre"),
}

ROLES = {
    "agent": _("équipe du budget participatif"),
    "service": _("service technique"),
    "committee": _("commission citoyenne"),
    "council": _("assemblée élue"),
    "owner": _("porteuse ou porteur"),
    "vote": _("vote"),
    "import": _("reprise de données"),
}


class Owner(Part):
    """Who carries it: a kind, an organisation's name, or an opaque person id. Never a natural person's name."""

    kind = Choice(_("Qui"), options=OWNER_KINDS, public=True)
    organisation = Text(
        _("Nom de l’organisation"),
        limit=160,
        public=True,
        help=_("Le nom d’une association, d’une école, d’un collectif. Jamais celui d’une personne."),
    )
    person = Code(
        _("Fiche de la personne"),
        pattern=r"p-[a-z0-9]{6,32}",
        help=_("Numéro de la fiche dans l’annuaire interne\u202f; le nom n’entre jamais ici."),
    )


class Status(Part):
    """One step of the life cycle: the state reached, when, by whom, why, and from when it may be told."""

    state = Code(_("État"), required=Required.SAVE, public=True)
    date = Date(_("Date"), public=True)
    role = Choice(_("Décidé par"), options=ROLES, public=True)
    reason = Markdown(_("Raison, pour le public"), limit=2_000, public=True, translatable=True)
    visible_from = Instant(
        _("À ne pas publier avant"),
        help=_("Jusque-là, ni cet état ni les champs changés avec lui ne paraissent."),
    )
    holds = Texts(_("Champs retenus avec cet état"), item=Code(_("Champ")))
    note = Note(_("Note interne"), limit=2_000)


class Photo(Part):
    """A picture under `media/`, with the words that replace it."""

    file = Media(_("Fichier"), required=Required.SAVE, public=True)
    alt = Text(
        _("Texte de remplacement"),
        limit=300,
        public=True,
        translatable=True,
        help=_("Dites en une phrase ce que montre l’image, pour qui ne la voit pas."),
    )
    caption = Text(_("Légende"), limit=300, public=True, translatable=True)
    credit = Text(_("Crédit"), limit=160, public=True)
    date = Date(_("Date"), public=True)


class Document(Part):
    """A file to download, or the address of one."""

    title = Text(_("Titre"), limit=200, public=True, translatable=True)
    file = Media(_("Fichier"), public=True)
    url = Url(_("Adresse web"), public=True)


class Origin(Part):
    """Where an imported record comes from; the pair (system, id) is what a new import recognises."""

    system = Code(_("Système d’origine"), public=True)
    id = Text(_("Identifiant d’origine"), limit=200, public=True, contacts=True)
    url = Url(_("Page d’origine"), public=True)
