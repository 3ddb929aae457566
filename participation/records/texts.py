"""Fields of words: text, Markdown, identifiers, addresses, choices and yes/no.

Each turns what people type into plain text, or refuses it with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from participation import wording
from participation.messages import mark as _
from participation.records.fields import Field, Plain, Refused, Translate
from participation.values import zone_info

_BLANKS = re.compile(r"[ \t\n\r]{2,}|[\t\n\r]")  # not str.split(), which eats the no-break spaces of French typography
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Text(Field[str]):
    """One line of text; `translatable` also takes a mapping of language to text.

    `contacts`: an organisation's e-mail address or telephone number is expected here, so that none is reported.
    """

    kind = "text"
    multiline = False

    def __init__(
        self, label: str, *, limit: int = 300, translatable: bool = False, contacts: bool = False, **rest: Any
    ) -> None:
        super().__init__(label, **rest)
        self.limit = limit
        self.contacts = contacts
        self.translatable = translatable

    def empty(self) -> str:
        return "" if self.default is None else str(self.default)

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        if self.translatable and isinstance(raw, Mapping):
            texts = {}
            for lang, text in raw.items():
                if not re.fullmatch(r"[a-z]{2}", lang):
                    report(Refused(_("«\u00a0%s\u00a0» n’est pas un code de langue.") % lang, _("Écrivez fr ou en.")))
                elif (checked := super().read(text, report)) is not None:
                    texts[lang] = checked
            return texts or None
        return super().read(raw, report)

    def parse(self, text: str) -> str:
        if text.isprintable() and "  " not in text and text[0] != " " != text[-1] and len(text) <= self.limit:
            return text  # most values: nothing to mend, nothing to refuse
        if _CONTROL.search(text):
            raise Refused(_("Le texte contient un caractère invisible interdit."), _("Retapez ce passage."))
        text = text.strip() if self.multiline else _BLANKS.sub(" ", text.strip())
        if len(text) > self.limit:
            raise Refused(
                _("%(length)s caractères\u00a0: %(limit)s au plus.")
                % {"length": wording.number(len(text)), "limit": wording.number(self.limit)},
                _("Raccourcissez ce texte."),
            )
        return text

    def value(self, plain: Plain) -> str:
        return plain if isinstance(plain, str) else str(next(iter(plain.values()), ""))

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return plain if isinstance(plain, str) else str(plain.get(lang) or self.value(plain))

    def edit(self, plain: Plain) -> str:
        return self.value(plain)

    def schema(self) -> dict[str, Any]:
        text: dict[str, Any] = {"type": ["string", "number", "boolean"], "maxLength": self.limit}
        if not self.translatable:
            return text
        return {"anyOf": [text, {"type": "object", "additionalProperties": {"type": "string"}}]}

    def limits(self) -> str:
        return _("%s caractères au plus") % wording.number(self.limit)


class Markdown(Text):
    """A longer text with simple formatting, rendered and sanitised when shown."""

    kind = "markdown"
    multiline = True

    def __init__(self, label: str, *, limit: int = 20_000, translatable: bool = True, **rest: Any) -> None:
        super().__init__(label, limit=limit, translatable=translatable, **rest)

    def parse(self, text: str) -> str:
        if "\r" in text or " \n" in text or "\t\n" in text:
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            text = "\n".join(line.rstrip() for line in lines)
        return super().parse(text)


class Note(Markdown):
    """A text of several lines without formatting, such as an internal note."""

    kind = "note"

    def __init__(self, label: str, *, limit: int = 5_000, **rest: Any) -> None:
        super().__init__(label, limit=limit, translatable=False, **rest)


class Code(Text):
    """A short identifier, kept as text whatever it looks like: `01004`, `cadre-de-vie`."""

    kind = "code"

    def __init__(
        self, label: str, *, pattern: str = r"[A-Za-z0-9][A-Za-z0-9._-]*", limit: int = 64, **rest: Any
    ) -> None:
        super().__init__(label, limit=limit, **rest)
        self.pattern = re.compile(pattern)

    def parse(self, text: str) -> str:
        text = super().parse(text)
        if not self.pattern.fullmatch(text):
            raise Refused(
                _("«\u00a0%s\u00a0» n’est pas un identifiant valable.") % text[:40],
                _("Lettres sans accent, chiffres, points et tirets."),
            )
        return text

    def schema(self) -> dict[str, Any]:
        return super().schema() | {"pattern": f"^(?:{self.pattern.pattern})$"}


class Ref(Code):
    """The identifier of another record, of type `to`."""

    kind = "ref"

    def __init__(self, label: str, *, to: str, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.to = to


class TimeZone(Code):
    """The name of a time zone, such as Europe/Paris."""

    kind = "timezone"

    def __init__(self, label: str, **rest: Any) -> None:
        super().__init__(label, pattern=r"[A-Za-z0-9_+/-]+", **rest)

    def parse(self, text: str) -> str:
        text = super().parse(text)
        try:
            zone_info(text)
        except KeyError:
            raise Refused(
                _("Le fuseau horaire «\u00a0%s\u00a0» est inconnu.") % text, _("Par exemple\u00a0: Europe/Paris.")
            ) from None
        return text


class Url(Text):
    """A web address, http or https only."""

    kind = "url"

    def __init__(self, label: str, *, limit: int = 2_000, **rest: Any) -> None:
        super().__init__(label, limit=limit, **rest)

    def parse(self, text: str) -> str:
        text = super().parse(text)
        if text.lower().startswith("www."):
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            known = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            known = False
        if not known or re.search(r"[\s<>\"]", text):
            raise Refused(_("Cette adresse web n’est pas valable."), _("Elle commence par https://"))
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uri", "maxLength": self.limit}


class Media(Text):
    """The path of a file under `media/`."""

    kind = "media"

    def parse(self, text: str) -> str:
        text = re.sub(r"^(?:/|media/)+", "", super().parse(text))
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*", text):
            raise Refused(
                _("Ce nom de fichier n’est pas utilisable."),
                _("Sans accent ni espace, par exemple pont.webp."),
            )
        return text


class Choice(Field[str]):
    """One of a declared set of codes, each with its words."""

    kind = "choice"

    def __init__(self, label: str, *, options: Mapping[str, str], **rest: Any) -> None:
        super().__init__(label, **rest)
        self.options = dict(options)

    def empty(self) -> str:
        return str(self.default or "")

    def parse(self, text: str) -> str:
        text = text.strip()
        if text in self.options:
            return text
        folded = text.casefold()
        for code, words in self.options.items():
            if folded in (code.casefold(), words.casefold()):
                return code
        known = ", ".join(self.options)
        raise Refused(
            _("«\u00a0%s\u00a0» n’est pas un choix possible.") % text[:60], _("Choix possibles\u00a0: %s.") % known
        )

    def value(self, plain: Plain) -> str:
        return str(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return translate(str(self.options.get(plain, plain)))

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.options), "enumDescriptions": list(self.options.values())}


class Flag(Field[bool]):
    """Yes or no."""

    kind = "flag"
    _words: ClassVar[dict[str, bool]] = {
        "true": True,
        "yes": True,
        "oui": True,
        "false": False,
        "no": False,
        "non": False,
    }

    def empty(self) -> bool:
        return bool(self.default)

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        return raw if isinstance(raw, bool) else super().read(raw, report)

    def parse(self, text: str) -> bool:
        try:
            return self._words[text.strip().lower()]
        except KeyError:
            raise Refused(_("«\u00a0%s\u00a0» n’est ni oui ni non.") % text[:40], _("Écrivez true ou false.")) from None

    def value(self, plain: Plain) -> bool:
        return bool(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return translate(_("oui") if plain else _("non"))

    def edit(self, plain: Plain) -> str:
        return "true" if plain else "false"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}
