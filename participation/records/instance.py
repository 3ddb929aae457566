"""The instance: the town or department itself, its look, contacts and settings. One file, `instance.yml`."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from participation.messages import mark as _
from participation.records.base import Record
from participation.records.containers import Group, Part, Rows, Texts
from participation.records.fields import Refused, Required
from participation.records.figures import Date, Integer
from participation.records.redirects import Redirect
from participation.records.texts import Choice, Code, Flag, Markdown, Media, Note, Ref, Text, TimeZone, Url
from participation.values import PARIS, zone_info


class Colour(Code):
    """A colour as `#rrggbb`."""

    kind = "colour"

    def __init__(self, label: str, **rest: object) -> None:
        super().__init__(label, pattern=r"#[0-9a-fA-F]{6}", limit=7, **rest)

    def parse(self, text: str) -> str:
        try:
            return super().parse(text)
        except Refused:
            raise Refused(
                _("«\u00a0%s\u00a0» n’est pas une couleur.") % text[:40], _("Par exemple\u00a0: #0b5351.")
            ) from None


class Tiles(Text):
    """The address of the pictures of a map, with `{z}`, `{x}` and `{y}`; or `none` for no such map."""

    kind = "tiles"
    NONE = "none"

    def parse(self, text: str) -> str:
        text = super().parse(text)
        if text.casefold() in (self.NONE, "aucun", "aucune"):
            return self.NONE
        try:
            parts = urlsplit(text)
            # The host is named in the security policy of every page: nothing but a plain host and a port.
            plain = parts.scheme in ("http", "https") and re.fullmatch(r"[A-Za-z0-9.-]+(?::\d{1,5})?", parts.netloc)
        except ValueError:
            plain = None
        marks = sorted(re.findall(r"\{[^{}]*\}", text))
        if not plain or marks != ["{x}", "{y}", "{z}"] or re.search(r"[\s<>\"'\\;]", text):
            raise Refused(
                _("Cette adresse de fond de carte n’est pas utilisable."),
                _("Une adresse https:// avec {z}, {x} et {y}, chacun une fois, ou none pour ne pas en avoir."),
            )
        return text


class Map(Part):
    """The background of the detailed map, which is loaded only when a visitor asks for it."""

    tiles = Tiles(
        _("Adresse des images du fond de carte"),
        limit=600,
        public=True,
        help=_("Sans rien ici, le plan de l’IGN. «\u00a0none\u00a0»\u00a0: pas de carte détaillée."),
    )
    credit = Text(
        _("Crédit du fond de carte"),
        limit=120,
        public=True,
        help=_("Qui fournit ces images\u202f; écrit sur la carte et avant de la charger."),
    )
    credit_url = Url(_("Page du fournisseur"), public=True)
    max_zoom = Integer(_("Agrandissement le plus fort"), least=1, most=22, public=True)
    geocoder = Url(
        _("Service de recherche d’adresses"),
        limit=300,
        help=_(
            "Facultatif\u00a0: une adresse au format de la Base adresse nationale, par exemple "
            "https://data.geopf.fr/geocodage/search. L’outil n’y envoie une adresse que si on le lui demande."
        ),
    )


class Look(Part):
    """What a town changes of the theme; each colour is checked for contrast when the site is built."""

    brand = Colour(_("Couleur principale"), public=True)
    brand_dark = Colour(_("Couleur principale foncée"), public=True)
    tint = Colour(_("Teinte claire"), public=True)
    home_image = Media(_("Image d’accueil"), public=True)
    home_image_alt = Text(_("Texte de remplacement de l’image"), limit=200, public=True, translatable=True)


class Contact(Part):
    """How citizens reach the team: an organisation's address, never a person's."""

    name = Text(_("Service"), limit=120, public=True, translatable=True)
    email = Text(_("Courriel du service"), limit=120, public=True, contacts=True)
    phone = Text(_("Téléphone du service"), limit=40, public=True, contacts=True)
    address = Text(_("Adresse postale"), limit=300, public=True, contacts=True)
    url = Url(_("Formulaire de contact"), public=True)


class Legal(Part):
    """What the law asks a public site to say."""

    publisher = Text(_("Éditeur du site"), limit=200, public=True, contacts=True)
    director = Text(_("Direction de la publication (fonction)"), limit=200, public=True)
    host = Text(_("Hébergeur"), limit=300, public=True, contacts=True)
    licence = Text(_("Licence des données"), limit=120, public=True)
    dpo = Text(_("Délégué à la protection des données (adresse)"), limit=200, public=True, contacts=True)


class Accessibility(Part):
    """What the accessibility statement says; without an audit, that the site is not compliant."""

    audited_on = Date(_("Date de l’audit RGAA"), public=True)
    audited_by = Text(_("Audit réalisé par"), limit=160, public=True)
    rate = Integer(_("Critères respectés, en pourcentage"), most=100, public=True)
    defects = Markdown(_("Non-conformités"), limit=10_000, public=True, translatable=True)
    burden = Markdown(_("Dérogations pour charge disproportionnée"), limit=5_000, public=True, translatable=True)
    exempt = Markdown(_("Contenus non soumis à l’obligation"), limit=5_000, public=True, translatable=True)
    tested = Markdown(_("Environnement de test, outils, pages vérifiées"), limit=5_000, public=True, translatable=True)
    established = Date(_("Déclaration établie le"), public=True)
    plan = Url(_("Schéma pluriannuel d’accessibilité"), public=True)


TEXT_USES = {
    "reason": _("raison publique d’une décision"),
    "letter": _("lettre ou courriel"),
    "other": _("autre usage"),
}


class StandardText(Part):
    """A text that the team uses again and again: a refusal that thanks, a confirmation, an invitation."""

    title = Text(_("Nom du texte"), limit=80, required=Required.SAVE)
    use = Choice(_("Sert à"), options=TEXT_USES, default="reason")
    text = Note(
        _("Texte"),
        limit=4_000,
        help=_("{titre}, {numéro}, {quartier}, {service} et {édition} prennent les mots de la fiche."),
    )


class MenuEntry(Part):
    """One more entry in the menu, to a page of the site."""

    page = Ref(_("Page"), to="page", public=True, required=Required.SAVE)
    label = Text(_("Mot du menu"), limit=40, public=True, translatable=True)


class Instance(Record):
    """The town or department that runs the participatory budget."""

    type_name = "instance"
    title_words = _("Collectivité")

    schema = Integer(_("Version du format"), least=1, most=999, required=Required.SAVE, section=_("La collectivité"))
    title = Text(
        _("Nom du site"),
        limit=60,
        public=True,
        translatable=True,
        required=Required.PUBLISH,
        help=_("Court\u00a0: «\u00a0Budget participatif\u00a0»."),
        section=_("Le site"),
    )
    name = Text(
        _("Nom de la collectivité"), limit=120, public=True, required=Required.PUBLISH, section=_("La collectivité")
    )
    territory = Text(
        _("Mot pour le territoire"),
        limit=40,
        public=True,
        translatable=True,
        default=_("la ville"),
        section=_("La collectivité"),
    )
    zone_word = Text(
        _("Mot pour une zone"),
        limit=40,
        public=True,
        translatable=True,
        default=_("Quartier"),
        section=_("La collectivité"),
    )
    zones_word = Text(
        _("Mot pour les zones"),
        limit=40,
        public=True,
        translatable=True,
        default=_("Quartiers"),
        section=_("La collectivité"),
    )
    languages = Texts(_("Langues"), item=Code(_("Langue"), pattern="fr|en"), public=True, section=_("Le site"))
    timezone = TimeZone(_("Fuseau horaire"), public=True, default="Europe/Paris", section=_("La collectivité"))
    currency = Code(_("Monnaie"), pattern=r"[A-Z]{3}", public=True, default="EUR", section=_("La collectivité"))
    url = Url(_("Adresse publique du site"), public=True, section=_("Le site"))
    summary = Text(_("Présentation en une phrase"), limit=400, public=True, translatable=True, section=_("Le site"))
    current_edition = Ref(_("Édition en cours"), to="edition", public=True, section=_("Le site"))
    contact = Group(Contact, _("Contact"), public=True, section=_("La collectivité"))
    look = Group(Look, _("Apparence"), public=True, section=_("L’apparence et la carte"))
    map = Group(Map, _("Carte détaillée"), public=True, section=_("L’apparence et la carte"))
    legal = Group(Legal, _("Mentions légales"), public=True, section=_("Ce que la loi demande"))
    accessibility = Group(Accessibility, _("Accessibilité"), public=True, section=_("Ce que la loi demande"))
    menu = Rows(
        MenuEntry, _("Menu"), key="page", row=_("Entrée du menu"), public=True, section=_("Les menus et le bas de page")
    )
    redirects = Rows(
        Redirect,
        _("Adresses qui en remplacent d’autres"),
        key="old",
        row=_("Adresse"),
        public=True,
        help=_("Pour les adresses d’un ancien site, ou de pages qui ne sont plus."),
        section=_("Les menus et le bas de page"),
    )
    footer = Markdown(_("Bas de page"), limit=2_000, public=True, section=_("Les menus et le bas de page"))
    second_person = Flag(_("Une deuxième personne relit avant publication"), section=_("Le travail de l’équipe"))
    series = Integer(
        _("Série de numéros de ce poste"),
        most=9,
        help=_("Quand plusieurs postes partagent le même dépôt, chacun tire ses numéros de sa série."),
        section=_("Le travail de l’équipe"),
    )
    standard_texts = Rows(
        StandardText,
        _("Textes types"),
        key="title",
        row=_("Texte type"),
        section=_("Les textes types"),
        help=_("Ils sont proposés là où l’on explique une décision, et ne paraissent jamais tels quels."),
    )

    @property
    def zone(self) -> ZoneInfo:
        """Where its clocks are."""
        return zone_info(self.timezone or PARIS.key)
