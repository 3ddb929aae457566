"""How a built site goes live, and comes back: releases. What pages say is none of their business.

A site is a folder:

    current -> trees/12     what a web server serves (nginx: `root SITE/current;`)
    trees/12/               the live tree, changed in place by releases 13, 14, ...
    shared/                 derived files (search index), linked from each tree, part of no release
    staging/15/             a release being prepared
    kept/14/                what release 14 replaced
    trash/                  waiting for `kept.clean`
    state.sqlite, lock      manifest, journal and history; one writer at a time

The contract:

1. A reader meets each page whole, old or new; never a torn page, never a missing one. Each page goes live by one
   rename over the old one; new pages come before those that link to them, and pages vanish last.
2. A release is decided by one transaction, which holds its journal and the manifest. Before it nothing has
   changed; after it a crash is followed by the same renames again (`Site.recover`), or by undoing them all if the
   staged pages are not whole.
3. A release costs what differs: no copy of the tree, not even of links, and no reading of the whole manifest.
4. The last releases can be taken back at the same price (`kept.roll_back`), until `kept.clean` deletes them.
5. A disk that refuses leaves the live site as it was, and says so in one of `errors`.

    with Site.open(folder) as site:
        site.recover()
        with site.release(commit, "publication") as release:
            release.put("projets/2021-P007/index.html", page, key)
            release.remove("projets/2021-P008/index.html")
            release.commit(now, author, summary)
        clean(site)
"""

from __future__ import annotations

from site_builder.releases.errors import ReleaseError
from site_builder.releases.kept import clean, forget, holding, returnable, returning, roll_back
from site_builder.releases.preparation import Preparation, Staging
from site_builder.releases.site import Site
from site_builder.releases.state import Page, Release

__all__ = [
    "Page",
    "Preparation",
    "Release",
    "ReleaseError",
    "Site",
    "Staging",
    "clean",
    "forget",
    "holding",
    "returnable",
    "returning",
    "roll_back",
]
