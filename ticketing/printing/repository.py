"""Every SELECT of printing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.printing.models import PaperTemplate
from ticketing.tickets.models import TicketStep


async def active(session: AsyncSession) -> dict[str, PaperTemplate]:
    """Return the templates in use instead of shipped ones, by name."""
    found = await session.scalars(select(PaperTemplate).where(PaperTemplate.is_active))
    return {template.name: template for template in found}


async def versions(session: AsyncSession, name: str) -> Sequence[PaperTemplate]:
    """Return what was written of a template, newest first."""
    found = await session.scalars(
        select(PaperTemplate)
        .where(PaperTemplate.name == name)
        .order_by(PaperTemplate.version.desc())
        .limit(200)
    )
    return found.all()


async def version(session: AsyncSession, name: str, number: int) -> PaperTemplate | None:
    """Return one version of a template."""
    found = await session.scalars(
        select(PaperTemplate).where(PaperTemplate.name == name, PaperTemplate.version == number)
    )
    return found.one_or_none()


async def next_version(session: AsyncSession, name: str) -> int:
    """Return the next number of a template; one writer of it at a time until the end."""
    key = {"key": f"paper/{name}"}
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)
    newest = select(func.max(PaperTemplate.version)).where(PaperTemplate.name == name)
    return int(await session.scalar(newest) or 0) + 1


async def deactivate(session: AsyncSession, name: str) -> None:
    """Use the shipped template again."""
    await session.execute(
        update(PaperTemplate)
        .where(PaperTemplate.name == name, PaperTemplate.is_active)
        .values(is_active=False)
        .execution_options(synchronize_session="fetch")
    )


async def steps(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[TicketStep]:
    """Return every step a ticket has entered, oldest first."""
    found = await session.scalars(
        select(TicketStep).where(TicketStep.ticket_id == ticket_id).order_by(TicketStep.id)
    )
    return found.all()
