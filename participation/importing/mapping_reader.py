"""The YAML of a mapping to its checked form, every fault with its line.

What a mapping means is in `mapping`; nothing of the table is known here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from participation import lifecycle
from participation.importing.errors import ImportRefused
from participation.importing.mapping import Creates, MappingFile, Source, StateSource, word_key
from participation.importing.paths import FieldPath, record_type, resolve
from participation.importing.people import folded
from participation.importing.sheets import ENCODINGS, Reading
from participation.importing.wordforms import TemplateFault, placeholders
from participation.messages import mark as _
from participation.problems import Problem
from participation.records import Record
from participation.records.fields import Refused
from participation.yamltext.nodes import Tree, YamlFault, parse

LARGEST_MAPPING = 1 << 20
CREATABLE = ("zone", "service", "theme")


def read_mapping(content: bytes, file: str) -> MappingFile:
    """The mapping in a YAML file; raises ImportRefused with every fault found."""
    problems: list[Problem] = []
    if len(content) > LARGEST_MAPPING:
        raise ImportRefused([Problem(_("La correspondance dépasse 1\u00a0Mo."), file=file)])
    try:
        tree = parse(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ImportRefused([Problem(_("La correspondance n’est pas en UTF-8."), file=file)]) from None
    except YamlFault as fault:
        raise ImportRefused([Problem(fault.message, file=file, line=fault.line, hint=fault.hint)]) from None
    if not isinstance(tree.plain, dict):
        raise ImportRefused(
            [Problem(_("Une correspondance est faite de lignes «\u00a0clé\u00a0: valeur\u00a0»."), file=file, line=1)]
        )
    mapping = _Reader(tree, file, problems).read()
    if problems or mapping is None:
        raise ImportRefused(problems)
    return mapping


_KEYS = {"type", "id", "file", "edition", "only", "unknown", "nothing", "fields", "fixed", "drop", "if_wrong"}
_SOURCE_KEYS = {
    "column",
    "value",
    "when",
    "extract",
    "patterns",
    "values",
    "template",
    "formats",
    "future",
    "default",
    "if_wrong",
    "organisations",
    "without_contacts",
    "html",
    "create",
}
_STATE_KEYS = {"column", "values", "reasons", "dates", "if_wrong"}


class _Reader:
    """Walks the parsed YAML once; every fault goes to `problems` with its line."""

    def __init__(self, tree: Tree, file: str, problems: list[Problem]) -> None:
        self.tree, self.file, self.problems = tree, file, problems
        self.plain: dict[str, Any] = tree.plain

    def fault(self, message: str, *path: str, hint: str = "") -> None:
        line = self.tree.line(path)
        self.problems.append(Problem(message, file=self.file, line=line, field=".".join(path), hint=hint))

    def read(self) -> MappingFile | None:
        self._known(self.plain, _KEYS)
        type_name = self._text(self.plain.get("type", ""), "type")
        kind = record_type(type_name)
        if kind is None:
            self.fault(
                _("Le type de fiche «\u00a0%s\u00a0» est inconnu.") % type_name[:40],
                "type",
                hint="project, idea, event, article, zone…",
            )
            return None
        id_template = self._template(self.plain.get("id", ""), "id")
        if not id_template:
            self.fault(
                _("Dites comment composer l’identifiant\u00a0: «\u00a0id\u00a0»."),
                "id",
                hint='id: "{edition}-P{Numéro}"',
            )
        lenient = self._wrong(self.plain, False)
        sources, state = self._fields(kind, lenient)
        edition = self._edition()
        return MappingFile(
            file=self.file,
            record_type=kind,
            id_template=id_template,
            id_line=self.tree.line(["id"]) or 1,
            reading=self._reading(),
            edition_columns=self._texts(edition.get("column"), "edition", "column"),
            edition_value=self._text(edition.get("value", ""), "edition", "value"),
            only=self._conditions(self.plain.get("only"), "only"),
            unknown=frozenset(word_key(word) for word in self._texts(self.plain.get("unknown"), "unknown")),
            nothing=frozenset(word_key(word) for word in self._texts(self.plain.get("nothing"), "nothing")),
            sources=tuple(sources),
            state=state,
            drop=frozenset(folded(name) for name in self._texts(self.plain.get("drop"), "drop")),
        )

    # ---- parts of the file

    def _edition(self) -> dict[str, Any]:
        plain = self.plain.get("edition")
        return (
            {"value": plain} if isinstance(plain, str) else self._mapping(plain, "edition", known={"column", "value"})
        )

    def _reading(self) -> Reading:
        part = self._mapping(
            self.plain.get("file"), "file", known={"encoding", "separator", "sheet", "header_row", "guarded"}
        )
        encoding = self._text(part.get("encoding", ""), "file", "encoding").lower()
        if encoding and encoding not in ENCODINGS:
            self.fault(
                _("L’encodage «\u00a0%s\u00a0» est inconnu.") % encoding[:40],
                "file",
                "encoding",
                hint=", ".join(ENCODINGS),
            )
        separator = part.get("separator", "")
        separator = {"tab": "\t", "tabulation": "\t"}.get(separator, separator)
        if separator and (not isinstance(separator, str) or len(separator) != 1 or separator in '"\r\n'):
            self.fault(_("Le séparateur est un seul caractère."), "file", "separator", hint="; , | tab")
            separator = ""
        row = self._text(part.get("header_row", ""), "file", "header_row") or "1"
        if not row.isdecimal() or not 0 < int(row) <= 1000:
            self.fault(_("Le numéro de la ligne d’en-têtes va de 1 à 1000."), "file", "header_row")
            row = "1"
        guarded = self._flag(part, "guarded", "file")
        return Reading(encoding, separator, self._text(part.get("sheet", ""), "file", "sheet"), int(row), guarded)

    def _fields(self, kind: type[Record], lenient: bool) -> tuple[list[Source], StateSource | None]:
        sources: list[Source] = []
        state = None
        for path, text in self._mapping(self.plain.get("fixed"), "fixed").items():
            if found := self._path(kind, path, "fixed", path):
                value = self._text(text, "fixed", path)
                self._checked(found, value, "fixed", path)
                sources.append(Source(found, self._line("fixed", path), value=value))
        for path, spec in self._mapping(self.plain.get("fields"), "fields").items():
            if path == "status":
                state = self._state(kind, spec, lenient)
            elif found := self._path(kind, path, "fields", path):
                sources.append(self._source(kind, found, spec, path, lenient))
        seen: set[str] = set()
        for source in sources:
            if str(source.path) in seen:
                self.fault(_("Ce champ est donné deux fois."), "fields", str(source.path))
            seen.add(str(source.path))
        if not sources and state is None:
            self.fault(_("La correspondance ne remplit aucun champ."), "fields")
        return sources, state

    def _path(self, kind: type[Record], path: str, *at: str) -> FieldPath | None:
        try:
            return resolve(kind, path)
        except ValueError as unknown:
            self.fault(str(unknown), *at)
            return None

    def _source(self, kind: type[Record], path: FieldPath, spec: Any, name: str, lenient: bool) -> Source:
        at = ("fields", name)
        if isinstance(spec, str | list):
            spec = {"column": spec}
        spec = self._mapping(spec, *at, known=_SOURCE_KEYS)
        columns = self._texts(spec.get("column"), *at, "column")
        value = self._text(spec.get("value", ""), *at, "value")
        if bool(columns) == bool(value):
            self.fault(_("Donnez une colonne (column) ou une valeur fixe (value), l’une des deux."), *at)
        if value:
            self._checked(path, value, *at, "value")
        default = self._text(spec.get("default", ""), *at, "default")
        if default:
            self._checked(path, default, *at, "default")
        return Source(
            path,
            self._line(*at),
            columns=columns,
            value=value,
            when=self._conditions(spec.get("when"), *at, "when"),
            extract=self._pattern(spec["extract"], *at, "extract") if "extract" in spec else None,
            patterns=self._patterns(path, spec.get("patterns"), *at, "patterns"),
            values=self._values(spec, *at) if "values" in spec else None,
            template=self._template(spec.get("template", ""), *at, "template"),
            formats=self._formats(spec.get("formats"), *at, "formats"),
            future=self._future(path, spec, *at),
            default=default,
            lenient=self._wrong(spec, lenient, *at),
            organisations=self._flag(spec, "organisations", *at),
            without_contacts=self._flag(spec, "without_contacts", *at),
            html=self._flag(spec, "html", *at),
            creates=self._creates(path, spec, *at),
        )

    def _state(self, kind: type[Record], spec: Any, lenient: bool) -> StateSource | None:
        at = ("fields", "status")
        if kind.type_name not in lifecycle.TABLES:
            self.fault(_("Ce type de fiche n’a pas d’états."), *at)
            return None
        spec = self._mapping(spec, *at, known=_STATE_KEYS)
        columns = self._texts(spec.get("column"), *at, "column")
        if not columns or "values" not in spec:
            self.fault(_("Un état a besoin de sa colonne (column) et de la table de ses mots (values)."), *at)
        known = lifecycle.TABLES[kind.type_name]
        values = self._values(spec, *at)
        tables = {name: self._mapping(spec.get(name), *at, name) for name in ("reasons", "dates")}
        for name, codes in (("values", values.values()), *((name, table) for name, table in tables.items())):
            for code in codes:
                if code and code not in known:
                    self.fault(_("L’état «\u00a0%s\u00a0» n’existe pas.") % code[:40], *at, name, hint=", ".join(known))
        return StateSource(
            columns,
            values,
            self._line(*at),
            {code: self._text(words, *at, "reasons", code) for code, words in tables["reasons"].items()},
            {code: self._texts(names, *at, "dates", code) for code, names in tables["dates"].items()},
            self._wrong(spec, lenient, *at),
        )

    def _creates(self, path: FieldPath, spec: Mapping[str, Any], *at: str) -> Creates | None:
        if "create" not in spec:
            return None
        to = getattr(path.leaf, "to", "")
        part = self._mapping(spec["create"], *at, "create", known={"title", "titles", "kind"})
        if to not in CREATABLE:
            self.fault(_("On ne crée que des zones, des services et des thèmes."), *at, "create")
        titles = self._mapping(part.get("titles"), *at, "create", "titles")
        return Creates(
            to,
            {code: self._text(words, *at, "create", "titles", code) for code, words in titles.items()},
            self._template(part.get("title", "{text}"), *at, "create", "title"),
            self._text(part.get("kind", ""), *at, "create", "kind"),
        )

    def _future(self, path: FieldPath, spec: Mapping[str, Any], *at: str) -> FieldPath | None:
        if "future" not in spec:
            return None
        if path.leaf.kind != "date":
            self.fault(_("«\u00a0future\u00a0» ne vaut que pour une date."), *at, "future")
            return None
        try:
            return path.beside(self._text(spec["future"], *at, "future"))
        except ValueError as unknown:
            self.fault(str(unknown), *at, "future")
            return None

    # ---- pieces

    def _line(self, *path: str) -> int:
        return self.tree.line(path) or 1

    def _known(self, plain: Mapping[str, Any], keys: set[str], *at: str) -> None:
        for key in plain:
            if key not in keys:
                self.fault(
                    _("La clé «\u00a0%s\u00a0» n’existe pas ici.") % key[:40], *at, key, hint=", ".join(sorted(keys))
                )

    def _mapping(self, plain: Any, *at: str, known: set[str] | None = None) -> dict[str, Any]:
        if plain in (None, ""):
            return {}
        if not isinstance(plain, dict):
            self.fault(_("Un groupe de clés est attendu ici."), *at)
            return {}
        if known is not None:
            self._known(plain, known, *at)
        return plain

    def _text(self, plain: Any, *at: str) -> str:
        if isinstance(plain, str):
            return plain
        self.fault(_("Un texte simple est attendu ici."), *at)
        return ""

    def _texts(self, plain: Any, *at: str) -> tuple[str, ...]:
        if plain in (None, ""):
            return ()
        entries = [plain] if isinstance(plain, str) else plain
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            self.fault(_("Un texte ou une liste de textes est attendu ici."), *at)
            return ()
        return tuple(entries)

    def _flag(self, spec: Mapping[str, Any], name: str, *at: str) -> bool:
        text = spec.get(name, "false")
        if text not in ("true", "false"):
            self.fault(_("Écrivez true ou false."), *at, name)
        return bool(text == "true")

    def _wrong(self, spec: Mapping[str, Any], inherited: bool, *at: str) -> bool:
        text = spec.get("if_wrong", "")
        if text not in ("", "error", "warning"):
            self.fault(_("Écrivez error (la fiche attend) ou warning (la valeur est laissée)."), *at, "if_wrong")
        return text == "warning" if text else inherited

    def _template(self, plain: Any, *at: str) -> str:
        text = self._text(plain, *at)
        try:
            for _name in placeholders(text):
                pass
        except TemplateFault as fault:
            self.fault(str(fault), *at)
        return text

    def _pattern(self, plain: Any, *at: str) -> re.Pattern[str] | None:
        try:
            return re.compile(self._text(plain, *at), re.IGNORECASE | re.DOTALL)
        except re.error as error:
            self.fault(_("Cette expression n’est pas valable\u00a0: %s.") % error, *at)
            return None

    def _patterns(self, path: FieldPath, plain: Any, *at: str) -> tuple[tuple[re.Pattern[str], str], ...]:
        found = []
        for expression, text in self._mapping(plain, *at).items():
            pattern = self._pattern(expression, *at, expression)
            value = self._text(text, *at, expression)
            if value:
                self._checked(path, value, *at, expression)
            if pattern is not None:
                found.append((pattern, value))
        return tuple(found)

    def _values(self, spec: Mapping[str, Any], *at: str) -> dict[str, str]:
        table = self._mapping(spec.get("values"), *at, "values")
        return {word_key(words): self._text(value, *at, "values", words) for words, value in table.items()}

    def _conditions(self, plain: Any, *at: str) -> dict[str, tuple[str, ...]]:
        table = self._mapping(plain, *at)
        return {
            column: tuple(word_key(word) for word in self._texts(words, *at, column)) for column, words in table.items()
        }

    def _formats(self, plain: Any, *at: str) -> tuple[str, ...]:
        formats = self._texts(plain, *at)
        for text in formats:
            if "%" not in text or not _usable_format(text):
                self.fault(_("«\u00a0%s\u00a0» n’est pas un format de date.") % text[:40], *at, hint="%d/%m/%Y %H:%M")
        return formats

    def _checked(self, path: FieldPath, text: str, *at: str) -> None:
        if "{" in text:
            return
        try:
            path.check(text)
        except Refused as refusal:
            self.fault(refusal.message, *at, hint=refusal.hint)


def _usable_format(text: str) -> bool:
    moment = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    try:
        dt.datetime.strptime(moment.strftime(text), text)  # noqa: DTZ007  # only tried, never used
    except ValueError:
        return False
    return True
