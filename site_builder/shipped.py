"""Where the folders that ship with the program lie: the theme, its messages, the demonstration town, the guides.

Paths only. In a checkout they are the folders themselves, in a wheel they lie in `laureat_data` beside the
packages.
"""

from __future__ import annotations

from pathlib import Path

_HOME = Path(__file__).resolve().parent.parent
_DATA = _HOME / "laureat_data" if (_HOME / "laureat_data").is_dir() else _HOME

THEME = _DATA / "themes" / "default"
MESSAGES = THEME / "messages"
TOWN = _DATA / "content"
GUIDES = _DATA / "docs" / "guides"
