"""The first bytes of all kinds of files, and streams of them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

from PIL import ExifTags, Image


def picture(
    width: int = 60,
    height: int = 40,
    *,
    form: str = "JPEG",
    colour: str = "teal",
    exif: bool = False,
    orientation: int = 1,
) -> bytes:
    """A real picture, with what a camera writes beside it."""
    beside = Image.Exif()
    if exif:
        beside[ExifTags.Base.Orientation] = orientation
        beside[ExifTags.Base.ImageDescription] = "GPS-SECRET"
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, form, exif=beside)
    return made.getvalue()


PHOTO = picture(form="JPEG") + b"\x00" * 1500
PNG = picture(form="PNG")
WEBP = picture(form="WEBP") + b"\x00" * 900
PDF = b"%PDF-1.7\n" + b"paper" * 300


def boxed(brand: bytes, *compatible: bytes) -> bytes:
    """A file of the ISO family: its first box, and something after it."""
    body = brand + b"\x00\x00\x02\x00" + b"".join(compatible)
    return (8 + len(body)).to_bytes(4, "big") + b"ftyp" + body + b"\x00\x00\x00\x08free" * 100


HEIC = boxed(b"heic", b"mif1", b"heic")
GENERIC_HEIC = boxed(b"mif1", b"heic", b"miaf")
AVIF = boxed(b"avif", b"mif1", b"avif")
GENERIC_AVIF = boxed(b"mif1", b"avif", b"miaf")
MP4 = boxed(b"isom", b"isom", b"iso2", b"avc1", b"mp41")
MOV = boxed(b"qt  ", b"qt  ")


async def stream(content: bytes, piece: int = 1000) -> AsyncIterator[bytes]:
    """The content piece by piece."""
    for start in range(0, len(content), piece):
        yield content[start : start + piece]


async def breaking(content: bytes, error: BaseException) -> AsyncIterator[bytes]:
    """The content, and then an error where more should come."""
    yield content
    raise error


def form(
    content: bytes, name: str = "a.jpg", declared: str = "image/jpeg", boundary: str = "limit"
) -> bytes:
    """A multipart form with one file."""
    return (
        (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {declared}\r\n\r\n"
        ).encode()
        + content
        + f"\r\n--{boundary}--\r\n".encode()
    )


def lying(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
