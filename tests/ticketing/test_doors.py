"""Every door, as `/openapi.json` lists it, is given what no door can use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.ticketing.people import sign_in
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel.web import BODY_LIMIT

Json = dict[str, Any]

_FITTING = {
    "integer": "1",
    "uuid": "00000000-0000-0000-0000-000000000000",
    r"^[Tt][0-9]{14}$": "T20261122000001",
    "^[0-9a-f]{16}$": "0" * 16,
}
_STRANGE_VALUES = (
    '"\\ud800"',
    '"a\\u0000b"',
    "NaN",
    "1e400",
    str(2**63),
    "1" * 5000,
    '{"\\ud800": [{"a": -Infinity}]}',
    '"9999-12-31T23:59:59-14:00"',
    "[" * 300 + "]" * 300,
)
_STRANGE_QUERIES = ("%00", "%ED%A0%80", str(2**63), "9999-12-31T23:59:59-14:00", "fA%3D%3D", "NaN")


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> Json:
    return await sign_in(house, api, "mona", Role.MANAGER)


@pytest.fixture
async def schema(api: httpx.AsyncClient) -> Json:
    shown: Json = (await api.get("/openapi.json")).json()
    return shown


async def test_no_door_breaks_at_a_body_with_strange_values(
    api: httpx.AsyncClient, manager: Json, assistant: Json, schema: Json
) -> None:
    for method, path, door in _with_json(schema):
        for raw in _bodies(schema, door):
            for who in (manager, assistant) if "{conversation_id}" in path else (manager,):
                headers = {**who, "Content-Type": "application/json"}
                answer = await api.request(
                    method, _address(path, door), content=raw, headers=headers
                )
                assert answer.status_code < 500, (method, path, raw[:200])
                assert str(answer.status_code) in door["responses"], (method, path, raw[:200])


async def test_no_door_breaks_at_a_strange_query(
    api: httpx.AsyncClient, manager: Json, schema: Json
) -> None:
    for method, path, door in _doors(schema):
        for asked in (each for each in door.get("parameters", []) if each["in"] == "query"):
            for strange in _STRANGE_QUERIES:
                address = f"{_address(path, door)}?{asked['name']}={strange}"
                answer = await api.request(method, address, headers=manager)
                assert answer.status_code < 500, (method, address)


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"\x00", 400, "malformed_json"),
        (b"\xff", 400, "bad_request"),
        (b" " * (BODY_LIMIT + 1), 413, "body_too_large"),
    ],
)
async def test_every_door_says_what_it_answers_to_a_body_it_cannot_read(
    api: httpx.AsyncClient, manager: Json, schema: Json, body: bytes, status: int, error: str
) -> None:
    headers = {**manager, "Content-Type": "application/json"}
    doors = [*_with_json(schema)]
    assert len(doors) > 50
    for method, path, door in doors:
        answer = await api.request(method, _address(path, door), content=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (status, error), (method, path)
        assert str(status) in door["responses"], (method, path)


def _doors(schema: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in schema["paths"].items():
        if path != "/readyz":
            yield from ((method.upper(), path, door) for method, door in methods.items())


def _with_json(schema: Json) -> Iterator[tuple[str, str, Json]]:
    for method, path, door in _doors(schema):
        if "application/json" in door.get("requestBody", {}).get("content", {}):
            yield method, path, door


def _bodies(schema: Json, door: Json) -> Iterator[str]:
    shape = door["requestBody"]["content"]["application/json"]["schema"]
    whole = _example(schema, shape)
    for strange in _STRANGE_VALUES:
        yield strange
        for name, usual in whole.items() if isinstance(whole, dict) else ():
            put = ["@"] if isinstance(usual, list) else "@"
            yield json.dumps({**whole, name: put}).replace('"@"', strange, 1)


def _address(path: str, door: Json) -> str:
    """The path with values that its patterns let through, where that is easy."""
    shapes = {each["name"]: each["schema"] for each in door.get("parameters", [])}

    def fitting(match: re.Match[str]) -> str:
        shape = shapes[match[1]]
        known = (shape.get(key) for key in ("pattern", "format", "type"))
        return next((_FITTING[key] for key in known if key in _FITTING), "damage")

    return re.sub(r"\{(\w+)\}", fitting, path)


def _example(schema: Json, shape: Json) -> Any:
    """Something like what the door wants."""
    if "$ref" in shape:
        return _example(schema, schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    if "anyOf" in shape:
        return _example(schema, shape["anyOf"][0])
    if shape.get("type") == "object":
        return {name: _example(schema, s) for name, s in shape.get("properties", {}).items()}
    if shape.get("type") == "array":
        return [_example(schema, shape.get("items", {}))]
    return _simple(shape)


def _simple(shape: Json) -> Any:
    if "enum" in shape:
        return shape["enum"][0]
    if shape.get("type") in ("integer", "number"):
        return shape.get("minimum", 1)
    fitting = _FITTING.get(shape.get("format") or shape.get("pattern", ""), "x" * 8)
    return True if shape.get("type") == "boolean" else fitting
