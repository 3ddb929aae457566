"""Views of the questions left when two machines changed the same thing."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, url_for
from flask import request as sent
from werkzeug.wrappers.response import Response

from backoffice.i18n import _
from backoffice.records.words import WORDS
from backoffice.sharing import questions, state

bp = Blueprint("sharing", __name__)


def install(app: Flask) -> None:
    """Give the first page what it tells of other machines."""
    app.jinja_env.globals.update(
        remote_state=state.current, two_versions=questions.mine, title_of_question=questions.title_of
    )


@bp.get("/deux-versions/<int:row>")
def choose(row: int) -> str:
    """Both versions of what two machines changed, and the choice."""
    return _page(_question(row), missing=False)


@bp.post("/deux-versions/<int:row>")
def settle(row: int) -> str | tuple[str, int] | Response:
    """Do what was chosen."""
    question = _question(row)
    if not questions.answer(question, sent.form):
        return _page(question, missing=True), 422
    flash(_("C’est réglé : « %s » n’attend plus de choix. Rien n’est public avant publication.") % question.title)
    return redirect(url_for("home.today"), 303)


def _question(row: int) -> questions.Question:
    found = questions.find(row)
    if found is None:
        abort(404)
    return found


def _page(question: questions.Question, *, missing: bool) -> str:
    row = question.row
    return render_template(
        "sharing/choose.html",
        question=question,
        row=row,
        choices=questions.choices(row),
        plural=WORDS[row.type_name].plural if row.type_name in WORDS else _("Fichiers"),
        missing=missing,
    )
