"""Old addresses: a tiny page at each that leads where its content is now, and two files that tell web servers the same.

An old address never takes the place of a page of today. Whoever asks is redirected by the server where it was told of
`_redirects` or `redirections.map`, and by the page itself everywhere else, without script.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from participation.layout import path_for
from participation.messages import mark as _
from participation.problems import Problem, Severity
from site_builder.addresses import depth, file, of_record, of_zone
from site_builder.engine import Engine
from site_builder.index import Index

FOR_HOSTS, FOR_NGINX = "_redirects", "redirections.map"
KEY = "moved:"
"""Begins the key of every page and file made here: by it a live page is known to be only a way to another."""
RESERVED = frozenset({"assets", "media", "donnees", "gestion", "recherche", "plan-du-site"})
"""First folders whose files are not pages of records: nothing is put among them."""
_LISTING = re.compile(r"[a-z]{2}/donnees/")
"""The folder of the page that lists open data in another language: no release holds it."""
_PAGE = (".html", ".htm")
_NAMED = 10  # addresses that a warning names


class Claim(NamedTuple):
    """That `old` now leads to `new` (addresses from the root, no leading slash); `path` is the file that says so."""

    old: str
    new: str
    title: str
    path: str


class Way(NamedTuple):
    """A file that leads on: where it lies, the key it is live under, and how to make it when it is not."""

    address: str
    key: str
    data: Callable[[], bytes]


def claims(engine: Engine, index: Index) -> list[Claim]:
    """What records say of themselves, by identifier, then what editions, zones and the instance say.

    In another language than the main one the same addresses lead on below its folder, save those of the instance.
    """
    town = engine.town
    found = []
    for card in index.moved():
        found += [Claim(_plain(old), card.address, card.title, card.path) for old in card.more["old"]]
    for id, shown in town.editions.items():
        for old in shown.get("old_addresses", ()):
            new = of_record("edition", id)
            found.append(Claim(_plain(old), new, str(shown["title"]), path_for("edition", id)))
    for id, facts in town.zone_facts.items():
        found += [Claim(_plain(old), of_zone(id), town.zone(id), path_for("zone", id)) for old in facts["old"]]
    if town.folder:
        kept = (one for one in found if one.old.partition("/")[0] not in RESERVED)
        return [one._replace(old=town.folder + one.old, new=town.folder + one.new) for one in kept]
    return found + [Claim(_plain(row["old"]), _plain(row["new"]), "", "instance.yml") for row in town.redirects]


def settled(found: Iterable[Claim], live: Callable[[str], bool]) -> tuple[list[Claim], list[Problem]]:
    """The claims that can be kept, each leading straight to a page of today, and what is wrong with the others.

    `live` knows the files of the site that are no old addresses.
    """
    problems: list[Problem] = []
    wanted: dict[str, Claim] = {}
    for claim in found:
        words = _refusal(claim, wanted, live)
        if words:
            problems.append(_problem(claim, words))
        elif claim.old not in wanted:
            wanted[claim.old] = claim
    kept = []
    for claim in wanted.values():
        new, seen = claim.new, {claim.old}
        while not live(file(new)) and new in wanted and new not in seen:
            seen.add(new)
            new = wanted[new].new
        if new in seen:
            problems.append(
                _problem(claim, _("Cette ancienne adresse tourne en rond\u00a0: «\u00a0/%s\u00a0».") % claim.old)
            )
        elif not live(file(new)):
            problems.append(
                _problem(claim, _("Cette ancienne adresse mène à «\u00a0/%s\u00a0», où il n’y a rien.") % new)
            )
        else:
            kept.append(claim._replace(new=new))
    return sorted(kept), problems


def ways(engine: Engine, kept: list[Claim]) -> Iterator[Way]:
    """The files that old addresses need."""
    for claim in kept:
        if claim.old.endswith(("/", *_PAGE)):
            own = next((one for one in engine.others if claim.old.startswith(one.town.folder)), engine)
            yield Way(file(claim.old), _key(own, claim), partial(page, own, claim))
    if kept:
        for address, make in ((FOR_HOSTS, _for_hosts), (FOR_NGINX, _for_nginx)):
            data = make(engine, kept)
            yield Way(address, KEY + hashlib.blake2b(data, digest_size=16).hexdigest(), partial(bytes, data))


def page(engine: Engine, claim: Claim) -> bytes:
    """The page at an old address: it leads on by itself, says so in words, and asks not to be found."""
    base = "../" * depth(claim.old)
    canonical = f"{engine.town.site_url}/{quote(claim.new)}" if engine.town.url else ""
    href = base + quote(claim.new) or "./"
    html = engine.render("deplacee.html", href=href, canonical=canonical, title=claim.title, lang=engine.lang)
    return html.encode()


def lost(gone: Iterable[str], kept: Iterable[Claim]) -> list[Problem]:
    """One warning that names the pages that were live and will be no more; none for those that lead on."""
    led = {file(claim.old) for claim in kept}
    pages = sorted(
        address.removesuffix("index.html")
        for address in gone
        if address.endswith("/index.html") and "/page/" not in address and address not in led
    )
    if not pages:
        return []
    named = ", ".join(f"/{address}" for address in pages[:_NAMED])
    more = _(" et %s autres") % (len(pages) - _NAMED) if len(pages) > _NAMED else ""
    hint = _("Si une page a changé d’adresse, notez l’ancienne dans «\u00a0Anciennes adresses\u00a0» de sa fiche.")
    return [Problem(_("Ces adresses disparaissent\u00a0: %s.") % (named + more), hint=hint, severity=Severity.WARNING)]


def _refusal(claim: Claim, wanted: Mapping[str, Claim], live: Callable[[str], bool]) -> str:
    first = claim.old.partition("/")[0]
    if not claim.old or first in RESERVED or _LISTING.match(claim.old):
        return _("L’adresse «\u00a0/%s\u00a0» ne peut pas être celle d’une ancienne page.") % claim.old
    if live(file(claim.old)) or any(live(above) for above in _above(claim.old)):
        return _("L’ancienne adresse «\u00a0/%s\u00a0» est celle d’une page d’aujourd’hui.") % claim.old
    other = wanted.get(claim.old)
    if other is not None and other.new != claim.new:
        words = _("L’ancienne adresse «\u00a0/%(old)s\u00a0» mène déjà à «\u00a0/%(new)s\u00a0».")
        return words % {"old": claim.old, "new": other.new}
    if any(above in wanted for above in _above(claim.old)):
        return _("L’ancienne adresse «\u00a0/%s\u00a0» passe par une autre.") % claim.old
    return ""


def _above(old: str) -> Iterator[str]:
    """What would have to be a folder and may be a file: `a.html` for `a.html/b/`."""
    parts = old.strip("/").split("/")
    return ("/".join(parts[:number]) for number in range(1, len(parts)))


def _problem(claim: Claim, words: str) -> Problem:
    hint = _("Corrigez ou retirez cette ancienne adresse\u202f; le reste de la fiche paraît.")
    field = "redirects" if claim.path == "instance.yml" else "old_addresses"
    return Problem(words, file=claim.path, field=field, hint=hint, severity=Severity.WARNING)


def _key(engine: Engine, claim: Claim) -> str:
    told = "\0".join((claim.old, claim.new, claim.title, engine.town.url, engine.lang, engine.town.title))
    return KEY + hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _for_hosts(engine: Engine, kept: list[Claim]) -> bytes:
    """`_redirects`, as several hosts of static sites read it: old, new, 301."""
    root = _root(engine)
    return "".join(f"{root}{quote(one.old)} {root}{quote(one.new)} 301\n" for one in kept).encode()


def _for_nginx(engine: Engine, kept: list[Claim]) -> bytes:
    """The lines of a `map $uri`; nginx compares with the address decoded, and a slash may be missing at its end."""
    root = _root(engine)
    lines = []
    for one in kept:
        new = f'"{root}{quote(one.new)}";\n'
        lines.append(f'"{root}{one.old}" {new}')
        if one.old.endswith("/"):
            lines.append(f'"{root}{one.old[:-1]}" {new}')
    return "".join(lines).encode()


def _root(engine: Engine) -> str:
    path = engine.town.url.partition("://")[2].partition("/")[2].strip("/")
    return f"/{path}/" if path else "/"


def _plain(address: str) -> str:
    """`/projets/x/` -> `projets/x/`."""
    return address.removeprefix("/")
