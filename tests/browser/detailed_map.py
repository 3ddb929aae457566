"""A town whose detailed map takes its pictures from a server of these tests, served under the policy that it states."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.basemap import POLICY_FILE
from site_builder.build import Options, build
from site_builder.shipped import THEME
from site_builder.sources import FolderSource
from site_builder.targets import FolderTarget
from tests.demonstration import CONTENT, NOW
from tests.serving import QuietFolder, answering

BUNDLED = THEME / "bundled" / "carte.js"


def build_town(folder: Path, tiles: str, theme: Path = THEME) -> Path:
    """The demonstration town with that background; gives the folder of its site."""
    content = folder / "content"
    shutil.copytree(CONTENT, content)
    instance = content / "instance.yml"
    settings = f"map:\n  tiles: '{tiles}'\n  credit: Fonds d’essai\n  max_zoom: 18\n"
    instance.write_text(instance.read_text("utf-8") + settings, "utf-8")
    target = FolderTarget(folder / "site", folder / "states")
    try:
        build(FolderSource(content), target, Options(now=NOW, cache=folder / "cache", processes=1, theme=theme))
    finally:
        target.close()
    return folder / "site"


@contextmanager
def tile_server() -> Iterator[tuple[str, list[str]]]:
    """A host of map pictures on loopback: its address, and the paths that were asked of it."""
    asked: list[str] = []
    tile = _tile()

    class Tiles(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(tile)))
            self.end_headers()
            self.wfile.write(tile)

        def log_message(self, *_unused: object) -> None:
            pass

    with answering(Tiles) as address:
        yield address, asked


@contextmanager
def served_under_its_policy(site: Path) -> Iterator[str]:
    """The site on loopback with the Content-Security-Policy that it states itself."""
    policy = (site / POLICY_FILE).read_text("ascii").strip()

    class Site(QuietFolder):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

    with answering(functools.partial(Site, directory=str(site))) as address:
        yield address


def many_records(site: Path, number: int) -> None:
    """Put that many projects, spread over the town, into what the map reads."""
    file = site / "projets" / "filtres" / "2024.json"
    rows = json.loads(file.read_text("utf-8"))
    row = next(row for row in rows if row[8])
    found = []
    for n in range(number):
        east, north = row[8] + n * 7919 % 40_000 - 20_000, row[9] + n * 104_729 % 30_000 - 15_000
        found.append([f"2024-X{n}", f"Projet {n}", *row[2:8], east, north, *row[10:]])
    file.write_text(json.dumps(found), "utf-8")


def _tile() -> bytes:
    """A PNG of 256 by 256, sand with a line at two of its sides."""
    line, plain = b"\0" + b"\xd8\xd0\xc0" * 256, b"\0\xd8\xd0\xc0" + b"\xf4\xf0\xe6" * 255
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0))]
    parts += [(b"IDAT", zlib.compress(line + plain * 255)), (b"IEND", b"")]
    made = b"\x89PNG\r\n\x1a\n"
    for kind, data in parts:
        made += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return made
