"""Files are for those who see what they belong to, and for who sent them in."""

from __future__ import annotations

import uuid

import httpx
import pytest

from tests.ticketing.desk.stage import Desk
from tests.ticketing.desk.test_speaking import upload
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.files import service as files
from ticketing.kernel import clock

WAYS = ("", "/content")


async def sent_in(house: House, desk: Desk, api: httpx.AsyncClient, subject: object) -> str:
    """A customer's photo that belongs to something."""
    file_id = await upload(api, desk.headers["mona"])
    async with house.db.transaction() as session:
        stored = await files.open_file(session, uuid.UUID(file_id))
        stored.uploaded_by = "customer"
        await files.link(session, stored, str(subject), "other", by="customer", now=clock.now())
    return file_id


async def answers(desk: Desk, api: httpx.AsyncClient, who: str, file_id: str) -> set[int]:
    """What the doors of a file say to somebody."""
    headers = desk.headers[who]
    paths = [f"/api/files/{file_id}{way}" for way in WAYS]
    return {(await api.get(path, headers=headers)).status_code for path in paths}


async def test_a_photo_is_for_those_whose_queue_the_talk_is_in(
    desk: Desk, house: House, api: httpx.AsyncClient
) -> None:
    talk = await desk.talk("我的快递破了")
    await desk.waits(talk)
    photo = await sent_in(house, desk, api, talk)
    await desk.person("dora", team="dispatch")
    shown = {who: await answers(desk, api, who, photo) for who in ("anna", "lena", "mona", "dora")}
    assert shown == {"anna": {200}, "lena": {200}, "mona": {200}, "dora": {404}}
    refused = await api.get(f"/api/files?subject={talk}", headers=desk.headers["dora"])
    assert refused.status_code == 403
    tie = {"subject": "T20261122000001"}
    tied = await api.post(f"/api/files/{photo}/links", json=tie, headers=desk.headers["dora"])
    assert (tied.status_code, tied.json()["error"]) == (404, "unknown_file")


async def test_a_photo_of_a_ticket_is_for_those_who_see_the_ticket(
    desk: Desk, house: House, api: httpx.AsyncClient
) -> None:
    body = {"kind": "damage", "waybill_no": "YT1234567890123", "description": "外箱破了"}
    filed = await desk.post("/api/tickets", "mona", body, expected=201)
    number = filed["ticket"]["ticket_no"]
    photo = await sent_in(house, desk, api, number)
    [queue] = {step["queue"] for step in filed["ticket"]["open_steps"]}
    await desk.person("clara", team=queue)
    await desk.person("dora", team="finance")
    assert await answers(desk, api, "clara", photo) == {200}
    assert await answers(desk, api, "dora", photo) == {404}


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD])
async def test_ones_own_is_ones_own_and_nobody_elses_before_it_belongs_to_something(
    desk: Desk, api: httpx.AsyncClient, role: Role
) -> None:
    await desk.person("nora", role, team=None)
    own = await upload(api, desk.headers["nora"])
    assert await answers(desk, api, "nora", own) == {200}
    assert await answers(desk, api, "anna", own) == {404}
    assert await answers(desk, api, "mona", own) == {200}


async def test_what_an_agent_sent_is_for_colleagues_of_the_talk(
    desk: Desk, api: httpx.AsyncClient
) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    sent = await upload(api, desk.headers["anna"])
    assert await answers(desk, api, "ben", sent) == {404}
    await desk.reply(talk, "anna", "", epoch, file_id=sent)
    assert await answers(desk, api, "ben", sent) == {200}
