"""The town as every page needs it: names of zones, themes and services, languages, contacts, the look of the site.

Made once per build from the few records that all pages share; plain data, so that it can be kept between builds.
"""

from __future__ import annotations

import datetime as dt
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

SHARED_TYPES = frozenset({"instance", "zone", "service", "edition", "rule", "page"})
"""A change of one of these may show anywhere: names, menus and the foot of every page are made from them."""


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
        return str(self.editions[id]["title"]) if id in self.editions else id


def make_town(
    shared: Iterable[Record],
    pages: Iterable[tuple[str, str, Mapping[str, Any]]],
    now: dt.datetime,
    plan: Mapping[str, Any] | None = None,
) -> Town:
    """The town from its shared records (public fields only), its pages (id, title, more of its card), its plan."""
    by_type: dict[str, list[Record]] = {name: [] for name in SHARED_TYPES}
    for record in shared:
        by_type[record.type_name].append(record)
    instance = by_type["instance"][0].public(now) if by_type["instance"] else None
    plain = instance or {}
    lang = language(by_type["instance"])
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
    return Town(
        lang=lang,
        title=text(plain.get("title"), lang) or translate(_("Budget participatif")),
        name=str(plain.get("name", "")),
        summary=text(plain.get("summary"), lang),
        url=str(plain.get("url", "")).rstrip("/"),
        timezone=zone,
        currency=str(plain.get("currency", "EUR")),
        territory=text(plain.get("territory"), lang) or translate(_("la ville")),
        zone_word=text(plain.get("zone_word"), lang) or translate(_("Quartier")),
        zones_word=zones_word,
        today=now.astimezone(zone_info(zone)).date().isoformat(),
        current_edition=str(plain.get("current_edition") or next(iter(editions), "")),
        contact=dict.fromkeys(("name", "email", "phone", "address", "url"), "")
        | {key: text(value, lang) for key, value in plain.get("contact", {}).items()},
        legal={key: str(value) for key, value in plain.get("legal", {}).items()},
        home_image=str(look.get("home_image", "")),
        home_image_alt=text(look.get("home_image_alt", ""), lang),
        zones={record.id: text(record.data.get("title"), lang) or record.id for record in by_type["zone"]},
        zone_facts={
            record.id: {
                "kind": str(record.data.get("kind", "")),
                "population": int(record.data.get("population", 0)),
                "description": text(record.data.get("description"), lang),
            }
            for record in by_type["zone"]
        },
        plan=dict(plan or {}),
        tiles=tiles_of(plain.get("map", {})),
        redirects=[row for row in plain.get("redirects", ()) if "old" in row and "new" in row],
        themes=_themes(editions, lang, "title"),
        theme_images=_themes(editions, lang, "image"),
        services={
            record.id: {key: text(value, lang) for key, value in (record.public(now) or {}).items()}
            for record in by_type["service"]
        },
        editions=editions,
        menu=_menu(plain, listed, translate, bool(editions), zones_word if by_type["zone"] else ""),
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


def language(shared: Iterable[Record]) -> str:
    """The main language of the site: the first of the instance's, French when it names none."""
    instance = next((record for record in shared if record.type_name == "instance"), None)
    return str((instance.data.get("languages") or ["fr"])[0]) if instance is not None else "fr"


def make_look(town: Town, town_files: Mapping[str, bytes], foot: str = "") -> Look:
    """What the shells are made of; `town_files` are those of the content's `theme/` folder, `foot` is Markdown."""
    translate = load(town.lang).gettext
    contact = [f"**{town.contact.get('name') or town.title}**"]
    contact += [town.contact[key] for key in ("address", "phone") if town.contact.get(key)]
    if town.contact.get("email"):
        contact.append(f"[{town.contact['email']}](mailto:{town.contact['email']})")
    links = tuple(Link(title, address) for title, address in town.footer_pages)
    links += (Link(translate(_("Données ouvertes")), addresses.DATA),)
    groups = [LinkGroup(translate(_("Informations du site")), links)]
    return Look(
        site_name=town.title,
        town=town.name,
        language=town.lang,
        site_url=f"{town.url}/" if town.url else "",
        menu=tuple(Link(label, address) for label, address in town.menu),
        search=addresses.SEARCH,
        contact="  \n".join(contact),
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
    translate: Any,
    editions: bool,
    zones: str,
) -> list[tuple[str, str]]:
    menu = [(translate(_("Accueil")), ""), (translate(_("Projets")), addresses.PROJECTS)]
    menu += [(translate(_("Idées")), addresses.IDEAS), (translate(_("Agenda")), addresses.AGENDA)]
    menu += [(translate(_("Actualités")), addresses.NEWS)]
    if zones:
        menu.append((zones, addresses.ZONES))
    if editions:
        menu.append((translate(_("Éditions")), addresses.EDITIONS))
    titles = {id: title for id, title, _more in pages}
    lang = str((plain.get("languages") or ["fr"])[0])
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
