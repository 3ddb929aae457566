"""The pages of the zones: what each of their templates is given. Nothing is read from a file or written here."""

from __future__ import annotations

from flask import g, render_template, request

from backoffice.i18n import _
from backoffice.places.placing import words_of
from backoffice.places.territory import offer_map
from backoffice.records.lines import key_of
from backoffice.services import services
from backoffice.zones import geojson, matching
from backoffice.zones.geojson import Outlines
from participation.records import Zone
from site_builder.zones import PATH


def zones() -> list[Zone]:
    """The zones as they are now, in their order."""
    return services().content.snapshot().of_type(Zone)


def version() -> str:
    """The file of the zones as it is now: what the page was made from."""
    return services().content.snapshot().entries.get(PATH, "")


def outline(zone: Zone, text: str, base: str, fault: str = "") -> str:
    """One outline: as it is, or as it was sent with what is wrong with it."""
    g.type_name = "zone"
    content = services().content
    words = words_of(offer_map(content)) | {
        "map": _("Contour de «\u00a0%s\u00a0»") % zone.display_title,
        "draw": _("Dessiner un nouveau contour"),
        "hint": _(
            "Cliquez sur la carte pour poser les coins, ou «\u00a0Poser un coin au milieu\u00a0»\u202f; "
            "«\u00a0Terminer\u00a0» ferme le contour."
        ),
        "middle": _("Poser un coin au milieu"),
        "end": _("Terminer le contour"),
        "undo": _("Annuler le dernier geste"),
        "corner": _("Coin %s\u00a0: flèches pour déplacer, Suppr pour retirer"),
        "between": _("Ajouter un coin ici"),
        "near": _("%s coins. Rapprochez-vous pour les voir tous."),
        "corners": _("%s coins"),
        "few": _("Un contour a trois coins au moins."),
    }
    return render_template(
        "zones/outline.html", zone=zone, key=key_of(zone), text=text, base=base, fault=fault, map_words=words
    )


def matches(
    outlines: Outlines,
    by: str,
    made: matching.Plan,
    removed: list[Zone],
    kept: list[tuple[Zone, list[str]]],
    fault: str,
) -> str:
    """What each outline of a file becomes; `removed` and `kept` are the zones that the file does not have."""
    return render_template(
        "zones/matching.html",
        fault=fault,
        version=version(),
        plan=made,
        packed=geojson.pack(outlines),
        names=outlines.names,
        by=by,
        zones=zones(),
        NEW=matching.NEW,
        SKIP=matching.SKIP,
        remove=bool(request.form.get("remove")),
        removed=removed,
        kept=kept,
    )
