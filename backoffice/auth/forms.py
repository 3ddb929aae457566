"""The forms of signing in and of accounts: fields and their words. Tokens are added by the templates."""

from __future__ import annotations

from wtforms import EmailField, Form, PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from backoffice.i18n import _
from backoffice.registry.accounts import MAX_LOGIN, MAX_PASSWORD
from participation.messages import mark

ROLE_WORDS = {
    "reader": (mark("Lecture"), mark("Voit tout, ne change rien.")),
    "editor": (mark("Rédaction"), mark("Enregistre des changements, sans les publier.")),
    "publisher": (mark("Publication"), mark("Enregistre, relit et publie.")),
    "administrator": (mark("Administration"), mark("Tout, et les comptes.")),
}


class SignInForm(Form):
    """Address and password; the page says only that they do not go together, never which is wrong."""

    login = EmailField(validators=[InputRequired(mark("Écrivez votre adresse électronique.")), Length(max=MAX_LOGIN)])
    password = PasswordField(validators=[InputRequired(mark("Écrivez votre mot de passe.")), Length(max=MAX_PASSWORD)])


class AccountForm(Form):
    """A new account: the password is drawn and shown once to the administrator."""

    name = StringField(validators=[InputRequired(mark("Écrivez le nom à afficher.")), Length(max=200)])
    login = EmailField(validators=[InputRequired(mark("Écrivez l’adresse électronique.")), Length(max=MAX_LOGIN)])
    role = StringField(default="editor", validators=[AnyOf(list(ROLE_WORDS), mark("Choisissez un rôle."))])


class PasswordForm(Form):
    """One's own new password."""

    current = PasswordField(validators=[InputRequired(mark("Écrivez votre mot de passe actuel."))])
    new = PasswordField(validators=[InputRequired(mark("Écrivez le nouveau mot de passe."))])


class LanguageForm(Form):
    """The language of one's office; empty follows the browser."""

    language = StringField(validators=[AnyOf(["", "fr", "en"])])


def errors_of(form: Form) -> list[tuple[str, str]]:
    """Field and sentence of each error, in the order of the form."""
    return [(field.name, _(str(field.errors[0]))) for field in form if field.errors]
