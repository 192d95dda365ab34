"""Who a demo begins with."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from ticketing.accounts import service as accounts
from ticketing.accounts.audit import PEOPLE
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.routing.layout import shipped
from ticketing.routing.models import TeamMember
from ticketing.routing.service import lead_of
from ticketing.run import demo
from ticketing.run.secrets import write_private


def test_a_file_of_an_older_demo_keeps_its_passwords_and_gets_the_new_people(
    tmp_path: Path,
) -> None:
    older = {"username": "agent", "password": "old", "client_id": "c", "client_secret": "s"}
    write_private(tmp_path / demo.FILE, older)
    signs_in = demo.sign_in_of(tmp_path)
    assert signs_in.items() >= older.items()
    assert {"lead_username", "lead_password", "manager_password"} <= signs_in.keys()
    assert json.loads((tmp_path / demo.FILE).read_text("utf-8")) == signs_in
    assert (tmp_path / demo.FILE).stat().st_mode & 0o077 == 0


async def test_somebody_of_every_role_signs_in_and_every_queue_has_people(
    house: House, tmp_path: Path
) -> None:
    signs_in = demo.sign_in_of(tmp_path)
    for _ in range(2):
        async with house.db.transaction() as session:
            await demo.seed_people(session, signs_in, clock.now())
    async with house.db.transaction() as session:
        assert set(demo.PEOPLE.values()) == PEOPLE
        for prefix, role in demo.PEOPLE.items():
            who = await accounts.sign_in(
                session, signs_in[f"{prefix}username"], signs_in[f"{prefix}password"]
            )
            assert who.role is role
        members = (await session.scalars(select(TeamMember))).all()
        assert {member.team for member in members} == shipped().teams.keys()
        assert all(set(member.skills) == shipped().skills.keys() for member in members)
        assert await lead_of(session, "customer_service") == "lead"
