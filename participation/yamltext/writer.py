"""Records to files: a change touches the lines of what changed and nothing else.

A file is cut at the lines of its keys and rows (libyaml tells them); unchanged pieces stay byte for byte, comments,
unknown and unreadable keys included; changed and new pieces are emitted in canonical style (`style.py`), new keys at
their place in the schema. What was written is read again before it is handed out. Nothing here touches the disk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any, cast

import yaml

from participation.records import Record
from participation.records.base import read_fields
from participation.records.containers import Group, Part, Rows, Texts
from participation.records.fields import Field, Plain, Refused
from participation.records.territory import Zone
from participation.yamltext.nodes import YamlFault, parse
from participation.yamltext.style import Declarations, canonical, emit, emit_item


class WriteFault(ValueError):
    """What would be written does not read back as what was meant: it is not written."""


def write(record_type: type[Record], data: Mapping[str, Plain], original: bytes | None = None) -> bytes:
    """The file of a record: `original` with the values of `data`, or a new file when there is none to keep.

    `data` is the whole plain data of the record: a known key that it does not have is removed from the file. Keys
    that the schema does not know, or whose value could not be read, stay as they are.
    """
    fields = record_type.fields
    wanted = {name: data[name] for name in fields if data.get(name) is not None}
    if original is None:
        return _verified(fields, wanted, _fresh(fields, wanted))
    try:
        text = _decode(original)
        root = parse(text).root
    except (YamlFault, UnicodeDecodeError):
        return _verified(fields, wanted, _fresh(fields, wanted))
    if root is not None and not isinstance(root, yaml.MappingNode):
        return _verified(fields, wanted, _fresh(fields, wanted))
    try:
        return _verified(fields, wanted, _changed(text, root, fields, wanted))
    except WriteFault:  # a shape of file that cannot be cut by lines: its style first
        shaped = canonical(text, fields)
        if shaped is None or shaped == text:
            raise
        return _verified(fields, wanted, _changed(shaped, cast("yaml.MappingNode", parse(shaped).root), fields, wanted))


def write_list(record_type: type[Record], rows: Sequence[Mapping[str, Plain]], original: bytes | None = None) -> bytes:
    """The file of several records, such as `services.yml`: a list of groups told apart by their `id`."""
    field: Rows[Any] = Rows(cast("type[Part]", record_type), "", key="id")  # a list of records is rows of its fields
    wanted = [{name: row[name] for name in record_type.fields if row.get(name) is not None} for row in rows]
    if original is not None:
        try:
            text = _decode(original)
            root = parse(text).root
            if isinstance(root, yaml.SequenceNode) and not root.flow_style and root.value and wanted:
                lines = (text if text.endswith("\n") else f"{text}\n").splitlines(keepends=True)
                body = _list(lines, root, len(lines), parse(text).plain, field, wanted)
                if body is not None:
                    changed = "".join([*lines[: root.value[0].start_mark.line], *body])
                    if [_read_item(field, entry) for entry in parse(changed).plain] == wanted:
                        return changed.encode()
        except (YamlFault, UnicodeDecodeError):
            pass
    return "".join(emit_item(row, field=field) for row in wanted).encode() if wanted else b"[]\n"


def write_zones(rows: Sequence[Mapping[str, Plain]], original: bytes | None = None) -> bytes:
    """`zones.geojson`, a FeatureCollection with one feature a line; unknown members and properties are kept."""
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    known: dict[str, dict[str, Any]] = {}
    if original and original.strip():
        collection = json.loads(_decode(original))
        known = {_zone_id(feature): feature for feature in collection.get("features", [])}
    features = []
    for row in rows:
        before = known.get(str(row["id"]), {"type": "Feature"})
        kept = {name: value for name, value in (before.get("properties") or {}).items() if name not in Zone.fields}
        properties = {name: value for name, value in row.items() if name != "geometry"}
        features.append({**before, "properties": {**properties, **kept}, "geometry": row.get("geometry")})
    head = json.dumps({**collection, "features": []}, ensure_ascii=False)
    body = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return (head.replace('"features": []', f'"features": [\n{body}\n]' if body else '"features": []') + "\n").encode()


def _zone_id(feature: Mapping[str, Any]) -> str:
    return str((feature.get("properties") or {}).get("id", feature.get("id")))


def restyled(record_type: type[Record], original: bytes) -> bytes | None:
    """The file in canonical style, comments and meaning kept; None when it cannot be restyled without loss."""
    try:
        text = _decode(original)
    except UnicodeDecodeError:
        return None
    shaped = _restyled_list(text, record_type) if record_type.collective else canonical(text, record_type.fields)
    return None if shaped is None else shaped.encode()


def _restyled_list(text: str, record_type: type[Record]) -> str | None:
    """A file's own list has its dashes at the margin, the style puts them two spaces in: there and back again."""
    try:
        root = parse(text).root
    except YamlFault:
        return None
    if root is not None and root.start_mark.column == 0:
        text = indent(text, "  ")
    shaped = canonical(text, record_type.fields)
    back = None if shaped is None else "".join(line.removeprefix("  ") for line in shaped.splitlines(keepends=True))
    return back if back is not None and parse(back).plain == parse(text).plain else None


def _fresh(fields: Declarations, wanted: Mapping[str, Plain]) -> str:
    return emit(wanted, fields=fields) if wanted else "{}\n"


def _verified(fields: Declarations, wanted: Mapping[str, Plain], text: str) -> bytes:
    try:
        again = read_usable(fields, parse(text).plain)
    except YamlFault as fault:
        raise WriteFault(str(fault)) from fault
    if again != wanted:
        different = [name for name in fields if again.get(name) != wanted.get(name)]
        raise WriteFault(f"does not read back: {', '.join(different)}")
    return text.encode()


def read_usable(fields: Declarations, raw: Any) -> dict[str, Plain]:
    """The plain data that can be read from raw nested text, problems left to the reader."""
    read = {
        name: field.read(raw[name], _ignore)
        for name, field in fields.items()
        if isinstance(raw, Mapping) and name in raw
    }
    return {name: value for name, value in read.items() if value is not None}


def _ignore(_refused: Refused) -> None:
    """The reader of `participation.yamltext.reader` reports what is refused; here it only stays in the file."""


def _decode(original: bytes) -> str:
    return original.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


# ---------------------------------------------------------------------------------------------------- pieces


@dataclass(slots=True)
class _Piece:
    """The lines of one key or row, and the blank lines and comments after it that announce what comes next."""

    name: str
    body: list[str]
    gap: list[str]


def _cut(lines: Sequence[str], names: Sequence[str], starts: Sequence[int], last: int, column: int) -> list[_Piece]:
    """Cut the lines from the first start to `last` into pieces; comments no deeper than `column` are gaps."""
    pieces = []
    for name, start, stop in zip(names, starts, [*starts[1:], last], strict=True):
        end = stop
        while end > start + 1 and _is_gap(lines[end - 1], column):
            end -= 1
        pieces.append(_Piece(name, list(lines[start:end]), list(lines[end:stop])))
    return pieces


def _is_gap(line: str, column: int) -> bool:
    bare = line.strip()
    return not bare or (bare.startswith("#") and len(line) - len(line.lstrip(" ")) <= column)


def _joined(pieces: Sequence[_Piece]) -> list[str]:
    return [line for piece in pieces for line in (*piece.body, *piece.gap)]


def _changed(text: str, root: yaml.MappingNode | None, fields: Declarations, wanted: Mapping[str, Plain]) -> str:
    raw = parse(text).plain
    if root is None or not root.value:
        comments = [line for line in text.splitlines(keepends=True) if line.lstrip().startswith("#")]
        return "".join(comments) + _fresh(fields, wanted)
    if root.flow_style:
        raise WriteFault("flow style")
    lines = (text if text.endswith("\n") else f"{text}\n").splitlines(keepends=True)
    first = root.value[0][0].start_mark.line
    body = _mapping(lines, root, len(lines), raw, fields, None, read_usable(fields, raw), wanted)
    return "".join([*lines[:first], *body]) or "{}\n"


def _mapping(
    lines: Sequence[str],
    node: yaml.MappingNode,
    last: int,
    raw: Mapping[str, Any],
    fields: Declarations | None,
    owner: Field[Any] | None,
    before: Mapping[str, Plain],
    wanted: Mapping[str, Plain],
) -> list[str]:
    """The lines of a block mapping, first key to `last`, with its known values `before` become `wanted`."""
    column = node.value[0][0].start_mark.column
    starts = [key.start_mark.line for key, _value in node.value]
    pieces = _cut(lines, [key.value for key, _value in node.value], starts, last, column)
    for (_name_node, value), start, piece in zip(node.value, starts, pieces, strict=True):
        name = piece.name
        field = fields.get(name) if fields is not None else None
        if name in wanted and wanted[name] != before.get(name):
            fresh = _key(name, wanted[name], fields, owner, column)
            if name in before:
                end = start + len(piece.body)
                inside = _inside(lines[:end], value, start, raw[name], field, before[name], wanted[name])
                piece.body = inside or _with_end_comment(lines[start], value, start, fresh)
            else:
                piece.body = fresh
        elif name in before and name not in wanted:
            piece.name, piece.body = "", []
    order = [*(fields if fields is not None else wanted)]
    for name in order:
        if name in wanted and not any(piece.name == name for piece in pieces):
            _insert(pieces, order, _Piece(name, _key(name, wanted[name], fields, owner, column), []))
    return _joined(pieces)


def _insert(pieces: list[_Piece], order: Sequence[str], new: _Piece) -> None:
    """Put a new key after the last of those that the schema places before it; the gap there stays after it."""
    earlier = set(order[: order.index(new.name)])
    at = max((index for index, piece in enumerate(pieces) if piece.name in earlier), default=-1)
    if at >= 0:
        new.gap, pieces[at].gap = pieces[at].gap, []
    pieces.insert(at + 1, new)


def _inside(
    lines: Sequence[str], node: yaml.Node, start: int, raw: Any, field: Field[Any] | None, before: Plain, wanted: Plain
) -> list[str] | None:
    """The lines of a key whose block mapping or list changed inside, or None when it is to be written anew."""
    if not isinstance(node, yaml.MappingNode | yaml.SequenceNode) or not node.value:
        return None
    if node.flow_style or type(before) is not type(wanted):
        return None
    first = node.value[0]
    if isinstance(node, yaml.MappingNode) and isinstance(wanted, Mapping) and first[0].start_mark.line > start:
        head = lines[start : first[0].start_mark.line]
        members = field.part.fields if isinstance(field, Group) else None
        return [*head, *_mapping(lines, node, len(lines), raw, members, field, before, wanted)]
    if isinstance(node, yaml.SequenceNode) and isinstance(wanted, list) and first.start_mark.line > start:
        items = _list(lines, node, len(lines), raw, field, wanted)
        return None if items is None else [*lines[start : first.start_mark.line], *items]
    return None


def _list(
    lines: Sequence[str],
    node: yaml.SequenceNode,
    last: int,
    raw: Sequence[Any],
    field: Field[Any] | None,
    wanted: Plain,
) -> list[str] | None:
    """The lines of a block list with its items become `wanted`; items that could not be read stay."""
    dash = node.start_mark.column
    starts = [item.start_mark.line for item in node.value]
    if any(lines[start][dash : dash + 1] != "-" for start in starts) or len(set(starts)) < len(starts):
        return None
    pieces = _cut(lines, [str(index) for index in range(len(starts))], starts, last, dash)
    read = [_read_item(field, entry) for entry in raw]
    pairs = _pairs(read, wanted, field.key if isinstance(field, Rows) else "")
    result: list[_Piece] = []
    for new, index in zip(wanted, pairs, strict=True):
        if index is None:
            result.append(_Piece("", _item(new, field, dash), []))
            continue
        piece = pieces[index]
        if read[index] != new:
            end = starts[index] + len(piece.body)
            inside = _row(lines[:end], node.value[index], starts[index], raw[index], field, read[index], new, dash)
            piece.body = inside or _item(new, field, dash)
        result.append(piece)
    for index, piece in enumerate(pieces):
        if index in pairs:
            continue
        if read[index] is not None:
            piece.body = []  # removed; the comments after it stay
        previous = next((at for at, other in enumerate(result) if index and other is pieces[index - 1]), -1)
        result.insert(previous + 1 if index else 0, piece)
    return _joined(result)


def _row(
    lines: Sequence[str],
    node: yaml.Node,
    start: int,
    raw: Any,
    field: Field[Any] | None,
    before: Plain,
    wanted: Plain,
    dash: int,
) -> list[str] | None:
    """The lines of one changed row of a list: a block mapping whose first key stands beside the dash."""
    if not (isinstance(node, yaml.MappingNode) and isinstance(before, Mapping) and isinstance(wanted, Mapping)):
        return None
    if node.flow_style or node.value[0][0].start_mark.line != start:
        return None
    without_dash = [*lines[:start], lines[start][:dash] + " " + lines[start][dash + 1 :], *lines[start + 1 :]]
    members = field.part.fields if isinstance(field, Rows) else None
    row = _mapping(without_dash, node, len(lines), raw, members, field, before, wanted)
    if not row or len(row[0]) <= dash + 1 or row[0][: dash + 1].strip():
        return None
    return [row[0][:dash] + "-" + row[0][dash + 1 :], *row[1:]]


def _pairs(read: Sequence[Plain], wanted: Sequence[Plain], key: str) -> list[int | None]:
    """For each wanted item the index of the item it was before: the same, else of the same key, else same place."""
    pairs: list[int | None] = [None] * len(wanted)
    free = [index for index, item in enumerate(read) if item is not None]

    def take(at: int, index: int | None) -> None:
        if index is not None:
            pairs[at] = index
            free.remove(index)

    for at, new in enumerate(wanted):
        take(at, next((index for index in free if read[index] == new), None))
    for at, new in enumerate(wanted):
        if pairs[at] is None and key and new.get(key):
            take(at, next((index for index in free if read[index].get(key) == new[key]), None))
    for at in range(len(wanted)):
        if pairs[at] is None and at in free:
            take(at, at)
    return pairs


def _read_item(field: Field[Any] | None, entry: Any) -> Plain | None:
    if isinstance(field, Rows):
        return (read_fields(field.part, entry, _ignore) or None) if isinstance(entry, Mapping) else None
    if isinstance(field, Texts):
        return field.item.read(entry, _ignore)
    return entry


# ---------------------------------------------------------------------------------------------------- new lines


def _key(name: str, plain: Plain, fields: Declarations | None, owner: Field[Any] | None, column: int) -> list[str]:
    return emit({name: plain}, column, fields, owner).splitlines(keepends=True)


def _item(plain: Plain, field: Field[Any] | None, dash: int) -> list[str]:
    return emit_item(plain, dash, field).splitlines(keepends=True)


def _with_end_comment(line: str, node: yaml.Node, start: int, fresh: list[str]) -> list[str]:
    """Keep the comment at the end of a one-line value's line, when the new value has one line too."""
    if len(fresh) > 1 or not isinstance(node, yaml.ScalarNode) or node.end_mark.line != start:
        return fresh
    tail = line.rstrip("\n")[node.end_mark.column :]
    return [fresh[0].rstrip("\n") + tail + "\n"] if tail.strip().startswith("#") else fresh
