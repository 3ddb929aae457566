"""Files under `media/` and what is known of them: their paths, the facts beside them, the words for what happens.

Pure functions; files are read and written by `participation.store.media`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from participation.checks.survey import survey
from participation.journal import FRENCH, Voice
from participation.messages import mark as _
from participation.records.base import Record, check_raw
from participation.records.media import MediaFile
from participation.yamltext.nodes import YamlFault, parse

MEDIA, FACTS = "media/", "library/"
LONGEST = 200  # characters of a path
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_NAMED = re.compile(r"(?:\(|\]:)\s*(?:</?media/([^<>\n]+)>|/?media/([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*))")
"""A picture or document in Markdown: `![…](media/cour.jpg)`."""


def is_path(path: str) -> bool:
    """True for a path that a file below `media/` may have: no space, no accent, no way out of the folder."""
    return len(path) <= LONGEST and _NAME.fullmatch(path) is not None and ".." not in path


def facts_path(path: str) -> str:
    """Where what is known of a file lies."""
    return f"{FACTS}{path}.yml"


def file_of(facts: str) -> str:
    """The file that the facts at this path are about, "" when they are none."""
    inner = facts.removeprefix(FACTS)
    return inner[: -len(".yml")] if inner != facts and inner.endswith(".yml") else ""


def read_facts(path: str, content: bytes | None, blob: str = "") -> MediaFile:
    """What is known of a file, from the bytes beside it; empty where they are missing or cannot be read."""
    raw: object = None
    if content is not None:
        try:
            raw = parse(content.decode("utf-8-sig")).plain
        except (YamlFault, UnicodeDecodeError):
            raw = None
    data = check_raw(MediaFile, raw).data if isinstance(raw, Mapping) else {}
    return MediaFile(data, id=path, path=facts_path(path), blob=blob)


def named_in(text: str) -> list[str]:
    """The paths below `media/` of what a Markdown text shows or leads to."""
    return [unquote(one or other) for one, other in _NAMED.findall(text)] if "media/" in text else []


def files_of(record: Record) -> Iterator[tuple[str, str]]:
    """What a record shows or leads to below `media/`: the dotted path of the field, the file."""
    found = survey(record)
    yield from found.files
    for field, text in found.texts:
        yield from ((field, name) for name in named_in(text))


# ---------------------------------------------------------------------------------------------------- sentences

ADDED = {
    "photo": _("Photo ajoutée\u00a0: %(what)s."),
    "document": _("Document ajouté\u00a0: %(what)s."),
    "file": _("Fichier ajouté\u00a0: %(what)s."),
}
REPLACED = {
    "photo": _("Photo remplacée\u00a0: %(what)s."),
    "document": _("Document remplacé\u00a0: %(what)s."),
    "file": _("Fichier remplacé\u00a0: %(what)s."),
}
REMOVED = {
    "photo": _("Photo retirée\u00a0: %(what)s."),
    "document": _("Document retiré\u00a0: %(what)s."),
    "file": _("Fichier retiré\u00a0: %(what)s."),
}
BACK = _("Fichier sorti de la corbeille\u00a0: %(what)s.")
DESCRIBED = _("Ce que l’on sait du fichier a changé\u00a0: %(what)s.")
_PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg")


def kind_of(path: str) -> str:
    """`photo`, `document` or `file`, by the end of a name."""
    name = path.lower()
    return "photo" if name.endswith(_PHOTOS) else "document" if name.endswith(".pdf") else "file"


def said(sentence: str | Mapping[str, str], facts: MediaFile, voice: Voice = FRENCH) -> str:
    """One of the sentences above about a file, told by its title, else by its name."""
    words = sentence if isinstance(sentence, str) else sentence[kind_of(facts.id)]
    return voice.say(words, what=voice.quote(title_of(facts)))


def title_of(facts: MediaFile) -> str:
    """The title of a file, else its name."""
    return str(facts.data.get("title") or facts.id.rpartition("/")[2])
