"""Composition of the process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sandbox import control, message_control, shop
from sandbox.clock import real_now
from sandbox.errors import ControlError
from sandbox.hooks import routes as hooks
from sandbox.identity import routes as identity
from sandbox.identity.provider import IdentityProvider
from sandbox.kdniao import routes as kdniao
from sandbox.kuaidi100 import routes as kuaidi100
from sandbox.mail.server import MailServer
from sandbox.robots import dingtalk, wecom
from sandbox.settings import Settings
from sandbox.sms import door as sms
from sandbox.sms.reports import Reporter
from sandbox.staging import Sleep, Stage
from sandbox.world import World


def create_app(
    settings: Settings,
    real: Callable[[], datetime] = real_now,
    sleep: Sleep = asyncio.sleep,
    outward: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """The whole process; `real` and `sleep` are the outside clock, so that tests need not wait.

    `outward` carries what the stand-ins push. Mails are taken while the process lives.
    """
    stage = Stage(World(settings, real), sleep)

    @asynccontextmanager
    async def taking_mails(_: FastAPI) -> AsyncIterator[None]:
        mails = MailServer(stage)
        if settings.smtp_port:
            await mails.start(settings.host, settings.smtp_port)
        yield
        await mails.stop()

    app = FastAPI(title="驿问 sandbox", docs_url=None, redoc_url=None, lifespan=taking_mails)
    app.state.stage, app.state.reporter = stage, Reporter(settings.reports_url, outward)
    app.state.identity, app.state.chat_url = IdentityProvider(), settings.chat_url
    carriers = (kdniao.router, kuaidi100.router)
    messages = (dingtalk.router, wecom.router, sms.router, hooks.router, message_control.router)
    for room in (control.router, shop.router, *carriers, *messages, identity.router):
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
