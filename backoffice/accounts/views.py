"""Views of the accounts: everyone, one account, its role, limits, link and sessions. Rules are the registry's."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice.accounts.forms import ROLE_WORDS, InviteForm, RoleForm
from backoffice.audit.noting import note
from backoffice.audit.views import told
from backoffice.auth import oidc
from backoffice.auth.forms import errors_of
from backoffice.i18n import _
from backoffice.registry import accounts, audit, identities, links, second_factor, sessions
from backoffice.registry.accounts import AccountError
from backoffice.registry.schema import Account
from backoffice.services import account, now, services

bp = Blueprint("accounts", __name__)

Answer = str | tuple[str, int] | Response


@bp.get("/comptes")
def everyone() -> str:
    """Every account and its role."""
    return _list_page(InviteForm(), [])


@bp.post("/comptes")
def invite() -> Answer:
    """Make an account and show its link once."""
    form = InviteForm(request.form)
    errors = _errors(form)
    if errors:
        return _list_page(form, errors), 422
    try:
        made = accounts.invite(
            services().registry, str(form.login.data), str(form.name.data), str(form.role.data), now()
        )
    except AccountError as refused:
        return _list_page(form, [("login", _(refused.message))]), 422
    accounts.set_limits(services().registry, made.id, *form.limits())
    note("account_made", made.pseudonym, role=made.role)
    return _with_link(made, links.INVITATION)


@bp.get("/comptes/<int:account_id>")
def show(account_id: int) -> str:
    """One account: role, limits, ways in, what it did lately."""
    person = _person(account_id)
    form = RoleForm(role=person.role, service=person.service, zones=person.zones.split())
    return _page(person, form, [])


@bp.post("/comptes/<int:account_id>")
def change(account_id: int) -> Answer:
    """Change role and limits of an account."""
    person = _other(account_id)
    form = RoleForm(request.form)
    errors = _errors(form)
    if errors:
        return _page(person, form, errors), 422
    role, (service, zones) = str(form.role.data), form.limits()
    accounts.set_role(services().registry, person.id, role)
    accounts.set_limits(services().registry, person.id, service, zones)
    note("role_changed", person.pseudonym, before=person.role, after=role, service=service, zones=zones)
    flash(_("Le compte de %s est modifié.") % person.name)
    return redirect(url_for("accounts.show", account_id=person.id), 303)


@bp.post("/comptes/<int:account_id>/etat")
def activate(account_id: int) -> Response:
    """Switch an account off, which signs it out everywhere, or on again."""
    person = _other(account_id)
    active = request.form.get("active") == "1"
    accounts.set_active(services().registry, person.id, active)
    if not active:
        sessions.end_all(services().registry, person.id, now())
        links.end(services().registry, person.id)
    note("account_on" if active else "account_off", person.pseudonym)
    flash((_("Le compte de %s est réactivé.") if active else _("Le compte de %s est désactivé.")) % person.name)
    return redirect(url_for("accounts.show", account_id=person.id), 303)


@bp.post("/comptes/<int:account_id>/lien")
def link(account_id: int) -> str:
    """Make a link by which someone chooses a (new) password, shown once. The password of before is good till then."""
    person = _other(account_id)
    if not person.active:
        abort(404)
    return _with_link(person, links.RESET if person.password else links.INVITATION)


@bp.post("/comptes/<int:account_id>/sessions")
def end_sessions(account_id: int) -> Response:
    """Sign an account out of one browser, or of all."""
    person = _other(account_id)
    one = request.form.get("session", "")
    if one.isdecimal() and len(one) < 10:
        sessions.end_one(services().registry, person.id, int(one), now())
    else:
        sessions.end_all(services().registry, person.id, now())
    note("session_ended", person.pseudonym)
    flash(_("C’est déconnecté."))
    return redirect(url_for("accounts.show", account_id=person.id), 303)


@bp.post("/comptes/<int:account_id>/double-verification")
def drop_factor(account_id: int) -> Response:
    """Take the second factor away from someone who lost telephone and codes."""
    person = _other(account_id)
    second_factor.switch_off(services().registry, person.id)
    sessions.end_all(services().registry, person.id, now())
    note("factor_off", person.pseudonym)
    flash(_("La double vérification de %s est désactivée.") % person.name)
    return redirect(url_for("accounts.show", account_id=person.id), 303)


@bp.post("/comptes/<int:account_id>/identite")
def drop_identity(account_id: int) -> Response:
    """Let the provider open an account no more: somebody left there, or was linked by mistake."""
    person = _other(account_id)
    identities.unlink(services().registry, person.id)
    sessions.end_all(services().registry, person.id, now())
    note("identity_dropped", person.pseudonym)
    flash(_("L’identité de %s est détachée.") % person.name)
    return redirect(url_for("accounts.show", account_id=person.id), 303)


def _with_link(person: Account, kind: str) -> str:
    token = links.make(services().registry, person.id, kind, now())
    note("link_made", person.pseudonym, purpose=kind)
    address = url_for("auth.choose_password", token=token, _external=True)
    return render_template(
        "accounts/link.html", person=person, address=address, days=links.GOOD_FOR[kind].days, kind=kind
    )


def _list_page(form: InviteForm, errors: list[tuple[str, str]]) -> str:
    registry = services().registry
    return render_template(
        "accounts/list.html",
        form=form,
        errors=errors,
        accounts=accounts.everyone(registry),
        waiting=links.waiting(registry, now()),
        roles=ROLE_WORDS,
        limits_of=_limits_of,
        linked=identities.linked_accounts(registry),
        **_choices(),
    )


def _page(person: Account, form: RoleForm, errors: list[tuple[str, str]]) -> str:
    registry = services().registry
    everybody = accounts.everyone(registry)
    return render_template(
        "accounts/show.html",
        person=person,
        form=form,
        errors=errors,
        roles=ROLE_WORDS,
        sessions=sessions.open_sessions(registry, person.id, now()),
        waiting=links.waiting(registry, now()).get(person.id),
        linked=oidc.linked(person),
        events=[told(one, everybody) for one in audit.latest(registry, 10, account_id=person.id)],
        limits_of=_limits_of,
        **_choices(),
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    titles = services().content.titles
    return {f"{to}s": sorted(titles(to).items(), key=lambda pair: pair[1].casefold()) for to in ("service", "zone")}


def _limits_of(person: Account) -> str:
    """What an account is limited to, in words."""
    services_titles, zone_titles = services().content.titles("service"), services().content.titles("zone")
    named = [services_titles.get(person.service, person.service)] if person.service else []
    return ", ".join([*named, *(zone_titles.get(one, one) for one in person.zones.split())])


def _errors(form: RoleForm) -> list[tuple[str, str]]:
    if not form.validate():
        return errors_of(form)
    titles = services().content.titles
    return [(field, _(words)) for field, words in form.faults(set(titles("service")), set(titles("zone")))]


def _person(account_id: int) -> Account:
    person = accounts.by_id(services().registry, account_id)
    if person is None:
        abort(404)
    return person


def _other(account_id: int) -> Account:
    """The account of that number, which is not one's own: nobody locks themselves out."""
    person = _person(account_id)
    if person.id == account().id:
        abort(404)
    return person
