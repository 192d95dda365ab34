"""Looking up who saw and changed what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from ticketing.accounts import audit
from ticketing.accounts.audit import Asked
from ticketing.accounts.permissions import MayAudit
from ticketing.accounts.schemas import AuditLineOut, AuditPageOut, AuditQuery
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor
from ticketing.kernel.web import SessionDep, may_raise

router = APIRouter(prefix="/api", tags=["accounts"], responses=may_raise(NotSignedIn, NotAllowed))


@router.get("/audit", responses=may_raise(BadCursor))
async def audit_log(
    _caller: MayAudit, session: SessionDep, wanted: Annotated[AuditQuery, Query()]
) -> AuditPageOut:
    """Return who saw and changed what, newest first; looking is written down too."""
    asked = Asked(wanted.by, wanted.what, wanted.deed, wanted.since, wanted.until)
    before = audit.number_of(wanted.cursor) if wanted.cursor else None
    found = await audit.lines(session, asked, before, wanted.limit)
    last = found[-1] if len(found) == wanted.limit else None
    return AuditPageOut(
        lines=[AuditLineOut.model_validate(line, from_attributes=True) for line in found],
        next_cursor=str(last.id) if last else None,
    )
