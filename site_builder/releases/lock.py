"""One writer of a site at a time: the kernel's lock on a file, the same as for a repository, that may be taken twice.

Taken again by its holder it only counts, so that a publication may hold the site around a release.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from participation.store.errors import StoreBusy, StoreUnavailable
from participation.store.lock import locked
from site_builder.releases.errors import SiteBusy, from_disk


class SiteLock:
    """The lock of the site in `folder`. Not to be shared between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held = ExitStack()
        self._depth = 0

    def acquire(self, patience: float) -> None:
        """Wait for the lock, at most `patience` seconds; SiteBusy when others keep it."""
        if self._depth == 0:
            try:
                self._held.enter_context(locked(self._folder, patience))
            except StoreBusy:
                raise SiteBusy from None
            except StoreUnavailable as refused:
                cause = refused.__cause__
                raise from_disk(cause if isinstance(cause, OSError) else OSError(str(refused))) from refused
        self._depth += 1

    def release(self) -> None:
        """Give it back once."""
        self._depth -= 1
        if self._depth == 0:
            self._held.close()
