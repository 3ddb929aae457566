"""The page on which a visitor counts again, in the browser; without a script it says the command."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from participation.counting.trace import REASONS
from participation.messages import mark as _
from site_builder.addresses import DATA, of_record
from site_builder.engine import Engine
from site_builder.results.names import file_of, of_results
from site_builder.results.voice import LABELS
from site_builder.shipped import THEME
from site_builder.views.common import Article

_BASE = "../../../../"


@lru_cache(maxsize=4)
def program(theme: Path = THEME) -> tuple[str, bytes] | None:
    """Address and bytes of the script; None where set-up had no Node.js to make it."""
    file = theme / "bundled" / "recompte.js"
    if not file.is_file():
        return None
    data = file.read_bytes()
    return f"assets/recompte.{hashlib.blake2b(data, digest_size=4).hexdigest()}.js", data


def recount_page(engine: Engine, id: str) -> Article:
    """The page for one edition."""
    translate = engine.translate
    edition = engine.town.editions[id]
    script = program(engine.theme)
    title = translate(_("Recompter le vote, %s")) % edition["title"]
    package = file_of(id, "zip")
    words = {
        "reading": translate(_("Lecture du dossier…")),
        "checking": translate(_("Vérification des empreintes…")),
        "counting": translate(_("Comptage…")),
        "comparing": translate(_("Comparaison…")),
        "same": translate(
            _("Le résultat est le même, étape par étape\u00a0: %(winners)s lauréats, %(spent)s attribués.")
        ),
        "other": translate(_("Le résultat n’est pas celui qui a été annoncé. Première différence\u00a0: %s.")),
        "changed": translate(_("Ces fichiers ne sont pas ceux du dossier d’origine\u00a0: %s.")),
        "missing": translate(_("Le dossier n’est pas encore en ligne. Réessayez dans quelques minutes.")),
        "unreadable": translate(_("Ce fichier n’est pas un dossier de recomptage.")),
        "failed": translate(_("Votre navigateur n’a pas pu recompter. La commande ci-dessous le fait.")),
        "counted": translate(_("%(ballots)s bulletins valables comptés en %(seconds)s\u00a0s.")),
        "project": translate(_("Projet")),
        "votes": translate(_("Voix")),
        "points": translate(_("Points")),
        "reason": translate(_("Résultat")),
        "tie": translate(_("Départage")),
        "table": translate(_("Le résultat recompté ici")),
    }
    words |= {f"reason-{code}": translate(LABELS[code]) for code in REASONS}
    html = engine.render(
        "resultats-recompter.html",
        base=_BASE,
        title=title,
        edition={"title": edition["title"], "href": of_record("edition", id), "results": of_results(id)},
        package=f"{_BASE}{engine.up}{DATA}{package}",
        name=package,
        script=f"{_BASE}{engine.up}{script[0]}" if script else "",
        words=json.dumps(words, ensure_ascii=False, sort_keys=True),
        command=f"laureat recount {package}",
        lang=str(engine.lang),
    )
    lead = translate(_("Les bulletins, la règle et le résultat, pour retrouver le même chez vous."))
    return Article(title, lead, html)
