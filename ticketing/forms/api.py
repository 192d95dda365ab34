"""Forms for the console: look at, try, upload, put in force."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from ticketing.accounts.permissions import MayHandleTickets, MayManage
from ticketing.forms import service
from ticketing.forms.checking import examined
from ticketing.forms.errors import FormRefused, FormVersionChanged, UnknownForm
from ticketing.forms.schemas import (
    ActivateIn,
    CheckIn,
    CheckOut,
    FormOut,
    FormSchemaOut,
    FormsOut,
    FormVersionIn,
    ProblemOut,
    Version,
    VersionOut,
    VersionPageOut,
)
from ticketing.forms.values import Known
from ticketing.kernel.clock import SHANGHAI
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor, decode_parts, decode_time, encode_parts
from ticketing.kernel.web import ClockDep, SessionDep, may_raise

router = APIRouter(
    prefix="/api/forms", tags=["forms"], responses=may_raise(NotSignedIn, NotAllowed)
)

FormName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("")
async def list_forms(_caller: MayHandleTickets, session: SessionDep) -> FormsOut:
    """Return every form in force."""
    return FormsOut(forms=[FormOut.of(listed) for listed in await service.forms(session)])


@router.get("/{name}", responses=may_raise(UnknownForm))
async def form(
    name: FormName,
    _caller: MayHandleTickets,
    session: SessionDep,
    version: Annotated[Version | None, Query()] = None,
) -> FormSchemaOut:
    """Return a form for form-js: the version in force, or the one asked for."""
    return FormSchemaOut.of(await service.version_or_active(session, name, version))


@router.get("/{name}/versions", responses=may_raise(UnknownForm, BadCursor))
async def versions(
    name: FormName,
    _caller: MayHandleTickets,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> VersionPageOut:
    """Return a page of a form's uploaded versions, newest first."""
    before = _before(cursor) if cursor else None
    found = await service.versions(session, name, before, limit)
    last = found[-1] if len(found) == limit else None
    return VersionPageOut(
        versions=[VersionOut.of(row) for row in found],
        next_cursor=encode_parts(last.uploaded_at.isoformat(), last.version) if last else None,
    )


@router.post("/{name}/versions", status_code=201, responses=may_raise(FormRefused))
async def upload(
    name: FormName, body: FormVersionIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> FormSchemaOut:
    """Keep a new version of a form; it is not in force until it is activated."""
    kept = await service.upload(session, name, body.schema_, by=caller.name, now=clock())
    return FormSchemaOut.of(kept)


@router.post("/{name}/activate", responses=may_raise(UnknownForm, FormVersionChanged))
async def activate(
    name: FormName, body: ActivateIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> FormSchemaOut:
    """Put a version in force, the shipped one included."""
    wanted = await service.form_version(session, name, body.version)
    await service.activate(session, wanted, replaces=body.replaces, by=caller.name, now=clock())
    return FormSchemaOut.of(wanted)


@router.post("/{name}/check", responses=may_raise(UnknownForm))
async def check(
    name: FormName, body: CheckIn, _caller: MayHandleTickets, session: SessionDep, clock: ClockDep
) -> CheckOut:
    """Try a form with answers; nothing is kept, ids of files are taken on trust."""
    found = await service.version_or_active(session, name, body.version)
    today = clock().astimezone(SHANGHAI).date()
    kept, problems = examined(found, body.data, Known(today=today))
    return CheckOut(data=kept, problems=[ProblemOut.of(problem) for problem in problems])


def _before(cursor: str) -> tuple[datetime, str]:
    at, version = decode_parts(cursor, 2)
    return decode_time(at), version
