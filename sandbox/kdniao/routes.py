"""The doors of 快递鸟."""

from typing import Any

from fastapi import APIRouter, Request, Response

from sandbox.faults import FaultKind, Provider
from sandbox.forms import read_form
from sandbox.kdniao.answers import answer, refusal
from sandbox.kdniao.requests import Application, Refused, admit, read_object
from sandbox.kdniao.signing import signed_text
from sandbox.staging import TheStage
from sandbox.world import World, tidy

router = APIRouter(tags=["kdniao"])


@router.post("/Ebusiness/EbusinessOrderHandle.aspx")
@router.post("/api/dist")
async def invoke(request: Request, stage: TheStage) -> Response:
    """Query 1002, 8001, 8002 or recognise 2002; HTTP 200 with Success false on a refusal."""
    form = await read_form(request) or {}
    asked = _asked(form, stage.world)
    waybill_no = tidy(asked.text("LogisticCode"))
    stage.world.calls.note(Provider.KDNIAO, asked.request_type, waybill_no)

    def compose(faults: frozenset[FaultKind]) -> dict[str, Any]:
        try:
            return answer(stage.world, admit(form, stage.world.settings, faults))
        except Refused as refused:
            return refusal(form, asked, refused.reason)

    return await stage.play(Provider.KDNIAO, compose)


def _asked(form: dict[str, str], world: World) -> Application:
    """What the form asks for, admitted or not: for counting and echoing."""
    raw = form.get("RequestData", "")
    text = signed_text(raw, form.get("DataSign", ""), world.settings.kdniao_app_key) or raw
    request_type = form.get("RequestType", "")
    try:
        return Application(request_type, read_object(text))
    except Refused:
        return Application(request_type, {})
