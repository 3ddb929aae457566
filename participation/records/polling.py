"""A polling place: where and when people vote, and what was found in its ballot box.

Who voted is never here: figures, roles of those who counted, and the SHA-256 of the signed sheet, which stays in the
office. What single ballots chose lies beside, in `ballots-….csv` or `totals-….csv` (`participation.counting`).
"""

from __future__ import annotations

from participation.messages import mark as _
from participation.records.base import Record
from participation.records.containers import Group, Part, PlaceField, Rows
from participation.records.fields import Required
from participation.records.figures import Date, Integer, When
from participation.records.texts import Choice, Code, Note, Ref, Text

VOID = {
    "blank": _("Bulletin blanc"),
    "unknown": _("Projet qui n’est pas au vote"),
    "repeated": _("Projet choisi deux fois"),
    "exclusive": _("Deux projets qui s’excluent"),
    "too_many": _("Trop de choix"),
    "too_few": _("Pas assez de choix"),
    "points": _("Points mal répartis"),
    "over_budget": _("Choix plus chers que le budget d’un bulletin"),
    "illegible": _("Illisible"),
    "marked": _("Signe de reconnaissance"),
    "envelope": _("Enveloppe vide ou à plusieurs bulletins"),
    "other": _("Autre raison"),
}
"""Why a ballot is void: the first eight are judged by the count, the others are said by those who open the box."""

CHANNELS = {
    "paper": _("Urne"),
    "post": _("Courrier"),
    "online": _("Vote en ligne"),
}
MODES = {"ballots": _("Bulletin par bulletin"), "totals": _("Par totaux")}
SIGNING = {
    "president": _("Président ou présidente du bureau"),
    "assessor": _("Assesseurs"),
    "scrutineer": _("Scrutateurs"),
    "elected": _("Élus"),
    "resident": _("Habitants présents"),
    "agent": _("Agents"),
}


class Opening(Part):
    """When one can vote there."""

    start = When(_("Ouvre"), public=True, required=Required.SAVE)
    end = When(_("Ferme"), public=True)


class Voided(Part):
    """How many ballots were void for one reason."""

    reason = Choice(_("Raison"), options=VOID, public=True)
    number = Integer(_("Bulletins"), public=True)


class Signatory(Part):
    """How many people signed the sheet in one role; never who."""

    role = Choice(_("Rôle"), options=SIGNING, public=True)
    number = Integer(_("Signatures"), public=True)


class Difference(Part):
    """A figure, or a ballot, that the two entries gave differently, and how it was settled."""

    what = Text(_("Ce qui différait"), limit=120, public=True)
    first = Text(_("Première saisie"), limit=400, public=True)
    second = Text(_("Seconde saisie"), limit=400, public=True)
    kept = Text(_("Retenu"), limit=400, public=True)
    reason = Text(_("Raison"), limit=300, public=True)
    by = Code(_("Réglé par"))


class TallySheet(Part):
    """What was found in the box, entered twice by two people: found = valid + void, blank ballots among the void."""

    closed = Date(_("Clos le"), public=True)
    mode = Choice(_("Saisie"), options=MODES, public=True)
    signed = Integer(_("Émargements"), public=True)
    found = Integer(_("Bulletins trouvés"), public=True)
    valid = Integer(_("Bulletins valables"), public=True)
    void = Rows(Voided, _("Bulletins nuls"), key="reason", row=_("Raison"), public=True)
    differences = Rows(Difference, _("Écarts entre les deux saisies"), row=_("Écart"), public=True)
    signatories = Rows(Signatory, _("Signataires"), key="role", row=_("Rôle"), public=True)
    scan = Code(_("Empreinte de la feuille signée"), pattern=r"[0-9a-f]{64}", public=True)
    first_by = Code(_("Première saisie par"))
    second_by = Code(_("Seconde saisie par"))


class Reopening(Part):
    """A place that was closed and counted again."""

    date = Date(_("Date"), public=True, required=Required.SAVE)
    reason = Text(_("Raison"), limit=300, public=True, required=Required.SAVE)
    by = Code(_("Rouvert par"))


class PollingPlace(Record):
    """A ballot box, the votes that came by post, or those of an online tool."""

    type_name = "polling_place"
    title_words = _("Lieu de vote")

    title = Text(_("Nom"), limit=120, public=True, required=Required.ADVISED, section=_("Le lieu"))
    channel = Choice(_("Comment on y vote"), options=CHANNELS, public=True, default="paper", section=_("Le lieu"))
    place = PlaceField(_("Lieu"), public=True, section=_("Le lieu"), subject=_("Le lieu"))
    zone = Ref(_("Quartier ou canton"), to="zone", public=True, section=_("Le lieu"), subject=_("Le quartier"))
    hours = Rows(Opening, _("Dates et heures"), row=_("Ouverture"), public=True, section=_("Quand"))
    population = Integer(
        _("Population"),
        public=True,
        section=_("Le lieu"),
        help=_("Celle que le lieu dessert, pour calculer la participation."),
    )
    tally = Group(TallySheet, _("Dépouillement"), public=True, section=_("Le dépouillement"))
    reopened = Rows(Reopening, _("Réouvertures"), row=_("Réouverture"), public=True, section=_("Le dépouillement"))
    note = Note(_("Note interne"), section=_("Interne"))

    @property
    def edition(self) -> str:
        """The edition whose votes it takes: the first part of its identifier."""
        return self.id.partition("-")[0]

    @property
    def short(self) -> str:
        """Its identifier without the edition, as files of votes name it: `V004`."""
        return self.id.partition("-")[2]
