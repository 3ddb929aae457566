"""Views of signing in, of one's own account and of the accounts of others. Hashes and delays are the registry's."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers.response import Response

from backoffice import guard
from backoffice.auth.forms import ROLE_WORDS, AccountForm, LanguageForm, PasswordForm, SignInForm, errors_of
from backoffice.i18n import _, ngettext
from backoffice.inside import safe_next
from backoffice.policy import ROLES
from backoffice.registry import accounts, attempts, sessions
from backoffice.registry.accounts import AccountError
from backoffice.registry.schema import Account
from backoffice.services import account, now, services
from backoffice.services import session as session_row

bp = Blueprint("auth", __name__)


@bp.route("/connexion", methods=["GET", "POST"])
def sign_in() -> str | tuple[str, int] | Response:
    """Ask for address and password; a good pair opens a session and goes on where the person was going."""
    target = safe_next(request.values.get("next", ""))
    form = SignInForm(request.form)
    if request.method == "GET":
        return render_template("auth/sign_in.html", form=form, target=target, errors=[])
    errors = _try_to_sign_in(form)
    if not errors:
        return redirect(target, 303)
    return render_template("auth/sign_in.html", form=form, target=target, errors=errors), 422


@bp.post("/deconnexion")
def sign_out() -> Response:
    """Close this browser's session."""
    guard.sign_out()
    return redirect(url_for("auth.sign_in"), 303)


@bp.get("/compte")
def my_account() -> str:
    """Who I am here, where I am signed in."""
    return _account_page([])


@bp.post("/compte/mot-de-passe")
def my_password() -> str | tuple[str, int] | Response:
    """Change one's own password; the other browsers are signed out."""
    form = PasswordForm(request.form)
    errors = [] if form.validate() else errors_of(form)
    if not errors:
        errors = _change_password(str(form.current.data), str(form.new.data))
    if errors:
        return _account_page(errors), 422
    flash(_("Votre mot de passe est changé. Les autres appareils sont déconnectés."))
    return redirect(url_for("auth.my_account"), 303)


@bp.post("/compte/session")
def end_session() -> Response:
    """Sign my account out of every other browser."""
    sessions.end_all(services().registry, account().id, now(), but=session_row().id)
    flash(_("Les autres appareils sont déconnectés."))
    return redirect(url_for("auth.my_account"), 303)


@bp.post("/compte/langue")
def my_language() -> Response:
    """Choose the language of one's office."""
    form = LanguageForm(request.form)
    if not form.validate():
        abort(400)
    accounts.set_language(services().registry, account().id, str(form.language.data))
    return redirect(url_for("auth.my_account"), 303)


@bp.get("/comptes")
def list_accounts() -> str:
    """Every account and its role."""
    return _accounts_page(AccountForm(), [])


@bp.post("/comptes")
def create_account() -> str | tuple[str, int]:
    """Make an account and show its first password once."""
    form = AccountForm(request.form)
    errors = [] if form.validate() else errors_of(form)
    if not errors:
        password = accounts.new_password()
        try:
            made = accounts.create(
                services().registry, str(form.login.data), str(form.name.data), str(form.role.data), password, now()
            )
        except AccountError as refused:
            errors = [("login", _(refused.message))]
        else:
            return _accounts_page(AccountForm(), [], shown=(made, password))
    return _accounts_page(form, errors), 422


@bp.post("/comptes/<int:account_id>")
def change_account(account_id: int) -> Response:
    """Change the role of an account, or switch it off or on."""
    person = _other(account_id)
    role = request.form.get("role", person.role)
    if role not in ROLES:
        abort(400)
    active = request.form.get("active", "1") == "1"
    accounts.set_role(services().registry, person.id, role)
    accounts.set_active(services().registry, person.id, active)
    if not active:
        sessions.end_all(services().registry, person.id, now())
    flash(_("Le compte de %s est modifié.") % person.name)
    return redirect(url_for("auth.list_accounts"), 303)


@bp.post("/comptes/<int:account_id>/mot-de-passe")
def reset_password(account_id: int) -> str:
    """Draw a new password for someone who lost theirs, show it once, sign that account out everywhere."""
    person = _other(account_id)
    password = accounts.new_password()
    accounts.set_password(services().registry, person.id, password)
    sessions.end_all(services().registry, person.id, now())
    return _accounts_page(AccountForm(), [], shown=(person, password))


def _try_to_sign_in(form: SignInForm) -> list[tuple[str, str]]:
    try:
        guard.csrf.protect()
    except CSRFError:
        # A page opened before a restart, or cookies refused: asking once more is enough.
        return [("login", _("La page avait expiré, ou votre navigateur refuse les cookies. Recommencez."))]
    if not form.validate():
        return errors_of(form)
    registry, login, address = services().registry, str(form.login.data), request.remote_addr or ""
    seconds = attempts.wait(registry, login, address, now())
    if seconds:
        words = ngettext(
            "Trop d’essais. Recommencez dans %(num)s seconde.",
            "Trop d’essais. Recommencez dans %(num)s secondes.",
            seconds,
        )
        return [("login", words % {"num": seconds})]
    person = accounts.verify(registry, login, str(form.password.data))
    if person is None:
        attempts.failed(registry, login, address, now())
        return [("login", _("Cette adresse et ce mot de passe ne vont pas ensemble."))]
    attempts.succeeded(registry, login)
    guard.sign_in(person)
    return []


def _change_password(current: str, new: str) -> list[tuple[str, str]]:
    registry, person = services().registry, account()
    address = request.remote_addr or ""
    if attempts.wait(registry, person.login, address, now()):
        return [("current", _("Trop d’essais. Patientez un peu avant de recommencer."))]
    if accounts.verify(registry, person.login, current) is None:
        attempts.failed(registry, person.login, address, now())
        return [("current", _("Ce n’est pas votre mot de passe actuel."))]
    try:
        accounts.set_password(registry, person.id, new)
    except AccountError as refused:
        return [("new", _(refused.message))]
    sessions.end_all(registry, person.id, now(), but=session_row().id)
    return []


def _account_page(errors: list[tuple[str, str]]) -> str:
    mine = sessions.open_sessions(services().registry, account().id, now())
    return render_template(
        "auth/my_account.html", sessions=mine, current=session_row(), errors=errors, roles=ROLE_WORDS
    )


def _accounts_page(form: AccountForm, errors: list[tuple[str, str]], shown: tuple[Account, str] | None = None) -> str:
    everyone = accounts.everyone(services().registry)
    return render_template(
        "auth/accounts.html", form=form, errors=errors, accounts=everyone, roles=ROLE_WORDS, shown=shown
    )


def _other(account_id: int) -> Account:
    """The account of that number, which is not one's own: nobody locks themselves out."""
    others = (one for one in accounts.everyone(services().registry) if one.id != account().id)
    person = next((one for one in others if one.id == account_id), None)
    if person is None:
        abort(404)
    return person
