"""Who else has a record's form open: said when the form is shown, and by a light call while somebody works in it."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from werkzeug.wrappers.response import Response

from backoffice import telling
from backoffice.i18n import _
from backoffice.registry import opened
from backoffice.services import account, now, services

bp = Blueprint("presence", __name__)


@bp.post("/fiche/<record_id>/presence")
def call(record_id: str) -> Response:
    """The form is still open, or was closed; who else has it open."""
    if request.form.get("close") == "1":
        opened.close(services().registry, account().id, record_id)
        return jsonify(words="")
    return jsonify(words=opening(record_id))


def opening(record_id: str) -> str:
    """Note that whoever asks has this form open; the sentence about everybody else, "" when nobody has."""
    registry, moment = services().registry, now()
    opened.note(registry, account().id, record_id, moment)
    others = opened.others(registry, account().id, record_id, moment)
    return " ".join(
        _("%(name)s a aussi cette fiche ouverte, depuis %(clock)s.") % {"name": name, "clock": telling.clock_of(since)}
        for name, since in others
    )
