"""YAML text to nested plain text: mappings, lists and str only, with the line of every value at hand.

All scalars stay text (design, section 2). Duplicate keys, anchors, aliases, tags and deep nesting are refused here;
what the values mean is for `participation.records`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from participation.yamltext import canonical
from participation.yamltext.faults import YamlFault

if TYPE_CHECKING:
    from participation.yamltext.libyaml import Node

__all__ = ["Tree", "YamlFault", "parse"]


@dataclass
class Tree:
    """A parsed text: `plain` is what it says, `line` finds where it says it."""

    text: str
    plain: Any

    @cached_property
    def root(self) -> Node | None:
        """The tree of nodes with their places; None for an empty text."""
        from participation.yamltext import libyaml  # noqa: PLC0415  # a slow import, seldom needed

        return libyaml.compose(self.text)

    def line(self, path: Sequence[str]) -> int | None:
        """The line (from 1) of the key or row at `path` (keys and row numbers from 1), or of its nearest parent."""
        from participation.yamltext import libyaml  # noqa: PLC0415  # as above

        if self.root is None:
            return None
        node, line = self.root, self.root.start_mark.line
        for step in path:
            found = libyaml.child(node, step)
            if found is None:
                break
            line, node = found
        return line + 1


def parse(text: str) -> Tree:
    """Parse one YAML document; an empty one gives an empty mapping. Raises YamlFault."""
    plain = canonical.read(text)
    if plain is not None:
        return Tree(text, plain)
    from participation.yamltext import libyaml  # noqa: PLC0415  # as above

    root = libyaml.compose(text)
    tree = Tree(text, {} if root is None else libyaml.plain(root))
    tree.root = root
    return tree
