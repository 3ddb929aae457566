"""How templates become Python: words and icons filled in once, and no object made for each escaped text.

A page has some two hundred places for values. Jinja2 escapes each into a `Markup`, only to join them all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from markupsafe import Markup, escape

from site_builder.tongues import Foreign, unmark_attributes, unmarked

_WORDS = re.compile(r'\{\{\s*_\("((?:[^"\\]|\\.)*)"\)\s*\}\}')
_ICON = re.compile(r'\{\{\s*icons\["([a-z-]+)"\]\s*\}\}')


def shown(value: object) -> str:
    """What `escape` gives, as a plain text that is safe where it goes: between others, to be joined."""
    if type(value) is str:
        text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return text.replace('"', "&#34;").replace("'", "&#39;")
    if type(value) is Markup:
        return value
    return value.marked() if type(value) is Foreign else escape(value)


class _Generator(CodeGenerator):
    """Writes `environment.shown(…)` where Jinja2 writes `escape(…)` around a value to be put out."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Environment(jinja2.Environment):
    """Jinja2's environment with our generator of code; always with autoescape."""

    code_generator_class = _Generator
    shown = staticmethod(shown)
    several_languages = False

    def for_several_languages(self) -> None:
        """Have templates mark texts in another language than the page's, where an element may stand."""
        self.several_languages = True
        self.filters["unmarked"] = unmarked


class FillInOnce(Extension):
    """Put words and icons that never vary into a template when it is compiled: a page has some sixty of them."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        environment: Any = self.environment
        source = _WORDS.sub(lambda match: str(escape(environment.translate(match[1]))), source)
        source = _ICON.sub(lambda match: str(environment.icons[match[1]]), source)
        return unmark_attributes(source) if environment.several_languages else source


def compiled(
    cache: Path, lang: str, theme: Path, icons: Mapping[str, str], *, several: bool = False
) -> jinja2.BytecodeCache:
    """Compiled templates on disk, apart for all that is filled into them: a language's words, the icons, this code.

    They depend on the installation and its theme alone, not on any content.
    """
    made = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=8)
    for file in sorted((theme / "messages").glob(f"{lang}/LC_MESSAGES/*.mo")):
        made.update(file.read_bytes())
    for name, icon in sorted(icons.items()):
        made.update(f"{name}\0{icon}\0".encode())
    folder = cache / "templates" / f"{lang}-{made.hexdigest()}{'-several' if several else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    return jinja2.FileSystemBytecodeCache(str(folder))
