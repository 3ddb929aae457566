"""From what somebody dropped to what is kept: its kind is told by its bytes, pictures are drawn again, the rest vetted.

Nothing is written here. A refusal says why and what to do; the name that the browser sends is only ever a hint.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from backoffice.media import drawing, paper, redraw
from backoffice.records.lines import fold
from participation import wording
from participation.library import LONGEST
from participation.messages import mark as _
from participation.problems import LaureatError
from participation.records.fields import Plain

MEGABYTE = 1_000_000
MOST_BYTES = {"photo": 20 * MEGABYTE, "drawing": MEGABYTE, "document": 10 * MEGABYTE}
LARGEST_UPLOAD = 60 * MEGABYTE  # one form with several files
MOST_AT_ONCE = 30  # files in one form
ACCEPTED = "image/jpeg,image/png,image/webp,image/gif,image/svg+xml,application/pdf"
_PATIENCE = 30.0  # seconds
_ENDS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_TURNS = threading.BoundedSemaphore(2)  # pictures opened at once by one web process: each may take a gigabyte

UNKNOWN = (
    _("Ce fichier n’est ni une photo, ni un dessin SVG, ni un PDF."),
    _("Formats acceptés\u00a0: JPEG, PNG, WebP, GIF, SVG, PDF."),
)
HEIC = (
    _("Ce format de téléphone (HEIC, AVIF) ne s’affiche pas partout."),
    _("Enregistrez la photo en JPEG, ou choisissez «\u00a0le plus compatible\u00a0» dans les réglages du téléphone."),
)
OFFICE = (
    _("Ce document de bureautique ne se lit pas partout."),
    _("Enregistrez-le en PDF depuis votre logiciel, puis déposez le PDF."),
)
BROKEN = (
    _("Cette image ne peut pas être lue\u00a0: le fichier est abîmé, ou n’est pas une image."),
    _("Ouvrez-la, enregistrez-la de nouveau en JPEG ou en PNG, puis déposez-la."),
)
PIXELS = (
    _("Cette image a trop de points pour être ouverte\u00a0: 80 millions au plus en JPEG, 40 dans les autres formats."),
    _("Enregistrez-la plus petite\u00a0: 2\u202f000 points de large suffisent."),
)
UNSAFE_DRAWING = (
    _("Ce dessin ne peut pas être rendu sûr\u00a0: ce n’est pas du SVG, ou il cache autre chose."),
    _("Exportez-le de nouveau en «\u00a0SVG simple\u00a0», ou en PNG."),
)
PAPERS = {
    "broken": (_("Ce PDF est abîmé, ou n’en est pas un."), _("Enregistrez-le de nouveau en PDF.")),
    "active": (
        _("Ce PDF contient un programme, un formulaire actif ou un fichier joint."),
        _("Imprimez-le en PDF\u00a0: la copie n’en contient plus."),
    ),
    "locked": (
        _("Ce PDF est protégé par un mot de passe."),
        _("Enregistrez-le sans protection\u00a0: chacun doit pouvoir le lire."),
    ),
}
EMPTY = _("Ce fichier est vide."), _("Vérifiez-le sur votre ordinateur, puis déposez-le de nouveau.")
TOO_HEAVY = _("Ce fichier pèse %(size)s Mo, c’est trop."), _("%(most)s Mo au plus pour ce type de fichier.")
OTHER_TYPE = (
    _("Ce fichier n’est pas du même type que celui qu’il remplace."),
    _("Une photo remplace une photo, un dessin un dessin, un PDF un PDF."),
)
CUT = _("Un script ou un élément extérieur a été retiré de ce dessin.")


class Refused(LaureatError):
    """A file that is not taken in: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be kept of a file: the name it would like, its bytes, what is known of it, what was done to it.

    `small` is the picture for lists, where it was drawn; `source` the SHA-256 of what was dropped.
    """

    name: str
    content: bytes
    source: str
    facts: Mapping[str, Plain] = field(default_factory=dict)
    small: bytes = b""
    note: str = ""


def taken(name: str, data: bytes, like: str = "") -> Taken:
    """Judge one file. `like` is the path of the file that it replaces: then its type is kept. Raises Refused."""
    if not data:
        raise Refused(EMPTY[0], hint=EMPTY[1])
    kind = kind_of(data)
    if kind not in MOST_BYTES:
        words = {"telephone": HEIC, "office": OFFICE}.get(kind, UNKNOWN)
        raise Refused(words[0], hint=words[1])
    if len(data) > MOST_BYTES[kind]:
        sizes = {
            "size": wording.number(-(-len(data) // MEGABYTE)),
            "most": wording.number(MOST_BYTES[kind] // MEGABYTE),
        }
        raise Refused(TOO_HEAVY[0] % sizes, hint=TOO_HEAVY[1] % sizes)
    end = like[like.rfind(".") :].lower() if like else ""
    if like and kind != {".svg": "drawing", ".pdf": "document"}.get(end, "photo"):
        raise Refused(OTHER_TYPE[0], hint=OTHER_TYPE[1])
    source, title = hashlib.sha256(data).hexdigest(), title_of(name)
    if kind == "document":
        fault = paper.fault_of(data)
        if fault is not None:
            raise Refused(PAPERS[fault.why][0], hint=PAPERS[fault.why][1])
        return Taken(named(name, ".pdf"), data, source, {"title": title})
    if kind == "drawing":
        try:
            cleaned = drawing.clean(data)
        except drawing.Unsafe as unsafe:
            raise Refused(UNSAFE_DRAWING[0], hint=UNSAFE_DRAWING[1]) from unsafe
        return Taken(named(name, ".svg"), cleaned.data, source, {"title": title}, note=CUT if cleaned.cut else "")
    told, (content, small) = drawn(data, _FORMATS.get(end, "JPEG" if like else ""))
    facts = {"title": title, "date": told.get("taken", "")}
    return Taken(named(name, _ENDS[str(told["format"])]), content, source, facts, small)


def drawn(data: bytes, wanted: str = "") -> tuple[dict[str, Plain], list[bytes]]:
    """The picture drawn again by a process of its own: what it tells, the picture and a small one. Raises Refused."""
    command = [sys.executable, "-I", "-m", "backoffice.media.redraw", wanted]
    with _TURNS:
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=_PATIENCE, check=False, env={}, cwd="/"
            )
            told, files = redraw.read(done.stdout)
        except (subprocess.TimeoutExpired, ValueError) as failed:
            # It was ended by its limits: too much memory, too many seconds, or a decoder that fell over.
            raise Refused(BROKEN[0], hint=BROKEN[1]) from failed
    if told.get("refused") == "pixels":
        raise Refused(PIXELS[0], hint=PIXELS[1])
    if "refused" in told or len(files) != 2:
        raise Refused(BROKEN[0], hint=BROKEN[1])
    return told, files


def kind_of(data: bytes) -> str:
    """`photo`, `drawing`, `document`; `telephone` or `office` for what can be told how to change; else ""."""
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return "photo"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "photo"
    if data.startswith(b"%PDF-"):
        return "document"
    if data[4:8] == b"ftyp":
        return "telephone"
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "office"
    head = data[:4_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "drawing" if head.startswith(b"<") and b"<svg" in data[:50_000] else ""


def title_of(name: str) -> str:
    """The words of a file's name: `IMG_2041 place.JPG` gives `IMG 2041 place`."""
    stem = _base(name).rpartition(".")[0] or _base(name)
    return " ".join(re.sub(r"[\x00-\x1f\x7f_-]+", " ", stem).split())[:120]


def named(name: str, end: str) -> str:
    """A name that any computer and any address can hold: `place-du-marche.jpg`."""
    stem = _base(name).rpartition(".")[0] or _base(name)
    plain = re.sub(r"[^a-z0-9]+", "-", fold(stem)).strip("-")[: LONGEST // 3].strip("-")
    return f"{plain or 'fichier'}{end}"


def _base(name: str) -> str:
    """The name without the folders that some browsers, and attackers, send along."""
    return re.split(r"[/\\]", name)[-1].strip(" .")
