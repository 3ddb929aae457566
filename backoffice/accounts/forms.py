"""The forms of accounts, and the words of the roles. Tokens are added by the templates."""

from __future__ import annotations

from wtforms import EmailField, Form, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from backoffice.policy import LIMITED
from backoffice.registry.accounts import MAX_LOGIN
from participation.messages import mark

ROLE_WORDS = {
    "reader": (mark("Lecture"), mark("Voit tout, ne change rien.")),
    "contributor": (
        mark("Contribution"),
        mark("Ne voit et ne change que les fiches d’un service ou de certains quartiers."),
    ),
    "editor": (mark("Rédaction"), mark("Enregistre des changements, sans les publier.")),
    "publisher": (mark("Publication"), mark("Enregistre, relit et publie.")),
    "administrator": (mark("Administration"), mark("Tout, et les comptes.")),
}


class RoleForm(Form):
    """What an account may do, and over what."""

    role = StringField(default="editor", validators=[AnyOf(list(ROLE_WORDS), mark("Choisissez un rôle."))])
    service = StringField(default="", validators=[Length(max=64)])
    zones = SelectMultipleField(validate_choice=False)

    def faults(self, services: set[str], zones: set[str]) -> list[tuple[str, str]]:
        """Field and sentence of what the content tells: limits that name nothing, or none where some are needed."""
        if self.role.data not in LIMITED:
            return []
        if not self.service.data and not self.zones.data:
            return [("service", mark("Choisissez un service, ou au moins un quartier."))]
        if (self.service.data and self.service.data not in services) or not set(self.zones.data or []) <= zones:
            return [("service", mark("Ce service ou ce quartier n’existe plus."))]
        return []

    def limits(self) -> tuple[str, list[str]]:
        """Service and zones to keep: none for a role without limits."""
        if self.role.data not in LIMITED:
            return "", []
        return str(self.service.data or ""), sorted(self.zones.data or [])


class InviteForm(RoleForm):
    """A new account; its password is chosen by whoever opens the link."""

    name = StringField(validators=[InputRequired(mark("Écrivez le nom à afficher.")), Length(max=200)])
    login = EmailField(validators=[InputRequired(mark("Écrivez l’adresse électronique.")), Length(max=MAX_LOGIN)])
