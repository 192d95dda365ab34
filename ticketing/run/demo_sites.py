"""What a demo needs so that the widget can be tried: a site whose pages are on this machine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.run.plan import LOOPBACK, Plan
from ticketing.sites import service

KEY = "demo"
THEME = {
    "colour": "#0b6b66",
    "title": "驿问客服",
    "position": "right",
    "greeting": "快递有问题？点这里问我们。",
}


async def seed_site(session: AsyncSession, plan: Plan, now: datetime) -> None:
    """Add the demo's site, or let it know where this machine's pages are today."""
    urls = (plan.api_url, plan.sandbox_url)
    origins = [url.replace(LOOPBACK, host) for url in urls for host in (LOOPBACK, "localhost")]
    if any(site.key == KEY for site in await service.sites(session)):
        await service.change(session, KEY, {"origins": origins}, now)
        return
    wanted = {"name": "演示商城", "origins": origins, "theme": THEME}
    secret = plan.secrets.secret_key
    await service.add(session, KEY, wanted, now, house_secret=secret)
