"""What a file is, told from its content alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ticketing.files import samples
from ticketing.files.media import (
    ALL,
    HEAD,
    EmptyFile,
    Media,
    MediaMismatch,
    MediaNotAllowed,
    check_declared,
    fit_name,
    sniff,
)

BY_TYPE = {media.media_type: media for media in ALL}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (samples.PHOTO, "image/jpeg"),
        (samples.PNG, "image/png"),
        (samples.WEBP, "image/webp"),
        (samples.HEIC, "image/heic"),
        (samples.GENERIC_HEIC, "image/heic"),
        (samples.MP4, "video/mp4"),
        (samples.boxed(b"mp42"), "video/mp4"),
        (samples.MOV, "video/quicktime"),
        (samples.PDF, "application/pdf"),
    ],
)
def test_content_is_recognised(content: bytes, expected: str) -> None:
    assert sniff(content[:HEAD]).media_type == expected


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"<!DOCTYPE html>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"<svg/>",
        b"GIF89a" + b"\x00" * 20,
        b"BM" + b"\x00" * 20,
        b"PK\x03\x04",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#!/bin/sh",
        b" %PDF-1.7",
        b"%PDF-x",
        b"\xff\xd8",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        samples.AVIF,
        samples.GENERIC_AVIF,
        samples.boxed(b"mif1"),
        samples.boxed(b"3gp4"),
        b"\x00\x00\x00\x18ftyp",
        b"\xff\xff\xff\xffftypmif1",
        b"text",
        b"\x00",
    ],
)
def test_what_is_not_wanted_is_refused(content: bytes) -> None:
    with pytest.raises(MediaNotAllowed) as caught:
        sniff(content)
    assert "JPG" in caught.value.detail


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(EmptyFile):
        sniff(b"")


@given(st.binary(max_size=64))
def test_any_bytes_are_recognised_or_refused(content: bytes) -> None:
    try:
        media = sniff(content)
    except (MediaNotAllowed, EmptyFile):
        return
    assert media in ALL


@pytest.mark.parametrize(
    ("media_type", "name", "declared"),
    [
        ("image/jpeg", "a.jpg", "image/jpeg"),
        ("image/jpeg", "a.JPEG", "application/octet-stream"),
        ("image/jpeg", "微信图片.png", "image/png"),
        ("image/heic", "IMG_1.HEIC", ""),
        ("image/webp", "noextension", None),
        ("video/quicktime", "a.mp4", "video/mp4; codecs=avc1"),
        ("application/pdf", "发票.pdf", "application/pdf"),
    ],
)
def test_names_and_types_of_the_same_family_are_believed(
    media_type: str, name: str, declared: str | None
) -> None:
    check_declared(BY_TYPE[media_type], name, declared)


@pytest.mark.parametrize(
    ("media_type", "name", "declared"),
    [
        ("image/jpeg", "a.html", "image/jpeg"),
        ("image/jpeg", "a.svg", "image/svg+xml"),
        ("image/jpeg", "a.jpg", "image/svg+xml"),
        ("image/jpeg", "a.jpg", "text/html"),
        ("image/png", "a.pdf", "application/pdf"),
        ("application/pdf", "a.jpg", "image/jpeg"),
        ("application/pdf", "a.exe", "application/pdf"),
        ("video/mp4", "a.jpg", "video/mp4"),
        ("video/mp4", "a.mp4", "image/jpeg"),
    ],
)
def test_names_and_types_of_another_family_are_refused(
    media_type: str, name: str, declared: str
) -> None:
    with pytest.raises(MediaMismatch):
        check_declared(BY_TYPE[media_type], name, declared)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("外箱.jpg", "外箱.jpg"),
        ("a.JPG", "a.JPG"),
        ("a.png", "a.jpg"),
        ("C:\\Users\\me\\a.jpg", "a.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("a\u202egnp.exe.jpg", "agnp.exe.jpg"),
        ("a\x00\n\r\tb.jpg", "ab.jpg"),
        ('a"<b>|?*:.jpg', "ab.jpg"),
        ("\ud800.jpg", "\ufffd.jpg"),
    ],
)
def test_a_name_is_kept_without_its_tricks(name: str, expected: str) -> None:
    assert fit_name(name, BY_TYPE["image/jpeg"]) == expected


@given(st.text(max_size=300), st.sampled_from(ALL))
def test_any_name_becomes_one_that_is_safe_everywhere(name: str, media: Media) -> None:
    kept = fit_name(name, media)
    assert kept.lower().endswith(media.extensions)
    assert 4 < len(kept) <= 130
    assert not set(kept) & set('/\\\0\n\r"<>')
    kept.encode()
