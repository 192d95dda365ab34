"""Pictures are drawn anew: what is left of them, and what is refused."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from tests.ticketing.files.samples import HEIC, MP4, PDF, lying, picture, stream
from ticketing.files import pictures
from ticketing.files.disk import Received, receive
from ticketing.files.pictures import PictureTooLarge, PictureUnreadable, redrawn


async def drawn(folder: Path, content: bytes) -> tuple[Received, Image.Image]:
    """Take a picture in; return what is kept of it."""
    kept = await redrawn(await receive(folder, stream(content)))
    return kept, Image.open(io.BytesIO(kept.path.read_bytes()))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_keeps_its_format_and_loses_its_secrets(tmp_path: Path, form: str) -> None:
    original = picture(64, 48, form=form, exif=True)
    assert b"GPS-SECRET" in original
    kept, shown = await drawn(tmp_path, original)
    content = kept.path.read_bytes()
    assert b"GPS-SECRET" not in content
    assert (shown.format, dict(shown.getexif())) == (form, {})
    assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert lying(tmp_path) == [str(kept.path.relative_to(tmp_path))]


async def test_a_picture_is_turned_the_way_it_is_looked_at(tmp_path: Path) -> None:
    kept, shown = await drawn(tmp_path, picture(64, 48, exif=True, orientation=6))
    assert shown.size == (48, 64)
    assert kept.pixels == (48, 64)


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, 0), (2, 1), (3, 3), (4, 2), (5, 0), (6, 1), (7, 3), (8, 2)],
)
async def test_a_picture_is_turned_by_what_its_camera_says(
    tmp_path: Path, orientation: int, corner: int
) -> None:
    original, told = Image.new("RGB", (16, 16), "white"), Image.Exif()
    original.paste("black", (0, 0, 8, 8))
    told[0x0112] = orientation
    sent = io.BytesIO()
    original.save(sent, "PNG", exif=told)
    _, shown = await drawn(tmp_path, sent.getvalue())
    corners = [shown.convert("L").getpixel(at) for at in ((2, 2), (13, 2), (2, 13), (13, 13))]
    assert corners.index(0) == corner


async def test_a_picture_whose_camera_writes_nonsense_is_drawn_all_the_same(
    tmp_path: Path,
) -> None:
    tags = ((0x0112, 3, 1, b"\0\6\0\0"), (0x0100, 2, 4, b"abc\0"))
    entries = b"".join(struct.pack(">HHI", *tag[:3]) + tag[3] for tag in tags)
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", len(tags)) + entries + bytes(4)
    sent = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(sent, "JPEG", exif=exif)
    _, shown = await drawn(tmp_path, sent.getvalue())
    assert shown.size == (10, 20)


async def test_a_hidden_file_behind_a_picture_is_gone(tmp_path: Path) -> None:
    kept, _ = await drawn(tmp_path, picture() + b"<script>alert(1)</script>")
    assert b"<script>" not in kept.path.read_bytes()


async def test_a_large_picture_is_made_no_larger_than_a_screen_can_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "LONGEST_SIDE", 100)
    _, shown = await drawn(tmp_path, picture(400, 200))
    assert shown.size == (100, 50)


async def test_of_an_animation_the_first_frame_is_kept(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = io.BytesIO()
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    _, shown = await drawn(tmp_path, moving.getvalue())
    red, blue = (shown.convert("RGB").getchannel(each).tobytes() for each in ("R", "B"))
    assert min(red) > 200
    assert max(blue) < 60
    assert getattr(shown, "n_frames", 1) == 1


@pytest.mark.parametrize("mode", ["P", "LA", "I;16", "1", "RGBA"])
async def test_every_sort_of_png_is_drawn(tmp_path: Path, mode: str) -> None:
    original = io.BytesIO()
    Image.new(mode, (9, 7)).save(original, "PNG")
    _, shown = await drawn(tmp_path, original.getvalue())
    assert shown.size == (9, 7)


async def test_what_can_be_seen_through_stays_so(tmp_path: Path) -> None:
    original = io.BytesIO()
    Image.new("RGBA", (9, 7), (255, 0, 0, 40)).save(original, "PNG")
    _, shown = await drawn(tmp_path, original.getvalue())
    assert shown.getpixel((0, 0)) == (255, 0, 0, 40)


async def test_a_printers_colours_become_a_screens(tmp_path: Path) -> None:
    original = io.BytesIO()
    Image.new("CMYK", (9, 7)).save(original, "JPEG")
    _, shown = await drawn(tmp_path, original.getvalue())
    assert shown.mode == "RGB"


@pytest.mark.parametrize(
    "content",
    [
        picture()[:200],
        b"\xff\xd8\xff\xe0" + b"nothing" * 50,
        b"\x89PNG\r\n\x1a\n" + b"nothing" * 50,
        b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"nothing" * 50,
    ],
)
async def test_a_damaged_picture_is_refused_and_nothing_stays(
    tmp_path: Path, content: bytes
) -> None:
    received = await receive(tmp_path, stream(content))
    with pytest.raises(PictureUnreadable):
        await redrawn(received)
    assert lying(tmp_path) == []


async def test_a_format_no_page_can_show_is_refused_with_a_way_out(tmp_path: Path) -> None:
    received = await receive(tmp_path, stream(HEIC))
    with pytest.raises(PictureUnreadable, match="JPG"):
        await redrawn(received)
    assert lying(tmp_path) == []


async def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
    received = await receive(tmp_path, stream(picture(200, 200)))
    with pytest.raises(PictureTooLarge):
        await redrawn(received)
    assert lying(tmp_path) == []


@pytest.mark.parametrize("content", [MP4, PDF])
async def test_what_is_no_picture_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    received = await receive(tmp_path, stream(content))
    assert await redrawn(received) == received
    assert received.path.read_bytes() == content
