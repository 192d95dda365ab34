"""Papers for people: printed about tickets, from templates a manager can change."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from ticketing.accounts.permissions import MayHandleTickets, MayManage
from ticketing.files.service import folder_of
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep, may_raise
from ticketing.printing import service
from ticketing.printing.papers import UnknownPaper, paper, printed_paper
from ticketing.printing.press import PaperTooHeavy, Press, PressBusy, TemplateWrong
from ticketing.printing.schemas import (
    PaperOut,
    TemplateIn,
    TemplateOut,
    TemplateSourceOut,
    TrialIn,
)
from ticketing.printing.service import UnknownTemplateVersion
from ticketing.tickets.lookup import UnknownTicket

router = APIRouter(prefix="/api", tags=["papers"], responses=may_raise(NotSignedIn, NotAllowed))

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]
Name = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]
Version = Annotated[int, Path(ge=0, le=1_000_000)]

_PRESS = Press()
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
_MAY_FAIL = may_raise(TemplateWrong, PaperTooHeavy, PressBusy, UnknownPaper, UnknownTicket)


@router.get("/papers")
async def papers(_caller: MayHandleTickets, session: SessionDep) -> list[PaperOut]:
    """Return every paper there is."""
    return [PaperOut.of(standing) for standing in await service.papers(session)]


@router.get(
    "/tickets/{ticket_no}/papers/{name}.pdf",
    response_class=Response,
    responses={**_PDF, **_MAY_FAIL},
)
async def printed(
    ticket_no: TicketNo,
    name: Name,
    _caller: MayHandleTickets,
    session: SessionDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """Return a paper about a ticket as PDF."""
    wanted = printed_paper(name)
    file = await service.ticket_file(session, ticket_no, folder_of(settings))
    sheet = await service.sheet_of(session, wanted, file, clock())
    return _as_pdf(await _PRESS.print_pdf(sheet), f"{ticket_no.upper()}-{wanted.label}.pdf")


@router.get("/papers/{name}/versions", responses=may_raise(UnknownPaper))
async def versions(name: Name, _caller: MayManage, session: SessionDep) -> list[TemplateOut]:
    """Return what managers have written of a template, newest first."""
    return [TemplateOut.of(each) for each in await service.versions(session, paper(name))]


@router.get(
    "/papers/{name}/versions/{version}",
    responses=may_raise(UnknownPaper, UnknownTemplateVersion),
)
async def source(
    name: Name, version: Version, _caller: MayManage, session: SessionDep
) -> TemplateSourceOut:
    """Return the text of a version; 0 is the shipped one."""
    text = await service.source_of(session, paper(name), version)
    return TemplateSourceOut(name=name, version=version, source=text)


@router.post("/papers/{name}/versions", status_code=201, responses=_MAY_FAIL)
async def write(
    name: Name, body: TemplateIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> TemplateOut:
    """Keep a new version of a template that can be printed; it is not in use yet."""
    wanted, now = paper(name), clock()
    await _PRESS.print_pdf(await service.trial_sheet(session, wanted, body.source, None, now))
    return TemplateOut.of(await service.write(session, wanted, body.source, caller.name, now))


@router.post("/papers/{name}/preview", response_class=Response, responses={**_PDF, **_MAY_FAIL})
async def preview(
    name: Name,
    body: TrialIn,
    _caller: MayManage,
    session: SessionDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """Return what a template would print, about a ticket or a made-up one."""
    wanted, number, folder = paper(name), body.ticket_no, folder_of(settings)
    file = await service.ticket_file(session, number, folder) if number else None
    sheet = await service.trial_sheet(session, wanted, body.source, file, clock())
    return _as_pdf(await _PRESS.print_pdf(sheet), f"{wanted.label}-预览.pdf")


@router.post(
    "/papers/{name}/versions/{version}/activate",
    responses=may_raise(UnknownPaper, UnknownTemplateVersion),
)
async def activate(
    name: Name, version: Version, caller: MayManage, session: SessionDep, clock: ClockDep
) -> list[PaperOut]:
    """Print with a version from now on; 0 brings the shipped template back."""
    await service.activate(session, paper(name), version, caller.name, clock())
    return [PaperOut.of(standing) for standing in await service.papers(session)]


def _as_pdf(content: bytes, name: str) -> Response:
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type="application/pdf", headers=headers)
