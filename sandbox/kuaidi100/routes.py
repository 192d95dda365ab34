"""The doors of 快递100."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from sandbox.faults import FaultKind, Provider
from sandbox.forms import read_form
from sandbox.kuaidi100.answers import recognise, track
from sandbox.kuaidi100.requests import Failed, admit, read_param
from sandbox.staging import Stage, TheStage
from sandbox.world import tidy

router = APIRouter(tags=["kuaidi100"])


@router.post("/poll/query.do")
async def query(request: Request, stage: TheStage) -> Response:
    """Track one parcel; HTTP 200 with returnCode on a failure."""
    form = await read_form(request)
    stage.world.calls.note(Provider.KUAIDI100, "query", _waybill_no(form))
    return await _play(
        stage,
        lambda faults: track(stage.world, admit(form, stage.world.settings, faults)),
    )


@router.get("/poll/query.do")
async def query_by_get(stage: TheStage) -> Response:
    """Only POST is served."""
    stage.world.calls.note(Provider.KUAIDI100, "query", "")

    def refuse(_: frozenset[FaultKind]) -> Any:
        raise Failed("500", "查询失败：请使用POST提交")

    return await _play(stage, refuse)


@router.get("/autonumber/auto")
@router.post("/autonumber/auto")
async def autonumber(request: Request, stage: TheStage) -> Response:
    """Carriers a number may belong to."""
    asked = dict(request.query_params) | (await read_form(request) or {})
    num = asked.get("num", "").strip()
    stage.world.calls.note(Provider.KUAIDI100, "autonumber", tidy(num))

    def compose(faults: frozenset[FaultKind]) -> Any:
        if not asked.get("key"):
            raise Failed("701", "key缺失")
        wrong_key = asked["key"] != stage.world.settings.kuaidi100_key
        if wrong_key or FaultKind.WRONG_SIGNATURE in faults:
            raise Failed("600", "您不是合法的订阅者（即授权Key出错）")
        if FaultKind.QUOTA in faults:
            raise Failed("601", "KEY未开通此功能")
        return recognise(stage.world, num)

    return await _play(stage, compose)


async def _play(stage: Stage, compose: Callable[[frozenset[FaultKind]], Any]) -> Response:
    def answer(faults: frozenset[FaultKind]) -> Any:
        try:
            return compose(faults)
        except Failed as failed:
            return failed.body()

    return await stage.play(Provider.KUAIDI100, answer)


def _waybill_no(form: dict[str, str] | None) -> str:
    """The number asked for, for counting; empty when the param cannot be read."""
    try:
        return tidy(read_param((form or {}).get("param", "")).get("num", ""))
    except Failed:
        return ""
