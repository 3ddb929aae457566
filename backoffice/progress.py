"""How far a job is, as pages that wait for one ask for it. Which jobs a page may tell of is decided by its own view."""

from __future__ import annotations

from flask import Response, jsonify

from backoffice.i18n import _
from backoffice.jobs import queue
from backoffice.registry.schema import Job


def watched(job: Job | None) -> Response:
    """What the `data-watch` of a page is answered; a job that is no longer known is over."""
    if job is None:
        return jsonify(over=True, words="", done=0, total=0)
    return jsonify(over=queue.over(job), words=_(job.words), done=job.done, total=job.total)
