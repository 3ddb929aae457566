"""What can go wrong in the store: one exception for each situation, in words fit for an agent.

No operation lives here. Each error says what happened, what is kept and what to do.

LaureatError
└── StoreError
    ├── NotAContentRepository   the folder holds no content that can be read or written
    ├── ReadOnlyContent         a plain folder: it can be read and built, not saved to
    ├── RecordNotFound          no record of that id (any more)
    ├── RecordExists            that id is taken
    ├── RevisionUnknown         no such version
    ├── InvalidRecord           the record has errors that forbid even to save it
    ├── Conflict                somebody else changed the same fields meanwhile
    ├── StillReferenced         other records point at the one to be removed
    ├── MediaNotFound           no such file under media/ (any more)
    ├── MediaChanged            somebody else replaced that file meanwhile
    └── StoreUnavailable        the disk or the repository, not the request
        ├── StoreBusy           another save holds it for longer than we wait
        │   └── ReferenceMoved  the branch moved between reading and writing; saving tries again
        ├── StoreFull           no room left
        ├── StoreReadOnly       may be read but not written
        └── StoreDamaged        git says something that only an expert can mend
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from participation.messages import mark as _
from participation.problems import LaureatError, Problem

_KEPT = _("Rien n’a été enregistré\u202f; votre saisie est conservée.")


class StoreError(LaureatError):
    """Root of what the store refuses or cannot do."""


class NotAContentRepository(StoreError):
    """The folder holds no content that can be read or written."""

    def __init__(self, place: str, why: str = "") -> None:
        message = _("«\u00a0%s\u00a0» n’est pas un dépôt de contenus Lauréat.") % place
        super().__init__(
            f"{message} {why}".strip(),
            hint=_("Créez-en un avec «\u00a0laureat init\u00a0» ou vérifiez le chemin."),
        )
        self.place = place


class ReadOnlyContent(StoreError):
    """A plain folder of YAML files: it is read and built, never written to."""

    def __init__(self, place: str) -> None:
        super().__init__(
            _("«\u00a0%s\u00a0» est un simple dossier\u00a0: il se lit, mais on n’y enregistre rien.") % place,
            hint=_("Modifiez ses fichiers à la main, ou travaillez sur le dépôt."),
        )


class RecordNotFound(StoreError):
    """No record of that id, at that version."""

    def __init__(self, record_id: str) -> None:
        super().__init__(
            _("La fiche %s n’existe pas ou n’existe plus.") % record_id,
            hint=_("Cherchez-la dans la liste ou dans la corbeille."),
        )
        self.record_id = record_id


class RecordExists(StoreError):
    """The id of a new record is taken."""

    def __init__(self, record_id: str) -> None:
        super().__init__(
            _("L’identifiant %s est déjà pris.") % record_id, kept=_KEPT, hint=_("Choisissez-en un autre.")
        )
        self.record_id = record_id


class RevisionUnknown(StoreError):
    """No such version of the content, or not of that record."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            _("La version «\u00a0%s\u00a0» est inconnue.") % revision[:64], hint=_("Choisissez-la dans l’historique.")
        )
        self.revision = revision


class InvalidRecord(StoreError):
    """The record cannot even be saved; `problems` says why, field by field."""

    def __init__(self, record_id: str, problems: Sequence[Problem]) -> None:
        super().__init__(
            _("La fiche %s ne peut pas être enregistrée ainsi.") % record_id,
            kept=_KEPT,
            hint=_("Corrigez les champs signalés."),
        )
        self.record_id = record_id
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(str(problem) for problem in self.problems)])


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that both sides changed differently: plain values, None where there is none."""

    field: str
    base: Any
    mine: Any
    theirs: Any


class Conflict(StoreError):
    """Somebody changed the same fields since the form was opened.

    `fields` are those to ask about; `merged` is the record with everything else merged and these fields as they are
    now in the store; `blob` is the version to answer to; `author` and `commit` tell whose change it is, where known.
    """

    def __init__(
        self, record_id: str, fields: Sequence[FieldConflict], merged: dict[str, Any], blob: str, author: str = ""
    ) -> None:
        super().__init__(
            _("La fiche %s a été modifiée entre-temps dans les mêmes champs.") % record_id,
            kept=_KEPT,
            hint=_("Choisissez, champ par champ, la valeur à garder."),
        )
        self.record_id = record_id
        self.fields = list(fields)
        self.merged = merged
        self.blob = blob
        self.author = author


class StillReferenced(StoreError):
    """Other records point at the one to be removed; `referrers` are their ids."""

    def __init__(self, record_id: str, referrers: Sequence[str]) -> None:
        shown = ", ".join(referrers[:10]) + ("…" if len(referrers) > 10 else "")
        super().__init__(
            _("La fiche %(id)s est citée par d’autres\u00a0: %(referrers)s.") % {"id": record_id, "referrers": shown},
            kept=_("Rien n’a été supprimé."),
            hint=_("Retirez d’abord ces liens, ou confirmez la suppression."),
        )
        self.record_id = record_id
        self.referrers = list(referrers)


class MediaNotFound(StoreError):
    """No file of that path under `media/`."""

    def __init__(self, path: str) -> None:
        super().__init__(
            _("Le fichier «\u00a0%s\u00a0» n’existe pas ou n’existe plus.") % path[:200],
            hint=_("Cherchez-le dans les photos et documents, ou dans la corbeille."),
        )
        self.path = path


class MediaChanged(StoreError):
    """The file was replaced since the page was opened."""

    def __init__(self, path: str) -> None:
        super().__init__(
            _("Quelqu’un a remplacé «\u00a0%s\u00a0» entre-temps.") % path,
            kept=_("Rien n’a été remplacé."),
            hint=_("Regardez la nouvelle version, puis recommencez si besoin."),
        )
        self.path = path


class StoreUnavailable(StoreError):
    """The disk or the repository refuses; `detail` is for the log, never for the page."""

    message_text = _("Les contenus ne sont pas accessibles en ce moment.")
    hint_text = _("Réessayez\u202f; si cela dure, prévenez la personne qui administre Lauréat.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.message_text, kept=_KEPT, hint=self.hint_text)
        self.detail = detail


class StoreBusy(StoreUnavailable):
    """Another save holds the store for longer than we wait."""

    message_text = _("Un autre enregistrement est en cours.")
    hint_text = _("Réessayez dans quelques secondes.")


class StoreFull(StoreUnavailable):
    """No room left on the disk, or a limit on the size of files."""

    message_text = _("Il n’y a plus de place sur le disque.")
    hint_text = _("Prévenez la personne qui administre Lauréat, puis enregistrez de nouveau.")


class StoreReadOnly(StoreUnavailable):
    """The repository may be read but not written."""

    message_text = _("Les contenus sont en lecture seule.")
    hint_text = _("Prévenez la personne qui administre Lauréat\u00a0: le disque ou ses droits l’interdisent.")


class StoreDamaged(StoreUnavailable):
    """git found something wrong that only an expert can mend."""

    message_text = _("Le dépôt de contenus a un problème.")
    hint_text = _("Prévenez la personne qui administre Lauréat\u00a0: «\u00a0laureat doctor\u00a0» dira lequel.")


class ReferenceMoved(StoreBusy):
    """Compare-and-swap lost: the branch is not where it was. Saving retries; whoever publishes is asked to."""
