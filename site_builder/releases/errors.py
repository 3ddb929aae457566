"""What can go wrong when a site goes live: one exception for each situation, in words fit for an agent.

No operation lives here. In every case the site that visitors read is as it was, unless the words say otherwise.

LaureatError
└── ReleaseError
    ├── SiteBusy              another publication holds the site for longer than we wait
    ├── AddressRefused        a page cannot lie at that address
    ├── ReleaseUnknown        no such release, or what it replaced is no longer kept
    ├── PublicationUnsettled  a release could neither be finished nor undone; the next start tries again
    └── SiteUnavailable       the disk, not the request
        ├── SiteDiskFull      no room left
        ├── SiteReadOnly      may be read but not written
        └── SiteDamaged       the state of the site cannot be read
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from participation.messages import mark as _
from participation.problems import LaureatError

_KEPT = _("Le site en ligne est resté tel qu’il était.")


class ReleaseError(LaureatError):
    """Root of what the releases refuse or cannot do."""


class SiteBusy(ReleaseError):
    """Another publication holds the site for longer than we wait."""

    def __init__(self) -> None:
        super().__init__(
            _("Une autre publication est en cours."), kept=_KEPT, hint=_("Réessayez dans quelques instants.")
        )


class AddressRefused(ReleaseError):
    """A page cannot lie at that address of the site."""

    def __init__(self, address: str) -> None:
        super().__init__(
            _("Aucune page ne peut avoir l’adresse « %s ».") % address[:200],
            kept=_KEPT,
            hint=_("Changez l’identifiant ou le titre qui donne cette adresse."),
        )
        self.address = address


class ReleaseUnknown(ReleaseError):
    """No such release, or what it replaced is no longer kept."""

    def __init__(self, release: int | None) -> None:
        if release is None:
            message = _("Aucune publication antérieure n’est conservée.")
        else:
            message = _("La publication n° %s n’est pas, ou n’est plus, conservée.") % release
        super().__init__(
            message, kept=_KEPT, hint=_("Choisissez-en une dans la liste, ou publiez une version plus ancienne.")
        )
        self.release = release


class PublicationUnsettled(ReleaseError):
    """A release could neither be finished nor undone: some pages may be new and others old."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(
            _("Une publication a été interrompue et n’a pu être ni terminée ni annulée."),
            kept=_("Toutes les pages restent lisibles\u202f; certaines sont peut-être déjà nouvelles."),
            hint=_("Corrigez l’état du disque\u00a0: elle sera terminée ou annulée à la prochaine publication."),
        )
        self.detail = detail


class SiteUnavailable(ReleaseError):
    """The disk refuses; `detail` is for the log, never for the page."""

    message_text = _("Le dossier du site n’est pas accessible en ce moment.")
    hint_text = _("Réessayez\u202f; si cela dure, prévenez la personne qui administre Lauréat.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.message_text, kept=_KEPT, hint=self.hint_text)
        self.detail = detail


class SiteDiskFull(SiteUnavailable):
    """No room left on the disk, or a limit on the size of files."""

    message_text = _("Il n’y a plus de place sur le disque du site.")
    hint_text = _("Prévenez la personne qui administre Lauréat, puis publiez de nouveau.")


class SiteReadOnly(SiteUnavailable):
    """The folder of the site may be read but not written."""

    message_text = _("Le dossier du site est en lecture seule.")
    hint_text = _("Prévenez la personne qui administre Lauréat\u00a0: le disque ou ses droits l’interdisent.")


class SiteDamaged(SiteUnavailable):
    """The state of the site cannot be read."""

    message_text = _("L’état du site est illisible.")
    hint_text = _("Prévenez la personne qui administre Lauréat\u00a0: il faut publier dans un dossier neuf.")


_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_RIGHTS = {errno.EACCES, errno.EPERM, errno.EROFS}
_PLACE = {errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST}


def from_disk(fault: OSError | sqlite3.Error, address: str = "") -> ReleaseError:
    """The error to raise for a fault of the disk or of SQLite; `address` is what was being written, if known."""
    detail = f"{type(fault).__name__}: {fault}"
    if isinstance(fault, OSError):
        if fault.errno in _ROOM:
            return SiteDiskFull(detail)
        if fault.errno in _RIGHTS:
            return SiteReadOnly(detail)
        if address and fault.errno in _PLACE:
            return AddressRefused(address)
        return SiteUnavailable(detail)
    primary = getattr(fault, "sqlite_errorcode", 0) & 0xFF  # extended codes hold the plain one in their low byte
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return SiteBusy()
    if primary == sqlite3.SQLITE_FULL:
        return SiteDiskFull(detail)
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return SiteReadOnly(detail)
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return SiteDamaged(detail)
    return SiteUnavailable(detail)


@contextmanager
def in_words(address: str = "") -> Iterator[None]:
    """Turn faults of the disk and of SQLite inside the block into the errors of this module."""
    try:
        yield
    except (OSError, sqlite3.Error) as fault:
        raise from_disk(fault, address) from fault
