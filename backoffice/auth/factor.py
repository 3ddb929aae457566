"""Views of one's own second factor: switching it on with a telephone, off again, codes on paper."""

from __future__ import annotations

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers.response import Response

from backoffice.audit.noting import note
from backoffice.auth.forms import CodeForm, errors_of
from backoffice.auth.views import check_password
from backoffice.i18n import _
from backoffice.registry import second_factor
from backoffice.services import account, now, services

bp = Blueprint("factor", __name__)

SECRET = "factor"  # noqa: S105 -- the name of a key: the secret waits in the signed cookie of whoever was shown it

Answer = str | tuple[str, int] | Response


@bp.get("/compte/double-verification")
def start() -> Answer:
    """Show a new secret as a picture for the telephone, and ask for a first code."""
    if account().totp_secret:
        return redirect(url_for("auth.my_account"), 303)
    session[SECRET] = second_factor.new_secret()
    return _page(session[SECRET], [])


@bp.post("/compte/double-verification")
def switch_on() -> Answer:
    """A good first code switches it on; the codes on paper are shown once."""
    secret = session.get(SECRET, "")
    if account().totp_secret or not isinstance(secret, str) or not secret:
        return redirect(url_for("factor.start"), 303)
    form = CodeForm(request.form)
    if not form.validate():
        return _page(secret, errors_of(form)), 422
    step = second_factor.step_of(secret, str(form.code.data), now())
    if step is None:
        return _page(secret, [("code", _("Ce code n’est pas bon. Vérifiez l’heure du téléphone et recommencez."))]), 422
    session.pop(SECRET)
    codes = second_factor.switch_on(services().registry, account().id, secret, step)
    note("factor_on")
    return _codes(codes)


@bp.post("/compte/double-verification/codes")
def new_codes() -> Answer:
    """New codes on paper in place of those before, for whoever knows the password."""
    if not account().totp_secret:
        return redirect(url_for("auth.my_account"), 303)
    if errors := check_password(request.form.get("current", "")):
        flash(errors[0][1])
        return redirect(url_for("auth.my_account"), 303)
    note("codes_made")
    return _codes(second_factor.new_recovery_codes(services().registry, account().id))


@bp.post("/compte/double-verification/arret")
def switch_off() -> Answer:
    """Ask for the password alone again, for whoever knows it."""
    if errors := check_password(request.form.get("current", "")):
        flash(errors[0][1])
        return redirect(url_for("auth.my_account"), 303)
    second_factor.switch_off(services().registry, account().id)
    note("factor_off")
    flash(_("La double vérification est désactivée."))
    return redirect(url_for("auth.my_account"), 303)


def _page(secret: str, errors: list[tuple[str, str]]) -> str:
    issuer = f"Lauréat {services().content.instance_name()}".strip()
    address = second_factor.address(secret, account().login, issuer)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff")
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("auth/factor.html", picture=picture, secret=spaced, errors=errors)


def _codes(codes: list[str]) -> str:
    return render_template("auth/codes.html", codes=codes)
