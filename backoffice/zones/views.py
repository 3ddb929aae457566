"""Pages of the zones: their list with its map, their order, one outline, a file of outlines, the file to take away."""

from __future__ import annotations

import json

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.wrappers import Response
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers.response import Response as BaseResponse

from backoffice import keeping, telling
from backoffice.errors import status_of
from backoffice.i18n import _, ngettext
from backoffice.places.placing import words_of
from backoffice.places.territory import offer_map, territory
from backoffice.policy import may_edit
from backoffice.registry import kept
from backoffice.services import account, now, services
from backoffice.zones import geojson, matching, pages
from backoffice.zones.geojson import NotOutlines
from participation.problems import LaureatError
from participation.records import Zone
from participation.records.fields import Plain
from participation.store.errors import Conflict, RecordExists
from participation.store.removal import referrers
from participation.store.saving import Change
from participation.store.slots import Slot
from site_builder.zones import PATH

bp = Blueprint("zones", __name__)

Answer = str | tuple[str, int] | BaseResponse


@bp.get("/quartiers")
def board() -> str:
    """The zones in their order, on the map and in words."""
    g.type_name = "zone"
    content = services().content
    index = content.index()
    used: dict[str, int] = {}
    for name in ("idea", "project", "event"):
        for line in index.lines[name]:
            used[line.zone] = used.get(line.zone, 0) + 1
    revision = request.args.get("lot", "")
    return render_template(
        "zones/board.html",
        zones=pages.zones(),
        used=used,
        drawn=territory(content).geometries,
        editable=may_edit(account(), "zone"),
        changed=revision if len(revision) == 40 and revision.isalnum() else "",
        map_words=words_of(offer_map(content)),
    )


@bp.post("/quartiers/ordre")
def order() -> BaseResponse:
    """Move one zone up or down: `_do` is `up:gare` or `down:gare`."""
    verb, _colon, zone_id = request.form.get("_do", "").partition(":")
    ids = [zone.id for zone in pages.zones()]
    here = ids.index(zone_id) if zone_id in ids else -1
    other = here + (-1 if verb == "up" else 1)
    if verb not in ("up", "down") or here < 0 or not 0 <= other < len(ids):
        return redirect(url_for("zones.board"), 303)
    ids[here], ids[other] = ids[other], ids[here]
    title = next(zone.display_title for zone in pages.zones() if zone.id == zone_id)
    subject = f"«\u00a0{title}\u00a0» change de rang parmi les quartiers."
    services().content.reorder(Zone, ids, account(), now(), subject)
    return redirect(url_for("zones.board", _anchor=f"z-{zone_id}"), 303)


@bp.get("/quartiers/quartiers.geojson")
def download() -> Response:
    """The file of the zones as it is now."""
    content = services().content
    blob = content.snapshot().entries.get(PATH)
    if blob is None:
        abort(404)
    with content.store.repo() as repo:
        answer = Response(repo.blob(blob), mimetype="application/geo+json")
    answer.headers["Content-Disposition"] = "attachment; filename=quartiers.geojson"
    return answer


# ---------------------------------------------------------------------------------------------- one outline


@bp.route("/quartiers/<zone_id>/contour", methods=["GET", "POST"])
def outline(zone_id: str) -> Answer:
    """Draw or change the outline of one zone."""
    zone = services().content.record(f"{Zone.type_name}:{zone_id}")
    if not isinstance(zone, Zone):
        abort(404)
    if request.method == "GET":
        shape = zone.data.get("geometry")
        left = keeping.offered(account(), _address(zone)) if request.args.get("reprendre") == "1" else None
        if left is not None:
            sent = dict(kept.pairs_of(left))
            return pages.outline(zone, sent.get("geometry", ""), sent.get("_base", zone.blob))
        return pages.outline(zone, "" if shape is None else json.dumps(shape), zone.blob)
    text = request.form.get("geometry", "").strip()
    before = services().content.version(zone, request.form.get("_base", "") or zone.blob)
    shape, fault = _typed(text)
    if fault:
        return pages.outline(zone, text, before.blob, fault), 422
    data: dict[str, Plain] = {name: plain for name, plain in before.data.items() if name != "geometry"}
    if shape is not None:
        data["geometry"] = shape
    try:
        services().content.save(before, data, account(), now())
    except Conflict:
        fault = _(
            "Un collègue a changé ce contour entre-temps. Enregistrez à nouveau pour garder le vôtre, ou quittez la "
            "page pour garder le sien."
        )
        return pages.outline(zone, text, zone.blob, fault), 409
    except LaureatError as refused:
        return pages.outline(zone, text, before.blob, _told(refused)), status_of(refused)
    keeping.drop(account(), _address(zone))
    flash(_("C’est enregistré. Rien n’est public avant publication."))
    return redirect(url_for("zones.board", _anchor=f"z-{zone.id}"), 303)


def _told(refused: LaureatError) -> str:
    return " ".join(filter(None, (_(refused.message), _(refused.hint))))


def _address(zone: Zone) -> str:
    return url_for("zones.outline", zone_id=zone.id)


def _typed(text: str) -> tuple[dict[str, Plain] | None, str]:
    """The outline that the form says, None for none; and why it cannot be one."""
    if not text:
        return None, ""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return None, _("Ces coordonnées ne sont pas du GeoJSON lisible.")
    if isinstance(raw, dict) and raw.get("type") == "Feature":
        raw = raw.get("geometry")
    shape, fault, advice = geojson.outline(raw)
    return shape, fault or (f"{advice} {_('Corrigez-le avant d’enregistrer.')}" if advice else "")


# ---------------------------------------------------------------------------------------------- a file


@bp.route("/quartiers/fichier", methods=["GET", "POST"])
def upload() -> Answer:
    """Bring a file, match its outlines with the zones, read what that does, save it as one change."""
    g.type_name = "zone"
    if request.method == "GET":
        return render_template("zones/upload.html", fault="", largest=geojson.LARGEST >> 20)
    sent = request.files.get("file")
    try:
        outlines = geojson.read(_content(sent)) if sent else geojson.unpack(request.form.get("_file", ""))
    except NotOutlines as fault:
        return render_template("zones/upload.html", fault=str(fault), largest=geojson.LARGEST >> 20), 422
    by = request.form.get("by", outlines.likely)
    again = bool(request.form.get("_by")) and request.form["_by"] != by  # another name: the matches are proposed anew
    chosen = {} if again else _chosen(len(outlines.features))
    made = matching.plan(outlines.features, pages.zones(), by, chosen, telling.speaker())
    removed, kept = _absent(made) if request.form.get("remove") else ([], [])
    refusal, status = "", 200
    if request.form.get("_do") == "apply" and not made.count("error") and (made.changes or removed):
        try:
            if request.form.get("_zones") == pages.version():
                return _apply(made, removed)
            refusal, status = _MOVED(), 409
        except (Conflict, RecordExists):
            refusal, status = _MOVED(), 409
        except LaureatError as refused:
            refusal, status = _told(refused), status_of(refused)
    return pages.matches(outlines, by, made, removed, kept, refusal), status


def _MOVED() -> str:  # noqa: N802 -- a constant that is translated when it is asked for
    return _("Les quartiers ont changé pendant que vous relisiez. Voici ce que votre fichier donne maintenant.")


def _content(sent: FileStorage) -> bytes:
    with sent.stream:  # a large one lies in a file of its own until then
        found: bytes = sent.stream.read(geojson.LARGEST + 1)
        return found


def _chosen(count: int) -> dict[int, str]:
    return {number: to for number in range(1, count + 1) if (to := request.form.get(f"to.{number}", ""))}


def _absent(made: matching.Plan) -> tuple[list[Zone], list[tuple[Zone, list[str]]]]:
    """The zones that the file does not have: those that nothing names, and the others with what names them."""
    snapshot = services().content.snapshot()
    cited = [(zone, referrers(snapshot, Slot.of(Zone, zone.id))) for zone in made.absent]
    return [zone for zone, by in cited if not by], [(zone, by[:10]) for zone, by in cited if by]


def _apply(made: matching.Plan, removed: list[Zone]) -> BaseResponse:
    content = services().content
    changes = [*made.changes, *(Change(Zone, zone.id, None) for zone in removed)]
    subject = f"Contours repris d’un fichier ({len(changes)} quartier{'s' if len(changes) > 1 else ''})"
    lines = [
        f"{row.name}\u00a0: {' '.join(row.words) or 'nouveau'}" for row in made.rows if row.kind in ("new", "changed")
    ]
    lines += [f"{zone.display_title}\u00a0: retiré" for zone in removed]
    saved = content.save_many(changes, account(), now(), subject=subject, lines=lines)
    count = len(changes)
    flash(ngettext("%(num)s quartier est enregistré.", "%(num)s quartiers sont enregistrés.", count) % {"num": count})
    return redirect(url_for("zones.board", lot=saved.commit), 303)
