"""Templates and shells put together: an article's HTML from its template, a page from article and shell.

Templates see `_`, `icons`, `town`, the phrases of `site_builder.phrases` and what a view hands them; an undefined
variable is an error. What a page says is decided in `views/`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup, escape

from participation import wording
from participation.messages import mark as _
from participation.records.fields import Plain
from site_builder import addresses, compiling, markdown, overrides, phrases
from site_builder.basemap import load_bundle
from site_builder.cards import Card
from site_builder.icons import load_icons
from site_builder.messages import install, load
from site_builder.people import NOBODY
from site_builder.pictures.album import Album
from site_builder.results.reading import Results
from site_builder.sharing import names
from site_builder.shells import Shell, ShellSet
from site_builder.shipped import THEME
from site_builder.tongues import code_of, marked_block, spoken
from site_builder.town import Town

FAMILY_ICONS = {"done": "flag", "work": "cone", "study": "pencil", "stop": "pause", "over": "cross", "vote": "star"}
_NOTHING, _BLOCK = Markup(""), Markup('<div class="lr-block lr-section lr-text">{}</div>')
_NOTE = Markup('<p class="lr-note" role="note">{}</p>')
LOCALES = {"fr": "fr_FR", "en": "en_GB"}


class Ready(NamedTuple):
    """An article as its page takes it: a plain title, HTML in UTF-8, and the links in it as they are written."""

    title: str
    head: bytes
    html: bytes
    links: list[str]


class Engine:
    """Everything that renders one site in one language; made once per process."""

    def __init__(
        self,
        town: Town,
        shells: ShellSet,
        cache: Path | None = None,
        theme: Path = THEME,
        album: Album | None = None,
        blocks: Mapping[str, str] | None = None,
        templates: Path | None = None,
        people: Mapping[str, str] = NOBODY,
    ) -> None:
        self.town = town
        self.theme = theme
        self.people = people
        """Person id -> the label that may be public today."""
        self._blocks = dict(blocks or {})
        self._placed: dict[tuple[str, str], Markup] = {}
        self.album = album or Album()
        self.eco: tuple[Card, Mapping[str, Plain]] | None = None
        """The town's own text on eco-design, which stands on a page that no release holds."""
        self.shells = shells
        self.lang = town.lang
        self._several = len(town.tongues) > 1
        self.up = "../" if town.folder else ""
        """From the folder of the language to the root of the site, where assets and media lie."""
        self.results = Results()
        """What is announced of votes, the same in all languages."""
        self.others: tuple[Engine, ...] = ()
        """Those of the other languages, known by the one of the main language."""
        self.icons = load_icons(theme)
        self.environment = compiling.Environment(
            loader=overrides.loader(theme, templates),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=compiling.compiled(cache, self.lang, theme, self.icons, several=self._several)
            if cache is not None
            else None,
        )
        if self._several:
            self.environment.for_several_languages()
        install(self.environment, self.lang, theme)
        gettext = load(self.lang, theme).gettext
        # Plain texts, each once: a marked sentence would note what is filled into it, for nobody.
        self.translate = lru_cache(maxsize=4096)(lambda words: str(gettext(words)))
        self.bundle = load_bundle(theme)
        self.environment.extend(translate=self.translate, icons=self.icons)
        self.environment.add_extension(compiling.FillInOnce)
        lang = self.lang
        self.environment.globals |= {
            "town": town,
            "icons": self.icons,
            "family_icons": {family: self.icons[name] for family, name in FAMILY_ICONS.items()},
            "words": town.words,
            "date": lambda plain: phrases.date(plain, lang),
            "on_date": lambda plain: phrases.on_date(plain, lang),
            "date_range": lambda start, end="": phrases.date_range(start, end, lang),
            "money": lambda plain: phrases.money(plain, lang, town.currency),
            "moment": lambda value: phrases.moment(value, lang),
            "period": lambda start, end: phrases.period(start, end, lang),
            "ordinal": lambda rank: phrases.ordinal(rank, lang),
            "day_block": lambda day: phrases.day_block(day, lang),
            "number": self.number,
            "block": self.block,
            "up": self.up,
            "note": self.note,
            "spoken": spoken,
        }
        self._globals = dict(self.environment.globals)
        self._templates: dict[str, jinja2.Template] = {}

    def render(self, template: str, /, **context: Any) -> str:
        """An article or a row from its template."""
        try:
            found = self._templates.get(template)
            if found is None:
                found = self._templates[template] = self.environment.get_template(template)
            # `render` looks every global up through two layers of maps; one flat dictionary is three times as fast.
            flat = found.new_context({**self._globals, **context}, shared=True)
            return self.environment.concat(found.root_render_func(flat))
        except jinja2.TemplateError as fault:
            raise overrides.template_fault(fault, template) from fault

    def number(self, value: int) -> str:
        """`1234` -> `1 234`."""
        return wording.number(value, self.lang)

    def shell(self, address: str, active: str | None) -> Shell:
        """The shell for the page at `address`, with the menu's entry `active` marked."""
        return self.shells.shell(addresses.depth(address), active, self.lang)

    def page(
        self, address: str, active: str | None, title: str, description: str, article: str, extra: str = ""
    ) -> bytes:
        """The whole page. `title` and `description` are plain text, `article` and `extra` (for the head) are HTML."""
        return self.poured(address, active, self.ready(address, title, description, article, extra))

    def poured(self, address: str, active: str | None, ready: Ready) -> bytes:
        """The whole page of what is ready."""
        return self.shell(address, active).pour(self.full_title(ready.title), ready.head, ready.html, address)

    def ready(
        self, address: str, title: str, description: str, article: str, extra: str = "", links: Sequence[str] = ()
    ) -> Ready:
        """An article ready to be poured, now or from a cache; the arguments are those of `page`."""
        if '"og:image"' not in extra:
            extra += self.card(names.home(self.town.folder), self.town.title)
        head = self.head(address, title, description) + extra
        return Ready(title, head.encode(), article.encode(), list(links))

    def full_title(self, title: str) -> str:
        """The words of the window's title."""
        site = f"{self.town.title} – {self.town.name}" if self.town.name else self.town.title
        return site if not title or title == self.town.title else f"{title} – {site}"

    def head(self, address: str, title: str, description: str) -> str:
        """What search engines and messengers read: description, canonical address, Open Graph."""
        shown, said = escape(title or self.town.title), escape(description)
        lines = f'<meta name="description" content="{said}">' if description else ""
        lines += f'<meta property="og:title" content="{shown}"><meta property="og:type" content="website">'
        lines += f'<meta property="og:site_name" content="{escape(self.town.title)}">'
        lines += f'<meta property="og:locale" content="{LOCALES.get(self.lang, self.lang)}">'
        if description:
            lines += f'<meta property="og:description" content="{said}">'
        if self.town.url:
            here = escape(f"{self.town.url}/{addresses.quoted(address)}")
            lines += f'<link rel="canonical" href="{here}"><meta property="og:url" content="{here}">'
        return lines + self.alternates(address) if self._several else lines

    def alternates(self, address: str) -> str:
        """The same page in each language of the site, this one included, for search engines and messengers."""
        town = self.town
        lines = ""
        for code, folder in town.tongues:
            if code != self.lang:
                lines += f'<meta property="og:locale:alternate" content="{LOCALES.get(code, code)}">'
            if town.site_url:
                there = escape(f"{town.site_url}/{folder}{addresses.quoted(address)}")
                lines += f'<link rel="alternate" hreflang="{code}" href="{there}">'
                lines += "" if folder else f'<link rel="alternate" hreflang="x-default" href="{there}">'
        return lines

    def card(self, address: str, alt: str) -> str:
        """The lines that name a page's picture for messengers; the picture itself is drawn after the publication."""
        if not self.town.url:
            return ""
        width, height = names.CARD_SIZE
        return (
            f'<meta property="og:image" content="{escape(self.town.site_url)}/{address}">'
            f'<meta property="og:image:width" content="{width}"><meta property="og:image:height" content="{height}">'
            f'<meta property="og:image:alt" content="{escape(alt)}">'
            '<meta name="twitter:card" content="summary_large_image">'
        )

    def markdown(self, text: str, base: str, top: int = 3) -> Markup:
        """The safe HTML of a record's text."""
        if not text:
            return Markup("")
        page = markdown.render(text, top=top, base=base, files=base + self.up)
        page = self.album.in_text(page, base) if "<img" in page else page
        return Markup(marked_block(page, text) if self._several else page)  # noqa: S704  # sanitised there

    def note(self, text: str) -> Markup:
        """A line that says in what language the main text of a page is, where nobody has translated it."""
        code = code_of(text)
        words = {
            "fr": _("Ce texte n’est disponible qu’en français."),
            "en": _("Ce texte n’est disponible qu’en anglais."),
        }
        return _NOTE.format(self.translate(words[code])) if code in words else _NOTHING

    def block(self, spot: str, base: str) -> Markup:
        """The town's own words at a spot of a page; nothing where it gave none."""
        if spot not in self._blocks:
            return _NOTHING
        placed = self._placed.get((spot, base))
        if placed is None:
            words = self.markdown(self._blocks[spot], base, top=2)
            placed = self._placed[spot, base] = _BLOCK.format(words)
        return placed

    def blocks_key(self) -> str:
        """What all blocks show, pictures included, as one hash; "" without any."""
        shown = "".join(str(self.block(spot, "")) for spot in sorted(self._blocks))
        return hashlib.blake2b(shown.encode(), digest_size=8).hexdigest() if shown else ""


def templates_key(theme: Path, town: Town, templates: Path | None = None) -> str:
    """What every article depends on besides its records: templates, icons and what all pages share."""
    made = hashlib.blake2b(overrides.folder_key(templates).encode(), digest_size=16)
    for folder in ("templates", "icons", "bundled"):
        for file in sorted((theme / folder).glob("*")):
            made.update(file.name.encode() + b"\0" + file.read_bytes())
    here = Path(__file__).parent
    domain = here.parent / "participation"
    code = [
        file
        for folder in (here, here / "views", here / "pictures", here / "results", domain, domain / "records")
        for file in folder.glob("*.py")
    ]
    for file in sorted([*code, *(theme / "messages").glob(f"{town.lang}/LC_MESSAGES/*.mo")]):
        made.update(file.read_bytes())
    shared = {key: value for key, value in town.plain().items() if key not in ("today", "menu", "words", "redirects")}
    made.update(json.dumps(shared, sort_keys=True).encode())
    return made.hexdigest()
