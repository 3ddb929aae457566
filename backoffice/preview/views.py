"""Views of previews, and of the addresses that a text may lead to."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from backoffice.i18n import _
from backoffice.records.listing import EDITED, everywhere
from backoffice.services import services
from site_builder import addresses

bp = Blueprint("preview", __name__)

MOST_SUGGESTED = 8
WITH_PAGE = frozenset({"idea", "project", "event", "article", "page", "edition", "zone"})


@bp.get("/adresses")
def suggested() -> Response:
    """Title, kind and address in the site of the records that match: what a link in a text may lead to."""
    found = everywhere(services().content.index(), request.args.get("q", "").strip()[:200], 100)
    lines = [line for line in found.lines if line.type_name in WITH_PAGE][:MOST_SUGGESTED]
    return jsonify(
        [
            {
                "title": line.title,
                "kind": _(EDITED[line.type_name].title_words),
                "address": address_of(line.type_name, line.id.rpartition(":")[2]),
            }
            for line in lines
        ]
    )


def address_of(type_name: str, record_id: str) -> str:
    """Where the page of a record lies in the site, from its root."""
    return addresses.of_zone(record_id) if type_name == "zone" else addresses.of_record(type_name, record_id)
