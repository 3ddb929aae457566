"""Files as people drop them, and as attackers make them."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><title>Banc</title><path d="M0 0h4v3z"/></svg>'
PAPER = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def photo(form="JPEG", size=(60, 40), *, colour="teal", mode="RGB", exif=None, **options) -> bytes:
    """A picture whose left half is orange: turned, it shows."""
    image = Image.new(mode, size, colour)
    image.paste("orange", (0, 0, size[0] // 2, size[1]))
    data = io.BytesIO()
    image.save(data, form, **({"exif": exif} if exif is not None else {}), **options)
    return data.getvalue()


def from_a_telephone(**more) -> bytes:
    """A photo that says where, when and with what it was taken, and that lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F], exif[0x013B] = "Camille", "Dupont"
    exif.get_ifd(0x8769)[0x9003] = "2025:10:03 09:12:44"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0)})
    return photo(exif=exif, **more)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it has that many points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
