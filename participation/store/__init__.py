"""Where content lives: a bare Git repository read and written through snapshots and saves, or a plain folder.

`open_content` opens either, `open_store` only what can be written to. Nothing here knows of pages or forms; the clock
is an argument.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from participation.store.content import FolderContent
    from participation.store.store import Store


def open_content(path: Path, cache_folder: Path | None = None) -> Store | FolderContent:
    """Content at `path`: a bare repository, or a plain folder of YAML files. NotAContentRepository for neither."""
    from participation.store import store  # noqa: PLC0415  # who only needs git or errors does not load the records

    return store.open_content(path, cache_folder)


def open_store(path: Path, cache_folder: Path | None = None) -> Store:
    """Content that can be written to; ReadOnlyContent for a plain folder, NotAContentRepository for neither."""
    from participation.store import store  # noqa: PLC0415  # as above

    return store.open_store(path, cache_folder)
