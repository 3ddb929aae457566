"""The one canonical style of a record's file: which quotes, which blocks, which indentation.

Text in, text out; what to change in a file is decided in `writer.py`. The emitter is ruamel.yaml's; it is slow to
import, so only those who write import this module.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase, CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    LiteralScalarString,
    PlainScalarString,
    SingleQuotedScalarString,
)

from participation.records.containers import Group, PlaceField, Rows, Texts
from participation.records.fields import Field, Plain
from participation.yamltext.nodes import YamlFault, parse

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


def scalar(text: str, kind: str = "text") -> str:
    """The text in its canonical style, as ruamel understands it."""
    if ("\n" in text or len(text) > LONGEST_LINE) and not _UNSAFE_BLOCK.search(text):
        return cast("str", LiteralScalarString(text))
    if _UNSAFE_PLAIN.search(text) or guess(text) not in {"str", *_HARMLESS.get(kind, ())}:
        single = not _UNPRINTABLE.search(text) and "'" not in text
        return cast("str", SingleQuotedScalarString(text) if single else DoubleQuotedScalarString(text))
    return text


def styled(plain: Plain, field: Field[Any] | None = None, kind: str | None = None) -> Any:
    """Plain data as nested values in canonical style, in the order they are in."""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, Mapping):
        return {
            scalar(str(key)): styled(
                value, child(field, key), kind_of(field, key) if isinstance(field, PlaceField) else None
            )
            for key, value in plain.items()
        }
    if isinstance(plain, list):
        item = field.item if isinstance(field, Texts) else field
        return [styled(value, item) for value in plain]
    if isinstance(plain, int):
        return str(plain)
    return scalar(str(plain), kind or kind_of(field))


class _TextResolver(VersionedResolver):
    """Everything is text: what is plain in a file stays plain, what it means is the schema's business."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode:
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _TextResolver
    yaml.width = 1 << 30  # never folds a line
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def emit(value: Any) -> str:
    """Styled nested values as YAML text; a list's dashes stand two spaces in."""
    stream = io.StringIO()
    _yaml().dump(value, stream)
    return stream.getvalue()


def canonical(text: str, declarations: Declarations) -> str | None:
    """The same file in canonical style, comments and order kept; None when that cannot be done without loss.

    The style is a fixed point: `canonical(canonical(x)) == canonical(x)`.
    """
    try:
        before = parse(text).plain
        shaped = text
        for _attempt in range(3):
            again = _shape(shaped, declarations)
            if again == shaped:
                break
            shaped = again
        else:
            return None
        return shaped if parse(shaped).plain == before else None
    except (YamlFault, YAMLError, ValueError, RecursionError):
        return None


def _shape(text: str, declarations: Declarations) -> str:
    yaml = _yaml()
    loaded = yaml.load(text.replace("\r\n", "\n"))
    if loaded is None:
        return text
    loaded = _restyle_node(loaded, None, declarations)
    stream = io.StringIO()
    yaml.dump(loaded, stream)
    lines = stream.getvalue().split("\n")
    return "\n".join(lines).rstrip("\n") + "\n"


def _restyle_node(
    node: Any, field: Field[Any] | None, declarations: Declarations | None, kind: str | None = None
) -> Any:
    if isinstance(node, CommentedBase):
        node.fa.set_block_style()
    if isinstance(node, CommentedMap):
        for key in list(node):
            inner = declarations.get(key) if declarations is not None else child(field, key)
            inner_kind = kind_of(field, key) if isinstance(field, PlaceField) else None
            node[key] = _restyle_node(node[key], inner, None, inner_kind)
        return node
    if isinstance(node, CommentedSeq):
        item = field.item if isinstance(field, Texts) else field
        for index, value in enumerate(list(node)):
            node[index] = _restyle_node(value, item, declarations)
        return node
    text = "" if node is None else str(node)
    fresh = scalar(text, kind or kind_of(field))
    if type(fresh) is str:
        fresh = PlainScalarString(fresh)  # a plain str put in a quoted one's place would take over its quotes
    comment = getattr(node, "comment", None)
    if comment is not None:  # ruamel hangs what follows a block on the block itself
        fresh.comment = comment  # type: ignore[attr-defined]  # every ScalarString has room for it
    return fresh
