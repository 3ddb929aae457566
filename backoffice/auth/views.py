"""Views of signing in, of a link of access, and of one's own account. Hashes and delays are the registry's."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers.response import Response

from backoffice import guard
from backoffice.accounts.forms import ROLE_WORDS
from backoffice.audit.noting import note
from backoffice.auth import oidc
from backoffice.auth.forms import ChosenPasswordForm, CodeForm, LanguageForm, PasswordForm, SignInForm, errors_of
from backoffice.i18n import _, ngettext
from backoffice.inside import safe_next
from backoffice.registry import accounts, attempts, links, second_factor, sessions
from backoffice.registry.accounts import AccountError
from backoffice.registry.schema import Account
from backoffice.services import account, now, services
from backoffice.services import session as session_row

bp = Blueprint("auth", __name__)

Answer = str | tuple[str, int] | Response
Errors = list[tuple[str, str]]


@bp.route("/connexion", methods=["GET", "POST"])
def sign_in() -> Answer:
    """Ask for address and password; a good pair opens a session, or leads to the second factor."""
    target = safe_next(request.values.get("next", ""))
    form = SignInForm(request.form)
    if request.method == "GET":
        return render_template("auth/sign_in.html", form=form, target=target, errors=[])
    person, errors = _verified(form)
    if person is None:
        return render_template("auth/sign_in.html", form=form, target=target, errors=errors), 422
    if person.totp_secret:
        guard.sign_in_half(person)
        return redirect(url_for("auth.second_step", next=target), 303)
    _open_session(person)
    return redirect(target, 303)


@bp.route("/connexion/code", methods=["GET", "POST"])
def second_step() -> Answer:
    """Ask for a code of the telephone, or one on paper, after a good password."""
    target = safe_next(request.values.get("next", ""))
    person = guard.half_signed_in()
    if person is None:
        return redirect(url_for("auth.sign_in", next=target), 303)
    if request.method == "GET":
        return render_template("auth/second_step.html", target=target, errors=[])
    form = CodeForm(request.form)
    errors = errors_of(form) if not form.validate() else _try_code(person, str(form.code.data))
    if errors:
        return render_template("auth/second_step.html", target=target, errors=errors), 422
    _open_session(person)
    return redirect(target, 303)


@bp.route("/acces/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> Answer:
    """Whoever was invited, or lost their password, chooses one. A link that is not good says nothing more than that."""
    person = links.whose(services().registry, token, now())
    if person is None:
        return _private(render_template("auth/link_over.html"), 404)
    form = ChosenPasswordForm(request.form)
    errors: Errors = []
    if request.method == "POST":
        errors = errors_of(form) if not form.validate() else _choose(person, token, str(form.new.data))
        if not errors:
            flash(_("Votre mot de passe est choisi. Connectez-vous."))
            return redirect(url_for("auth.sign_in"), 303)
    page = render_template("auth/choose_password.html", person=person, token=token, errors=errors)
    return _private(page, 422 if errors else 200)


@bp.post("/deconnexion")
def sign_out() -> Response:
    """Close this browser's session."""
    note("signed_out")
    id_token = services().registry.vault.opened(session_row().id_token)
    guard.sign_out()
    return oidc.farewell(id_token) if id_token else redirect(url_for("auth.sign_in"), 303)


@bp.get("/compte")
def my_account() -> str:
    """Who I am here, where I am signed in."""
    return _account_page([])


@bp.post("/compte/mot-de-passe")
def my_password() -> Answer:
    """Change one's own password; the other browsers are signed out."""
    form = PasswordForm(request.form)
    errors = [] if form.validate() else errors_of(form)
    if not errors:
        errors = _change_password(str(form.current.data), str(form.new.data))
    if errors:
        return _account_page(errors), 422
    note("password_changed")
    flash(_("Votre mot de passe est changé. Les autres appareils sont déconnectés."))
    return redirect(url_for("auth.my_account"), 303)


@bp.post("/compte/sessions")
def end_other_sessions() -> Response:
    """Sign my account out of every other browser."""
    sessions.end_all(services().registry, account().id, now(), but=session_row().id)
    note("session_ended")
    flash(_("Les autres appareils sont déconnectés."))
    return redirect(url_for("auth.my_account"), 303)


@bp.post("/compte/sessions/<int:session_id>")
def end_session(session_id: int) -> Response:
    """Sign my account out of one browser."""
    sessions.end_one(services().registry, account().id, session_id, now())
    note("session_ended")
    flash(_("C’est déconnecté."))
    return redirect(url_for("auth.my_account"), 303)


@bp.post("/compte/langue")
def my_language() -> Response:
    """Choose the language of one's office."""
    form = LanguageForm(request.form)
    if not form.validate():
        abort(400)
    accounts.set_language(services().registry, account().id, str(form.language.data))
    return redirect(url_for("auth.my_account"), 303)


def waiting_words(seconds: int) -> str:
    """How long to wait before trying again."""
    words = ngettext(
        "Trop d’essais. Recommencez dans %(num)s seconde.",
        "Trop d’essais. Recommencez dans %(num)s secondes.",
        seconds,
    )
    return words % {"num": seconds}


def _verified(form: SignInForm) -> tuple[Account | None, Errors]:
    try:
        guard.csrf.protect()
    except CSRFError:
        # A page opened before a restart, or cookies refused: asking once more is enough.
        return None, [("login", _("La page avait expiré, ou votre navigateur refuse les cookies. Recommencez."))]
    if not form.validate():
        return None, errors_of(form)
    registry, login, address = services().registry, str(form.login.data), request.remote_addr or ""
    seconds = attempts.wait(registry, login, address, now())
    if seconds:
        return None, [("login", waiting_words(seconds))]
    person = accounts.verify(registry, login, str(form.password.data))
    if person is None:
        attempts.failed(registry, login, address, now())
        # Whose it was if there is such an account: never what was typed, which may be a password in the wrong box.
        note("sign_in_failed", who=accounts.find(registry, login))
        return None, [("login", _("Cette adresse et ce mot de passe ne vont pas ensemble."))]
    attempts.succeeded(registry, login)
    return person, []


def _try_code(person: Account, code: str) -> Errors:
    registry, address = services().registry, request.remote_addr or ""
    key = f"code {person.pseudonym}"  # its own delay: a known password must not wipe it out
    seconds = attempts.wait(registry, key, address, now())
    if seconds:
        return [("code", waiting_words(seconds))]
    if not second_factor.verify(registry, person, code, now()):
        attempts.failed(registry, key, address, now())
        note("code_failed", who=person)
        return [("code", _("Ce code n’est pas bon, ou il a déjà servi. Attendez le suivant."))]
    attempts.succeeded(registry, key)
    return []


def _open_session(person: Account) -> None:
    guard.sign_in(person, str(session.get(guard.HINT, "")))
    note("signed_in", who=person)


def _choose(person: Account, token: str, new: str) -> Errors:
    registry = services().registry
    why = accounts.refused_password(person, new)
    if why:
        return [("new", _(why))]
    if not links.use(registry, token, now()):
        return [("new", _("Ce lien vient de servir. Demandez-en un autre."))]
    accounts.set_password(registry, person.id, new)
    attempts.succeeded(registry, person.login)
    sessions.end_all(registry, person.id, now())
    note("link_used", who=person)
    return []


def _private(page: str, status: int) -> Response:
    """A page whose address is a secret: no other page is told which one came from."""
    answer = make_response(page, status)
    answer.headers["Referrer-Policy"] = "strict-origin"  # no-referrer would make the Origin of its own form "null"
    return answer


def _change_password(current: str, new: str) -> Errors:
    registry, person = services().registry, account()
    if errors := check_password(current):
        return errors
    try:
        accounts.set_password(registry, person.id, new)
    except AccountError as refused:
        return [("new", _(refused.message))]
    sessions.end_all(registry, person.id, now(), but=session_row().id)
    return []


def check_password(current: str) -> Errors:
    """Whether whoever sits here knows the account's password, with the delays of signing in."""
    registry, person = services().registry, account()
    address = request.remote_addr or ""
    if attempts.wait(registry, person.login, address, now()):
        return [("current", _("Trop d’essais. Patientez un peu avant de recommencer."))]
    if accounts.verify(registry, person.login, current) is None:
        attempts.failed(registry, person.login, address, now())
        return [("current", _("Ce n’est pas votre mot de passe actuel."))]
    return []


def _account_page(errors: Errors) -> str:
    registry, person = services().registry, account()
    return render_template(
        "auth/my_account.html",
        sessions=sessions.open_sessions(registry, person.id, now()),
        current=session_row(),
        errors=errors,
        roles=ROLE_WORDS,
        codes_left=second_factor.codes_left(registry, person.id),
        linked=oidc.linked(person),
    )
