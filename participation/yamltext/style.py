"""The one canonical style of a record's file: which quotes, which blocks, which indentation.

Text in, text out; what to change in a file is decided in `writer.py`. New text is emitted here, in the few forms that
the style has; restyling somebody's file, comments and all, is ruamel.yaml's work (imported when first needed: it is
slow to import, and files that we wrote ourselves are recognised without it).
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from participation.records.containers import Group, PlaceField, Rows, Texts
from participation.records.fields import Field, Plain
from participation.yamltext.nodes import YamlFault, parse

if TYPE_CHECKING:
    from ruamel.yaml import YAML

LONGEST_LINE = 100  # characters: a longer text stands in a block of its own

Declarations = Mapping[str, Field[Any]]

# What YAML 1.1 and 1.2 readers take an unquoted text for. The order matters: the first that fits is the guess.
_GUESSES = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("null", r"~|null|Null|NULL|"),
        ("bool", r"(?i:y|n|yes|no|on|off|true|false)"),
        ("int", r"0|-?[1-9][0-9]*"),
        ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
        ("odd", r"[-+]?0[xob]?[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*|<<|=|[-+]?\.(?i:inf)|\.(?i:nan)"),
        ("odd", r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?"),
        ("odd", r"[-+]?[0-9][0-9_]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?"),
        (
            "date",
            r"\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?))?)?",
        ),
    )
)
# What a field's own text may be taken for without harm.
_HARMLESS = {
    "money": {"int", "float"},
    "integer": {"int"},
    "degrees": {"int", "float"},
    "date": {"int", "date"},
    "day": {"date"},
    "when": {"date"},
    "instant": {"date"},
    "flag": {"bool"},
}
_PRINTABLE = r"\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_UNPRINTABLE = re.compile(rf"[^{_PRINTABLE}]")
_UNSAFE_PLAIN = re.compile(rf"^[-?:,\[\]{{}}#&*!|>'\"%@`=<\s]|: |:$| #|\s$|[^{_PRINTABLE}]|^(?:---|\.\.\.)")
_UNSAFE_BLOCK = re.compile(rf"[^\n{_PRINTABLE}]|^[ \n]|\n\n$|[ ]$|[ ]\n")


def guess(text: str) -> str:
    """What another YAML reader takes this unquoted text for; "str" when it stays a text."""
    return next((kind for kind, pattern in _GUESSES if pattern.fullmatch(text)), "str")


def child(field: Field[Any] | None, key: str) -> Field[Any] | None:
    """The declaration of `key` inside a group or a row."""
    if isinstance(field, Group | Rows):
        inner: Field[Any] | None = field.part.fields.get(key)
        return inner
    return None


def kind_of(field: Field[Any] | None, key: str = "") -> str:
    """The kind that decides about quotes; coordinates are numbers inside a place."""
    if isinstance(field, PlaceField):
        return "degrees" if key in ("longitude", "latitude") else "text"
    return "text" if field is None else field.kind


def style_of(text: str, kind: str = "text") -> str:
    """How a text is written: "plain", "single" or "double" quotes, or a "block" of its own lines."""
    if ("\n" in text or len(text) > LONGEST_LINE) and not _UNSAFE_BLOCK.search(text):
        return "block"
    if _UNSAFE_PLAIN.search(text) or guess(text) not in {"str", *_HARMLESS.get(kind, ())}:
        return "double" if _UNPRINTABLE.search(text) or "'" in text else "single"
    return "plain"


_ESCAPES = dict(
    zip('\0\a\b\t\n\v\f\r\x1b"\\\x85\u2028\u2029', ("\\" + sign for sign in '0abtnvfre"\\NLP'), strict=True)
)
_TO_ESCAPE = re.compile(rf'[^{_PRINTABLE}]|["\\]')


def _escaped(match: re.Match[str]) -> str:
    sign = match[0]
    code = ord(sign)
    return _ESCAPES.get(sign) or (f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}")


def _written(text: str, kind: str, column: int) -> str:
    """One text as it stands after its key or dash, the lines of a block at `column`."""
    style = style_of(text, kind)
    if style == "block":
        body, end = (text[:-1], "|") if text.endswith("\n") else (text, "|-")
        indent = " " * column
        return "\n".join([end, *(f"{indent}{line}" if line else "" for line in body.split("\n"))])
    if style == "plain":
        return text
    return f"'{text}'" if style == "single" else f'"{_TO_ESCAPE.sub(_escaped, text)}"'


def emit(
    plain: Mapping[str, Plain], column: int = 0, fields: Declarations | None = None, owner: Field[Any] | None = None
) -> str:
    """A mapping of plain data as canonical lines at `column`, in the order it is in.

    `fields` declares its keys, or `owner` the group, row or place that they are in.
    """
    indent = " " * column
    parts = []
    for key, value in plain.items():
        field = fields.get(key) if fields is not None else child(owner, key)
        kind = kind_of(owner, key) if isinstance(owner, PlaceField) else kind_of(field)
        parts.append(f"{indent}{_written(str(key), 'text', 0)}:{_after(value, field, kind, column)}\n")
    return "".join(parts)


def emit_item(plain: Plain, column: int = 0, field: Field[Any] | None = None) -> str:
    """One entry of a list as canonical lines, its dash at `column`; `field` declares the list."""
    indent = " " * column
    if isinstance(plain, list):
        raise ValueError("a list in a list has no canonical form")  # noqa: TRY004  # of the content, not of the caller
    if isinstance(plain, Mapping) and plain:
        lines = emit(plain, column + 2, owner=field)
        return f"{indent}- {lines[column + 2 :]}"
    item = field.item if isinstance(field, Texts) else field
    return f"{indent}-{_after(plain, item, kind_of(item), column)}\n"


def _after(value: Plain, field: Field[Any] | None, kind: str, column: int) -> str:
    """What stands after a key's colon or a dash."""
    if isinstance(value, bool):
        return " true" if value else " false"
    if isinstance(value, Mapping):
        return "\n" + emit(value, column + 2, owner=field).removesuffix("\n") if value else " {}"
    if isinstance(value, list):
        items = "".join(emit_item(item, column + 2, field) for item in value)
        return "\n" + items.removesuffix("\n") if value else " []"
    return f" {_written(str(value), kind, column + 2)}"


# ---------------------------------------------------------------------------------------------------- restyling


def canonical(text: str, fields: Declarations) -> str | None:
    """The same file in canonical style, comments and order kept; None when that cannot be done without loss.

    The style is a fixed point: `canonical(canonical(x)) == canonical(x)`.
    """
    try:
        before = parse(text).plain
        if isinstance(before, Mapping) and before and emit(before, fields=fields) == text:
            return text
    except (YamlFault, ValueError):
        before = None
    return None if before is None else _restyled(text, before, fields)


def _restyled(text: str, before: Plain, fields: Declarations) -> str | None:
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415  # slow to import: see the top

    try:
        for _attempt in range(3):
            again = _shape(text, fields)
            if again == text:
                return text if parse(text).plain == before else None
            text = again
    except (YamlFault, YAMLError, ValueError, RecursionError):
        return None
    return None


def _yaml() -> YAML:
    from ruamel.yaml import YAML  # noqa: PLC0415  # slow to import: see the top
    from ruamel.yaml.nodes import ScalarNode  # noqa: PLC0415  # as above
    from ruamel.yaml.resolver import VersionedResolver  # noqa: PLC0415  # as above

    class TextResolver(VersionedResolver):
        """Everything is text: what is plain in a file stays plain, what it means is the schema's business."""

        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is ScalarNode:
                return self.DEFAULT_SCALAR_TAG
            return super().resolve(kind, value, implicit)

    yaml = YAML(typ="rt")
    yaml.Resolver = TextResolver
    yaml.width = 1 << 30  # never folds a line
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _shape(text: str, fields: Declarations) -> str:
    yaml = _yaml()
    loaded = yaml.load(text.replace("\r\n", "\n"))
    if loaded is None:
        return text
    stream = io.StringIO()
    yaml.dump(_restyle(loaded, None, fields), stream)
    return stream.getvalue().rstrip("\n") + "\n"


def _restyle(node: Any, field: Field[Any] | None, fields: Declarations | None, kind: str | None = None) -> Any:
    """Give every value below a loaded node its canonical style, in place."""
    from ruamel.yaml import comments, scalarstring  # noqa: PLC0415  # slow to import: see the top

    if isinstance(node, comments.CommentedBase):
        node.fa.set_block_style()
    if isinstance(node, comments.CommentedMap):
        for key in list(node):
            inner = fields.get(key) if fields is not None else child(field, key)
            node[key] = _restyle(node[key], inner, None, kind_of(field, key) if isinstance(field, PlaceField) else None)
        return node
    if isinstance(node, comments.CommentedSeq):
        item = field.item if isinstance(field, Texts) else field
        for index, value in enumerate(list(node)):
            node[index] = _restyle(value, item, fields)
        return node
    styles = {
        "plain": scalarstring.PlainScalarString,
        "single": scalarstring.SingleQuotedScalarString,
        "double": scalarstring.DoubleQuotedScalarString,
        "block": scalarstring.LiteralScalarString,
    }
    text = "" if node is None else str(node)
    fresh = styles[style_of(text, kind or kind_of(field))](text)
    if (comment := getattr(node, "comment", None)) is not None:  # ruamel hangs what follows a block on the block
        fresh.comment = comment
    return fresh
