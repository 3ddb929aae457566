"""One picture: from the bytes that somebody dropped to the files that visitors get. Nothing is read or kept here.

Everything is drawn again from the pixels, so nothing that a camera or a program wrote beside them is published: no
place, no name, no thumbnail. A picture that cannot be read, or is too large to be read safely, is refused with words.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from participation.messages import mark as _

if TYPE_CHECKING:
    from PIL.Image import Image

RECIPE = 1  # raise it when files are made another way: every picture is then made again
LARGEST = 1_280  # pixels across; what the widest column of a page shows on a dense screen is no more
TALLEST = 1_600
SMALL, MIDDLE = 480, 800
MOST_PIXELS = 80_000_000  # a photo of 80 megapixels takes 240 MB to open: no phone makes larger ones
MOST_BYTES = 50_000_000
READ = (".jpg", ".jpeg", ".png", ".webp", ".gif")
DRAWN = (".svg",)
UNREAD = (".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp", ".psd")
"""Pictures that many browsers do not show, or that cannot be opened safely; scanners and telephones make them."""
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_JPEG, _WEBP = {"quality": 80, "optimize": True, "progressive": True}, {"quality": 78, "method": 4}
_VIEW_BOX = re.compile(
    rb"<svg\b[^>]*?\bviewBox\s*=\s*[\"']\s*[-+\d.eE]+[\s,]+[-+\d.eE]+[\s,]+([\d.eE]+)[\s,]+([\d.eE]+)"
)
_SIZES = re.compile(
    rb"<svg\b[^>]*?\b(width|height)\s*=\s*[\"']([\d.]+)(?:px)?[\"'][^>]*?\b(width|height)\s*=\s*[\"']([\d.]+)"
)
OWN = ""
"""The name, after the picture's own, of the file that lies where the original would."""


class Made(NamedTuple):
    """The size of the largest file in pixels, and the files: end of their names -> bytes."""

    width: int
    height: int
    files: dict[str, bytes]


class Refused(NamedTuple):
    """Why a picture cannot be shown, and what to do; words to be translated for whoever reads them."""

    words: str
    hint: str


BROKEN = Refused(
    _("Cette image ne peut pas être lue\u00a0: le fichier est abîmé, ou n’est pas une image."),
    _("Ouvrez-la, enregistrez-la de nouveau en JPEG ou en PNG, puis remplacez-la."),
)
UNKNOWN = Refused(
    _("Ce format d’image ne s’affiche pas partout."),
    _("Enregistrez l’image en JPEG ou en PNG, puis remplacez-la."),
)
TOO_LARGE = Refused(
    _("Cette image est trop grande pour être ouverte\u00a0: 80 millions de points au plus."),
    _("Enregistrez-la plus petite\u00a0: 2\u202f000 points de large suffisent."),
)


def is_picture(path: str) -> bool:
    """True for a file that pages show as a picture, by the end of its name."""
    return path.lower().endswith((*READ, *DRAWN, *UNREAD))


def make(path: str, data: bytes) -> Made | Refused:
    """The files of a picture. `path` only tells drawings (SVG) and formats that are not read from the others."""
    if path.lower().endswith(DRAWN):
        return _drawing(data)
    if path.lower().endswith(UNREAD):
        return UNKNOWN
    if len(data) > MOST_BYTES:
        return TOO_LARGE
    from PIL import Image  # noqa: PLC0415  # 60 ms: most builds have no new picture

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of oddities inside files: what cannot be read raises
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return TOO_LARGE
                return _files(opened)
    except Image.DecompressionBombError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001  # a damaged file can raise nearly anything from inside a decoder
        return BROKEN


def _drawing(data: bytes) -> Made | Refused:
    """A drawing is published as it is; its proportions are those of its view box, else of its size."""
    head = data[:20_000]
    if b"<svg" not in head:
        return BROKEN
    found = _VIEW_BOX.search(head)
    width, height = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if not found and (sizes := _SIZES.search(head)):
        by_name = {sizes[1]: float(sizes[2]), sizes[3]: float(sizes[4])}
        width, height = by_name.get(b"width", 0.0), by_name.get(b"height", 0.0)
    if width <= 0 or height <= 0:
        width, height = 4, 3
    return Made(MIDDLE, max(1, round(MIDDLE * height / width)), {})


def _files(opened: Image) -> Made:
    from PIL import Image, ImageOps  # noqa: PLC0415  # likewise

    form = str(opened.format)
    if form == "JPEG":  # decoded at a half, a quarter or an eighth where that is enough: four times as fast
        opened.draft("RGB", (LARGEST * 2, TALLEST * 2))
    image = ImageOps.exif_transpose(opened)
    image = upright_colours(image)
    share = min(1.0, LARGEST / image.width, TALLEST / image.height)
    image = resized(image, max(1, round(image.width * share)))
    solid = image
    if image.mode == "RGBA":
        solid = Image.new("RGB", image.size, "white")
        solid.paste(image, mask=image.getchannel("A"))
    sizes = {size: resized(image, size) for size in (SMALL, MIDDLE) if size < image.width}
    own = {"JPEG": solid, "GIF": solid.quantize(256) if form == "GIF" else solid}.get(form, image)
    options = {"JPEG": _JPEG, "WEBP": _WEBP}.get(form, {})
    files = {OWN: _bytes(own, form, options)}
    files[f".{SMALL}.jpg"] = _bytes(resized(solid, min(SMALL, solid.width)), "JPEG", _JPEG)
    widest = LARGEST if image.width > MIDDLE else MIDDLE if image.width > SMALL else SMALL
    for name, one in (*sizes.items(), (widest, image)):
        files[f".{name}.webp"] = _bytes(one, "WEBP", _WEBP)
    return Made(image.width, image.height, files)


def upright_colours(image: Image) -> Image:
    """Plain sRGB, with transparency where there is some; a telephone's wider colours are brought into it."""
    from PIL import ImageCms  # noqa: PLC0415  # likewise

    profile = image.info.get("icc_profile")
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            made = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode=mode
            )
            image = made if made is not None else image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that cannot be read changes colours a little, never the picture
    image = image.convert("RGBA" if transparent else "RGB")
    image.info.clear()  # encoders copy comments and profiles from here
    return image


def resized(image: Image, width: int) -> Image:
    """The image brought down to that width; itself where it is no wider."""
    if width >= image.width:
        return image
    from PIL import Image as Module  # noqa: PLC0415  # likewise

    size = (width, max(1, round(image.height * width / image.width)))
    return image.resize(size, Module.Resampling.LANCZOS, reducing_gap=3.0)


def _bytes(image: Image, form: str, options: Mapping[str, int]) -> bytes:
    data = io.BytesIO()
    image.save(data, form, **options)
    return data.getvalue()
