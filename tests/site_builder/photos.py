"""Photos as cameras leave them: a shot with a place, a time and a comment in it, of any size, in any format."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

COMMENT = b"Vu chez Madame Untel"


def photo(width: int, height: int, form: str = "JPEG", *, turned: bool = False) -> bytes:
    """A picture with a dark sky above a light ground; `turned` as a telephone held upright leaves it."""
    image = Image.new("RGB", (width, height), "#dfe8d8")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((0, 0, width, height // 3), fill="#123f6b")
    for place in range(0, width, max(1, width // 16)):
        drawing.line((place, height // 3, width // 2, height), fill="#0b5351", width=max(1, width // 200))
    exif = Image.Exif()
    exif[Base.Artist] = "Camille Dupont"
    exif[Base.Model] = "Téléphone"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (47.0, 12.0, 30.0)
    if turned:
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[Base.Orientation] = 6
    data = io.BytesIO()
    more = {"comment": COMMENT} if form in ("JPEG", "GIF") else {}
    image.save(data, form, **({} if form == "GIF" else {"exif": exif}), **more)
    return data.getvalue()


def see_through(width: int, height: int) -> bytes:
    """A round drawing on nothing, as PNG."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((0, 0, width, height), fill="#b3261e")
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
