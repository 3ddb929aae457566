"""What `laureat publish` asks of the office: the second person's approval, what is held back, who may be named.

Without the registry of an office nobody knows who approved what: a town that asks for a second person is then
refused. An administrator may go without, by name; the log of accesses says so.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from participation.messages import mark as _
from participation.problems import LaureatError

if TYPE_CHECKING:  # the registry takes a while to import
    from backoffice.publish.reviewing import Standing
    from backoffice.registry import Registry
    from backoffice.registry.schema import Account
    from participation.store.store import Store


class ReviewMissing(LaureatError):
    """The town asks for a second person's approval, and it is not there or cannot be known."""


@dataclass(frozen=True)
class Agreed:
    """What may leave: which records stay, who read the others, who publishes ("": as asked)."""

    staying: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    author: str = ""


def registry_argument(parser: argparse.ArgumentParser) -> None:
    """Where the office keeps its registry."""
    parser.add_argument(
        "--registry",
        metavar="URL",
        help="registry of the office, for approvals and names (default: LAUREAT_REGISTRY, for LAUREAT_CONTENT)",
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """The registry, and the way around a second person."""
    registry_argument(parser)
    parser.add_argument(
        "--without-review",
        metavar="LOGIN",
        help="publish what no second person approved, in the name of this administrator; the log of accesses says so",
    )


def people_of(registry: Registry | None) -> dict[str, str]:
    """Whom pages may name; nobody without a registry."""
    if registry is None:
        return {}
    from backoffice.registry import people

    return people.labels(registry)


@contextmanager
def office_of(content: Path, url: str | None) -> Iterator[Registry | None]:
    """The registry of a repository: the one that is named, else that of the settings where the repository is theirs."""
    from backoffice.settings import locations

    ours, known = locations()
    if url is None and (ours != content.absolute() or not _there(known)):
        yield None
        return
    from backoffice.registry import Registry

    registry = Registry(url or known)
    try:
        yield registry
    finally:
        registry.close()


def agreed(
    registry: Registry | None, content: Path, site: Path, now: dt.datetime, without_review: str | None
) -> Agreed:
    """What may leave now. Raises ReviewMissing."""
    if registry is None:
        if without_review:
            raise ReviewMissing(_("Sans le registre du bureau, personne ne peut être nommé."), hint="--registry URL")
        if _second_person(content):
            raise ReviewMissing(
                _("Ce budget demande l’accord d’une deuxième personne, et le registre du bureau n’est pas connu ici."),
                kept=_("Rien n’a été publié."),
                hint=_("Publiez depuis le bureau, ou nommez son registre\u00a0: --registry URL."),
            )
        return Agreed()
    boss = _administrator(registry, without_review) if without_review else None
    found = _standing(registry, content, site, now)
    if boss is not None or not found.required:
        held = () if boss is not None else tuple(found.holds[path].record_id for path in sorted(found.holds))
        return Agreed(staying=held, author=boss.pseudonym if boss is not None else "")
    if found.changes and not found.leaving:
        raise ReviewMissing(
            _("Aucune modification n’a encore été approuvée par une deuxième personne."),
            kept=_("Rien n’a été publié."),
            hint=_("Demandez une relecture dans le bureau, puis publiez."),
        )
    return Agreed(tuple(found.staying), tuple(sorted(found.readers)))


def note_override(registry: Registry, login: str, publication: str, now: dt.datetime) -> None:
    """Say in the log of accesses who published without a second person."""
    from backoffice.registry import audit

    boss = _administrator(registry, login)
    audit.note(registry, now, "published_unreviewed", boss.id, publication[:12], "laureat publish")


def _standing(registry: Registry, content: Path, site: Path, now: dt.datetime) -> Standing:
    from backoffice.content import Content
    from backoffice.publish import reviewing
    from backoffice.settings import Settings

    place = Settings(content=content.absolute(), site=site, registry=registry.url, secret_key="")
    return reviewing.standing(Content(place), registry, now)


def _administrator(registry: Registry, login: str) -> Account:
    from backoffice.registry import accounts

    boss = accounts.find(registry, login)
    if boss is None or not boss.active or boss.role != "administrator":
        raise ReviewMissing(
            _("Seule une personne de l’administration peut publier sans relecture."), kept=_("Rien n’a été publié.")
        )
    return boss


def _second_person(content: Path) -> bool:
    """Whether the content asks for a second person, as it is or as it is published."""
    from participation.store.store import open_store

    store: Store = open_store(content)
    public = store.published()
    versions = [store.snapshot(), *([store.snapshot(public.commit)] if public is not None else [])]
    return any(bool(one.instance.second_person) for one in versions)


def _there(url: str) -> bool:
    file = url.removeprefix("sqlite:///")
    return file == url or Path(file).is_file()
