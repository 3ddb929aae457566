"""The instance: the town or department itself, its look, contacts and settings. One file, `instance.yml`."""

from __future__ import annotations

from participation.messages import mark as _
from participation.records.base import Record
from participation.records.containers import Group, Part, Rows, Texts
from participation.records.fields import Refused, Required
from participation.records.figures import Integer
from participation.records.redirects import Redirect
from participation.records.texts import Code, Flag, Markdown, Media, Ref, Text, TimeZone, Url


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


class MenuEntry(Part):
    """One more entry in the menu, to a page of the site."""

    page = Ref(_("Page"), to="page", public=True, required=Required.SAVE)
    label = Text(_("Mot du menu"), limit=40, public=True, translatable=True)


class Instance(Record):
    """The town or department that runs the participatory budget."""

    type_name = "instance"
    title_words = _("Collectivité")

    schema = Integer(_("Version du format"), least=1, most=999, required=Required.SAVE)
    title = Text(
        _("Nom du site"),
        limit=60,
        public=True,
        translatable=True,
        required=Required.PUBLISH,
        help=_("Court\u00a0: «\u00a0Budget participatif\u00a0»."),
    )
    name = Text(_("Nom de la collectivité"), limit=120, public=True, required=Required.PUBLISH)
    territory = Text(_("Mot pour le territoire"), limit=40, public=True, translatable=True, default=_("la ville"))
    zone_word = Text(_("Mot pour une zone"), limit=40, public=True, translatable=True, default=_("Quartier"))
    zones_word = Text(_("Mot pour les zones"), limit=40, public=True, translatable=True, default=_("Quartiers"))
    languages = Texts(_("Langues"), item=Code(_("Langue"), pattern="fr|en"), public=True)
    timezone = TimeZone(_("Fuseau horaire"), public=True, default="Europe/Paris")
    currency = Code(_("Monnaie"), pattern=r"[A-Z]{3}", public=True, default="EUR")
    url = Url(_("Adresse publique du site"), public=True)
    summary = Text(_("Présentation en une phrase"), limit=400, public=True, translatable=True)
    current_edition = Ref(_("Édition en cours"), to="edition", public=True)
    contact = Group(Contact, _("Contact"), public=True)
    look = Group(Look, _("Apparence"), public=True)
    legal = Group(Legal, _("Mentions légales"), public=True)
    menu = Rows(MenuEntry, _("Menu"), key="page", row=_("Entrée du menu"), public=True)
    redirects = Rows(
        Redirect,
        _("Adresses qui en remplacent d’autres"),
        key="old",
        row=_("Adresse"),
        public=True,
        help=_("Pour les adresses d’un ancien site, ou de pages qui ne sont plus."),
    )
    footer = Markdown(_("Bas de page"), limit=2_000, public=True)
    second_person = Flag(_("Une deuxième personne relit avant publication"))
    series = Integer(
        _("Série de numéros de ce poste"),
        most=9,
        help=_("Quand plusieurs postes partagent le même dépôt, chacun tire ses numéros de sa série."),
    )
