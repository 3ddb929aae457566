"""What every field of a record can do: check, type, show and describe one plain value.

*Plain* data is what a YAML file, a form or a spreadsheet cell becomes once checked: str, bool, int, list and dict only,
amounts and dates as canonical text. The kinds of field are in `texts.py`, `figures.py` and `containers.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from participation.messages import mark as _

if TYPE_CHECKING:
    from participation.records.base import Fielded

T = TypeVar("T")
Plain = Any  # str | bool | int | list[Plain] | dict[str, Plain]; mypy has no recursive alias that is pleasant to use
Translate = Callable[[str], str]


class Required(IntEnum):
    """What a missing value does: nothing, a warning, the record waits unpublished, or the save is refused."""

    NO = 0
    ADVISED = 1
    PUBLISH = 2
    SAVE = 3


class Refused(ValueError):
    """A value that its field does not accept: what is wrong and what to write instead.

    `at` is the dotted path below the field; a `warning` is only told (an unknown key), the rest is an error.
    """

    def __init__(self, message: str, hint: str = "", *, at: str = "", warning: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.at = at
        self.warning = warning


class Field(Generic[T]):
    """One declaration, from which come reading, writing, form, journal, column, schema, documentation and publicness.

    `parse` turns a text as people type it into the plain value, or raises `Refused`; `value` gives the Python value
    of a plain one; `show` gives its words. A field is private unless declared `public`.
    """

    kind = "field"
    scalar = True

    def __init__(
        self,
        label: str,
        *,
        help: str = "",  # the word of the design; shadowing the builtin in a signature harms nobody
        public: bool = False,
        required: Required = Required.NO,
        section: str = "",
        subject: str = "",
        default: Plain = None,
    ) -> None:
        self.name = ""
        self.label = label
        self.help = help
        self.public = public
        self.required = required
        self.section = section
        self.subject = subject or label  # "Le budget", for the journal's sentences
        self.default = default

    def __set_name__(self, owner: type[Fielded], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, obj: None, owner: type[Fielded]) -> Self: ...
    @overload
    def __get__(self, obj: Fielded, owner: type[Fielded]) -> T: ...
    def __get__(self, obj: Fielded | None, owner: type[Fielded]) -> Self | T:
        if obj is None:
            return self
        plain = obj.data.get(self.name)
        return self.empty() if plain is None else self.value(plain)

    def empty(self) -> T:
        """The Python value of a field that is not there."""
        return None if self.default is None else self.value(self.default)  # type: ignore[return-value]  # T includes None where so

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        """Check what was read from a file or a form; None where nothing usable was there."""
        if not isinstance(raw, str):
            report(Refused(_("Un texte simple est attendu ici, pas une liste ni un groupe de clés.")))
            return None
        if not raw:
            return None
        try:
            plain = self.parse(raw)
        except Refused as refused:
            report(refused)
            return None
        return None if plain == "" else plain  # nothing but spaces

    def parse(self, text: str) -> Plain:
        """The plain value of a non-empty text as people type it."""
        raise NotImplementedError

    def value(self, plain: Plain) -> T:
        """The Python value of a plain one."""
        raise NotImplementedError

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        """The value in words, for a journal, a table or a page."""
        return str(plain)

    def edit(self, plain: Plain) -> str:
        """The value as a form offers it for editing; `parse(edit(x)) == x`."""
        return str(plain)

    def public_value(self, plain: Plain) -> Plain:
        """What of the value may leave the office (containers filter their own fields)."""
        return plain

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value in a YAML file."""
        return {"type": ["string", "number", "boolean"]}

    def limits(self) -> str:
        """The limits in words, for forms and documentation (source language)."""
        return ""
