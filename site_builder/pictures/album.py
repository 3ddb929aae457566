"""What pages ask about pictures: is there one, how large is it, the HTML that shows it.

Addresses never change: `media/cour.jpg` is the picture as large as a page needs it, its smaller sizes lie beside it
(`media/cour.jpg.480.jpg`, `media/cour.jpg.800.webp`). A picture that is missing or refused is in no page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from markupsafe import Markup, escape

from participation.messages import mark as _
from site_builder.pictures.making import SMALL, Refused

HALF, WHOLE = "(min-width: 60em) 32rem, 100vw", "(min-width: 60em) 46rem, 100vw"
"""How wide a picture is shown, for browsers to choose a size by: in one of two columns, or across the text."""
_IMG = re.compile(r"<img [^>]*?>")
_ATTRIBUTE = re.compile(r'(src|alt|title)="([^"]*)"')


class Picture(NamedTuple):
    """A picture that can be shown: largest size in pixels, ends of the names of its files, what names it all."""

    width: int
    height: int
    ends: tuple[str, ...]
    mark: str


MISSING = Refused(_("Le fichier «\u00a0media/%s\u00a0» manque."), _("Ajoutez-le, ou retirez-le de la fiche."))


class Album:
    """The pictures of one content: path below `media/` -> what it is, or why it cannot be shown."""

    def __init__(self, pictures: Mapping[str, Picture | Refused] | None = None, up: str = "") -> None:
        self._pictures = pictures or {}
        self._up = up

    def below(self, up: str) -> Album:
        """The same pictures for pages whose `base` leads to a folder `up` (`../`) from the root: another language."""
        return Album(self._pictures, up)

    def find(self, file: str) -> Picture | None:
        """A picture that can be shown, by its path below `media/`."""
        found = self._pictures.get(file)
        return found if isinstance(found, Picture) else None

    def fault(self, file: str) -> Refused | None:
        """Why a picture cannot be shown; None when it can."""
        found = self._pictures.get(file)
        if found is None:
            return MISSING._replace(words=MISSING.words % file)
        return found if isinstance(found, Refused) else None

    def marks(self, files: Iterable[str]) -> str:
        """What pages that show these pictures depend on."""
        return " ".join(picture.mark if (picture := self.find(file)) else "-" for file in files)

    def small(self, file: str) -> str:
        """The address, for pages to put their `base` before, of the size for a list; "" when there is no picture."""
        picture = self.find(file)
        if picture is None:
            return ""
        end = f".{SMALL}.jpg"
        address = f"{self._up}media/{quote(file)}"
        return f"{address}{end}" if end in picture.ends else address

    def img(self, file: str, base: str, alt: str, sizes: str = WHOLE, *, lazy: bool = True) -> Markup:
        """The HTML of a picture, its place kept free while it loads; nothing when there is no such picture."""
        picture = self.find(file)
        if picture is None:
            return Markup("")
        address = escape(f"{base}{self._up}media/{quote(file)}")
        said = f'alt="{escape(alt)}" width="{picture.width}" height="{picture.height}"'
        said += ' loading="lazy"' if lazy else ""
        if not picture.ends:
            return Markup(f'<img src="{address}" {said}>')  # noqa: S704  # escaped above
        webp = [(int(end.split(".")[1]), end) for end in picture.ends if end.endswith(".webp")]
        listed = ", ".join(f"{address}{end} {min(size, picture.width)}w" for size, end in sorted(webp))
        small = f"{address}.{SMALL}.jpg"
        plain = f' srcset="{small} {SMALL}w, {address} {picture.width}w" sizes="{sizes}"'
        return Markup(  # noqa: S704  # likewise
            f'<picture><source type="image/webp" srcset="{listed}" sizes="{sizes}">'
            f'<img src="{small}"{plain if picture.width > SMALL else ""} {said}></picture>'
        )

    def in_text(self, page: str, base: str) -> str:
        """The HTML of somebody's text with its pictures in the right sizes; one that is missing leaves its words."""

        def shown(tag: re.Match[str]) -> str:
            given = dict(_ATTRIBUTE.findall(tag.group()))
            file = unquote(html.unescape(given.get("src", ""))).removeprefix(f"{base}{self._up}media/")
            alt = html.unescape(given.get("alt", ""))
            return str(self.img(file, base, alt)) or str(escape(alt))

        return _IMG.sub(shown, page)
