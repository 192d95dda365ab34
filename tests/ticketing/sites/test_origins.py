"""What counts as an origin."""

from __future__ import annotations

import pytest

from ticketing.sites.guests import own_origins
from ticketing.sites.origins import origin_of


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        (" HTTPS://Shop.Example.com/ ", "https://shop.example.com"),
        ("https://shop.example.com:443", "https://shop.example.com"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_an_origin_is_written_as_browsers_send_it(written: str, origin: str) -> None:
    assert origin_of(written) == origin


@pytest.mark.parametrize(
    "written",
    [
        "*",
        "https://*.example.com",
        "https://shop.example.com/cart",
        "https://user@shop.example.com",
        "https://shop.example.com:99999",
        "https://shop.example.com; script-src *",
        "https://a.com https://b.com",
        "https://a.com'none'",
        "ftp://shop.example.com",
        "null",
        "https://",
        "https://-",
        "https://店.cn",
        "",
    ],
)
def test_anything_that_could_mean_more_is_none(written: str) -> None:
    assert origin_of(written) is None


def test_our_own_pages_are_known_before_and_behind_a_proxy() -> None:
    environ = {
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "api:8000",
        "HTTP_X_FORWARDED_PROTO": "https, http",
        "HTTP_X_FORWARDED_HOST": "chat.example.com",
    }
    assert "https://chat.example.com" in own_origins(environ)
    assert "http://api:8000" in own_origins(environ)
    assert own_origins({}) == frozenset()
