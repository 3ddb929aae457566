"""The page of eco-design: the town's words, or ours, and what was measured after the last publication.

It lies beside the releases, like the page of open data: each build renders it again, which may have changed the look of
the site, and so does the worker when it has measured.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from filelock import FileLock

from participation import wording
from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder import law
from site_builder.cards import text
from site_builder.engine import Engine
from site_builder.footprint.weighing import KINDS, typical, weigh
from site_builder.opendata.inventory import replace
from site_builder.releases import Page

MEASURES = "mesures.json"
_LOCK = "ecoconception.lock"


class NotMeasured(LaureatError):
    """The disk refused the figures or the page that tells them; `fault` is what it said."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(
            _("Le poids des pages n’a pas pu être mesuré\u00a0: %s.") % fault,
            kept=_("Le site est en ligne\u202f; la page d’écoconception montre la mesure d’avant."),
            hint=_("Il sera mesuré à la prochaine publication."),
        )


def measure(engine: Engine, root: Path, pages: Iterable[Page], folder: Path, cache: Path, now: dt.datetime) -> int:
    """Weigh a page of each kind of the site in `root` (its files: `pages`), tell it in `folder`; how many were weighed.

    Raises NotMeasured.
    """
    found = []
    try:
        for kind, (address, count) in typical(pages).items():
            requests, sent, unpacked = weigh(root, address)
            page = address.removesuffix("index.html")
            found.append(
                {"kind": kind, "page": page, "pages": count, "requests": requests, "sent": sent, "unpacked": unpacked}
            )
        told = {"measured": now.astimezone(dt.UTC).isoformat(timespec="seconds"), "kinds": found}
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(cache):
            replace(folder / MEASURES, json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
            replace(folder / "index.html", _page(engine, folder, folder))
    except OSError as fault:
        raise NotMeasured(fault) from fault
    return len(found)


def refresh(engine: Engine, folder: Path, place: Path, cache: Path) -> None:
    """Render the page again, in the folder `place`, with the figures that lie in `folder`. Raises NotMeasured."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        with _lock(cache):
            replace(place / "index.html", _page(engine, folder, place))
    except OSError as fault:
        raise NotMeasured(fault) from fault


def _lock(cache: Path) -> FileLock:
    cache.mkdir(parents=True, exist_ok=True)
    return FileLock(cache / _LOCK)


def _page(engine: Engine, folder: Path, place: Path) -> bytes:
    measured, rows = "", []
    try:
        told = json.loads((folder / MEASURES).read_bytes())
        measured, rows = told["measured"][:10], [_row(engine, one) for one in told["kinds"]]
    except (FileNotFoundError, ValueError, KeyError):
        pass  # before the first measure; a torn file is as good as none
    title = law.title(law.ECO, {}, engine.translate)
    lead = body = ""
    if engine.eco is not None:
        card, shown = engine.eco
        title, lead = card.title, text(shown.get("summary", ""), engine.lang)
        body = engine.markdown(text(shown.get("body", ""), engine.lang), "../", top=2)
    html = engine.render(
        "loi-ecoconception.html",
        base="../",
        title=title,
        lead=lead,
        body=body,
        measured=measured,
        rows=rows,
        figures=f"{'' if place == folder else '../../' + law.ECO_ADDRESS}{MEASURES}",
    )
    said = lead or engine.translate(_("Ce que pèse ce site, mesuré à chaque publication."))
    return engine.page(law.ECO_ADDRESS, law.ECO_ADDRESS, title, said, html)


def _row(engine: Engine, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "words": engine.translate(KINDS[one["kind"]]),
        "href": f"../{one['page']}",
        "pages": one["pages"],
        "requests": one["requests"],
        "sent": wording.size(one["sent"], engine.lang),
        "unpacked": wording.size(one["unpacked"], engine.lang),
    }
