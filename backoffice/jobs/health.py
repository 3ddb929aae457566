"""The job of the doctor: is the repository sound, how large is what lies on the disk."""

from __future__ import annotations

import os
from pathlib import Path

from backoffice.jobs.work import Result, Work, sentences
from participation.messages import mark as _
from participation.store.doctor import examine as examine_repository


def examine(work: Work) -> Result:
    """Look at everything, mend what loses nothing where that was asked for; what was found, in words."""
    work.tell(0, 1, _("Examen du dépôt"))
    settings = work.settings
    findings = examine_repository(settings.content, work.clock(), repair=bool(work.job.payload.get("repair")))
    return {
        "findings": [
            {
                "words": sentences(one.message),
                "detail": one.detail[:2000],
                "severity": one.severity.value,
                "mendable": one.mendable,
                "mended": one.mended,
            }
            for one in findings
        ],
        "sizes": {"content": size_of(settings.content), "site": size_of(settings.site)},
    }


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder, links not followed; what vanishes meanwhile counts for nothing."""
    total = 0
    for here, _folders, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(here) / name).lstat().st_size
            except OSError:
                continue
    return total
