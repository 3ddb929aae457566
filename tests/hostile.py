"""Records whose every text, at every depth, is what an attacker would type; and what must then be on no page."""

from __future__ import annotations

from html.parser import HTMLParser

from participation.records.containers import Group, Rows, Texts
from participation.records.texts import Code, Text, Url
from tests.site_builder.test_privacy import MARKER, filled

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) ' &quot;{{7*7}}"


def poisoned(kind) -> dict:
    """Valid data of a type, with the hostile text wherever a text of one's own fits."""
    return {
        name: _poison(field, value)
        for (name, value), field in zip(filled(kind).items(), kind.fields.values(), strict=True)
    }


def alive(page: str) -> list[str]:
    """What of the hostile text a browser would run, or a template has run."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found + (["{{7*7}} became 49"] if "&quot;49" in page or "&amp;quot;49" in page else [])


class _Reader(HTMLParser):
    """Reads a page as a browser does: what counts is an element or an attribute, not letters that look like one."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self._script = tag == "script" and not given.get("type", "").startswith("application/")
        self.found += [f"<{tag} {name}>" for name in given if name.startswith("on") or name == "srcdoc"]
        for name in ("href", "src", "action", "formaction", "content"):
            if given.get(name, "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={given[name][:40]}>")
        if tag == "img" and given.get("src") == "x":
            self.found.append("<img src=x>")

    def handle_data(self, data: str) -> None:
        if self._script and "alert(" in data:
            self.found.append(f"<script>{data[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def _poison(field, value):
    match field:
        case Group():
            return poisoned(field.part) if isinstance(value, dict) else value
        case Rows():
            return [poisoned(field.part)]
        case Texts():
            return [_poison(field.item, one) for one in value]
        case Code() | Url():
            return value
        case Text() if isinstance(value, str) and value.startswith(("public-", MARKER)):
            return HOSTILE[: field.limit] if getattr(field, "limit", None) else HOSTILE
        case _:
            return value
