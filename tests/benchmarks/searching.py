"""The search index: how long it takes to make, and what a visitor's search fetches.

Measured on pages of some 250 words in four groups, drawn from 25,000 words by Zipf's law: the benchmark's own records
have too few different words to weigh an index by. The most frequent ones are the small words of French, which the
search page leaves out. Bytes are those of the answers' bodies, as a plain server sends them.
"""

from __future__ import annotations

import bisect
import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Request, sync_playwright

from site_builder.search import SearchPage, index_groups, update
from tests.benchmarks.measure import LOAD, median
from tests.benchmarks.report import Line, seconds
from tests.browser import chromium
from tests.serving import served_folder
from tests.site_builder.search_page import search_page

SYLLABLES = (
    "ba be bi bo ca ce ci co cu da de di do du fa fe fi ga ge la le li lo ma me mi mo mu na ne ni no pa pe pi po ra "
    "re ri ro ru sa se si so ta te ti to va ve vi vo chau tion ment eau ier ance ique elle oir té prè cré"
).split()
TYPES, KINDS = ("projets", "idees", "agenda"), ("Projet", "Idée", "Événement")
THEMES = ("Nature", "Culture", "Sport", "Mobilité", "Solidarité", "Propreté", "Numérique", "Éducation")
CURRENT = "2024"
SMALL = "de la le et les des du en un une l d à au aux par pour sur avec ou".split()
SMALL_TALK = "introuvable"  # a first query that finds nothing, so that the next one is a further one
RANKS = (len(SMALL), 40, 100, 300, 1_000, 3_000, 9_000)  # the words asked for, by falling frequency


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
    chosen = [words[rank] for rank in RANKS]
    first, further = weigh(site, chosen)
    words_of = f"median of {len(chosen)} words"
    for told, rows, limit in (("first query of a visit", first, 300), ("further one-word query", further, 150)):
        heaviest = max(size for size, _seconds in rows) / 1000
        yield Line(
            f"Search: {told} at {size}, {words_of}",
            seconds(median(taken for _size, taken in rows)),
            value=median(size for size, _seconds in rows) / 1000,
            limit=limit,
            unit="kB",
            note=f"the heaviest: {heaviest:.0f} kB",
        )


def _timed(site: Path, folder: Path, pages: list[SearchPage]) -> tuple[float, list[str]]:
    LOAD.note()
    began = time.perf_counter()
    done = update(site, folder, index_groups(pages, CURRENT))
    return time.perf_counter() - began, done


def vocabulary(size: int, chance: random.Random) -> list[str]:
    """Words by falling frequency that look French enough for a stemmer, small words first."""
    words: dict[str, None] = dict.fromkeys(SMALL)
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


def weigh(site: Path, words: list[str]) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Bytes and seconds of each word as the first query of a visit, and as a further one of a single visit."""
    with sync_playwright() as playwright, served_folder(site) as address:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        first = [visit(browser, address, [word])[0] for word in words]
        further = visit(browser, address, [SMALL_TALK, *words])[1:]
        browser.close()
    return first, further


def visit(browser: Browser, address: str, words: list[str]) -> list[tuple[int, float]]:
    """One visitor who asks for these words one after another: what each fetched, and how long it took."""
    fetched: list[int] = []
    rows = []

    def note(request: Request) -> None:
        answer = request.response()
        fetched.append(len(answer.body()) if answer is not None else 0)

    with browser.new_context() as context:
        page = context.new_page()
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
            rows.append((sum(fetched), taken))
    return rows
