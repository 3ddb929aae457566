"""The forms of signing in and of one’s own account: fields and their words. Tokens are added by the templates."""

from __future__ import annotations

from wtforms import EmailField, Form, PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from backoffice.i18n import _
from backoffice.registry.accounts import MAX_LOGIN
from backoffice.registry.passwords import MAX_PASSWORD
from participation.messages import mark


class SignInForm(Form):
    """Address and password; the page says only that they do not go together, never which is wrong."""

    login = EmailField(validators=[InputRequired(mark("Écrivez votre adresse électronique.")), Length(max=MAX_LOGIN)])
    password = PasswordField(validators=[InputRequired(mark("Écrivez votre mot de passe.")), Length(max=MAX_PASSWORD)])


class PasswordForm(Form):
    """One's own new password."""

    current = PasswordField(validators=[InputRequired(mark("Écrivez votre mot de passe actuel."))])
    new = PasswordField(validators=[InputRequired(mark("Écrivez le nouveau mot de passe."))])


class ChosenPasswordForm(Form):
    """The password that someone chooses who came by a link."""

    new = PasswordField(validators=[InputRequired(mark("Écrivez un mot de passe."))])


class CodeForm(Form):
    """A code of the telephone, or one of those on paper."""

    code = StringField(validators=[InputRequired(mark("Écrivez le code.")), Length(max=40)])


class LanguageForm(Form):
    """The language of one's office; empty follows the browser."""

    language = StringField(validators=[AnyOf(["", "fr", "en"])])


def errors_of(form: Form) -> list[tuple[str, str]]:
    """Field and sentence of each error, in the order of the form."""
    return [(field.name, _(str(field.errors[0]))) for field in form if field.errors]
