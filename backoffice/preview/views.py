"""Views of previews, and of the addresses that a text may lead to."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request, send_file, url_for

from backoffice import keeping
from backoffice.i18n import _
from backoffice.preview import making
from backoffice.records import formdata, pages
from backoffice.records.lines import key_of
from backoffice.records.listing import EDITED, LISTED, everywhere
from backoffice.services import services
from participation.records import Record
from site_builder import addresses
from site_builder.preview import TYPES, Preview

bp = Blueprint("preview", __name__)

MOST_SUGGESTED = 8

# No script runs in this page nor in the frames it holds, which inherit this policy besides being sandboxed.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "frame-src 'self'",
        "form-action 'none'",
        "base-uri 'self'",  # the frames say where their page will lie
        "frame-ancestors 'none'",
    )
)

LENGTHS = "style-src-attr 'unsafe-inline'"  # of bars, in public pages; texts of records have no such attribute


@bp.get("/apercu/<record_id>")
def saved(record_id: str) -> Response:
    """The public page of a record as it is saved."""
    return _shown(making.of_record(_record(record_id)))


@bp.post("/apercu/<record_id>")
def form(record_id: str) -> Response:
    """The public page of a record as its form says, saved or not."""
    current = _record(record_id)
    before = services().content.version(current, request.form.get("_base", "") or current.blob)
    return _shown(making.of_form(before, formdata.last_values(keeping.sent_pairs()), ""))


@bp.post("/apercu/nouveau/<type_name>")
def fresh(type_name: str) -> Response:
    """The public page of a record that does not exist yet."""
    if type_name not in LISTED or type_name not in TYPES:
        abort(404)
    pairs = formdata.last_values(keeping.sent_pairs())
    return _shown(making.of_form(LISTED[type_name]({}), pairs, request.form.get(pages.SERIES, "")))


@bp.get("/apercu/theme/<path:file>")
def asset(file: str) -> Response:
    """A file of the look of the site that no publication has put online yet."""
    found = making.asset(file)
    if found is None:
        abort(404)
    return send_file(found, conditional=True)


@bp.get("/adresses")
def suggested() -> Response:
    """Title, kind and address in the site of the records that match: what a link in a text may lead to."""
    found = everywhere(services().content.index(), request.args.get("q", "").strip()[:200], 100)
    lines = [line for line in found.lines if line.type_name in TYPES][:MOST_SUGGESTED]
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


def _record(record_id: str) -> Record:
    record = services().content.record(record_id)
    if record is None or record.type_name not in TYPES:
        abort(404)
    return record


def _shown(made: making.Made) -> Response:
    known = bool(made.record.blob)
    back = (
        url_for("records.edit", record_id=key_of(made.record))
        if known
        else url_for("records.create", type_name=made.record.type_name)
    )
    page = render_template(
        "preview/page.html",
        title=made.record.display_title,
        back=back,
        notes=made.notes,
        missing=made.missing,
        pages=[(one.language, one.address, _framed(one)) for one in made.pages],
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = f"{POLICY}; {LENGTHS}" if made.pages else POLICY
    return answer


_ASSET = re.compile(r'(?<=["\'])(?:\.\./)+(assets/[\w./-]+)(?=["\'])')


def _reachable(asset: re.Match[str]) -> str:
    """The address of a file of the look: on the live site as it will be, or from here while it is not there."""
    live = services().settings.site / "current" / asset[1]
    return asset[0] if live.is_file() else url_for("preview.asset", file=asset[1])


def _framed(page: Preview) -> str:
    """The page to put into a frame: its links lead where they will, those to its own headings stay in it."""
    base = f'<base href="{request.script_root}/{addresses.quoted(page.address)}">'
    html = page.html.decode().replace('href="#', 'href="about:srcdoc#')
    html = _ASSET.sub(_reachable, html)
    return html.replace("<head>", f"<head>{base}", 1)
