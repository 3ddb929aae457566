"""Views of signing in through an identity provider: going there, coming back, the end of both sessions, the link.

An account is opened by an identity that was linked to it: from an invitation, or by somebody signed in. None is made
unasked, unless the settings allow a domain. What of the provider's answers is believed is decided in `provider`.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers.response import Response

from backoffice import guard
from backoffice.audit.noting import note
from backoffice.auth.provider import Distrusted, Known, Provider, Question
from backoffice.i18n import _
from backoffice.inside import safe_next
from backoffice.registry import accounts, identities, links
from backoffice.registry.accounts import AccountError
from backoffice.registry.schema import Account
from backoffice.services import account, now, services
from backoffice.settings import Settings

bp = Blueprint("oidc", __name__)

PROVIDER = "laureat-provider"
ASKED = "oidc"  # the key of the cookie under which the question waits
GOOD_FOR = 600  # seconds between leaving and coming back
SIGN_IN, LINK, INVITED = "sign in", "link", "invited"


def install(app: Flask, settings: Settings) -> None:
    """Know the provider, and tell templates what it is called ("" without one)."""
    app.extensions[PROVIDER] = Provider(settings.oidc) if settings.oidc is not None else None
    app.jinja_env.globals["provider_name"] = settings.oidc.name if settings.oidc is not None else ""


@bp.get("/connexion/fournisseur")
def start() -> Response:
    """Lead to the provider; with `invitation`, to link the account of that link."""
    token = request.args.get("invitation", "")
    if token and links.whose(services().registry, token, now()) is None:
        return redirect(url_for("auth.choose_password", token=token), 303)
    return _leave(INVITED if token else SIGN_IN, safe_next(request.args.get("next", "")), token)


@bp.get("/compte/fournisseur")
def link() -> Response:
    """Lead to the provider, to link the account that is signed in here.

    Not from another site: it might have had the browser signed in at the provider's as somebody else before.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    return _leave(LINK, url_for("auth.my_account"))


@bp.get("/connexion/retour")
def callback() -> Response:
    """Whoever comes back from the provider: a session, a link, or a sentence why not."""
    asked = session.pop(ASKED, None)
    if not isinstance(asked, dict) or not 0 <= now().timestamp() - float(asked.get("since", 0)) < GOOD_FOR:
        return _refused(Distrusted("question", _("Cette connexion a expiré ou a déjà servi.")), "")
    try:
        question = Question(asked["state"], asked["nonce"], asked["verifier"])
        known = _provider().identify(question, request.args, _return_address(), now())
    except Distrusted as wrong:
        return _refused(wrong, str(asked["next"]))
    if asked["why"] == LINK:
        return _link(known)
    person = _invited(known, str(asked["invitation"])) if asked["why"] == INVITED else _recognised(known)
    if person is None:
        return redirect(url_for("auth.sign_in", next=safe_next(str(asked["next"]))), 303)
    return _open(person, known, safe_next(str(asked["next"])))


@bp.get("/connexion/au-revoir")
def goodbye() -> str:
    """The session here is over; a link, followed by itself, ends the provider's too."""
    address = session.get("farewell", "")
    return render_template("auth/goodbye.html", address=address)


@bp.post("/compte/fournisseur/detacher")
def unlink() -> Response:
    """Let the provider open my account no more; only where a password still does."""
    if not account().password:
        flash(
            _("Sans mot de passe, ce compte n’aurait plus d’entrée\u00a0: demandez d’abord un lien à l’administration.")
        )
    else:
        identities.unlink(services().registry, account().id)
        note("identity_dropped", account().pseudonym)
        flash(_("L’identité est détachée de votre compte."))
    return redirect(url_for("auth.my_account"), 303)


def farewell(id_token: str) -> Response:
    """Where to go after signing out of a session that the provider opened: its own end, by a page of ours.

    A form may not lead to another site (`form-action`), so the page in between is what leads there.
    """
    address = _provider().farewell(id_token, url_for("auth.sign_in", _external=True), now())
    if not address:
        return redirect(url_for("auth.sign_in"), 303)
    session["farewell"] = address
    return redirect(url_for("oidc.goodbye"), 303)


def linked(person: Account) -> bool:
    """True when the provider of this installation opens that account."""
    oidc = services().settings.oidc
    return oidc is not None and identities.of(services().registry, person.id, oidc.issuer) is not None


def _provider() -> Provider:
    found = current_app.extensions[PROVIDER]
    if found is None:
        abort(404)
    return cast("Provider", found)


def _leave(why: str, target: str, invitation: str = "") -> Response:
    question = Question.new()
    try:
        address = _provider().address(question, _return_address(), now())
    except Distrusted as wrong:
        return _refused(wrong, target)
    session[ASKED] = {
        "state": question.state,
        "nonce": question.nonce,
        "verifier": question.verifier,
        "why": why,
        "next": target,
        "invitation": invitation,
        "since": now().timestamp(),
    }
    return redirect(address, 303)


def _return_address() -> str:
    return url_for("oidc.callback", _external=True)


def _refused(wrong: Distrusted, target: str) -> Response:
    note("sign_in_failed", purpose=f"oidc: {wrong.reason}")
    flash(f"{_(wrong.message)} {_(wrong.hint)}".strip(), "error")
    if g.account is not None:
        return redirect(url_for("auth.my_account"), 303)
    return redirect(url_for("auth.sign_in", next=safe_next(target)), 303)


def _link(known: Known) -> Response:
    """Link the identity to the account that is signed in; it may be linked to one account only."""
    if g.account is None:
        return _refused(Distrusted("session", _("Votre session a pris fin entre-temps. Recommencez.")), "")
    if identities.link(services().registry, account().id, _issuer(), known.subject, now()):
        note("identity_linked", account().pseudonym)
        flash(_("Votre compte est relié\u00a0: vous pouvez vous connecter avec %s.") % _name())
    else:
        flash(_("Cette identité ouvre déjà un autre compte, ou votre compte en a déjà une."), "error")
    return redirect(url_for("auth.my_account"), 303)


def _invited(known: Known, token: str) -> Account | None:
    """The account of an invitation, once the identity is linked to it; None when the link is good no more."""
    registry = services().registry
    person = links.whose(registry, token, now())
    if person is None:
        flash(_("Ce lien n’est plus bon. Demandez-en un autre."), "error")
    elif (other := identities.whose(registry, _issuer(), known.subject)) is not None and other.id != person.id:
        flash(_("Cette identité ouvre déjà un autre compte."), "error")
    elif not links.use(registry, token, now()):
        flash(_("Ce lien vient de servir. Demandez-en un autre."), "error")
    elif not identities.link(registry, person.id, _issuer(), known.subject, now()):
        flash(_("Cette identité ouvre déjà un autre compte, ou votre compte en a déjà une."), "error")
    else:
        note("identity_linked", person.pseudonym, who=person)
        return person
    return None


def _recognised(known: Known) -> Account | None:
    """The account that the identity opens; a new one where the settings allow its domain."""
    registry = services().registry
    person = identities.whose(registry, _issuer(), known.subject)
    if person is not None and person.active:
        return person
    if person is not None:
        note("sign_in_failed", purpose="oidc: switched off", who=person)
        flash(_("Ce compte est désactivé. Demandez à l’administration de l’outil."), "error")
        return None
    oidc = services().settings.oidc
    if oidc is not None and known.email_verified and known.email.rpartition("@")[2] in oidc.domains:
        return _welcomed(known)
    note("sign_in_failed", purpose="oidc: not linked")
    words = _("%s vous connaît, mais aucun compte n’est relié à cette identité.") % _name()
    hint = _("Demandez une invitation, ou connectez-vous avec votre mot de passe et reliez votre compte.")
    flash(f"{words} {hint}", "error")
    return None


def _welcomed(known: Known) -> Account | None:
    """A reader's account for somebody of an allowed domain; an account that is there is never taken over."""
    registry = services().registry
    try:
        person = accounts.invite(registry, known.email, known.name, "reader", now())
    except AccountError:
        flash(
            _("Un compte a déjà cette adresse\u00a0: connectez-vous avec votre mot de passe, puis reliez-le."), "error"
        )
        return None
    identities.link(registry, person.id, _issuer(), known.subject, now())
    note("account_made", person.pseudonym, who=person, role=person.role)
    note("identity_linked", person.pseudonym, who=person)
    return person


def _open(person: Account, known: Known, target: str) -> Response:
    """A session, or first the second factor, unless the provider has asked for one itself."""
    oidc = services().settings.oidc
    if person.totp_secret and (oidc is None or known.acr not in oidc.acr):
        guard.sign_in_half(person, known.id_token)
        return redirect(url_for("auth.second_step", next=target), 303)
    guard.sign_in(person, known.id_token)
    note("signed_in", who=person, purpose=_name())
    return redirect(target, 303)


def _issuer() -> str:
    return _provider().settings.issuer


def _name() -> str:
    return _provider().settings.name
