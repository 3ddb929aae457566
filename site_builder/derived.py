"""What is made after the pages of a plain folder: open data, pictures and codes to share, search, measures.

The worker does the same for a site with releases, through `publish`.
"""

from __future__ import annotations

from contextlib import closing

from site_builder import search
from site_builder.build import Options, engine_of
from site_builder.footprint import page as footprint
from site_builder.index import Index, open_index
from site_builder.opendata import making as data
from site_builder.part import own_file
from site_builder.sharing import making as sharing
from site_builder.sharing import names
from site_builder.sources import Source
from site_builder.targets import FolderTarget


def make(source: Source, target: FolderTarget, options: Options) -> dict[str, list[str]]:
    """Make what is out of date beside the pages that were just built: words for it -> the names of the files made.

    Raises DataFailed, SharingFailed, IndexingFailed or NotMeasured.
    """
    engine, entries = engine_of(source, target, options)
    parts = []
    for one in (engine, *engine.others):
        with closing(open_index(own_file(target.index_file(), one.town.folder))) as connection:
            index = Index(connection)
            parts.append((one, [card for name in names.TYPES for card in index.cards(name)]))
    with closing(open_index(target.index_file())) as connection:
        index = Index(connection)
        live = {page.address: page for page in target.live_pages()}
        groups = search.groups_of(index, live.get)
    ledger = target.index_file().with_name(sharing.LEDGER)
    made = {
        "files of open data": data.update(
            source, entries, engine, target.data_folder(), options.cache, options.now, target.data_folder
        ),
        "pictures and codes to share": sharing.update(parts, target.sharing_folder(), ledger).made,
    }
    indexed = target.folder / search.FOLDER
    made["indexes for search"] = search.update(target.folder, indexed, groups)
    indexed.with_name(indexed.name + ".lock").unlink(missing_ok=True)  # no file of ours among those that are served
    eco = target.eco_folder
    footprint.measure(engine, target.folder, live.values(), eco(), options.cache, options.now)
    for other in engine.others:
        footprint.refresh(other, eco(), eco(other.town.folder), options.cache)
    return made
