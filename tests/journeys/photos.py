"""Photos as a customer's phone would send them."""

from __future__ import annotations

import struct
import zlib

from tests.journeys.customer import Customer


def png(colour: bytes = b"\x20\x40\x60") -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = kind + data
        return struct.pack(">I", len(data)) + sealed + struct.pack(">I", zlib.crc32(sealed))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\x00" + colour))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def send_photo(customer: Customer, photo: bytes, name: str = "外箱.png") -> str:
    """Send a photo as a client of the REST door does; return its id."""
    sent = customer.send_file(name, photo, "image/png")
    assert sent.status_code == 201, sent.text
    file_id: str = sent.json()["file_id"]
    return file_id
