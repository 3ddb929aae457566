"""The town as every page needs it: names of zones, themes and services, languages, contacts, the look of the site.

Made once per build from the few records that all pages share; plain data, so that it can be kept between builds.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from participation.lifecycle import IDEA, PROJECT
from participation.messages import mark as _
from participation.records import Record
from participation.records.edition import PHASES
from participation.records.event import EVENT_KINDS, EVENT_STATES
from participation.records.idea import CHANNELS
from participation.records.parts import OWNER_KINDS
from participation.records.project import STEP_KINDS
from participation.values import PartialDate
from site_builder import addresses, law
from site_builder.basemap import tiles_of
from site_builder.cards import text
from site_builder.look import Colours, Link, LinkGroup, Look
from site_builder.messages import load
from site_builder.tongues import HERE, Tongue, code_of, in_words, like, tongues

SHARED_TYPES = frozenset({"instance", "zone", "service", "edition", "rule", "polling_place", "page"})
"""A change of one of these may show anywhere: names, menus and the foot of every page are made from them."""

_IN_WORDS = frozenset({"name", "title", "address", "description"})


@dataclass(frozen=True)
class Town:
    """What all pages share, already in the language of the site. Dictionaries go from identifier to words."""

    lang: str
    title: str
    name: str
    summary: str
    url: str
    timezone: str
    currency: str
    territory: str
    zone_word: str
    zones_word: str
    today: str
    current_edition: str
    contact: dict[str, str]
    legal: dict[str, str]
    home_image: str
    home_image_alt: str
    zones: dict[str, str]
    zone_facts: dict[str, dict[str, Any]]
    plan: dict[str, Any]
    tiles: dict[str, Any]
    redirects: list[dict[str, str]]
    themes: dict[str, str]
    theme_images: dict[str, str]
    services: dict[str, dict[str, str]]
    editions: dict[str, dict[str, Any]]
    menu: list[tuple[str, str]]
    footer_pages: list[tuple[str, str]]
    footer: str
    colours: dict[str, str]
    words: dict[str, Any] = field(default_factory=dict)
    tongues: list[tuple[str, str]] = field(default_factory=list)
    """Every language of the site and its folder, the main one first."""
    folder: str = ""
    """Where the pages in this language lie, from the root (`en/`); `url` leads there."""
    site_url: str = ""
    """The public address of the root: that of `url` for the main language."""
    accessibility: dict[str, Any] = field(default_factory=dict)
    law_pages: tuple[str, ...] = ()
    """Those of the pages that the law asks for which the town has not written itself."""

    def plain(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)

    @property
    def day(self) -> dt.date:
        """The day of the build, in the town's time zone."""
        return dt.date.fromisoformat(self.today)

    def zone(self, id: str) -> str:
        """The name of a zone, or its identifier when it is not described."""
        return self.zones.get(id, id)

    def theme(self, id: str) -> str:
        """The name of a theme, or its identifier."""
        return self.themes.get(id, id)

    def edition(self, id: str) -> str:
        """The title of an edition."""
        title: str = self.editions[id]["title"] if id in self.editions else id
        return title


def make_town(
    shared: Iterable[Record],
    pages: Iterable[tuple[str, str, Mapping[str, Any]]],
    now: dt.datetime,
    plan: Mapping[str, Any] | None = None,
    lang: str = "",
) -> Town:
    """The town from its shared records (public fields only), its pages (id, title, more of its card), its plan.

    `lang` is one of the site's languages, the main one by default.
    """
    by_type: dict[str, list[Record]] = {name: [] for name in SHARED_TYPES}
    for record in shared:
        by_type[record.type_name].append(record)
    instance = by_type["instance"][0].public(now) if by_type["instance"] else None
    plain = instance or {}
    every = languages(by_type["instance"])
    lang = lang or in_words(every)[0]
    folder = next(one.folder for one in every if one.code == lang)
    translate = load(lang).gettext
    editions = {
        record.id: shown
        for record in sorted(by_type["edition"], key=lambda record: record.id, reverse=True)
        if (shown := record.public(now)) is not None
    }
    for id, shown in editions.items():
        shown["title"] = text(shown.get("title"), lang) or translate(_("Édition %s")) % id
    look = plain.get("look", {})
    listed = list(pages)
    from participation.values import zone_info  # noqa: PLC0415  # beside its only use

    zone = str(plain.get("timezone", "Europe/Paris"))
    zones_word = text(plain.get("zones_word"), lang) or translate(_("Quartiers"))
    site_url = str(plain.get("url", "")).rstrip("/")
    placed = dict(plan or {})
    if placed and folder:
        placed["asset"] = f"../{placed['asset']}"
    return Town(
        lang=lang,
        tongues=[(one.code, one.folder) for one in every],
        folder=folder,
        site_url=site_url,
        title=text(plain.get("title"), lang) or translate(_("Budget participatif")),
        name=str(plain.get("name", "")),
        summary=text(plain.get("summary"), lang),
        url=f"{site_url}/{folder}".rstrip("/") if site_url else "",
        timezone=zone,
        currency=str(plain.get("currency", "EUR")),
        territory=text(plain.get("territory"), lang) or translate(_("la ville")),
        zone_word=text(plain.get("zone_word"), lang) or translate(_("Quartier")),
        zones_word=zones_word,
        today=now.astimezone(zone_info(zone)).date().isoformat(),
        current_edition=str(plain.get("current_edition") or next(iter(editions), "")),
        contact=dict.fromkeys(("name", "email", "phone", "address", "url"), "")
        | {key: _named(key, value, lang) for key, value in plain.get("contact", {}).items()},
        legal={key: str(value) for key, value in plain.get("legal", {}).items()},
        home_image=str(look.get("home_image", "")),
        home_image_alt=text(look.get("home_image_alt", ""), lang),
        zones={record.id: text(record.data.get("title"), lang) or record.id for record in by_type["zone"]},
        zone_facts={
            record.id: {
                "kind": str(record.data.get("kind", "")),
                "population": int(record.data.get("population", 0)),
                "description": text(record.data.get("description"), lang),
                "old": list(record.data.get("old_addresses", ())),
            }
            for record in by_type["zone"]
        },
        plan=placed,
        tiles=tiles_of(plain.get("map", {})),
        redirects=[row for row in plain.get("redirects", ()) if "old" in row and "new" in row],
        themes=_themes(editions, lang, "title"),
        theme_images=_themes(editions, lang, "image"),
        services={
            record.id: {key: _named(key, value, lang) for key, value in (record.public(now) or {}).items()}
            for record in by_type["service"]
        },
        editions=editions,
        menu=_menu(plain, listed, lang, bool(editions), zones_word if by_type["zone"] else ""),
        footer_pages=_footer_pages(listed, plain.get("accessibility", {}), translate),
        footer=text(plain.get("footer", ""), lang),
        colours={key: str(look[key]) for key in ("brand", "brand_dark", "tint") if key in look},
        words=_words(translate),
        accessibility=dict(plain.get("accessibility", {})),
        law_pages=tuple(id for id in law.PAGES if id not in {page for page, _title, _more in listed}),
    )


def _footer_pages(
    pages: list[tuple[str, str, Mapping[str, Any]]], accessibility: Mapping[str, Any], translate: Callable[[str], str]
) -> list[tuple[str, str]]:
    """Titles and addresses in the foot of every page: what the law asks for, then the town's own."""
    own = {id: title for id, title, _more in pages}
    titles = [(id, own.get(id) or law.title(id, accessibility, translate)) for id in law.PAGES]
    titles += [(id, title) for id, title, more in pages if more.get("in_footer") and id not in law.PAGES]
    return [(title, addresses.of_record("page", id)) for id, title in titles]


def languages(shared: Iterable[Record]) -> list[Tongue]:
    """The languages of the site, the main one first: the instance's, French when it names none."""
    instance = next((record for record in shared if record.type_name == "instance"), None)
    return tongues(instance.data.get("languages") or () if instance is not None else ())


def _named(key: str, plain: Any, lang: str) -> str:
    """Words of a contact or a service, in their language; a number or an address on the web is in none."""
    return text(plain, lang) if key in _IN_WORDS else str(plain)


def make_look(town: Town, town_files: Mapping[str, bytes], foot: str = "") -> Look:
    """What the shells are made of; `town_files` are those of the content's `theme/` folder, `foot` is Markdown."""
    translate = load(town.lang).gettext
    contact = [f"**{town.contact.get('name') or town.title}**"]
    contact += [town.contact[key] for key in ("address", "phone") if town.contact.get(key)]
    if town.contact.get("email"):
        contact.append(f"[{town.contact['email']}](mailto:{town.contact['email']})")
    links = tuple(Link(str(title), address, code_of(title)) for title, address in town.footer_pages)
    links += (Link(translate(_("Données ouvertes")), addresses.DATA),)
    groups = [LinkGroup(translate(_("Informations du site")), links)]
    others = [one for one in itertools.starmap(Tongue, town.tongues) if one.code != town.lang]
    return Look(
        site_name=str(town.title),
        town=town.name,
        language=str(town.lang),
        main=town.tongues[0][0],
        folder=town.folder,
        languages=tuple((one.code, Link(one.name, f"{one.folder}{HERE}")) for one in others),
        site_url=f"{town.site_url}/" if town.site_url else "",
        menu=tuple(Link(str(label), address, code_of(label)) for label, address in town.menu),
        search=addresses.SEARCH,
        contact=like("  \n".join(contact), town.contact.get("name") or town.contact.get("address", "")),
        footer=tuple(groups),
        depths=(0, 1, 2, 3, 4, 5),
        colours=Colours(
            brand=town.colours.get("brand", ""),
            brand_dark=town.colours.get("brand_dark", ""),
            tint=town.colours.get("tint", ""),
        ),
        # Blocks stand in pages, not in shells: a change of one leaves every shell as it was.
        town_files={name: data for name, data in town_files.items() if not name.startswith("blocks/")},
        foot=foot,
    )


def phase_now(edition: Mapping[str, Any], today: dt.date) -> str:
    """The phase that an edition is in on a day, by the dates of its phases; "" when none says so."""
    found = ""
    for row in edition.get("phases", ()):
        start = row.get("start")
        end = row.get("end")
        if start and PartialDate.parse(start).first() > today:
            continue
        if end and PartialDate.parse(end).last() < today:
            continue
        if start or end:
            found = str(row["phase"])
    return found


def _themes(editions: Mapping[str, Mapping[str, Any]], lang: str, key: str) -> dict[str, str]:
    """Theme -> words; where two editions differ the latest one is right."""
    found: dict[str, str] = {}
    for edition in editions.values():
        for row in edition.get("themes", ()):
            if "id" in row and key in row:
                found.setdefault(row["id"], text(row[key], lang))
    return found


def _menu(
    plain: Mapping[str, Any],
    pages: list[tuple[str, str, Mapping[str, Any]]],
    lang: str,
    editions: bool,
    zones: str,
) -> list[tuple[str, str]]:
    translate = load(lang).gettext
    menu = [(translate(_("Accueil")), ""), (translate(_("Projets")), addresses.PROJECTS)]
    menu += [(translate(_("Idées")), addresses.IDEAS), (translate(_("Agenda")), addresses.AGENDA)]
    menu += [(translate(_("Actualités")), addresses.NEWS)]
    if zones:
        menu.append((zones, addresses.ZONES))
    if editions:
        menu.append((translate(_("Éditions")), addresses.EDITIONS))
    titles = {id: title for id, title, _more in pages}
    for row in plain.get("menu", ()):
        if row.get("page") in titles:
            label = text(row.get("label", ""), lang) or titles[row["page"]]
            menu.append((label, addresses.of_record("page", row["page"])))
    return menu


def _words(translate: Any) -> dict[str, Any]:
    tables = {
        "channel": CHANNELS,
        "owner": OWNER_KINDS,
        "step": STEP_KINDS,
        "phase": PHASES,
        "event": EVENT_KINDS,
        "event_state": EVENT_STATES,
        "project": {state.code: state.words for state in PROJECT.values()},
        "idea": {state.code: state.words for state in IDEA.values()},
    }
    made: dict[str, Any] = {
        name: {code: translate(words) for code, words in table.items()} for name, table in tables.items()
    }
    return made | {"whole": translate(_("Tout le territoire"))}
