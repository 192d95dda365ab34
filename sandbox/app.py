"""Composition of the process."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sandbox import control
from sandbox.clock import real_now
from sandbox.errors import ControlError
from sandbox.kdniao import routes as kdniao
from sandbox.kuaidi100 import routes as kuaidi100
from sandbox.settings import Settings
from sandbox.staging import Sleep, Stage
from sandbox.world import World


def create_app(
    settings: Settings,
    real: Callable[[], datetime] = real_now,
    sleep: Sleep = asyncio.sleep,
) -> FastAPI:
    """The whole process; `real` and `sleep` are the outside clock, so that tests need not wait."""
    app = FastAPI(title="驿问 sandbox", docs_url=None, redoc_url=None)
    app.state.stage = Stage(World(settings, real), sleep)
    for room in (control.router, kdniao.router, kuaidi100.router):
        app.include_router(room)
    app.add_exception_handler(ControlError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _not_served)
    return app


async def _refused(_: Request, error: Exception) -> JSONResponse:
    status, code = getattr(error, "status", 400), getattr(error, "code", "bad_request")
    return JSONResponse({"error": code, "detail": str(error)}, status)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else ()
    fields = "、".join(".".join(str(part) for part in problem["loc"]) for problem in problems)
    return JSONResponse({"error": "invalid_request", "detail": f"请求内容有误：{fields}"}, 422)


async def _not_served(_: Request, error: Exception) -> JSONResponse:
    status = getattr(error, "status_code", 404)
    code = "method_not_allowed" if status == 405 else "not_found"
    return JSONResponse({"error": code, "detail": "没有这个接口"}, status)
