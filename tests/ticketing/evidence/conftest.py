"""A house that keeps its files in a folder of its own, and a ticket in it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import WAYBILL, ask, begin, register_parcel
from ticketing.composition import House

Json = dict[str, Any]


@pytest.fixture
async def house(house: House, tmp_path: Path) -> House:
    settings = house.settings.model_copy(update={"data_dir": tmp_path})
    return replace(house, settings=settings)


@pytest.fixture
async def customer(house: House) -> uuid.UUID:
    await register_parcel(house)
    return await begin(house, "rest", "demo/one")


@pytest.fixture
async def ticket_no(api: httpx.AsyncClient, assistant: Json, customer: uuid.UUID) -> str:
    words = "杯子碎了，电话13812345678"
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": words, "words": [words]}
    shown = await ask(api, assistant, customer, "tickets", **body)
    number: str = shown["ticket"]["ticket_no"]
    return number
