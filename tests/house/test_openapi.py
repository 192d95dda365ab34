"""The API describes itself: every route, and every error it may answer with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import socketio
from fastapi import FastAPI

from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel.errors import HouseError
from ticketing.kernel.settings import Settings

# What anybody may ask.
OPEN = frozenset(
    {
        *("/healthz", "/readyz", "/webhooks/rest/", "/api/oauth/token", "/api/session/ways"),
        *("/api/session/oidc", "/api/session/oidc/callback", "/api/sites/{key}/public"),
    }
)
SIGNS_IN = ("post", "/api/session")

Operations = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def operations() -> Operations:
    """Every operation of `/openapi.json` by method and path."""
    wrapped = build(House.build(Settings(demo=True, database_url="postgresql://nowhere/none")))
    assert isinstance(wrapped, socketio.ASGIApp)
    api = wrapped.other_asgi_app
    assert isinstance(api, FastAPI)
    paths = api.openapi()["paths"]
    return {(method, path): what for path, ways in paths.items() for method, what in ways.items()}


def test_the_doors_others_rely_on_are_described(operations: Operations) -> None:
    doors = {
        ("get", "/healthz"),
        ("get", "/readyz"),
        ("post", "/webhooks/rest/webhook"),
        ("get", "/webhooks/rest/messages"),
        ("post", "/api/oauth/token"),
        ("get", "/api/tickets"),
        ("post", "/api/tickets"),
        ("get", "/api/tickets/{ticket_no}"),
        ("post", "/api/tickets/{ticket_no}/steps/{step}/complete"),
        ("get", "/api/shipments/{waybill_no}"),
    }
    assert doors - operations.keys() == set()


def test_every_route_that_asks_who_is_calling_says_so(operations: Operations) -> None:
    silent = [
        f"{method} {path}"
        for (method, path), what in operations.items()
        if path not in OPEN
        and (method, path) != SIGNS_IN
        and not {"401", "403"} <= what["responses"].keys()
    ]
    assert silent == []


def test_every_route_that_looks_for_one_thing_may_not_find_it(operations: Operations) -> None:
    by_name = [
        (f"{method} {path}", "404" in what["responses"])
        for (method, path), what in operations.items()
        if re.search(r"\{(ticket_no|conversation_id|waybill_no)\}", path)
    ]
    assert by_name != []
    assert [path for path, told in by_name if not told] == []


def test_every_error_is_described_as_it_really_looks(operations: Operations) -> None:
    elsewise = [
        f"{method} {path} {status}"
        for (method, path), what in operations.items()
        for status, response in what["responses"].items()
        if int(status) >= 400 and path != "/readyz" and "ErrorOut" not in str(response)
    ]
    assert elsewise == []


def test_every_error_a_route_describes_names_its_codes(operations: Operations) -> None:
    known = {error.code for error in errors()}
    for (method, path), what in operations.items():
        for status, response in what["responses"].items():
            if int(status) >= 400 and "ErrorOut" in str(response):
                told = set(response["description"].split(", "))
                assert told <= known, f"{method} {path} {status}"


def test_every_operation_says_what_it_is_for(operations: Operations) -> None:
    assert [where for where, what in operations.items() if not what.get("description")] == []


def test_every_error_has_a_code_of_its_own_and_a_status() -> None:
    codes = Counter(error.code for error in errors())
    assert [code for code, number in codes.items() if number > 1] == []
    assert [error for error in errors() if not 400 <= error.status < 600] == []


def test_every_code_is_lower_snake() -> None:
    assert [error for error in errors() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)] == []


def errors(base: type[HouseError] = HouseError) -> Iterator[type[HouseError]]:
    """Every error of the house; a base class hands its code to none of its children."""
    for error in base.__subclasses__():
        if error.__module__.startswith("ticketing."):
            yield error
            yield from errors(error)
