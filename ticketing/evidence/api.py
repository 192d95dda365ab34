"""Evidence for people and systems."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from ticketing.accounts.permissions import MayHandleTickets
from ticketing.evidence import service
from ticketing.evidence.archive import zipped
from ticketing.evidence.schemas import EvidenceOut
from ticketing.evidence.service import UnknownEvidence
from ticketing.files.service import folder_of
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep, may_raise
from ticketing.tickets import lookup
from ticketing.tickets.lookup import UnknownTicket

router = APIRouter(
    prefix="/api/tickets/{ticket_no}",
    tags=["evidence"],
    responses=may_raise(NotSignedIn, NotAllowed, UnknownTicket),
)

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]
Revision = Annotated[int | None, Query(ge=1, le=1_000_000)]


@router.get("/evidence")
async def evidence(
    ticket_no: TicketNo, _caller: MayHandleTickets, session: SessionDep, settings: SettingsDep
) -> EvidenceOut:
    """Return what proves what happened: each piece with its hash and time, and the whole's."""
    ticket = await lookup.ticket_by_no(session, ticket_no)
    return EvidenceOut.of(await service.standing(session, ticket, folder_of(settings)))


@router.post("/evidence/freeze")
async def freeze(
    ticket_no: TicketNo,
    caller: MayHandleTickets,
    session: SessionDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> EvidenceOut:
    """Freeze the pack as it is now; frozen again unchanged, nothing new is kept."""
    folder = folder_of(settings)
    frozen = await service.freeze(session, ticket_no, folder, by=caller.name, now=clock())
    return EvidenceOut.of(frozen)


@router.get(
    "/evidence.zip",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}}, **may_raise(UnknownEvidence)},
)
async def download(
    ticket_no: TicketNo,
    _caller: MayHandleTickets,
    session: SessionDep,
    settings: SettingsDep,
    revision: Revision = None,
) -> StreamingResponse:
    """Return the pack as a ZIP: as it stands, or as it was frozen under a revision."""
    ticket = await lookup.ticket_by_no(session, ticket_no)
    pack = await service.pack_of(session, ticket, folder_of(settings), revision)
    name = f"{ticket.ticket_no}-evidence-{pack.revision}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(zipped(pack), media_type="application/zip", headers=headers)
