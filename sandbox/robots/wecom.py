"""The 企业微信 group robot: `POST /cgi-bin/webhook/send?key=KEY`, no signature."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from sandbox.arrivals import Arrival
from sandbox.faults import FaultKind, Provider
from sandbox.rates import PER_ROBOT_WECOM
from sandbox.robots.bodies import NotABody, read_body, required, text_under
from sandbox.staging import TheStage
from sandbox.world import World

router = APIRouter(tags=["wecom_robot"])
FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("content",),
    "markdown": ("content",),
    "markdown_v2": ("content",),
    "image": ("base64", "md5"),
    "news": ("articles",),
    "file": ("media_id",),
}
LONGEST_BYTES = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}


@router.post("/cgi-bin/webhook/send")
async def send(request: Request, stage: TheStage) -> Response:
    """Take one message; HTTP 200 with an errcode whatever becomes of it."""
    raw = await request.body()
    key = request.query_params.get("key", "")
    stage.world.calls.note(Provider.WECOM_ROBOT, "send", "")

    def compose(faults: frozenset[FaultKind]) -> dict[str, Any]:
        code, message = _take(stage.world, key, raw, faults)
        return {"errcode": code, "errmsg": message}

    return await stage.play(Provider.WECOM_ROBOT, compose)


def _take(world: World, key: str, raw: bytes, faults: frozenset[FaultKind]) -> tuple[int, str]:
    if key != world.settings.wecom_robot_key or FaultKind.WRONG_SIGNATURE in faults:
        return 93000, "invalid webhook url"
    try:
        kind, content, _ = read_body(raw, FIELDS)
    except NotABody as reason:
        return 40008, str(reason)
    missing = required(content, FIELDS[kind])
    if missing:
        return 40035, f"{kind}.{missing} missing"
    longest = LONGEST_BYTES.get(kind)
    if longest and len(text_under(content).encode()) > longest:
        return 40058, f"{kind}.content exceed max length {longest}"
    now = world.clock.real_now()
    is_admitted = world.rates.admits("wecom_robot", PER_ROBOT_WECOM, now)
    if not is_admitted or FaultKind.BUSY in faults:
        return 45009, "api freq out of limit"
    mentioned = {name: content[name] for name in content if name.startswith("mentioned")}
    detail = {"msgtype": kind, **mentioned}
    text = text_under(content)
    world.arrivals.note(Arrival(Provider.WECOM_ROBOT, now, "wecom robot", text, detail=detail))
    return 0, "ok"
