"""One kind of derived file of a folder that was just built, made by a process of its own: what a worker's job costs.

python -m tests.benchmarks.derived data|sharing|weights CONTENT OUT CACHE
"""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import closing
from pathlib import Path

from participation.store.git import MAIN, GitRepo
from site_builder.build import Options, engine_of
from site_builder.sources import GitSource
from site_builder.targets import FolderTarget


def main(kind: str, content: Path, out: Path, cache: Path) -> None:
    """Make the files of that kind which are out of date."""
    with GitRepo(content) as repo:
        source = GitSource(content, str(repo.resolve(MAIN)))
    options = Options(dt.datetime.now(dt.UTC), cache)
    with closing(FolderTarget(out, cache / "places")) as target:
        engine, entries = engine_of(source, target, options)
        if kind == "data":
            from site_builder.opendata import making

            making.update(source, entries, engine, target.data_folder(), cache, options.now)
        elif kind == "weights":
            from site_builder.footprint import page

            page.measure(engine, target.folder, target.live_pages(), target.eco_folder(), cache, options.now)
        else:
            from site_builder.index import Index, open_index
            from site_builder.sharing import making as sharing
            from site_builder.sharing import names

            with closing(open_index(target.index_file())) as connection:
                index = Index(connection)
                cards = [card for name in names.TYPES for card in index.cards(name)]
            sharing.update([(engine, cards)], target.sharing_folder(), target.index_file().with_name(sharing.LEDGER))


if __name__ == "__main__":
    main(sys.argv[1], *(Path(one) for one in sys.argv[2:5]))
