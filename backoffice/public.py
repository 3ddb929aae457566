"""The public site as a web server gives it: files of the live folder, and nothing else. No content, no accounts."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers.response import Response as BaseResponse

from backoffice.services import services
from site_builder.basemap import POLICY_FILE, policy

bp = Blueprint("public", __name__)

# Names that carry a hash of their bytes never change; pages are asked again each time, at the price of an ETag.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.[A-Za-z0-9.]+$")
FRESH = (".html", ".xml", ".ics", ".json", ".csv", ".geojson", ".jsonld", ".txt", ".xlsx", ".yml")
TYPES = {
    ".ics": "text/calendar",
    ".geojson": "application/geo+json",
    ".jsonld": "application/ld+json",
    ".webmanifest": "application/manifest+json",
    ".pagefind": "application/octet-stream",
    ".pf_meta": "application/octet-stream",
    ".pf_index": "application/octet-stream",
    ".pf_fragment": "application/octet-stream",
    ".wasm": "application/wasm",
}


@bp.get("/", defaults={"path": ""})
@bp.get("/<path:path>")
def page(path: str) -> BaseResponse:
    """The file at that address, the index of a folder, or the site's own page of what does not exist."""
    root = live_folder(services().settings.site)
    if root is None:
        return make_response(render_template("not_published.html"), 404)
    found = find(root, path)
    if found is None and not path.endswith("/") and find(root, f"{path}/") is not None:
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(f"{request.script_root}/{quote(path)}/{query}", 301)
    if found is None:
        return _missing(root, path)
    return _answer(found)


def live_folder(site: Path) -> Path | None:
    """The tree that readers see now, its link resolved once, so that a new tree going live tears no answer."""
    live = site / "current"
    try:
        return live.resolve(strict=True)
    except OSError:
        return None


def site_policy(site: Path) -> str:
    """The policy that the live site states: its own files, and the pictures of one map where the town has one."""
    root = live_folder(site)
    try:
        return (root / POLICY_FILE).read_text(encoding="ascii").strip() if root is not None else policy({})
    except OSError:
        return policy({})  # a site made before it stated any


def find(root: Path, path: str) -> Path | None:
    """The file that answers `path` (`""` and `x/` mean their index.html); None outside the site, or hidden."""
    wanted = f"{path}index.html" if path == "" or path.endswith("/") else path
    if any(part.startswith(".") for part in wanted.split("/")) or "\0" in wanted:
        return None
    joined = safe_join(str(root), wanted)
    if joined is None:
        return None
    try:
        real = Path(joined).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    # Derived files that outlive releases, such as the search index, are linked into each tree.
    homes = (root, root.parent.parent / "shared")
    return real if real.is_file() and any(real.is_relative_to(home) for home in homes) else None


def _answer(file: Path) -> Response:
    answer = send_file(file, mimetype=TYPES.get(file.suffix), conditional=True, etag=True, max_age=0)
    if file.suffix == ".pdf":  # saved, never opened where a program inside it would run
        answer.headers["Content-Disposition"] = "attachment"
    elif file.suffix == ".svg":  # shown by pages as a picture; opened by itself, it runs nothing
        answer.headers["Content-Security-Policy"] = DRAWING_POLICY
    if HASHED.search(file.name):
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif file.suffix in FRESH:
        answer.headers["Cache-Control"] = "no-cache"
    else:
        answer.headers["Cache-Control"] = "public, max-age=600"
    return answer


def _missing(root: Path, path: str) -> Response:
    language, slash, _rest = path.partition("/")  # a language of the site has its own page for that, and its folder
    page = (find(root, f"{language}/404.html") if slash else None) or find(root, "404.html")
    if page is None:
        return make_response(render_template("not_published.html"), 404)
    answer = make_response(page.read_bytes(), 404)
    answer.headers["Content-Type"] = "text/html; charset=utf-8"
    return answer
