"""What a new town has to do before its site is first published, for the first page of the office.

The list goes with the first publication; afterwards nothing of this is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from backoffice.content import Content
from backoffice.i18n import _
from backoffice.places.territory import territory


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, why, where, whether it is done, whether a town may do without."""

    title: str
    words: str
    href: str
    done: bool
    optional: bool = False


def steps(content: Content) -> list[Step]:
    """The way to the first publication, in order; [] once there was one."""
    if content.published() is not None:
        return []
    instance, lines = content.snapshot().instance, content.index().lines
    settings = url_for("records.edit", record_id="instance")
    current = content.current_edition()
    return [
        Step(
            _("Présenter la collectivité"),
            _("Son nom, une phrase, le service à joindre, les mentions légales."),
            settings,
            bool(instance.data.get("summary") and instance.data.get("contact")),
        ),
        Step(
            _("Créer la première édition"),
            _("Ses dates, son budget, ses thèmes."),
            url_for("records.create", type_name="edition"),
            bool(lines["edition"]),
        ),
        Step(
            _("Dire quelle édition est en cours"),
            _("C’est elle que la page d’accueil montre."),
            f"{settings}#f-current_edition",
            bool(current) and current in content.index().titles["edition"],
        ),
        Step(
            _("Placer les quartiers"),
            _("Leurs contours, d’un fichier ou dessinés sur la carte."),
            url_for("zones.board"),
            territory(content).drawn,
            optional=True,
        ),
        Step(
            _("Écrire une première page"),
            _("Comment participer, en quelques lignes."),
            url_for("records.create", type_name="page"),
            bool(lines["page"]),
        ),
        Step(
            _("Publier une première fois"),
            _("Relisez ce qui paraîtra, puis publiez."),
            url_for("publish.pending"),
            done=False,
        ),
    ]
