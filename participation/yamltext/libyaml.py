"""YAML by libyaml: the tree of nodes with their places, for what `canonical` leaves, lines of faults and the writer.

A module of its own because importing PyYAML costs a tenth of a start, and most starts read no YAML but our own.
"""

from __future__ import annotations

import re
from typing import Any, cast

import yaml
from yaml._yaml import CParser  # the C loader alone: composing needs no resolver and no constructor

from participation.messages import mark as _
from participation.yamltext.faults import YamlFault

DEEPEST = 30
_SIGN = re.compile(r"[&*!]")
_ODD = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.1, 5.1
_BEFORE_A_VALUE = "\n:-?,[{"
# A block collection cannot be deeper than its column: only a line that begins so may go beyond what the C stack holds.
_FAR_RIGHT = re.compile(r"\n[ ?:-]{40}")
_MOST_SIGNS = 200  # that are looked for in the tree; beyond, one pass over the events costs less

Node = yaml.ScalarNode | yaml.MappingNode | yaml.SequenceNode


class _Loader(CParser):
    """libyaml's parser and composer with every hook of PyYAML's resolver made empty."""

    def resolve(self, kind: object, value: object, implicit: object) -> None:
        return None

    def descend_resolver(self, parent: object, index: object) -> None: ...

    def ascend_resolver(self) -> None: ...


def compose(text: str) -> Node | None:
    """The root of a text that has nothing but mappings, lists and texts, by libyaml. Raises YamlFault."""
    try:
        if text.count("[") > DEEPEST or text.count("{") > DEEPEST or _FAR_RIGHT.search(f"\n{text}"):
            _look(text)
        loader = _Loader(text)
        try:
            root = cast("Node | None", loader.get_single_node())
        finally:
            loader.dispose()
        if not _signs_are_text(text, root):
            _look(text)
    except YamlFault:
        raise
    except yaml.MarkedYAMLError as error:
        raise _fault(error) from None
    except (yaml.YAMLError, ValueError):  # only a character outside YAML has no mark
        raise YamlFault(
            _("Ce fichier contient un caractère invisible interdit."),
            _line_of_odd_character(text),
            _("Retapez ce passage."),
        ) from None
    return root


def _line_of_odd_character(text: str) -> int | None:
    match = _ODD.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else None


def plain(node: Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise YamlFault(_("Une clé doit être un simple mot."), key.start_mark.line + 1)
            if key.value in result:
                raise YamlFault(
                    _("La clé «\u00a0%s\u00a0» est écrite deux fois.") % key.value[:60],
                    key.start_mark.line + 1,
                    _("Gardez une seule des deux."),
                )
            result[key.value] = value.value if type(value) is yaml.ScalarNode else plain(value)
        return result
    return [plain(entry) for entry in node.value]


def _signs_are_text(text: str, root: Node | None) -> bool:
    """True when every & * ! that might be an anchor, an alias or a tag lies inside a scalar (as in Markdown)."""
    looked = 0
    for match in _SIGN.finditer(text):
        before = match.start() - 1
        while before >= 0 and text[before] in " \t":
            before -= 1
        if before < 0 or text[before] in _BEFORE_A_VALUE:
            looked += 1
            if looked > _MOST_SIGNS or not _inside_a_scalar(root, match.start()):
                return False
    return True


def _inside_a_scalar(node: Node | None, sign: int) -> bool:
    for _level in range(DEEPEST):  # an anchored list may contain itself
        if isinstance(node, yaml.ScalarNode):
            return node.start_mark.index < sign < node.end_mark.index
        if isinstance(node, yaml.MappingNode):
            node = _pair_before(node, sign)
        elif isinstance(node, yaml.SequenceNode):
            node = next((entry for entry in reversed(node.value) if entry.start_mark.index < sign), None)
        else:
            return False
    return False


def _pair_before(node: yaml.MappingNode, sign: int) -> Node | None:
    """The last key or value that begins before the sign."""
    for key, value in reversed(node.value):
        if key.start_mark.index < sign:
            found: Node = value if value.start_mark.index < sign else key
            return found
    return None


def _look(text: str) -> None:
    """Refuse anchors, aliases, tags and deep nesting from the stream of events, which cannot explode."""
    depth = 0
    loader = _Loader(text)
    try:
        while loader.check_event():
            event: Any = loader.get_event()
            line: int = event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise YamlFault(
                    _("Les ancres et les renvois (& et *) ne sont pas acceptés."),
                    line,
                    _("Recopiez le texte, ou mettez-le entre guillemets."),
                )
            if getattr(event, "tag", None):
                raise YamlFault(
                    _("Les types forcés (!) ne sont pas acceptés."),
                    line,
                    _("Retirez-le, ou mettez le texte entre guillemets."),
                )
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                depth += 1
                if depth > DEEPEST:
                    raise YamlFault(_("Les listes sont emboîtées trop profondément."), line)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                depth -= 1
    finally:
        loader.dispose()


_HINTS = (
    (
        "mapping values are not allowed",
        _("Mettez entre guillemets un texte qui contient deux-points et un espace."),
    ),
    ("cannot start any token", _("Mettez ce texte entre guillemets, et des espaces au lieu de tabulations.")),
    ("could not find expected ':'", _("Il manque sans doute deux-points après une clé.")),
    ("did not find expected key", _("Vérifiez l’alignement de cette ligne et de celle du dessus.")),
    ("expected a single document", _("Un fichier contient une seule fiche\u00a0: retirez la ligne «\u00a0---\u00a0».")),
    ("unexpected end of stream", _("Un guillemet n’est pas refermé.")),
)


def _fault(error: yaml.MarkedYAMLError) -> YamlFault:
    mark: Any = error.problem_mark or error.context_mark
    problem = f"{error.problem or ''} {error.context or ''}"
    hint = next((words for sign, words in _HINTS if sign in problem), "")
    return YamlFault(_("Ce fichier n’est pas lisible à cet endroit."), mark.line + 1 if mark else None, hint)


def child(node: Node, step: str) -> tuple[int, Node] | None:
    """The line (from 0) and the value of one key or row."""
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark.line, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and 0 < int(step) <= len(node.value):
        row: Node = node.value[int(step) - 1]
        return row.start_mark.line, row
    return None
