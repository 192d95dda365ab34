"""The leads' wall."""

from __future__ import annotations

from datetime import timedelta

from tests.ticketing.desk.stage import Desk, Json
from tests.ticketing.desk.test_rows import statements
from ticketing.accounts.tokens import Caller, Role
from ticketing.composition import House
from ticketing.desk.wall import wall
from ticketing.kernel import clock
from ticketing.routing import presence
from ticketing.routing.choose import Status


async def shown(desk: Desk, who: str = "lena") -> Json:
    found: Json = await desk.get("/api/desk/wall", who)
    return found


async def test_agents_have_no_wall(desk: Desk) -> None:
    answer = await desk.api.get("/api/desk/wall", headers=desk.headers["anna"])
    assert answer.status_code == 403


async def test_an_idle_house_has_an_empty_wall(desk: Desk) -> None:
    found = await shown(desk)
    assert (found["waiting"], found["in_service"], found["talks_today"]) == (0, 0, 0)
    assert found["containment"] is found["first_reply_seconds"] is None


async def test_the_wall_counts_who_waits_who_is_served_and_who_waits_too_long(
    desk: Desk,
) -> None:
    now = clock.now()
    long, late, served = [await desk.talk(word) for word in "一二三"]
    await desk.waits(long, asked_at=now - timedelta(minutes=9))
    await desk.waits(late, due_at=now - timedelta(minutes=1))
    await desk.is_held(served, "ben", replied_at=now)
    found = await shown(desk)
    assert (found["waiting"], found["in_service"], found["breached"]) == (2, 1, 1)
    queue = {each["name"]: each for each in found["queues"]}["customer_service"]
    assert (queue["waiting"], queue["in_service"], queue["breached"]) == (2, 1, 1)
    assert [talk["id"] for talk in found["talks"]] == [str(served)]


async def test_containment_is_the_share_of_talks_that_needed_nobody(desk: Desk) -> None:
    talks = [await desk.talk(word) for word in "一二三四"]
    await desk.waits(talks[0])
    found = await shown(desk)
    assert (found["talks_today"], found["containment"]) == (4, 0.75)


async def test_every_conversation_there_is_is_looked_at_now_and_then_only(
    desk: Desk, house: House
) -> None:
    await desk.talk("一")
    with statements(house) as seen:
        for _ in range(3):
            assert (await shown(desk))["talks_today"] == 1
    assert sum("AS talked" in statement for statement in seen) == 1


async def test_first_replies_are_averaged_over_the_days(desk: Desk) -> None:
    now = clock.now()
    for seconds in (10, 30):
        talk = await desk.talk("一")
        asked = now - timedelta(seconds=seconds)
        await desk.is_held(talk, "anna", asked_at=asked, replied_at=now)
    found = await shown(desk)
    assert found["first_reply_seconds"] == 20.0
    [anna] = [each for each in found["agents"] if each["username"] == "anna"]
    assert (anna["talks"], anna["answered_today"]) == (2, 2)


async def test_people_stand_there_as_long_as_their_lease(desk: Desk, house: House) -> None:
    now = clock.now()
    async with house.db.transaction() as session:
        await presence.be_present(session, "anna", Status.BUSY, now)
        await presence.be_present(session, "ben", Status.AVAILABLE, now)
        await presence.be_present(session, "lena", Status.AVAILABLE, now - timedelta(minutes=5))
    found = await shown(desk)
    assert {each["username"]: each["status"] for each in found["agents"]} == {
        "anna": "busy",
        "ben": "available",
        "lena": "offline",
        "vera": "offline",
    }
    assert {each["name"]: each["available"] for each in found["queues"]}["customer_service"] == 1


async def test_a_lead_watches_the_queues_of_their_teams(desk: Desk) -> None:
    await desk.person("lola", Role.LEAD, team="vip")
    await desk.waits(await desk.talk("一"), "customer_service")
    assert [queue["name"] for queue in (await shown(desk, "lola"))["queues"]] == ["vip"]
    assert (await shown(desk, "lola"))["waiting"] == 0
    assert (await shown(desk, "mona"))["waiting"] == 1


async def test_the_wall_costs_few_statements(desk: Desk, house: House) -> None:
    for word in "一二三":
        await desk.is_held(await desk.talk(word), "ben")
    caller = Caller("lena", Role.LEAD)
    async with house.db.transaction() as session:
        await wall(session, caller, clock.now())
    with statements(house) as asked:
        async with house.db.transaction() as session:
            await wall(session, caller, clock.now())
    assert len(asked) <= 7, asked
