"""Writing the audit log from a request: who, from where, and what. Never a name nor what somebody typed."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request

from backoffice.audit.words import KINDS
from backoffice.registry import audit
from backoffice.registry.schema import Account
from backoffice.services import now, services


def install(app: Flask) -> None:
    """Note every file that is downloaded from the office, whichever view gave it: none can be forgotten."""
    app.after_request(_downloads)


def note(kind: str, subject: str = "", *, who: Account | None = None, **detail: Any) -> None:
    """Note what whoever is signed in (or `who`) just did; `detail` holds identifiers and figures."""
    if kind not in KINDS:
        raise KeyError(kind)
    person = who if who is not None else g.get("account")
    audit.note(
        services().registry,
        now(),
        kind,
        person.id if person is not None else None,
        subject,
        request.remote_addr or "",
        detail,
    )


def _downloads(answer: Response) -> Response:
    given = answer.status_code == 200 and answer.headers.get("Content-Disposition", "").startswith("attachment")
    if given and g.get("account") is not None and request.endpoint is not None:
        # The names of the parameters only: a search may be a person's name.
        note("exported", request.endpoint, asked=sorted(request.args), **(request.view_args or {}))
    return answer
