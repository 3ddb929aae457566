"""Addresses on the public site that pages had before: each keeps leading somewhere."""

from __future__ import annotations

import posixpath
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from participation.messages import mark as _
from participation.records.containers import Part, Texts
from participation.records.fields import Refused, Required
from participation.records.texts import Text

_PART = re.compile(r"[^\s\\\"<>|?*#:%\x00-\x1f\x7f]+")
_LONGEST = 200  # bytes of one part: it becomes the name of a file
_INDEX = re.compile(r"(?:^|/)index\.html?$")


class SiteAddress(Text):
    """An address on this site from its root: `/projets/2021-P007/`, `/` for the home page.

    One form for each page: percent signs are undone, `index.html` is left out, a last part without a dot is a folder.
    """

    kind = "address"

    def parse(self, text: str) -> str:
        text = super().parse(text)
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", text):
            raise Refused(
                _("Cette adresse n’est pas sur ce site."),
                _("Écrivez-la sans le nom du site, par exemple /projets/2021-P007/."),
            )
        if "?" in text or "#" in text:
            raise Refused(
                _("Une ancienne adresse ne peut contenir ni «\u00a0?\u00a0» ni «\u00a0#\u00a0»."),
                _("Gardez ce qui précède, ou réglez le serveur web."),
            )
        path = _INDEX.sub("/", "/" + unquote(urlsplit(text).path).lstrip("/"))
        parts = [part for part in path.split("/") if part]
        if any(
            part.startswith((".", "_")) or not _PART.fullmatch(part) or len(part.encode()) > _LONGEST for part in parts
        ):
            raise Refused(_("Cette adresse n’est pas utilisable."), _("Par exemple\u00a0: /projets/2021-P007/."))
        if not parts:
            return "/"
        folder = path.endswith("/") or "." not in parts[-1]
        return posixpath.join("/", *parts) + ("/" if folder else "")


class Redirect(Part):
    """An address of a former site, or of a page that is no more, and where its readers are sent."""

    old = SiteAddress(_("Ancienne adresse"), public=True, required=Required.SAVE)
    new = SiteAddress(_("Mène à"), public=True, required=Required.SAVE)


def former_addresses(section: str = "") -> Texts:
    """The field by which a record names the addresses that its page had before."""
    more: dict[str, Any] = {"section": section} if section else {}
    return Texts(
        _("Anciennes adresses"),
        item=SiteAddress(_("Ancienne adresse")),
        public=True,
        subject=_("Les anciennes adresses"),
        help=_("Où cette page était avant, sur ce site\u00a0: /projets/ancien-nom/. Ces adresses mènent ici."),
        **more,
    )
