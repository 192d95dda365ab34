"""Verbs of printing: make a sheet of a ticket, write a template, try it, put it to use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import service as accounts
from ticketing.accounts.service import UnknownPerson
from ticketing.evidence import service as evidence
from ticketing.forms import service as forms
from ticketing.kernel.errors import HouseError
from ticketing.printing import repository
from ticketing.printing.models import PaperTemplate
from ticketing.printing.papers import (
    LETTERHEAD,
    PAPERS,
    SHIPPED,
    TICKET_DETAIL,
    Paper,
    stationery,
)
from ticketing.printing.press import Sheet
from ticketing.printing.sheets import TicketFile, fill
from ticketing.printing.specimen import specimen
from ticketing.routing import service as routing
from ticketing.rules import service as rules
from ticketing.tickets import lookup, views


class UnknownTemplateVersion(HouseError):
    """The template has no such version."""

    status, code = 404, "unknown_template_version"

    def __init__(self, name: str, version: int) -> None:
        super().__init__(f"模板没有第 {version} 版", name=name, version=version)


@dataclass(frozen=True)
class Standing:
    """A paper, and which version of its template is in use."""

    paper: Paper
    active_version: int


async def papers(session: AsyncSession) -> Sequence[Standing]:
    """Return every paper and which template it is printed with."""
    active = await repository.active(session)
    return [Standing(paper, _version_of(active.get(paper.name))) for paper in PAPERS]


async def ticket_file(session: AsyncSession, ticket_no: str, folder: Path) -> TicketFile:
    """Return everything kept about a ticket; `folder` is where files lie.

    Raises `UnknownTicket`.
    """
    ticket = await lookup.ticket_by_no(session, ticket_no)
    steps = await repository.steps(session, ticket.id)
    ruled = await rules.evaluations(session, ticket.ticket_no, "compensation", None, 1)
    changes = (await views.whole(session, ticket)).changes
    queue = (await routing.current_layout(session)).queue(ticket.queue) if ticket.queue else None
    return TicketFile(
        ticket=ticket,
        steps=steps,
        changes=changes,
        queue_label=queue.label if queue else None,
        names=await _names(
            session,
            {step.done_by or step.assignee for step in steps}
            | {ticket.assignee, *(change.by for change in changes)},
        ),
        pack=(await evidence.standing(session, ticket, folder)).pack,
        carrier_name=lookup.carrier_name(ticket.carrier_code),
        ruling=next((output for each in ruled for output in each.outputs), None),
        forms={each.form.name: each.form for each in await forms.forms(session)},
    )


async def _names(session: AsyncSession, usernames: Set[str | None]) -> dict[str, str]:
    """Return what those of them that are people are called."""
    called = {}
    for username in usernames - {None}:
        try:
            called[str(username)] = (await accounts.person(session, str(username))).display_name
        except UnknownPerson:
            continue
    return called


async def sheet_of(session: AsyncSession, paper: Paper, file: TicketFile, now: datetime) -> Sheet:
    """Return a paper about a ticket, ready for the press."""
    return await _sheet(session, paper, file, now, {})


async def trial_sheet(
    session: AsyncSession, paper: Paper, source: str, file: TicketFile | None, now: datetime
) -> Sheet:
    """Return what a template would print: about a ticket, or about a made-up one.

    A letterhead is tried above the details of a ticket.
    """
    shown = paper if paper.is_printed else TICKET_DETAIL
    sheet = await _sheet(session, shown, file or specimen(now), now, {paper.name: source})
    return replace(sheet, blamed=paper.name)


async def write(
    session: AsyncSession, paper: Paper, source: str, by: str, now: datetime
) -> PaperTemplate:
    """Keep a new version of a template; it is not in use yet."""
    number = await repository.next_version(session, paper.name)
    template = PaperTemplate(
        name=paper.name, version=number, source=source, by=by, at=now, is_active=False
    )
    session.add(template)
    await session.flush()
    return template


async def activate(
    session: AsyncSession, paper: Paper, version: int, by: str, now: datetime
) -> None:
    """Print with a version from now on; 0 is the shipped one. Raises `UnknownTemplateVersion`."""
    await repository.next_version(session, paper.name)
    template = await _written(session, paper, version) if version != SHIPPED else None
    await repository.deactivate(session, paper.name)
    if template is not None:
        template.is_active, template.activated_by, template.activated_at = True, by, now
    await session.flush()


async def versions(session: AsyncSession, paper: Paper) -> Sequence[PaperTemplate]:
    """Return what managers have written of a template, newest first."""
    return await repository.versions(session, paper.name)


async def source_of(session: AsyncSession, paper: Paper, version: int) -> str:
    """Return a version's text; raise `UnknownTemplateVersion`."""
    if version == SHIPPED:
        return paper.shipped_source
    return (await _written(session, paper, version)).source


async def _written(session: AsyncSession, paper: Paper, version: int) -> PaperTemplate:
    template = await repository.version(session, paper.name, version)
    if template is None:
        raise UnknownTemplateVersion(paper.name, version)
    return template


async def _sheet(
    session: AsyncSession,
    paper: Paper,
    file: TicketFile,
    now: datetime,
    tried: Mapping[str, str],
) -> Sheet:
    written = {name: row.source for name, row in (await repository.active(session)).items()}
    sources = {**written, **tried}
    parts = (
        ("stationery", stationery()),
        *((each.name, sources.get(each.name, each.shipped_source)) for each in (LETTERHEAD, paper)),
    )
    return Sheet(parts, fill(paper, file, now), now, blamed=paper.name)


def _version_of(template: PaperTemplate | None) -> int:
    return template.version if template else SHIPPED
