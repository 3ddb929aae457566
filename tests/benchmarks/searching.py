"""The search index: how long it takes to make, and what a visitor's search fetches.

Measured on pages of some 250 words in three groups, drawn from 25,000 words by Zipf's law: the benchmark's own records
have too few different words to weigh an index by. Bytes are those of the answers' bodies, as a plain server sends them.
"""

from __future__ import annotations

import bisect
import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Request, sync_playwright

from site_builder.search import SearchPage, index_groups, update
from tests.benchmarks.measure import LOAD
from tests.benchmarks.report import Line, seconds
from tests.browser import chromium
from tests.conftest import served_folder
from tests.site_builder.search_page import search_page

SYLLABLES = (
    "ba be bi bo ca ce ci co cu da de di do du fa fe fi ga ge la le li lo ma me mi mo mu na ne ni no pa pe pi po ra "
    "re ri ro ru sa se si so ta te ti to va ve vi vo chau tion ment eau ier ance ique elle oir té prè cré"
).split()
TYPES, KINDS = ("projets", "idees", "agenda"), ("Projet", "Idée", "Événement")
THEMES = ("Nature", "Culture", "Sport", "Mobilité", "Solidarité", "Propreté", "Numérique", "Éducation")
CURRENT = "2024"
RANKS = (300, 40, 5, 0, 2_000, 9_000)  # words by falling frequency; the first one is the visitor's first query


def measure(site: Path, count: int) -> Iterator[Line]:
    """The lines of the table; the site is made in `site`."""
    site.mkdir()
    pages, words = generate(site, count)
    folder = site / "recherche" / "index"
    groups = index_groups(pages, CURRENT)
    size = f"{count:,} pages".replace(",", " ")
    whole = _timed(site, folder, pages)[0]
    yield Line(
        f"Search: indexing {size} ({len(groups)} groups), in the background",
        seconds(whole),
        note="apart from builds and publications",
    )
    changed = [SearchPage(pages[0].address, pages[0].edition, "changed"), *pages[1:]]
    again, done = _timed(site, folder, changed)
    others = [name for name in done if CURRENT not in name]
    yield Line(
        f"Search: groups of older editions indexed again after one change ({', '.join(done)} was)",
        seconds(again),
        value=len(others),
        limit=0,
        unit="groups",
    )
    search_page(site)
    rows = weigh(site, [words[rank] for rank in RANKS])
    first, further = rows[0], max(row["bytes"] for row in rows[1:])
    yield Line(f"Search: first query at {size}", seconds(first["seconds"]), "", first["bytes"] / 1000, 300, unit="kB")
    words_of = "heaviest further one-word query"
    yield Line(f"Search: {words_of} of {len(rows) - 1}", "", "", further / 1000, 150, unit="kB")


def _timed(site: Path, folder: Path, pages: list[SearchPage]) -> tuple[float, list[str]]:
    LOAD.note()
    began = time.perf_counter()
    done = update(site, folder, index_groups(pages, CURRENT))
    return time.perf_counter() - began, done


def vocabulary(size: int, chance: random.Random) -> list[str]:
    """Words that look French enough for a stemmer."""
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(chance.choice(SYLLABLES) for _syllable in range(chance.randint(2, 4)))] = None
    return list(words)


def generate(site: Path, count: int) -> tuple[list[SearchPage], list[str]]:
    """Write the pages; return what `index_groups` wants, and the words by falling frequency."""
    chance = random.Random(7)
    words = vocabulary(25_000, chance)
    upto = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))

    def draw(length: int) -> str:
        return " ".join(words[bisect.bisect(upto, chance.random() * upto[-1])] for _word in range(length)).capitalize()

    pages = []
    for number in range(count):
        edition = CURRENT if number < count // 3 else str(2014 + number % 10)
        address = f"{TYPES[number % 3]}/{edition}-{number:05d}/index.html"
        title, paragraphs = draw(6), "".join(f"<p>{draw(60)}.</p>" for _paragraph in range(4))
        text = (
            f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>'
            f'<main data-pagefind-body><h1 data-pagefind-meta="title">{title}</h1><p>'
            f'<span data-pagefind-filter="type">{KINDS[number % 3]}</span> '
            f'<span data-pagefind-filter="édition">{edition}</span> '
            f'<span data-pagefind-filter="thème">{THEMES[number % 8]}</span></p>{paragraphs}</main></body></html>'
        )
        place = site / address
        place.parent.mkdir(parents=True)
        place.write_text(text, "utf-8")
        pages.append(SearchPage(address, edition, str(number)))
    return pages, words


def weigh(site: Path, words: list[str]) -> list[dict[str, Any]]:
    """Search some words one after another in one visit, and add up what each fetched: word, bytes, seconds."""
    fetched: list[int] = []
    rows: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        answer = request.response()
        fetched.append(len(answer.body()) if answer is not None else 0)

    with sync_playwright() as playwright, served_folder(site) as address:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        page = browser.new_page()
        page.goto(f"{address}/recherche/")
        page.wait_for_load_state("networkidle")
        page.on("requestfinished", note)
        for word in words:
            fetched.clear()
            start = time.perf_counter()
            page.fill("#lr-search-q", word)
            page.click("[data-search] button")
            page.wait_for_function("w => document.querySelector('[role=status]').textContent.includes(w)", arg=word)
            taken = time.perf_counter() - start
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(200)
            rows.append({"word": word, "bytes": sum(fetched), "seconds": taken})
        browser.close()
    return rows
