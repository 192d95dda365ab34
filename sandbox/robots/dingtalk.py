"""The 钉钉 group robot with 加签: `POST /robot/send`."""

import hmac
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from sandbox.arrivals import Arrival
from sandbox.faults import FaultKind, Provider
from sandbox.rates import PER_ROBOT_DINGTALK
from sandbox.robots.bodies import NotABody, read_body, required, text_under
from sandbox.robots.signing import dingtalk_sign, is_timely
from sandbox.staging import TheStage
from sandbox.world import World

router = APIRouter(tags=["dingtalk"])
LONGEST_BYTES = 20_000
TOO_FAST = (130101, "send too fast, exceed 20 times per minute")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("content",),
    "markdown": ("title", "text"),
    "link": ("title", "text", "messageUrl"),
    "actionCard": ("title", "text"),
    "feedCard": ("links",),
}


@router.post("/robot/send")
async def send(request: Request, stage: TheStage) -> Response:
    """Take one message; HTTP 200 with an errcode whatever becomes of it."""
    raw = await request.body()
    asked = dict(request.query_params)
    stage.world.calls.note(Provider.DINGTALK, "send", "")

    def compose(faults: frozenset[FaultKind]) -> dict[str, Any]:
        code, message = _take(stage.world, asked, raw, faults)
        return {"errcode": code, "errmsg": message}

    return await stage.play(Provider.DINGTALK, compose)


def _take(
    world: World, asked: dict[str, str], raw: bytes, faults: frozenset[FaultKind]
) -> tuple[int, str]:
    refused = _identify(world, asked, faults)
    if refused:
        return refused
    if len(raw) > LONGEST_BYTES:
        return 460101, "message too long, exceed 20000 bytes"
    try:
        kind, content, whole = read_body(raw, FIELDS)
    except NotABody as reason:
        return 400105, str(reason)
    missing = required(content, FIELDS[kind])
    if missing:
        return 400100, f"param error: {kind}.{missing} is empty"
    now = world.clock.real_now()
    is_admitted = world.rates.admits("dingtalk", PER_ROBOT_DINGTALK, now)
    if not is_admitted or FaultKind.BUSY in faults:
        return TOO_FAST
    detail = {"msgtype": kind, "at": whole.get("at") or {}}
    title, text = str(content.get("title", "")), text_under(content)
    world.arrivals.note(Arrival(Provider.DINGTALK, now, "dingtalk robot", text, title, detail))
    return 0, "ok"


def _identify(
    world: World, asked: dict[str, str], faults: frozenset[FaultKind]
) -> tuple[int, str] | None:
    settings, timestamp = world.settings, asked.get("timestamp", "")
    if asked.get("access_token") != settings.dingtalk_token:
        return 300001, "token is not exist"
    if not is_timely(timestamp, world.clock.real_now()):
        return 310000, "invalid timestamp"
    wanted = dingtalk_sign(timestamp, settings.dingtalk_secret)
    is_right = hmac.compare_digest(wanted.encode(), asked.get("sign", "").encode())
    if not is_right or FaultKind.WRONG_SIGNATURE in faults:
        return 310000, "sign not match"
    return None
