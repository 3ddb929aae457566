"""The frame of every page: menu, counters, and the words for dates that templates use. No view."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Flask, g, request, url_for

from backoffice import pending, services, town_time
from backoffice.i18n import _, language
from backoffice.policy import Right, allowed
from backoffice.records.looks import look_of_state
from backoffice.records.words import WORDS
from participation import wording
from participation.problems import LaureatError
from participation.values import PartialDate

# The lists of the office: those of every day, then those that change with an edition.
LISTS = ("idea", "project", "event", "article", "page")
SETTINGS = ("edition", "zone", "service")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    words: str
    href: str
    icon: str
    here: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of the menu under one title."""

    title: str
    entries: list[Entry]


def install(app: Flask) -> None:
    """Give the templates what every page shows."""
    app.jinja_env.globals.update(
        account=services.account,
        instance_name=instance_name,
        pending_count=pending_count,
        menu=menu,
        instant=instant,
        day_words=day_words,
        may=may,
        look_of_state=look_of_state,
    )


def instance_name() -> str:
    """The name of the town, "" while its content cannot be read."""
    if "instance_name" not in g:
        g.instance_name = services.services().content.instance_name()
    return str(g.instance_name)


def pending_count() -> int:
    """How many records wait to be published."""
    if "pending_count" not in g:
        try:
            g.pending_count = pending.count(services.services().content)
        except LaureatError:  # the page itself will say what is wrong with the content
            g.pending_count = 0
    return int(g.pending_count)


def may(right: str) -> bool:
    """True when whoever is signed in has that right: buttons that would be refused are not drawn."""
    return allowed(g.get("account"), Right(right))


def menu() -> list[Group]:
    """The menu, with the page that one is on."""
    here = request.endpoint or ""
    kind = (request.view_args or {}).get("type_name", g.get("type_name", ""))
    lists = [
        Entry(WORDS[name].plural, url_for("records.listing", type_name=name), WORDS[name].icon, kind == name)
        for name in LISTS
    ]
    settings = [Entry(WORDS[name].plural, _settings_page(name), WORDS[name].icon, kind == name) for name in SETTINGS]
    settings.append(Entry(_("Collectivité"), url_for("records.edit", record_id="instance"), "gear", kind == "instance"))
    if may("administer"):
        settings.append(Entry(_("Apparence"), url_for("look.show"), "eye", here.startswith("look.")))
    publishing = Entry(
        _("Relire et publier"), url_for("publish.pending"), "publish", here.startswith("publish."), pending_count()
    )
    if may("oversee"):
        voting = here.startswith("vote") or kind in ("rule", "polling_place")
        lists.append(Entry(_("Vote"), url_for("vote.everyone"), "vote", voting))
    tools = [
        *([publishing] if may("oversee") else []),
        Entry(_("Photos et documents"), url_for("media.listing"), "image", here.startswith("media.")),
        *([_importing(here)] if may("edit") else []),
        Entry(_("Historique"), url_for("history.everything"), "history", here == "history.everything"),
        Entry(_("Corbeille"), url_for("records.trash"), "trash", here == "records.trash"),
    ]
    if may("people"):
        tools.append(Entry(_("Personnes"), url_for("people.listing"), "people", here.startswith("people.")))
    if may("administer"):
        tools.append(Entry(_("Comptes"), url_for("accounts.everyone"), "lock", here.startswith("accounts.")))
        tools.append(Entry(_("Journal des accès"), url_for("audit.log"), "eye", here == "audit.log"))
        tools.append(Entry(_("Page de l’expert"), url_for("expert.show"), "gear", here == "expert.show"))
    today = Entry(_("À faire"), url_for("home.today"), "check", here == "home.today")
    groups = [Group("", [today, *lists]), Group(_("Outils"), tools)]
    return [*groups, Group(_("Réglages"), settings)] if may("oversee") else groups


def _settings_page(name: str) -> str:
    """Zones have a page with their map; the other settings have their list."""
    return url_for("zones.board") if name == "zone" else url_for("records.listing", type_name=name)


def _importing(here: str) -> Entry:
    inside = here.startswith(("exchange.", "export."))
    return Entry(_("Importer, exporter"), url_for("exchange.begin"), "import", inside)


def instant(moment: dt.datetime) -> str:
    """`21 novembre 2025, 16 h 20` in the town's time zone."""
    local = town_time.local(moment)
    return f"{wording.date(PartialDate.of(local.date()), language())}, {wording.time(local.time(), language())}"


def day_words(moment: dt.datetime) -> str:
    """`vendredi 21 novembre 2025` in the town's time zone."""
    return wording.weekday_date(town_time.day_of(moment), language())
