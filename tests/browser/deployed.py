"""The site as a town's server gives it: under the policy that the site states, texts compressed by gzip."""

from __future__ import annotations

import functools
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.basemap import POLICY_FILE
from tests.serving import QuietFolder, answering

COMPRESSED = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".ics", ".txt", ".geojson")
LEVEL = 6  # what servers use unless told


@contextmanager
def served_as_deployed(site: Path) -> Iterator[str]:
    """Serve a built site on loopback; gives the address without a slash at its end."""
    handler = functools.partial(_Deployed, directory=str(site), policy=(site / POLICY_FILE).read_text("ascii").strip())
    with answering(handler) as address:
        yield address


@functools.cache
def _compressed(file: Path, _changed: int) -> bytes:
    return gzip.compress(file.read_bytes(), LEVEL, mtime=0)


class _Deployed(QuietFolder):
    def __init__(self, *arguments: object, directory: str, policy: str) -> None:
        self.policy = policy
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:  # noqa: N802  # the name that http.server asks for
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() and self.path.split("?")[0].endswith("/") else path
        if file.suffix not in COMPRESSED or not file.is_file():
            super().do_GET()
            return
        body = _compressed(file, file.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()
