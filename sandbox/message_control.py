"""The control doors of messages: see what reached whom, begin anew."""

from datetime import datetime
from typing import Any, Self

from fastapi import APIRouter
from pydantic import BaseModel

from sandbox.arrivals import Arrival
from sandbox.faults import Provider
from sandbox.network.build import LOCAL
from sandbox.staging import TheWorld

router = APIRouter(tags=["control"])


class ArrivalOut(BaseModel):
    """One message as it arrived."""

    provider: Provider
    at: datetime
    to: str
    title: str
    text: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, arrival: Arrival) -> Self:
        """From the book."""
        return cls(
            provider=arrival.provider,
            at=arrival.at.astimezone(LOCAL),
            to=arrival.to,
            title=arrival.title,
            text=arrival.text,
            detail=dict(arrival.detail),
        )


@router.get("/arrivals")
async def arrivals(world: TheWorld, provider: Provider | None = None) -> list[ArrivalOut]:
    """Messages that arrived, oldest first, of one provider if asked for."""
    return [ArrivalOut.of(arrival) for arrival in world.arrivals.listing(provider)]


@router.delete("/arrivals")
async def forget_arrivals(world: TheWorld) -> list[ArrivalOut]:
    """Forget every message, and who has sent too many."""
    world.arrivals.clear()
    world.rates.clear()
    return []
