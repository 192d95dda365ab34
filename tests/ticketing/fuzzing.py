"""What a fuzzer sends to every door: data that fits, data that does not, names of real things."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

Json = dict[str, Any]
type Case = schemathesis.Case[Any]

AS_DESCRIBED = [content_type_conformance, response_schema_conformance, status_code_conformance]
MAY_BE_OUT_OF_SERVICE = "/readyz"
"""Its 503 is its answer: some part of the house is missing."""
_REAL_ONES = 0.85

_once = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Real:
    """Names of things that exist, by the beginning of a path and the place in it."""

    names: Mapping[tuple[str, str], Sequence[Any]]

    def put(self, case: Case, draw: random.Random) -> None:
        """Put real names into most addresses: behind an unknown one nothing is looked at."""
        places = case.path_parameters or {}
        for place in places:
            found = self._of(case.operation.path, place)
            if found and draw.random() < _REAL_ONES:
                places[place] = draw.choice(found)

    def _of(self, path: str, place: str) -> Sequence[Any]:
        fitting = [start for start, name in self.names if name == place and path.startswith(start)]
        return self.names[max(fitting, key=len), place] if fitting else ()


def cases(described: Json, real: Real, count: int) -> Iterator[Case]:
    """Yield so many requests of either sort for every operation, the same ones every time."""
    draw = random.Random(4)
    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        for mode in GenerationMode:
            for case in _drawn(operation, mode, count):
                real.put(case, draw)
                yield case


def _drawn(operation: Any, mode: GenerationMode, count: int) -> list[Case]:
    drawn: list[Case] = []

    @settings(_once, max_examples=count)
    @given(operation.as_strategy(generation_mode=mode))
    def draw(case: Case) -> None:
        drawn.append(case)

    try:
        draw()
    except Unsatisfiable:
        """Nothing can be wrong about a request that brings nothing."""
    return drawn


async def send(api: httpx.AsyncClient, case: Case, headers: Mapping[str, str]) -> httpx.Response:
    """Send a request in somebody's name and check that the answer is one that is described."""
    made = case.as_transport_kwargs(base_url=str(api.base_url), headers=dict(headers))
    made.pop("cert", None)
    ready = requests.Request(**made).prepare()
    assert ready.method is not None
    assert ready.url is not None
    brought: Any = ready.body or b""
    named = {name: str(value) for name, value in ready.headers.items()}
    answer = await api.request(ready.method, ready.url, headers=named, content=brought)
    checks = list(AS_DESCRIBED)
    if case.operation.path != MAY_BE_OUT_OF_SERVICE:
        checks.append(not_a_server_error)
    case.validate_response(answer, checks=checks)
    return answer
