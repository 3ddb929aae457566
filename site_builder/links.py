"""Links inside the site: every address that a page leads to must exist before the page goes live."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from participation.messages import mark as _
from participation.problems import Problem, Severity
from site_builder.addresses import depth, file

_ATTRIBUTES = ('href="', 'src="')
_QUERY = re.compile("[#?]")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class Links:
    """The addresses that pages lead to, and the first page that leads to each."""

    def __init__(self, folder: str = "") -> None:
        """`folder` is where the pages lie that are read here: that of their language."""
        self._folder = folder
        self.wanted: dict[str, str] = {}
        self._seen: dict[str, set[str]] = {}  # the way to the root -> links that begin with it and are noted

    def read(self, address: str, html: str) -> list[str]:
        """Note the links of one article as they are written; gives them, for `want` another time."""
        found = {part[: part.find('"')] for attribute in _ATTRIBUTES for part in html.split(attribute)[1:]}
        self.want(address, found)
        return list(found)

    def want(self, address: str, targets: Iterable[str]) -> None:
        """Note links of an article that were read before."""
        address = self._folder + address
        base = "../" * depth(address)
        seen = self._seen.setdefault(base, set())
        for written in set(targets) - seen:
            target = _QUERY.split(written, maxsplit=1)[0]
            if base and target.startswith(base):  # leads to the same from every page as deep as this one
                seen.add(written)
                self.wanted.setdefault(target[len(base) :], address)
            elif target and not _ELSEWHERE.match(target):
                inner = posixpath.normpath(posixpath.join("/", posixpath.dirname(address), target))[1:]
                self.wanted.setdefault(f"{inner}/" if inner and target.endswith("/") else inner, address)

    def broken(self, exists: Callable[[str], bool], path_of: Callable[[str], str]) -> list[Problem]:
        """The links that lead nowhere: an error on a page of the theme, a warning in somebody's text.

        A picture or document that is missing is never the theme's fault: a list shows the photos of records.

        `exists` knows the files of the site; `path_of` gives the file of content behind an address, or "".
        """
        problems = []
        for inner, source in sorted(self.wanted.items()):
            if exists(file(inner)) or exists(file(unquote(inner).replace("&amp;", "&"))):
                continue
            path = path_of(source)
            problems.append(
                Problem(
                    _("Un lien ne mène nulle part\u00a0: «\u00a0%s\u00a0».") % inner[:200],
                    file=path or source,
                    hint=_("Corrigez l’adresse, ou retirez le lien."),
                    severity=Severity.WARNING if path or inner.startswith("media/") else Severity.ERROR,
                )
            )
        return problems
