"""How long the search index takes, and what a search fetches, on generated French-like pages.

    python tests/benchmarks/search_weight.py [PAGES]        10,000 pages of some 250 words in three groups

Words are drawn from 25,000 by Zipf's law. Bytes are those of the answers' bodies, uncompressed, as a plain server
sends them.
"""

from __future__ import annotations

import bisect
import itertools
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402 — the checkout comes first on the path

from site_builder.search import SearchPage, index_groups, update  # noqa: E402
from tests.browser import chromium  # noqa: E402
from tests.conftest import served_folder  # noqa: E402
from tests.site_builder.search_page import search_page  # noqa: E402

SYLLABLES = (
    "ba be bi bo ca ce ci co cu da de di do du fa fe fi ga ge la le li lo ma me mi mo mu na ne ni no pa pe pi po ra "
    "re ri ro ru sa se si so ta te ti to va ve vi vo chau tion ment eau ier ance ique elle oir té prè cré"
).split()
TYPES, KINDS = ("projets", "idees", "agenda"), ("Projet", "Idée", "Événement")
THEMES = ("Nature", "Culture", "Sport", "Mobilité", "Solidarité", "Propreté", "Numérique", "Éducation")
CURRENT = "2024"


def vocabulary(size: int, chance: random.Random) -> list[str]:
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
    """Search some words one after another in one visit, and add up what each fetched."""
    fetched: list[tuple[str, int]] = []

    def note(response: Any) -> None:
        fetched.append((response.url.rsplit("/", 1)[-1].split("?")[0], len(response.body())))

    rows: list[dict[str, Any]] = []
    with sync_playwright() as playwright, served_folder(site) as address:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        page = browser.new_page()
        page.goto(f"{address}/recherche/")
        page.wait_for_load_state("networkidle")
        page.on("requestfinished", lambda request: note(request.response()))
        for word in words:
            fetched.clear()
            start = time.perf_counter()
            page.fill("#lr-search-q", word)
            page.click("[data-search] button")
            page.wait_for_function("w => document.querySelector('[role=status]').textContent.includes(w)", arg=word)
            seconds = time.perf_counter() - start
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(200)
            rows.append(
                {
                    "word": word,
                    "status": page.inner_text("[role=status]"),
                    "bytes": sum(size for _name, size in fetched),
                    "requests": len(fetched),
                    "seconds": round(seconds, 2),
                    "largest": sorted(fetched, key=lambda item: -item[1])[:6],
                }
            )
        browser.close()
    return rows


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=base) as work:
        site = Path(work)
        pages, words = generate(site, count)
        groups = index_groups(pages, CURRENT)
        folder = site / "recherche" / "index"
        start = time.perf_counter()
        update(site, folder, groups)
        seconds = time.perf_counter() - start
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{len(groups)} groups of {[len(group.addresses) for group in groups]}: {seconds:.1f} s, {memory:.0f} MB")
        changed = [*pages[:-1], pages[-1]]
        changed[0] = SearchPage(pages[0].address, pages[0].edition, "changed")
        start = time.perf_counter()
        done = update(site, folder, index_groups(changed, CURRENT))
        print(f"after one change: {done} in {time.perf_counter() - start:.1f} s")
        search_page(site)
        for row in weigh(site, [words[rank] for rank in (300, 40, 5, 0, 2_000, 9_000)]):
            print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
