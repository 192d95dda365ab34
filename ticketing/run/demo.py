"""What a demo needs in its database: who may sign in, and the sandbox's parcels."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.kernel import clock
from ticketing.kernel.db import Database
from ticketing.kernel.ids import new_token
from ticketing.kernel.settings import Settings
from ticketing.run.plan import Plan
from ticketing.run.secrets import read_private, write_private
from ticketing.shipments import service as shipments

FILE = "demo_sign_in.json"
AGENT = "agent"
CLIENT = "demo-client"


def seed(plan: Plan) -> Mapping[str, str]:
    """Add the demo's people and parcels; return how to sign in."""
    return asyncio.run(_seed(plan))


def sign_in_of(data_dir: Path) -> dict[str, str]:
    """Return names and passwords of this machine's demo, made at the first call."""
    kept = read_private(data_dir / FILE)
    if kept:
        return kept
    made = {
        "username": AGENT,
        "password": new_token()[:12],
        "client_id": CLIENT,
        "client_secret": new_token(),
    }
    write_private(data_dir / FILE, made)
    return made


async def _seed(plan: Plan) -> Mapping[str, str]:
    sign_in = sign_in_of(plan.data_dir)
    db = Database(Settings(demo=True, database_url=plan.database_url).sqlalchemy_url, {})
    async with db.transaction() as session:
        now = clock.now()
        await accounts.put_person(
            session, sign_in["username"], sign_in["password"], Role.AGENT, now
        )
        await accounts.put_system(session, sign_in["client_id"], sign_in["client_secret"], now)
        for row in _parcels(plan.sandbox_url):
            tails = frozenset({row["phone_tail"], row["sender_phone_tail"]})
            await shipments.register(session, row["waybill_no"], row["carrier_code"], tails, now)
    await db.close()
    return sign_in


def _parcels(sandbox_url: str) -> list[dict[str, str]]:
    shown = httpx.get(f"{sandbox_url}/shipments", timeout=10, trust_env=False)
    shown.raise_for_status()
    parcels: list[dict[str, str]] = shown.json()
    return parcels
