"""Where the pages of results lie, and how the files to download are named; the addresses do not change."""

from __future__ import annotations

from site_builder.addresses import DATA, of_record, slug

FORMATS = ("csv", "json", "pb", "pdf", "zip")
TYPE = "result"
"""What the inventory of open data calls these files."""
SCHEMA_NAME = "resultats.json-schema.json"
FILES = (f"{DATA}resultats-", f"{DATA}recompte-")
"""How the addresses of all files begin: they are made after the pages are live, and no release holds them."""


def of_results(edition: str) -> str:
    """`editions/2024/resultats/`."""
    return f"{of_record('edition', edition)}resultats/"


def of_recount(edition: str) -> str:
    """`editions/2024/resultats/recompter/`."""
    return f"{of_results(edition)}recompter/"


def file_of(edition: str, format: str) -> str:
    """`resultats-2024.csv`, in the folder of open data; the recount package is `recompte-2024.zip`."""
    return f"{'recompte' if format == 'zip' else 'resultats'}-{slug(edition)}.{format}"
