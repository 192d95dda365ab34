"""Every door has a small limit, but for those a table gives a larger one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request

from ticketing.kernel.web import BODY_LIMIT, install_errors

LARGE = BODY_LIMIT * 4
LIMITS = {r"/upload": LARGE, r"/rooms/[0-9]+/files": LARGE}


@pytest.fixture
def api() -> httpx.AsyncClient:
    """Doors that say how many bytes came through them."""
    app = FastAPI()
    install_errors(app, LIMITS)

    async def count(request: Request) -> int:
        return len(await request.body())

    for path in ("/upload", "/rooms/{room}/files", "/other"):
        app.post(path)(count)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house")


async def pieces(size: int) -> AsyncIterator[bytes]:
    """So many bytes whose number nobody is told beforehand."""
    for start in range(0, size, 10_000):
        yield b"x" * min(10_000, size - start)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/upload", LARGE),
        ("/rooms/12/files", LARGE),
        ("/other", BODY_LIMIT),
        ("/rooms/ab/files", BODY_LIMIT),
    ],
)
@pytest.mark.parametrize("told", [True, False])
async def test_a_body_of_the_limit_passes_and_a_larger_one_does_not(
    api: httpx.AsyncClient, path: str, limit: int, told: bool
) -> None:
    def body(size: int) -> bytes | AsyncIterator[bytes]:
        return b"x" * size if told else pieces(size)

    assert (await api.post(path, content=body(limit))).json() == limit
    refused = await api.post(path, content=body(limit + 1))
    assert (refused.status_code, refused.json()["error"]) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["/uploads", "/upload/", "/x/upload", "/UPLOAD"])
async def test_a_pattern_covers_the_whole_path_only(api: httpx.AsyncClient, path: str) -> None:
    refused = await api.post(path, content=b"x" * (BODY_LIMIT + 1))
    assert refused.json()["facts"] == {"limit_bytes": BODY_LIMIT}
