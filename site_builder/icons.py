"""The icons of a theme, as markup for the inside of a page: each file is one `<svg class="lr-icon">`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from markupsafe import Markup

from site_builder.shipped import THEME


def load_icons(theme: Path = THEME) -> Mapping[str, Markup]:
    """All icons of a theme by name: `icons["arrow-right"]`. A name that does not exist is a `KeyError`.

    The theme is part of the product, not of the content: its files are trusted.
    """
    files = sorted((theme / "icons").glob("*.svg"))
    return MappingProxyType({file.stem: Markup(file.read_text("utf-8").strip()) for file in files})  # noqa: S704 - ours
