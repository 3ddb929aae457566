"""A process of its own that draws one picture again: what comes from outside is only ever opened here.

Run as `python -I -m backoffice.media.redraw FORMAT`, the picture on standard input, an answer on standard output (see
`answer`). It may use some memory and some seconds and write no file; a picture made to harm ends this process and
nothing else. Drawn from the pixels alone, so nothing that a camera or a program wrote beside them is kept.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import resource
import struct
import sys
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

KEPT = 2_000  # points across or high: more than any page shows, and a tenth of what a telephone makes
SMALL = 480
MOST_PIXELS = {"JPEG": 80_000_000}  # decoded at a fraction of its size; others are opened whole
MOST_PIXELS_WHOLE = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 84, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 84, "method": 2},  # a third of the time of 4, for a twentieth more bytes
}
_QUICK = {"compress_level": 3}  # of a PNG that holds a photo: `optimize` takes ten times as long for a tenth less
_MEMORY = 1 << 30  # bytes
_SECONDS = 20
_PHOTO_AS_PNG = 400_000  # bytes; beyond, a PNG without transparency that is smaller as JPEG becomes one
_TAKEN = re.compile(r"(\d{4}):(\d{2}):(\d{2})\b")
_EXIF, _DATE_TAKEN = 0x8769, 0x9003


def answer(facts: dict[str, Any], *files: bytes) -> bytes:
    """A line of JSON with its length before it, then each file with its length before it."""
    parts = [json.dumps(facts).encode(), *files]
    return b"".join(struct.pack(">Q", len(part)) + part for part in parts)


def read(told: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What `answer` wrote. Raises ValueError when it is not whole."""
    parts, at = [], 0
    while at < len(told):
        if len(told) < at + 8:
            raise ValueError("torn answer")
        (size,) = struct.unpack_from(">Q", told, at)
        parts.append(told[at + 8 : at + 8 + size])
        if len(parts[-1]) != size:
            raise ValueError("torn answer")
        at += 8 + size
    if not parts:
        raise ValueError("no answer")
    return json.loads(parts[0]), parts[1:]


def drawn(data: bytes, wanted: str) -> bytes:
    """The picture drawn again in format `wanted` ("": its own, or the one that suits it), and small; or why not."""
    from PIL import Image  # noqa: PLC0415  # after the limits are set

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of oddities inside files: what cannot be read raises
            Image.MAX_IMAGE_PIXELS = None  # the sizes below decide
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                most = MOST_PIXELS.get(str(opened.format), MOST_PIXELS_WHOLE)
                if opened.width * opened.height > most:
                    return answer({"refused": "pixels"})
                return _drawn(opened, wanted)
    except MemoryError:
        return answer({"refused": "pixels"})
    except Exception as fault:  # noqa: BLE001  # a damaged file can raise nearly anything from inside a decoder
        return answer({"refused": "broken", "detail": f"{type(fault).__name__}: {fault}"[:300]})


def _drawn(opened: Image, wanted: str) -> bytes:
    from PIL import ImageOps  # noqa: PLC0415  # likewise

    from site_builder.pictures.making import resized, upright_colours  # noqa: PLC0415  # likewise

    form, taken = str(opened.format), _taken(opened)
    begin_small(opened)
    ImageOps.exif_transpose(opened, in_place=True)
    image = upright_colours(opened)
    image = resized(image, _fitting(image)[0])
    solid = _solid(image)
    own = wanted or ("PNG" if form == "GIF" else form)
    data = _as_png(image) if own == "PNG" else _bytes(solid if own == "JPEG" else image, own)
    if not wanted and own == "PNG" and image.mode == "RGB" and len(data) > _PHOTO_AS_PNG:
        other = _bytes(solid, "JPEG")  # somebody's photo, saved in the wrong format
        own, data = ("JPEG", other) if len(other) * 2 < len(data) else (own, data)
    small = resized(solid, SMALL)
    facts = {"format": own, "width": image.width, "height": image.height, "taken": taken}
    return answer(facts, data, _bytes(small, "JPEG"))


def begin_small(opened: Image) -> None:
    """Have a JPEG decoded at a half, a quarter or an eighth of its size, where that is no less than what is kept.

    A telephone's photo is then drawn in a quarter of the time: whoever drops it waits for that.
    """
    if opened.format == "JPEG":
        opened.draft("RGB", _fitting(opened))


def _fitting(image: Image) -> tuple[int, int]:
    """The size at which the picture is kept."""
    share = min(1.0, KEPT / image.width, KEPT / image.height)
    return max(1, round(image.width * share)), max(1, round(image.height * share))


def _as_png(image: Image) -> bytes:
    quick = _bytes(image, "PNG", _QUICK)
    return quick if len(quick) > _PHOTO_AS_PNG else _bytes(image, "PNG")


def _solid(image: Image) -> Image:
    from PIL import Image as Module  # noqa: PLC0415  # likewise

    if image.mode != "RGBA":
        return image
    solid = Module.new("RGB", image.size, "white")
    solid.paste(image, mask=image.getchannel("A"))
    return solid


def _taken(opened: Image) -> str:
    """The day the photo was taken, as the camera wrote it; all else that it wrote is left behind."""
    with contextlib.suppress(Exception):  # of a camera's notes anything may be wrong
        found = _TAKEN.match(str(opened.getexif().get_ifd(_EXIF).get(_DATE_TAKEN, "")))
        if found and "1900" < found[1] < "2100":
            return "-".join(found.groups())
    return ""


def _bytes(image: Image, form: str, options: Mapping[str, Any] | None = None) -> bytes:
    data = io.BytesIO()
    image.save(data, form, **(options or _OPTIONS[form]))
    return data.getvalue()


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _bounded()
    sys.stdout.buffer.write(drawn(sys.stdin.buffer.read(), sys.argv[1] if len(sys.argv) > 1 else ""))
