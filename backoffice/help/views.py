"""Views of help: the page with everything, the tour, the guides; and the two choices that help remembers."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice.help.guides import all_guides, guide
from backoffice.i18n import _
from backoffice.registry import accounts, preferences
from backoffice.services import account, services

bp = Blueprint("help", __name__)

TOUR, SHORTCUTS = "tour", "shortcuts"
OVER, OFF, ON = "over", "off", "on"


def install(app: Flask) -> None:
    """Give templates what the frame and the first page ask for."""
    app.jinja_env.globals.update(tour_offered=tour_offered, shortcuts_on=shortcuts_on)


def tour_offered() -> bool:
    """True until this account has closed the tour, and whenever it asks for it again."""
    return "visite" in request.args or _chosen().get(TOUR) != OVER


def shortcuts_on() -> bool:
    """True unless this account has switched keys of one letter off."""
    return _chosen().get(SHORTCUTS) != OFF


@bp.get("/aide")
def page() -> str:
    """Everything that helps, on one page."""
    everyone = accounts.everyone(services().registry)
    return render_template(
        "help/page.html",
        guides=all_guides(),
        administrators=[one for one in everyone if one.active and one.role == "administrator"],
    )


@bp.get("/aide/guides/<name>.md")
def read(name: str) -> str:
    """One guide."""
    found = guide(name)
    if found is None:
        abort(404)
    return render_template("help/guide.html", guide=found)


@bp.get("/aide/visite")
def tour() -> str:
    """The tour as a page to read."""
    return render_template("help/tour.html")


@bp.post("/aide/visite/fin")
def close_tour() -> Response:
    """Never offer the tour again."""
    preferences.choose(services().registry, account().id, TOUR, OVER)
    return redirect(url_for("home.today"), 303)


@bp.post("/aide/raccourcis")
def shortcuts() -> Response:
    """Switch keys of one letter on or off."""
    wanted = ON if request.form.get("shortcuts") == ON else OFF
    preferences.choose(services().registry, account().id, SHORTCUTS, wanted)
    flash(
        _("Les raccourcis d’une touche sont activés.")
        if wanted == ON
        else _("Les raccourcis d’une touche sont désactivés.")
    )
    return redirect(url_for("help.page", _anchor="raccourcis"), 303)


def _chosen() -> dict[str, str]:
    """What whoever is signed in has chosen, looked up once for each request."""
    if "chosen" not in g:
        found = g.get("account")
        g.chosen = preferences.of_account(services().registry, found.id) if found is not None else {}
    chosen: dict[str, str] = g.chosen
    return chosen
