"""The MkDocs project that shells are cut from: one placeholder page for each depth, our overrides, our stylesheet.

It holds no plugin, no hook and no filter of ours, so Zensical builds the same tree. Nothing is built or cut here.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from participation.problems import Problem
from site_builder.look import Link, Look
from site_builder.markdown import render
from site_builder.messages import load
from site_builder.stylesheets import site_stylesheet
from site_builder.tongues import Foreign, marked_block
from site_builder.townfiles import town_fonts, town_logo

TITLE, HEAD, CONTENT = "laureat-title", "<!-- laureat:head -->", "<p>laureat-content</p>"
ROOT = "laureat-root/"
"""Stands for the way to the site's root in HTML that goes into pages of any depth."""


def write_project(look: Look, folder: Path) -> list[Problem]:
    """Write `mkdocs.yml`, `docs/` and `overrides/` into an empty folder. Gives the faults of the town's files."""
    docs, overrides = folder / "docs", folder / "overrides"
    shutil.copytree(look.theme / "overrides", overrides)
    shutil.copytree(look.theme / "icons", overrides / "laureat" / "icons")
    shutil.copytree(look.theme / "assets", docs / "assets", ignore=shutil.ignore_patterns("laureat.js", "logo.svg"))
    css, problems = site_stylesheet(look)
    logo, logo_problems = town_logo(look)
    script = (look.theme / "assets" / "laureat.js").read_bytes()
    fonts, font_problems = town_fonts(look)
    placed = {
        f"assets/laureat.{digest(css.encode())[:8]}.css": css.encode(),
        f"assets/laureat.{digest(script)[:8]}.js": script,
        f"assets/logo.{digest(logo)[:8]}.svg": logo,
    }
    for address, content in (placed | {f"assets/{name}": raw for name, raw in fonts.items()}).items():
        (docs / address).parent.mkdir(exist_ok=True)
        (docs / address).write_bytes(content)
    for depth in look.depths:
        page = docs / look.folder / placeholder(depth) / "index.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"---\ntitle: {TITLE}\n---\n\nlaureat-content\n", encoding="utf-8")
    import yaml  # noqa: PLC0415  # shells are made once, and a start must be fast

    settings = yaml.safe_dump(_settings(look, *placed), allow_unicode=True, sort_keys=False)
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    return problems + logo_problems + font_problems


def placeholder(depth: int) -> Path:
    """The folder of the placeholder page of a depth, in `docs/` as in the site: `d1/d2` for 2."""
    return Path(*(f"d{level}" for level in range(1, depth + 1)))


def theme_files(theme: Path) -> list[Path]:
    """The files of a theme that shells and their assets are made of (not the page templates)."""
    folders = (theme / name for name in ("assets", "icons", "overrides", "styles"))
    return sorted(file for folder in folders for file in folder.rglob("*") if file.is_file())


def words(look: Look) -> dict[str, str]:
    """The shell's own words in the look's language."""
    _ = load(look.language, look.theme).gettext
    return {
        "skip": _("Aller au contenu"),
        "announce": _("Annonce"),
        "menu": _("Menu"),
        "main_menu": _("Menu principal"),
        "search": _("Rechercher"),
        "search_site": _("Rechercher sur le site"),
        "search_go": _("Lancer la recherche"),
        "dark": _("Affichage sombre"),
    }


def digest(*parts: bytes) -> str:
    """One hash of several parts, 32 hexadecimal digits."""
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()


def _settings(look: Look, style: str, script: str, logo: str) -> dict[str, object]:
    return {
        "site_name": look.site_name,
        "site_url": look.site_url or "http://localhost/",
        "docs_dir": "docs",
        "site_dir": "site",
        "use_directory_urls": True,
        # Material's search stays off: Pagefind is loaded when a visitor searches.
        "plugins": [],
        "theme": {
            "name": "material",
            "variant": "classic",
            "custom_dir": "overrides",
            "language": look.language,
            "font": False,
            "favicon": logo,
            "features": [],
        },
        "extra_css": [style],
        "extra": {"generator": False, "laureat": _extra(look, script, logo)},
    }


def _extra(look: Look, script: str, logo: str) -> dict[str, object]:
    """What the overrides read; announcement and contact are HTML, made safe here."""
    contact = _town_text(look, "footer.md") or look.contact
    return {
        "script": script,
        "logo": logo,
        "town": look.town,
        "home": look.folder or ".",
        "search": look.search and look.folder + look.search,
        "announce": _html(look, _town_text(look, "announce.md")),
        "foot": _html(look, look.foot),
        "contact": _html(look, contact),
        "menu": [_link(link, look.folder) for link in look.menu],
        "languages": [{"code": code, **_link(link, "")} for code, link in look.languages],
        "footer": [
            {"label": group.label, "links": [_link(to, look.folder) for to in group.links]} for group in look.footer
        ],
        "words": words(look),
    }


def _town_text(look: Look, name: str) -> str:
    """A text of the town's: `announce.en.md` before `announce.md`, which is in the main language."""
    own = name.replace(".md", f".{look.language}.md")
    if own in look.town_files:
        return look.town_files[own].decode("utf-8", "replace")
    text = look.town_files.get(name, b"").decode("utf-8", "replace")
    return Foreign(text, look.main) if text and look.folder else text


def _html(look: Look, text: str) -> str:
    return marked_block(render(text, base=ROOT + look.folder, files=ROOT).strip(), text)


def _link(link: Link, folder: str) -> dict[str, str]:
    inside = "://" not in link.address
    return {
        "label": link.label,
        "address": (folder + link.address if inside else link.address) or ".",
        "lang": link.lang,
    }
