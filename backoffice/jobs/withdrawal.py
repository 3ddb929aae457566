"""The job of taking the public label of a person out of the site: after an erasure, a correction, a withdrawn consent.

The label waits in the payload only until that is done, then the table of jobs forgets it too.
"""

from __future__ import annotations

from backoffice.jobs.work import Result, Work
from backoffice.registry import people
from participation.messages import mark as _
from site_builder import withdrawal


def withdraw(work: Work) -> Result:
    """Make the pages anew and clean every kept release; `still` are addresses whose texts hold the words."""
    settings = work.settings
    work.tell(0, 1, _("Retrait du nom public"))
    done = withdrawal.withdraw(
        settings.content,
        settings.site,
        [str(label) for label in work.job.payload.get("labels", [])],
        when=work.clock(),
        people=lambda: people.labels(work.registry),
        templates=settings.templates,
        processes=settings.processes,
    )
    return {"changed": done.changed, "forgotten": done.forgotten, "still": list(done.still)}
