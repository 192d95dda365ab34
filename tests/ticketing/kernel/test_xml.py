"""XML from strangers is read, or refused with a reason; it never does anything."""

from __future__ import annotations

from contextlib import suppress
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.kernel.xml import MAX_BYTES, MAX_DEPTH, XmlRefused, read_xml


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


def test_a_file_is_read_with_its_names_and_texts() -> None:
    root = read_xml('<?xml version="1.0"?><a xmlns="urn:x"><b c="d">中文</b></a>'.encode())
    assert root.tag == "{urn:x}a"
    assert root[0].attrib == {"c": "d"}
    assert root[0].text == "中文"


def test_a_byte_order_mark_does_not_matter() -> None:
    assert read_xml(b"\xef\xbb\xbf<a/>").tag == "a"


def test_what_the_file_says_of_its_encoding_does_not_matter() -> None:
    assert read_xml('<?xml version="1.0" encoding="GBK"?><a>中</a>'.encode()).text == "中"
    assert read_xml(b'<?xml version="1.0" encoding="no-such"?><a/>').tag == "a"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "不是完整的 XML"),
        (b"{}", "不是完整的 XML"),
        (b"<a>", "不是完整的 XML"),
        (b"<a></b>", "不是完整的 XML"),
        (b"<a/><b/>", "不是完整的 XML"),
        (b"<a>&nbsp;</a>", "不是完整的 XML"),
        (b"<a>\x00</a>", "不是完整的 XML"),
        (b"<x:a/>", "不是完整的 XML"),
        (b"\xff\xfe<\x00a\x00", "不是 UTF-8"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY x "xx">]><a>&x;</a>', "DOCTYPE"),
        (nested(MAX_DEPTH + 1), f"超过 {MAX_DEPTH} 层"),
        (b" " * (MAX_BYTES + 1), "超过 512 KB"),
    ],
)
def test_a_file_is_refused_with_the_reason(source: bytes, reason: str) -> None:
    with pytest.raises(XmlRefused) as refused:
        read_xml(source)
    assert reason in refused.value.reason
    assert refused.value.facts == {"reason": refused.value.reason}
    assert refused.value.status == 422


def test_the_limits_themselves_are_allowed() -> None:
    assert read_xml(nested(MAX_DEPTH)).tag == "a"
    assert read_xml(b"<a>" + b"x" * (MAX_BYTES - 7) + b"</a>").tag == "a"
    with pytest.raises(XmlRefused, match="超过 1 KB"):
        read_xml(b"<a>" + b"x" * 2000 + b"</a>", max_bytes=1024)


@pytest.mark.parametrize(
    "source",
    [
        nested(80_000),
        b"<a>" + b"<b/>" * 120_000 + b"</a>",
        b"<a " + b" ".join(b'x%d="1"' % n for n in range(40_000)) + b"/>",
        b"<a>" + b"&lt;" * 120_000 + b"</a>",
    ],
)
def test_half_a_megabyte_of_anything_takes_no_time(source: bytes) -> None:
    begun = thread_time()
    with suppress(XmlRefused):
        read_xml(source)
    assert thread_time() - begun < 3


_in_a_tag = st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode(errors="replace"))


@settings(deadline=None)
@given(st.binary(max_size=200) | _in_a_tag)
def test_no_bytes_do_anything_but_be_read_or_refused(source: bytes) -> None:
    try:
        root = read_xml(source)
    except XmlRefused:
        return
    assert root.tag
