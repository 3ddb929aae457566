"""What pages weigh: measured from the files of the site, told on the page of eco-design."""

from __future__ import annotations

import gzip
import json

import pytest

from backoffice.cli import main as laureat
from site_builder.footprint.weighing import Weight, kind_of, typical, weigh
from site_builder.publish import publish, weigh_pages
from site_builder.releases import Page
from tests.site_builder import publishing

NOW = publishing.NOW


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("index.html", "home"),
        ("projets/index.html", "catalogue"),
        ("projets/page/2/index.html", ""),
        ("projets/theme/nature/index.html", ""),
        ("projets/2026-P001/index.html", "project"),
        ("projets/2026-P001/agenda.ics", ""),
        ("idees/2026-0001/index.html", "idea"),
        ("agenda/index.html", ""),
        ("agenda/2026-05/index.html", "month"),
        ("agenda/2026-E001/index.html", "event"),
        ("editions/2026/index.html", "edition"),
        ("quartiers/bief/index.html", "zone"),
        ("actualites/2026-A001/index.html", "article"),
        ("mode-d-emploi/index.html", "page"),
        ("recherche/index.html", ""),
    ],
)
def test_each_file_is_of_one_kind_of_page_or_none(address, kind):
    assert kind_of(address) == kind


def test_the_page_of_middle_size_speaks_for_its_kind():
    pages = [Page(f"projets/2026-P{number}/index.html", "", size, "") for number, size in enumerate((900, 10, 50))]
    assert typical(pages) == {"project": ("projets/2026-P2/index.html", 3)}


def test_everything_that_a_browser_fetches_is_weighed_once_and_as_it_is_sent(tmp_path):
    files = {
        "projets/a/index.html": b'<link rel="stylesheet" href="../../assets/s.css"><link rel="canonical" href="/x">'
        b'<link rel="icon" href="../../assets/i.svg"><script src="../../assets/a.js"></script>'
        b'<picture><source srcset="../../m/p.480.webp 480w, ../../m/p.800.webp 800w">'
        b'<img src="../../m/p.jpg"></picture>'
        b'<img src="../../m/q.jpg" srcset="../../m/q.s.jpg 480w, ../../m/q.jpg 900w">'
        b'<img src="../../m/q.jpg" loading=lazy>'
        b'<svg><use href="../../assets/plan.svg#z1"/></svg><img src="https://elsewhere.example/x.png">'
        b'<a href="../../m/big.pdf">x</a><img src="../../m/missing.png"><img src="data:image/png;base64,AA">',
        "assets/s.css": b"@font-face{src:url('f.woff2')} a{background:url(data:image/png;base64,AA)}" * 9,
        "assets/f.woff2": b"f" * 500, "assets/i.svg": b"<svg/>" * 30, "assets/a.js": b"var a;" * 99,
        "assets/plan.svg": b"<svg>" * 40, "m/p.800.webp": b"p" * 800, "m/p.480.webp": b"p" * 480, "m/p.jpg": b"p" * 900,
        "m/q.jpg": b"q" * 700, "m/q.s.jpg": b"q" * 300, "m/big.pdf": b"x" * 9999,
    }  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    texts = ["projets/a/index.html", "assets/s.css", "assets/i.svg", "assets/a.js", "assets/plan.svg"]
    others = ["assets/f.woff2", "m/p.800.webp", "m/q.jpg"]
    sent = sum(len(gzip.compress(files[name], 6)) for name in texts) + sum(len(files[name]) for name in others)
    unpacked = sum(len(files[name]) for name in [*texts, *others])
    assert weigh(tmp_path, "projets/a/index.html") == Weight(len(texts) + len(others), sent, unpacked)


def test_the_figures_told_are_those_of_the_files_as_they_lie_there(town, tmp_path, capsys):
    town.commit()
    out = tmp_path / "out"
    assert laureat(["build", str(town.path), "--out", str(out)]) == 0
    told = json.loads((out / "ecoconception/mesures.json").read_bytes())
    kinds = [one["kind"] for one in told["kinds"]]
    assert kinds == ["home", "catalogue", "project", "idea", "event", "month", "edition", "zone", "article", "page"]
    for one in told["kinds"]:
        fresh = weigh(out, f"{one['page']}index.html")
        assert Weight(one["requests"], one["sent"], one["unpacked"]) == fresh
    page = (out / "ecoconception/index.html").read_text()
    assert f'Projet</a></th><td class="lr-n">1</td><td class="lr-n">{told["kinds"][2]["requests"]}</td>' in page
    assert "Les pages seront pesées" not in page


def test_pages_are_weighed_after_a_publication_and_another_look_keeps_the_figures(town, tmp_path, shells):
    place = tmp_path / "site"
    (place / "cache").mkdir(parents=True)
    (shells / "shells").mkdir(exist_ok=True)
    (place / "cache" / "shells").symlink_to(shells / "shells", target_is_directory=True)
    town.commit()
    publish(town.path, place, author="agent-7", when=NOW, processes=1)
    page = place / "current/ecoconception/index.html"
    assert "Les pages seront pesées" in page.read_text()
    assert weigh_pages(town.path, place, NOW) == 10
    assert "Les pages seront pesées" not in page.read_text()
    town.put("page", "contact", {"title": "Nous écrire", "body": "Ici.", "in_footer": True})
    town.commit()
    publish(town.path, place, author="agent-7", when=NOW, processes=1)
    assert "Nous écrire" in page.read_text()
    assert "mesures.json" in page.read_text()
