"""The demo's site: there once, and at home wherever this machine's pages are today."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.run.demo_sites import KEY, seed_site
from ticketing.run.plan import Plan, Ports, Secrets
from ticketing.sites import service

PLAN = Plan(Path("var"), Ports(), Secrets("s" * 32, "b", "c"), "postgresql:///x", Path("m.tar.gz"))


async def test_the_demos_pages_may_carry_the_chat_again_and_again(house: House) -> None:
    moved = replace(PLAN, ports=Ports(api=9000))
    salts = set()
    for plan in (PLAN, PLAN, moved):
        async with house.db.transaction() as session:
            await seed_site(session, plan, clock.now())
            site = await service.site(session, KEY)
            salts.add(site.salt)
    assert len(salts) == 1
    assert "http://localhost:9000" in site.origins
    assert "http://127.0.0.1:8000" not in site.origins
