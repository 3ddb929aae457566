"""The part of a build that is in one language: what makes its pages, where they lie, what is known of them.

A site in one language has one part. Every part has an index, a cache and a journal of its own; all of them fill one
place together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from participation.layout import path_for
from site_builder.addresses import of_record
from site_builder.cards import Card
from site_builder.chronicle import Chronicle
from site_builder.engine import Engine
from site_builder.index import Index


def own_file(file: Path, folder: str) -> Path:
    """The file of a part whose pages lie in `folder`: `index.sqlite`, `index.en.sqlite`."""
    return file.with_name(f"{file.stem}.{folder.strip('/')}{file.suffix}") if folder else file


@dataclass
class Part:
    """What renders the pages of one language, the town's own texts, and what names all that pages depend on."""

    engine: Engine
    texts: list[tuple[Card, dict[str, object]]]
    blocks: dict[str, str]
    salt: str
    index: Index = field(init=False)
    chronicle: Chronicle | None = None

    @property
    def folder(self) -> str:
        """Where its pages lie, from the root: "" for the main language."""
        return self.engine.town.folder

    def path_of(self, address: str) -> str:
        """The file of content behind the address of a record's page; "" for a page that gathers records."""
        address = address.removeprefix(self.folder)
        id = address.strip("/").rpartition("/")[2]
        if address == of_record("edition", id):
            return path_for("edition", id)
        card = self.index.card(id)
        if card is None:
            card = next((one for one, _shown in self.texts if one.address == address), None)
        return card.path if card is not None and card.address == address else ""
