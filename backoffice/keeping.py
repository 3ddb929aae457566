"""Nothing typed is lost: forms of records that could not be saved are kept and offered again on their page.

Where they lie is `backoffice.registry.kept`; the pages that show them again are the records' own.
"""

from __future__ import annotations

from flask import request

from backoffice.i18n import _
from backoffice.inside import safe_next
from backoffice.registry import kept
from backoffice.registry.kept import Pairs
from backoffice.registry.schema import Account, KeptForm
from backoffice.services import now, services

# Endpoints whose form is worth keeping, with the endpoint of the page that shows it.
FORMS = frozenset(
    {
        "records.save",
        "records.create",
        "records.resolve",
        "media.describe",
        "votetally.enter",
        "people.create",
        "people.correct",
        "editions.begin",
        "zones.outline",
        "look.write",
    }
)
LARGEST = 1_000_000  # characters; a record's file may weigh 1 MiB


def sent_pairs() -> Pairs:
    """The names and values of the form just sent, in order, without the token."""
    pairs = [(name, value) for name, values in request.form.lists() for value in values]
    return [(name, value) for name, value in pairs if name != "csrf_token"]


def page_of_form() -> str:
    """The address of the page on which the form just sent can be shown again."""
    return safe_next(request.form.get("_page", ""))


def again(page: str) -> str:
    """The address of that page with what was kept for it put in."""
    return f"{page}{'&' if '?' in page else '?'}reprendre=1"


def keep_request(person: Account, reason: str) -> bool:
    """Keep the form just sent for that person; False when it is not a form worth keeping."""
    if request.endpoint not in FORMS:
        return False
    pairs = sent_pairs()
    if not pairs or sum(len(name) + len(value) for name, value in pairs) > LARGEST:
        return False
    title = _("Fiche d’une personne") if request.endpoint.startswith("people.") else request.form.get("title", "")
    keep(person, page_of_form(), title, pairs, reason)
    return True


def keep(person: Account, page: str, title: str, pairs: Pairs, reason: str) -> None:
    """Keep these pairs for the form of `page`."""
    kept.keep(services().registry, person.id, page, title, pairs, reason, now())


def offered(person: Account, page: str) -> KeptForm | None:
    """What that person left unsaved on `page`."""
    return kept.offered(services().registry, person.id, page)


def drop(person: Account, page: str) -> None:
    """It has been saved, or is not wanted."""
    kept.drop(services().registry, person.id, page)
