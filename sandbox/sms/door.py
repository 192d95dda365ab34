"""`POST /`, where both vendors take their calls."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask

from sandbox.faults import FaultKind, Provider
from sandbox.sms import aliyun, tencent
from sandbox.sms.acs3 import SignedRequest
from sandbox.sms.reports import (
    AFTER_SECONDS,
    Report,
    Reporter,
    aliyun_report,
    tencent_report,
)
from sandbox.staging import Reply, Stage, TheStage

router = APIRouter(tags=["sms"])


def _reporter_of(request: Request) -> Reporter:
    reporter: Reporter = request.app.state.reporter
    return reporter


TheReporter = Annotated[Reporter, Depends(_reporter_of)]


@router.post("/")
async def call(request: Request, stage: TheStage, reporter: TheReporter) -> Response:
    """One call to 阿里云 (x-acs-action) or 腾讯云 (X-TC-Action)."""
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    if headers.get("x-acs-action") == "SendSms":
        signed = SignedRequest(request.method, request.url.query, headers, body)
        return await _aliyun(signed, dict(request.query_params), stage, reporter)
    if headers.get("x-tc-action") == "SendSms":
        return await _tencent(tencent.Call(headers, body), stage, reporter)
    return Response(status_code=404)


@router.post("/sms/reports/again")
async def push_reports_again(reporter: TheReporter) -> dict[str, int]:
    """Push every delivery report once more."""
    return {"pushed": await reporter.push_again()}


async def _aliyun(
    signed: SignedRequest, asked: dict[str, str], stage: Stage, reporter: Reporter
) -> Response:
    stage.world.calls.note(Provider.ALIYUN_SMS, "SendSms", "")
    made: list[Report] = []

    def compose(faults: frozenset[FaultKind]) -> Reply:
        refused = aliyun.identify(signed, stage.world, faults)
        if refused:
            return refused
        answer, reports = aliyun.send(asked, stage.world, faults)
        made.extend(reports)
        return Reply(200, answer)

    response = await stage.play(Provider.ALIYUN_SMS, compose)
    response.background = _later(stage, reporter, "aliyun", made, aliyun_report)
    return response


async def _tencent(asked: tencent.Call, stage: Stage, reporter: Reporter) -> Response:
    stage.world.calls.note(Provider.TENCENT_SMS, "SendSms", "")
    made: list[Report] = []

    def compose(faults: frozenset[FaultKind]) -> dict[str, Any]:
        answer, reports = tencent.answer(asked, stage.world, faults)
        made.extend(reports)
        return answer

    response = await stage.play(Provider.TENCENT_SMS, compose)
    response.background = _later(stage, reporter, "tencent", made, tencent_report)
    return response


def _later(
    stage: Stage,
    reporter: Reporter,
    provider: str,
    reports: list[Report],
    shape: Callable[[Report], dict[str, Any]],
) -> BackgroundTask:
    async def push() -> None:
        if reports:
            await stage.rest(AFTER_SECONDS)
            await reporter.push(provider, reports, shape)

    return BackgroundTask(push)
