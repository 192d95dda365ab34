"""The door before every door of a ticket: nobody passes who does not see it."""

from __future__ import annotations

import json
import re
from typing import Any

from fastapi import Request

from ticketing.accounts.permissions import signed_in
from ticketing.kernel.errors import NotAllowed
from ticketing.kernel.web import SessionDep, SettingsDep
from ticketing.routing import repository
from ticketing.routing.scope import may_act_on, scope_of, sees_ticket

_NUMBER = re.compile(r"[Tt][0-9]{14}")
_IN_PATHS = ("ticket_no", "other_no")
_IN_QUERIES = ("ticket_no", "subject")
_IN_BODIES = ("into", "other", "subject")
_TIES = ("/merge", "/links")
"""What ties one ticket, or a file, to another ticket."""


class OutOfScope(NotAllowed):
    """The ticket, or the step, is for other teams or other provinces."""

    code = "out_of_scope"

    def __init__(self, ticket_no: str, step: str | None = None) -> None:
        what = "这一步由其他班组办理" if step else "这张工单不在您班组的范围内"
        super().__init__(f"{what}，请联系班组长或经理")
        self.facts = {"ticket_no": ticket_no} | ({"step": step} if step else {})


async def within_scope(request: Request, settings: SettingsDep, session: SessionDep) -> None:
    """Raise `OutOfScope` where a request names a ticket, or works on a step, that is not theirs."""
    numbers = [number.upper() for number in await _named(request) if _NUMBER.fullmatch(number)]
    if not numbers:
        return
    caller = await signed_in(request, settings, session)
    scope = await scope_of(session, caller)
    if scope.queues is None:
        return
    step = None if request.method == "GET" else request.path_params.get("step")
    for number in numbers:
        places = await repository.places(session, number)
        if places and not sees_ticket(scope, caller.name, places):
            raise OutOfScope(number)
        if step and not may_act_on(scope, caller.name, places, step):
            raise OutOfScope(number, step)


async def _named(request: Request) -> list[str]:
    """Return whatever a request names where the number of a ticket may stand."""
    asked = [request.path_params.get(name) for name in _IN_PATHS]
    asked += [request.query_params.get(name) for name in _IN_QUERIES]
    if request.method == "POST" and request.url.path.endswith(_TIES):
        asked += [(await _json(request)).get(name) for name in _IN_BODIES]
    return [each for each in asked if isinstance(each, str)]


async def _json(request: Request) -> dict[str, Any]:
    """Return a body that is read already; one that is no object names nothing."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
