"""The door before every door of a file: nobody has one that belongs to nothing they see."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.permissions import Permission, holds, signed_in
from ticketing.accounts.tokens import Caller
from ticketing.desk import rows
from ticketing.desk.reach import Reach
from ticketing.files import service as files
from ticketing.files.service import UnknownFile
from ticketing.kernel.clock import Clock
from ticketing.kernel.errors import NotAllowed
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep
from ticketing.routing.scope import Scope, scope_of, sees_number


async def within_sight(
    request: Request, settings: SettingsDep, session: SessionDep, clock: ClockDep
) -> None:
    """Let pass who sees a ticket or a conversation the file belongs to, or has sent it in.

    Raises `UnknownFile`; `NotAllowed` where files of a conversation are asked for that is not seen.
    """
    named = _uuid(request.path_params.get("file_id"))
    subject = _uuid(request.query_params.get("subject"))
    if named is None and subject is None:
        return
    caller = await signed_in(request, settings, session)
    scope = await scope_of(session, caller)
    if scope.queues is None or not holds(caller, Permission.TICKETS):
        return
    if subject is not None and not await _sees_talk(session, scope, caller, [subject], clock):
        raise NotAllowed("这个会话不在您班组的范围内，请联系班组长或经理")
    if named is not None and not await _sees_file(session, scope, caller, named, clock):
        raise UnknownFile(named)


async def _sees_file(
    session: AsyncSession, scope: Scope, caller: Caller, file_id: uuid.UUID, clock: Clock
) -> bool:
    stored = await files.open_file(session, file_id)
    if stored.uploaded_by == caller.name:
        return True
    subjects = await files.subjects_of(session, file_id)
    talks = [talk for talk in map(_uuid, subjects) if talk is not None]
    if await _sees_talk(session, scope, caller, talks, clock):
        return True
    for subject in subjects:
        if await sees_number(session, scope, caller.name, subject):
            return True
    return False


async def _sees_talk(
    session: AsyncSession, scope: Scope, caller: Caller, ids: Collection[uuid.UUID], clock: Clock
) -> bool:
    reach = Reach(caller.name, scope.queues)
    return any(row.may_be_seen(reach) for row in await rows.by_ids(session, ids, clock()))


def _uuid(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
