"""What every route needs, and the one place where errors become JSON."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi import HTTPException as RequestTooLarge
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.errors import BodyTooLarge, HouseError, InvalidRequest, MalformedJson
from ticketing.kernel.settings import Settings

BODY_LIMIT = 128 * 1024

BodyLimits = Mapping[str, int]
"""Bytes a body may have, by pattern of the whole path; everything else gets `BODY_LIMIT`."""

_log = structlog.get_logger(__name__)


class ErrorOut(BaseModel):
    """How every error looks."""

    error: str
    detail: str
    facts: dict[str, Any] = {}


def may_raise(*errors: type[HouseError]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses for the errors a route may raise."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        known = by_status.get(error.status, {}).get("description")
        text = f"{known}, {error.code}" if known else error.code
        by_status[error.status] = {"model": ErrorOut, "description": text}
    return by_status


async def get_db(connection: HTTPConnection) -> Database:
    """Return the database of this process."""
    db: Database = connection.app.state.db
    return db


async def get_clock(connection: HTTPConnection) -> Clock:
    """Return the clock of this process."""
    clock: Clock = connection.app.state.clock
    return clock


async def get_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of this process."""
    settings: Settings = connection.app.state.settings
    return settings


async def get_session(db: Annotated[Database, Depends(get_db)]) -> AsyncIterator[AsyncSession]:
    """Yield the request's session; it commits before the answer leaves."""
    async with db.transaction() as session:
        yield session


DatabaseDep = Annotated[Database, Depends(get_db)]
ClockDep = Annotated[Clock, Depends(get_clock)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]


def install_errors(app: FastAPI, body_limits: BodyLimits | None = None) -> None:
    """Make every failure of the app a JSON object `{"error", "detail"}`."""
    app.add_exception_handler(HouseError, _house_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected_error)
    app.add_middleware(BodyLimit, limits=body_limits or {})


class BodyLimit:
    """Refuses a body that says, or proves, to be larger than any request needs to be."""

    def __init__(self, app: ASGIApp, limits: BodyLimits) -> None:
        self._app = app
        self._limits = [(re.compile(path), limit) for path, limit in limits.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        length = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if length.isdigit() and int(length) > limit:
            await _answer(BodyTooLarge(limit))(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)

    def _limit_of(self, path: str) -> int:
        return next((limit for known, limit in self._limits if known.fullmatch(path)), BODY_LIMIT)


def _counted(receive: Receive, limit: int) -> Receive:
    """Return a `receive` that stops a body of unknown length at the limit."""
    so_far = 0

    async def counting() -> Message:
        nonlocal so_far
        message = await receive()
        so_far += len(message.get("body", b""))
        if so_far > limit:
            # FastAPI passes its own exception on as it is; any other would become a 400.
            raise RequestTooLarge(413)
        return message

    return counting


async def _house_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HouseError):
        raise error
    return _answer(error)


async def _validation_error(_request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    if any(problem["type"] == "json_invalid" for problem in problems):
        return _answer(MalformedJson())
    fields = [".".join(str(part) for part in problem["loc"]) for problem in problems]
    return _answer(InvalidRequest("请求内容不符合要求，请检查标出的字段", fields=fields))


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code, detail = _HTTP_CODES.get(status, ("request_failed", "请求无法处理"))
    headers = error.headers if isinstance(error, HTTPException) else None
    return JSONResponse({"error": code, "detail": detail}, status, headers=headers)


async def _unexpected_error(request: Request, error: Exception) -> JSONResponse:
    _log.error("unexpected_error", path=request.url.path, kind=type(error).__name__, exc_info=error)
    return JSONResponse({"error": "internal", "detail": "系统出了点问题，请稍后再试"}, 500)


def _answer(error: HouseError) -> JSONResponse:
    asked = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    headers = {**asked, **error.headers}
    return _ErrorAnswer(error.as_json(), error.status, headers=headers)


class _ErrorAnswer(JSONResponse):
    """An error may repeat what it was given, half characters included."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )


_HTTP_CODES = {
    400: ("bad_request", "请求无法读取"),
    404: ("not_found", "没有这个地址"),
    405: ("method_not_allowed", "这个地址不支持此方法"),
    413: ("body_too_large", "请求内容过大"),
    415: ("unsupported_media_type", "请用 JSON 格式提交"),
}
