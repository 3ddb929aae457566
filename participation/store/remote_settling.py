"""Bringing a whole file back to the version that one machine had, after a person has chosen between two.

For files that hold no readable record; of records, saving and the trash do it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from participation.messages import mark as _
from participation.store.content import Repository
from participation.store.errors import MediaChanged
from participation.store.git import checked
from participation.store.writing import Ground, Step, Trailers, commit, message


def put_back(
    store: Repository, path: str, blob: str | None, *, instead_of: str | None, author: str, when: dt.datetime
) -> str:
    """Make the file at `path` that blob again (None: remove it), as a new commit; the newest commit.

    `instead_of` is the version that was chosen against (None: no file). Raises MediaChanged when another one is there.
    """

    def prepare(ground: Ground) -> Sequence[Step]:
        node = ground.repo.lookup(ground.tree, path)
        if (node.hash if node is not None else None) != instead_of:
            raise MediaChanged(path)
        said = _("Le fichier %s reprend la version d’une autre machine.") % path
        return [Step({path: checked(blob) if blob else None}, message(said, [], Trailers("restore")))]

    return commit(store, author, when, prepare)
