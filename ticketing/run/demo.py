"""What a demo needs in its database: who may sign in, and the sandbox's parcels."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.kernel import clock
from ticketing.kernel.db import Database
from ticketing.kernel.ids import new_token
from ticketing.kernel.settings import Settings
from ticketing.routing import arranging
from ticketing.routing.layout import shipped
from ticketing.routing.models import TeamMember
from ticketing.run.demo_notices import seed_notices
from ticketing.run.plan import Plan
from ticketing.run.secrets import read_private, write_private
from ticketing.shipments import service as shipments

FILE = "demo_sign_in.json"
AGENT, LEAD, MANAGER = "agent", "lead", "manager"
CLIENT = "demo-client"
LEADS = "leads"
FINANCE = "finance"
CAPACITY = 20


def seed(plan: Plan) -> Mapping[str, str]:
    """Add the demo's people and parcels; return how to sign in."""
    return asyncio.run(_seed(plan))


def sign_in_of(data_dir: Path) -> dict[str, str]:
    """Return names and passwords of this machine's demo, made at the first call."""
    kept = read_private(data_dir / FILE)
    made = {
        "username": AGENT,
        "password": new_token()[:12],
        "client_id": CLIENT,
        "client_secret": new_token(),
        "lead_username": LEAD,
        "lead_password": new_token()[:12],
        "manager_username": MANAGER,
        "manager_password": new_token()[:12],
    }
    if made.keys() <= kept.keys():
        return kept
    write_private(data_dir / FILE, {**made, **kept})
    return {**made, **kept}


async def _seed(plan: Plan) -> Mapping[str, str]:
    sign_in = sign_in_of(plan.data_dir)
    db = Database(Settings(demo=True, database_url=plan.database_url).sqlalchemy_url, {})
    async with db.transaction() as session:
        now = clock.now()
        await seed_people(session, sign_in, now)
        await accounts.put_system(session, sign_in["client_id"], sign_in["client_secret"], now)
        for row in _parcels(plan.sandbox_url):
            tails = frozenset({row["phone_tail"], row["sender_phone_tail"]})
            await shipments.register(session, row["waybill_no"], row["carrier_code"], tails, now)
        people = [sign_in[f"{who}username"] for who in ("", "lead_", "manager_")]
        await seed_notices(session, people, plan.sandbox_url, now)
    await db.close()
    return sign_in


async def seed_people(session: AsyncSession, sign_in: Mapping[str, str], now: datetime) -> None:
    """Add an agent, a lead and a manager, and put them into the shipped teams."""
    for prefix, role in (("", Role.AGENT), ("lead_", Role.LEAD), ("manager_", Role.MANAGER)):
        username, password = sign_in[f"{prefix}username"], sign_in[f"{prefix}password"]
        await accounts.put_person(session, username, password, role, now)
    await session.flush()
    agent, lead, manager = (sign_in[f"{who}username"] for who in ("", "lead_", "manager_"))
    # Finance decides about what is above a lead's limit: the others are not to be of it.
    special = {LEADS: (lead, manager), FINANCE: (manager,)}
    for team in shipped().teams.values():
        await arranging.put_team(session, replace(team, lead=lead))
        for username in special.get(team.name, (agent, lead)):
            await arranging.put_member(session, _able_member(team.name, username))


def _able_member(team: str, username: str) -> TeamMember:
    skills = list(shipped().skills)
    return TeamMember(
        team=team, username=username, skills=skills, regions=[], capacity=CAPACITY, active=True
    )


def _parcels(sandbox_url: str) -> list[dict[str, str]]:
    shown = httpx.get(f"{sandbox_url}/shipments", timeout=10, trust_env=False)
    shown.raise_for_status()
    parcels: list[dict[str, str]] = shown.json()
    return parcels
