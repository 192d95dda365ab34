"""The pages that customers see: the chat, framed by its site only, and the widget's script."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, Response

from ticketing.kernel.web import SessionDep
from ticketing.sites import service
from ticketing.sites.models import Site
from ticketing.sites.service import UnknownSite

WIDGET_CACHE = "public, max-age=300, stale-while-revalidate=86400"
_HEAD_ENDS = "</head>"
_NOT_HERE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>驿问</title>'
    "<p>这个聊天窗口没有启用，请联系网站的客服。</p></html>"
)


def serve_chat(api: FastAPI, index: Path) -> None:
    """Serve the chat at `/chat`; only pages of the named site may frame it."""
    api.get("/chat", include_in_schema=False)(_chat(index))


def serve_widget(api: FastAPI, script: Path) -> None:
    """Serve the script that sites embed at `/widget.js`."""
    serve = api.api_route("/widget.js", methods=["GET", "HEAD"], include_in_schema=False)
    serve(_widget(script))


def _chat(index: Path) -> Callable[..., Awaitable[HTMLResponse]]:
    async def chat(
        session: SessionDep, site: Annotated[str, Query(max_length=40)] = ""
    ) -> HTMLResponse:
        """Serve the chat page; it finds its own way from the address."""
        try:
            found = await service.site(session, site) if site else None
        except UnknownSite:
            return HTMLResponse(_NOT_HERE, 404, headers=_headers("'none'"))
        page = await asyncio.to_thread(index.read_text, "utf-8")
        if found is None:
            return HTMLResponse(page, headers=_headers("'self'"))
        return HTMLResponse(
            _told(page, found), headers=_headers(" ".join(("'self'", *found.origins)))
        )

    return chat


def _headers(ancestors: str) -> dict[str, str]:
    policy = f"frame-ancestors {ancestors}; base-uri 'none'; object-src 'none'"
    return {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}


def _told(page: str, site: Site) -> str:
    """Return the page with what it needs to know of its site."""
    known: dict[str, Any] = {"key": site.key, "origins": site.origins, "theme": site.theme}
    safe = json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")
    told = f'<script type="application/json" id="yiwen-site">{safe}</script>'
    return page.replace(_HEAD_ENDS, told + _HEAD_ENDS, 1)


def _widget(script: Path) -> Callable[..., Awaitable[Response]]:
    async def widget(request: Request) -> Response:
        """Serve the widget's script; browsers ask again whether it has changed."""
        content = await asyncio.to_thread(script.read_bytes)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {
            "ETag": etag,
            "Cache-Control": WIDGET_CACHE,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type="text/javascript; charset=utf-8", headers=headers)

    return widget
