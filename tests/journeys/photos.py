"""Photos as a customer's phone would send them."""

from __future__ import annotations

import io

from PIL import Image

from tests.journeys.customer import Customer


def png(colour: bytes = b"\x20\x40\x60") -> bytes:
    """Return a picture of one pixel, the same after the house has drawn it anew."""
    red, green, blue = colour
    made = io.BytesIO()
    Image.new("RGB", (1, 1), (red, green, blue)).save(made, "PNG")
    return made.getvalue()


def send_photo(customer: Customer, photo: bytes, name: str = "外箱.png") -> str:
    """Send a photo as a client of the REST door does; return its id."""
    sent = customer.send_file(name, photo, "image/png")
    assert sent.status_code == 201, sent.text
    file_id: str = sent.json()["file_id"]
    return file_id
