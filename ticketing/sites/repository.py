"""Every statement about sites."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.sites.models import Site


async def site(session: AsyncSession, key: str, *, lock: bool = False) -> Site | None:
    """Return a site by its key."""
    return await session.get(Site, key, with_for_update=lock or None)


async def sites(session: AsyncSession) -> Sequence[Site]:
    """Return every site, by key."""
    return (await session.scalars(select(Site).order_by(Site.key))).all()


async def origins(session: AsyncSession) -> set[str]:
    """Return where pages of active sites come from."""
    lists = await session.scalars(select(Site.origins).where(Site.is_active))
    return {origin for each in lists for origin in each}
