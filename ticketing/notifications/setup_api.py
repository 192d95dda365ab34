"""Managers set up who is told what, where, and in which words."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from ticketing.accounts.permissions import MayManage
from ticketing.kernel.errors import InvalidRequest, NotAllowed, NotSignedIn
from ticketing.kernel.texts import WORD
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep, may_raise
from ticketing.notifications import hooks, management, setup
from ticketing.notifications.hooks import TooManyWebhooks, UnknownWebhook, WebhookUrlNotAllowed
from ticketing.notifications.management import (
    RouteNotPossible,
    TooManyRoutes,
    UnknownContact,
    UnknownRoute,
)
from ticketing.notifications.manners import Channel
from ticketing.notifications.schemas import BIGGEST
from ticketing.notifications.setup_schemas import (
    ContactIn,
    ContactName,
    ContactOut,
    ContactPageOut,
    NewWebhookOut,
    RouteIn,
    RouteOut,
    TemplateIn,
    TemplateOut,
    WebhookIn,
    WebhookOut,
)
from ticketing.notifications.wording import Template, UnknownBlank, UnknownTemplate

router = APIRouter(
    prefix="/api", tags=["notifications"], responses=may_raise(NotSignedIn, NotAllowed)
)

RouteNumber = Annotated[int, Path(ge=1, le=BIGGEST)]
Limit = Annotated[int, Query(ge=1, le=100)]
After = Annotated[str, Query(max_length=80, pattern=rf"^[{WORD}.@:-]*$")]
TemplateName = Annotated[str, Path(max_length=60, pattern=r"^[a-z_]+$")]


@router.get("/notice-routes")
async def routes(_caller: MayManage, session: SessionDep) -> list[RouteOut]:
    """Return every rule, the oldest first."""
    return [RouteOut.model_validate(row) for row in await management.routes(session)]


@router.post(
    "/notice-routes", status_code=201, responses=may_raise(RouteNotPossible, TooManyRoutes)
)
async def add_route(
    body: RouteIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> RouteOut:
    """Add a rule."""
    row = await management.add_route(session, body.change(), caller.name, clock())
    return RouteOut.model_validate(row)


@router.put("/notice-routes/{number}", responses=may_raise(UnknownRoute, RouteNotPossible))
async def change_route(
    number: RouteNumber, body: RouteIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> RouteOut:
    """Change a rule."""
    row = await management.change_route(session, number, body.change(), caller.name, clock())
    return RouteOut.model_validate(row)


@router.delete("/notice-routes/{number}", status_code=204, responses=may_raise(UnknownRoute))
async def drop_route(number: RouteNumber, _caller: MayManage, session: SessionDep) -> None:
    """Take a rule away."""
    await management.drop_route(session, number)


@router.get("/contacts")
async def contacts(
    _caller: MayManage, session: SessionDep, after: After = "", limit: Limit = 50
) -> ContactPageOut:
    """Return a page of the address book, masked."""
    rows = await management.contacts(session, after, limit)
    last = rows[-1].name if len(rows) == limit else None
    return ContactPageOut(contacts=[ContactOut.of(row) for row in rows], next_after=last)


@router.put("/contacts/{name}")
async def put_contact(
    name: ContactName, body: ContactIn, _caller: MayManage, session: SessionDep, clock: ClockDep
) -> ContactOut:
    """Add or change a contact: a person by username, a queue as `queue:NAME`, or a place."""
    given = body.model_dump()
    return ContactOut.of(await management.put_contact(session, name, given, clock()))


@router.delete("/contacts/{name}", status_code=204, responses=may_raise(UnknownContact))
async def drop_contact(name: ContactName, _caller: MayManage, session: SessionDep) -> None:
    """Forget a contact."""
    await management.drop_contact(session, name)


@router.get("/message-templates")
async def templates(_caller: MayManage, session: SessionDep) -> list[TemplateOut]:
    """Return every message as it is worded now."""
    known = await setup.templates(session)
    return [TemplateOut.of(known[key]) for key in sorted(known)]


@router.put(
    "/message-templates/{name}/{channel}", responses=may_raise(UnknownTemplate, UnknownBlank)
)
async def word(
    name: TemplateName,
    channel: Channel | Literal["chat"],
    body: TemplateIn,
    caller: MayManage,
    session: SessionDep,
    clock: ClockDep,
) -> TemplateOut:
    """Word a message anew, in the chat or beside it; what was sent before keeps its words."""
    codes = {str(vendor): code for vendor, code in body.vendor_codes.items()}
    worded = Template(name, channel, body.title, body.text, vendor_codes=codes)
    return TemplateOut.of(await management.word(session, worded, caller.name, clock()))


@router.get("/webhooks")
async def webhooks(_caller: MayManage, session: SessionDep) -> list[WebhookOut]:
    """Return every subscription, without its secret."""
    return [WebhookOut.model_validate(row) for row in await hooks.subscriptions(session)]


@router.post(
    "/webhooks", status_code=201, responses=may_raise(WebhookUrlNotAllowed, TooManyWebhooks)
)
async def subscribe(
    body: WebhookIn,
    caller: MayManage,
    session: SessionDep,
    clock: ClockDep,
    settings: SettingsDep,
) -> NewWebhookOut:
    """Add a subscriber; the answer is the only place its secret is shown."""
    if body.unknown():
        raise InvalidRequest("没有这样的事件", events=body.unknown(), known=list(hooks.EVENTS))
    private = settings.webhooks_private_addresses
    wanted = hooks.Wanted(body.url, tuple(body.events), private)
    return NewWebhookOut.of(await hooks.subscribe(session, wanted, caller.name, clock()))


@router.delete("/webhooks/{webhook_id}", status_code=204, responses=may_raise(UnknownWebhook))
async def unsubscribe(webhook_id: uuid.UUID, _caller: MayManage, session: SessionDep) -> None:
    """Tell a subscriber nothing more."""
    await hooks.stop(session, webhook_id)
