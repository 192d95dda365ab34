"""The subscriber's door: it verifies, and notices what it has had before."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from sandbox.arrivals import Arrival
from sandbox.faults import FaultKind, Provider
from sandbox.hooks.verifying import problem_of
from sandbox.staging import Reply, TheStage, TheWorld
from sandbox.world import World

router = APIRouter(tags=["webhooks"])


class SecretIn(BaseModel):
    """The secret that was shown when the subscription was made."""

    secret: Annotated[str, Field(pattern=r"^whsec_[A-Za-z0-9+/]{16,120}={0,2}$")]


@router.post("/hooks/inbox")
async def receive(request: Request, stage: TheStage) -> Response:
    """Take one event: 200, or 401 with the reason."""
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    stage.world.calls.note(Provider.WEBHOOKS, "receive", "")

    def compose(faults: frozenset[FaultKind]) -> Reply:
        if FaultKind.BUSY in faults:
            return Reply(429, {"error": "busy"})
        return _take(stage.world, headers, body, faults)

    return await stage.play(Provider.WEBHOOKS, compose)


@router.put("/hooks/secret")
async def learn_secret(world: TheWorld, told: SecretIn) -> dict[str, str]:
    """Tell the subscriber its secret."""
    world.webhook_secret = told.secret
    return {"status": "learnt"}


@router.post("/hooks/moved")
async def moved() -> Response:
    """A door that sends its callers elsewhere."""
    return Response(status_code=307, headers={"Location": "/hooks/inbox"})


@router.post("/hooks/gone")
async def gone() -> Response:
    """A door that is closed for good."""
    return Response(status_code=410)


def _take(
    world: World, headers: dict[str, str], body: bytes, faults: frozenset[FaultKind]
) -> Reply:
    now = world.clock.real_now()
    problem = problem_of(headers, body, world.webhook_secret, now)
    if problem or FaultKind.WRONG_SIGNATURE in faults:
        return Reply(401, {"error": problem or "no_matching_signature"})
    event_id = headers["webhook-id"]
    known = world.arrivals.listing(Provider.WEBHOOKS)
    detail: dict[str, Any] = {
        "webhook_id": event_id,
        "repeated": any(arrival.to == event_id for arrival in known),
        "event": json.loads(body),
    }
    title = str(detail["event"].get("type", ""))
    arrival = Arrival(Provider.WEBHOOKS, now, event_id, body.decode(), title, detail)
    world.arrivals.note(arrival)
    return Reply(200, {"status": "taken"})
