"""One file out of a multipart form, in whatever pieces it comes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect

from tests.ticketing.files.samples import PHOTO, breaking, form, stream
from ticketing.files.disk import UploadBroken
from ticketing.files.multipart import OTHER_FIELDS_LIMIT, NoFileSent, incoming_file

TYPE = "multipart/form-data; boundary=limit"


async def read(body: bytes, content_type: str = TYPE, piece: int = 1000) -> tuple[str, str, bytes]:
    """Name, declared type and content of the form's file."""
    incoming = await incoming_file(content_type, stream(body, piece))
    content = b"".join([chunk async for chunk in incoming.chunks])
    return incoming.name, incoming.declared, content


def part(name: str, content: bytes = b"x", filename: str | None = None) -> bytes:
    """One part of a form, its boundary before it."""
    told = f'; filename="{filename}"' if filename is not None else ""
    head = f'--limit\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'
    return head.encode() + content + b"\r\n"


async def test_a_file_is_read_with_its_name_and_type() -> None:
    assert await read(form(PHOTO, "外箱.jpg")) == ("外箱.jpg", "image/jpeg", PHOTO)


@pytest.mark.parametrize("piece", [1, 2, 3, 17, 10**6])
async def test_it_may_come_in_any_pieces(piece: int) -> None:
    content = PHOTO + b"\r\n--limi\r\n--limi--\r\n" + PHOTO
    assert (await read(form(content), piece=piece))[2] == content


@given(st.binary(max_size=400), st.integers(1, 60))
@settings(max_examples=200, deadline=None)
async def test_any_content_comes_out_as_it_went_in(content: bytes, piece: int) -> None:
    boundary = "a-boundary-that-no-content-has-in-it"
    body = form(content, boundary=boundary)
    got = await read(body, f"multipart/form-data; boundary={boundary}", piece)
    assert got[2] == content


async def test_other_fields_beside_the_file_are_passed_over() -> None:
    body = part("role", b"outer") + form(PHOTO).removesuffix(b"--limit--\r\n")
    assert (await read(body + part("note") + b"--limit--\r\n"))[2] == PHOTO


async def test_a_field_without_a_filename_is_no_file() -> None:
    with pytest.raises(NoFileSent):
        await read(part("file", PHOTO) + b"--limit--\r\n")


async def test_a_file_in_another_field_is_not_the_one() -> None:
    with pytest.raises(NoFileSent):
        await read(part("photo", PHOTO[:100], "a.jpg") + b"--limit--\r\n")


async def test_a_second_file_is_refused() -> None:
    body = part("file", PHOTO, "a.jpg") + part("file", PHOTO, "b.jpg") + b"--limit--\r\n"
    with pytest.raises(NoFileSent):
        await read(body)


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=limit",
        "multipart/form-data; boundary=" + "x" * 5000,
        "\xff\xfe;;;=;boundary",
    ],
)
async def test_what_is_no_form_is_refused(content_type: str) -> None:
    with pytest.raises(NoFileSent):
        await read(form(PHOTO), content_type)


@pytest.mark.parametrize("kept", [0.0, 0.02, 0.5, 0.99])
async def test_a_form_that_ends_early_is_broken(kept: float) -> None:
    body = form(PHOTO)
    with pytest.raises(UploadBroken):
        await read(body[: int(len(body) * kept)])


async def test_a_sender_who_goes_away_breaks_the_upload() -> None:
    body = form(PHOTO)[:-100]
    incoming = await incoming_file(TYPE, breaking(body, ClientDisconnect()))
    with pytest.raises(UploadBroken):
        [chunk async for chunk in incoming.chunks]


async def test_too_much_beside_the_file_is_refused() -> None:
    body = part("note", b"x" * (OTHER_FIELDS_LIMIT + 1)) + form(PHOTO)
    with pytest.raises(UploadBroken):
        await read(body)


async def test_headers_without_end_are_refused() -> None:
    body = b"--limit\r\nX-Long: " + b"x" * 200_000
    with pytest.raises(UploadBroken):
        await read(body)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
async def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        await read(b"--limit\r\n" + body, piece=7)
    except (NoFileSent, UploadBroken):
        return
    raise AssertionError("a form without its last boundary was taken")
