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
from ticketing.run.demo_sites import seed_site
from ticketing.run.plan import Plan
from ticketing.run.secrets import read_private, write_private
from ticketing.shipments import service as shipments
from ticketing.sla.configuration import ALWAYS

FILE = "demo_sign_in.json"
AGENT, LEAD, MANAGER = "agent", "lead", "manager"
TRAINER, ADMIN = "trainer", "admin"
CLIENT = "demo-client"
PEOPLE = {
    "": Role.AGENT,
    "lead_": Role.LEAD,
    "trainer_": Role.TRAINER,
    "manager_": Role.MANAGER,
    "admin_": Role.ADMIN,
}
"""Who signs in, by how their keys in the file begin."""
NAMES = {
    "": "小驿",
    "lead_": "林组长",
    "trainer_": "唐老师",
    "manager_": "方经理",
    "admin_": "管理员",
}
LEADS = "leads"
FINANCE = "finance"
CAPACITY, CHATS = 20, 10
OPEN_ALWAYS = ("customer_service", "vip")
"""Queues whose people a demo has at whatever time it is looked at."""


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
        "trainer_username": TRAINER,
        "trainer_password": new_token()[:12],
        "admin_username": ADMIN,
        "admin_password": new_token()[:12],
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
        await seed_site(session, plan, now)
    await db.close()
    return sign_in


async def seed_people(session: AsyncSession, sign_in: Mapping[str, str], now: datetime) -> None:
    """Add somebody of every role, and put those who handle tickets into the shipped teams."""
    for prefix, role in PEOPLE.items():
        username, password = sign_in[f"{prefix}username"], sign_in[f"{prefix}password"]
        await accounts.put_person(session, username, password, role, now)
        person = await accounts.person(session, username)
        if person.display_name == username:
            person.display_name = NAMES[prefix]
    await session.flush()
    agent, lead, manager = (sign_in[f"{who}username"] for who in ("", "lead_", "manager_"))
    # Finance decides about what is above a lead's limit: the others are not to be of it.
    special = {LEADS: (lead, manager), FINANCE: (manager,)}
    for name in OPEN_ALWAYS:
        await arranging.put_queue(session, replace(shipped().queues[name], chat_hours=ALWAYS))
    for team in shipped().teams.values():
        await arranging.put_team(session, replace(team, lead=lead))
        for username in special.get(team.name, (agent, lead)):
            await arranging.put_member(session, _able_member(team.name, username))


def _able_member(team: str, username: str) -> TeamMember:
    able = {"skills": list(shipped().skills), "regions": [], "capacity": CAPACITY, "chats": CHATS}
    return TeamMember(team=team, username=username, active=True, **able)


def _parcels(sandbox_url: str) -> list[dict[str, str]]:
    shown = httpx.get(f"{sandbox_url}/shipments", timeout=10, trust_env=False)
    shown.raise_for_status()
    parcels: list[dict[str, str]] = shown.json()
    return parcels
