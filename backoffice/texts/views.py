"""A standard text for one record, ready to be copied into a letter or a message."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template

from backoffice.records.listing import LISTED
from backoffice.services import services
from backoffice.texts import filling

bp = Blueprint("texts", __name__)


@bp.get("/fiche/<record_id>/texte/<int:number>")
def show(record_id: str, number: int) -> str:
    """The text with the words of the record."""
    content = services().content
    record = content.record(record_id)
    found = next((one for one in filling.known(content, "letter") if one.number == number), None)
    if record is None or record.type_name not in LISTED or found is None:
        abort(404)
    g.type_name = record.type_name
    words = filling.filled(found.text, record, content)
    return render_template("texts/show.html", record=record, record_id=record_id, found=found, words=words)
