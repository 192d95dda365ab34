"""Pictures are drawn anew before they are kept: no place, no device, no hidden file goes along.

What a camera writes beside the picture (EXIF with GPS, XMP, thumbnails) is left behind, the
picture is turned the way it is to be looked at, and made no larger than a screen can use. Of an
animation the first frame is kept. The bytes that were sent in are thrown away.
"""

from __future__ import annotations

import asyncio
import hashlib
import struct
import threading
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image
from PIL.Image import Transpose

from ticketing.files import disk
from ticketing.files.disk import Received
from ticketing.files.media import HEIC, JPEG, PHOTO, PNG, WEBP
from ticketing.kernel.errors import HouseError

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 4096
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_MODES = {
    "JPEG": ("RGB", "L"),
    "PNG": ("RGB", "RGBA", "L", "LA", "1"),
    "WEBP": ("RGB", "RGBA"),
}
_SAVING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "progressive": True},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 88, "method": 3},
}
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""How a picture is turned by what its camera says (EXIF 2.32, 4.6.4, Orientation)."""
_LARGEST_PROFILE = 16 * 1024
_AT_ONCE = threading.Semaphore(2)
"""A large picture takes a hundred megabytes while it is drawn."""


class PictureUnreadable(HouseError):
    """The picture is damaged, or of a format we cannot draw anew."""

    status, code = 422, "picture_unreadable"

    def __init__(self, *, is_heic: bool = False) -> None:
        said = "这张照片是 HEIC 格式，网页打不开；请换成 JPG，或截屏后再发"
        super().__init__(said if is_heic else "这张照片打不开，可能已损坏，请重新拍一张或换一张")


class PictureTooLarge(HouseError):
    """More pixels than any camera has."""

    status, code = 413, "picture_too_large"

    def __init__(self) -> None:
        megapixels = MOST_PIXELS // 1_000_000
        super().__init__(
            f"这张照片超过 {megapixels} 百万像素，请缩小后再发", limit_pixels=MOST_PIXELS
        )


async def redrawn(received: Received) -> Received:
    """Return a received file with its picture drawn anew; anything else as it is.

    Raises `PictureUnreadable` and `PictureTooLarge`; then nothing of it stays.
    """
    if received.media.family != PHOTO:
        return received
    is_done = False
    try:
        drawn = await asyncio.to_thread(_redraw, received)
        is_done = True
        return drawn
    finally:
        if not is_done:
            disk.discard(received)


def _redraw(received: Received) -> Received:
    if received.media is HEIC:
        raise PictureUnreadable(is_heic=True)
    form = _FORMATS[received.media]
    beside = received.path.with_name(f"{received.path.stem}-drawn.part")
    try:
        with _AT_ONCE:
            pixels = _draw(received.path, form, beside)
        beside.replace(received.path)
    finally:
        beside.unlink(missing_ok=True)
    content = received.path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    return replace(received, sha256=sha256, size=len(content), pixels=pixels)


def _draw(path: Path, form: str, to: Path) -> tuple[int, int]:
    """Draw one picture into another file; return its width and height."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=[form]) as sent:
                if sent.width * sent.height > MOST_PIXELS:
                    raise PictureTooLarge
                sent.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                profile = sent.info.get("icc_profile")
                drawn = _fit(sent, form)
    except Image.DecompressionBombError as error:
        raise PictureTooLarge from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise PictureUnreadable from error
    kept = profile if profile and len(profile) <= _LARGEST_PROFILE else None
    drawn.save(to, form, icc_profile=kept, **_SAVING[form])
    return drawn.size


def _fit(sent: Image.Image, form: str) -> Image.Image:
    upright = _upright(sent)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if upright.mode not in _MODES[form]:
        clear = form != "JPEG" and upright.has_transparency_data
        upright = upright.convert("RGBA" if clear else "RGB")
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)
    return plain


def _upright(sent: Image.Image) -> Image.Image:
    """Return a picture the way it is to be looked at; as it is where its EXIF is broken."""
    sent.load()
    try:
        turn = _TURNS.get(sent.getexif().get(ExifTags.Base.Orientation, 1))
    except (struct.error, SyntaxError, TypeError, ValueError, KeyError, OSError):
        turn = None
    return sent if turn is None else sent.transpose(turn)
