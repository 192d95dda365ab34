"""The desk's lists: who sees which conversation, and what it says of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from tests.ticketing.desk.stage import Desk, Json
from ticketing.accounts.tokens import Caller, Role
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Customer
from ticketing.conversations.service import Utterance
from ticketing.desk import repository
from ticketing.desk.overview import overview
from ticketing.kernel import clock


def ids(rows: list[Json]) -> list[str]:
    return [row["id"] for row in rows]


async def test_what_waits_is_seen_by_the_team_of_its_queue_and_by_managers(desk: Desk) -> None:
    talk = await desk.talk("转人工")
    await desk.waits(talk)
    for who, sees in (("anna", True), ("lena", True), ("mona", True)):
        shown = await desk.get("/api/desk", who)
        assert ids(shown["waiting"]) == ([str(talk)] if sees else []), who


async def test_agents_of_a_helping_team_see_what_waits_and_others_do_not(desk: Desk) -> None:
    helped, own = await desk.talk("一"), await desk.talk("二")
    await desk.waits(helped, "vip")
    await desk.waits(own, "customer_service")
    assert ids((await desk.get("/api/desk", "anna"))["waiting"]) == [str(helped), str(own)]
    assert ids((await desk.get("/api/desk", "vera"))["waiting"]) == [str(helped)]


async def test_somebody_without_a_team_sees_only_what_they_hold_or_are_offered(desk: Desk) -> None:
    await desk.person("nora", team=None)
    waiting, held, offered = await desk.talk("一"), await desk.talk("二"), await desk.talk("三")
    await desk.waits(waiting)
    await desk.is_held(held, "nora")
    until = clock.now() + timedelta(seconds=30)
    await desk.waits(offered, offered_to="nora", offered_until=until)
    shown = await desk.get("/api/desk", "nora")
    assert sorted(ids(shown["mine"])) == sorted([str(held), str(offered)])
    assert shown["waiting"] == shown["others"] == []


async def test_an_offer_that_has_lapsed_waits_with_the_others(desk: Desk) -> None:
    talk = await desk.talk("一")
    until = clock.now() - timedelta(seconds=1)
    await desk.waits(talk, offered_to="anna", offered_until=until)
    shown = await desk.get("/api/desk", "anna")
    assert (ids(shown["mine"]), ids(shown["waiting"])) == ([], [str(talk)])


async def test_conversations_stand_with_who_holds_them(desk: Desk) -> None:
    mine, bens, bots = await desk.talk("一"), await desk.talk("二"), await desk.talk("三")
    await desk.is_held(mine, "anna")
    await desk.is_held(bens, "ben")
    shown = await desk.get("/api/desk", "anna")
    assert (ids(shown["mine"]), ids(shown["others"])) == ([str(mine)], [str(bens)])
    assert shown["others"][0]["agent_name"] == "小本"
    assert str(bots) not in str(shown)


async def test_the_angry_stand_first_then_the_longest_waiting(desk: Desk) -> None:
    first, second, angry = [await desk.talk(word) for word in "一二三"]
    for talk, told in ((first, {}), (second, {}), (angry, {"priority": "high"})):
        await desk.waits(talk, **told)
    shown = await desk.get("/api/desk", "anna")
    assert ids(shown["waiting"]) == [str(angry), str(first), str(second)]
    assert shown["waiting"][0]["priority"] == "high"


async def test_a_row_says_why_since_when_and_what_was_said_last(desk: Desk) -> None:
    talk = await desk.talk("转人工")
    await desk.waits(talk)
    await desk.customer_says(talk, "还在吗")
    [row] = (await desk.get("/api/desk", "anna"))["waiting"]
    assert row["reason"] == "asked"
    assert row["reason_text"]
    assert row["queue_label"] == "客服"
    assert (row["last_message"]["author"], row["last_message"]["text"]) == ("customer", "还在吗")
    assert row["waiting_since"] == row["queued_at"]
    assert row["unread"] == 1


async def test_visitors_have_a_friendly_name_and_known_customers_their_own(
    desk: Desk, house: House
) -> None:
    visitor, known = await desk.talk("一"), await desk.talk("二")
    async with house.db.transaction() as session:
        now = clock.now()
        customer = Customer(
            site="shop", external_id="7", name="周小雨", vip=True, created_at=now, seen_at=now
        )
        session.add(customer)
        await session.flush()
        (await conversations.known(session, known)).customer_id = customer.id
    await desk.waits(visitor)
    await desk.waits(known)
    first, second = (await desk.get("/api/desk", "anna"))["waiting"]
    assert first["customer"] == {
        "id": None,
        "name": f"访客 {visitor.hex[:4].upper()}",
        "is_verified": False,
        "vip": False,
    }
    assert (second["customer"]["name"], second["customer"]["vip"]) == ("周小雨", True)


async def test_unread_counts_what_nobody_has_answered_and_the_reader_has_not_seen(
    desk: Desk, house: House
) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    seqs = [await desk.customer_says(talk, word) for word in ("在吗", "人呢", "喂")]
    path = f"/api/desk/conversations/{talk}"
    assert (await desk.get(path, "anna"))["unread"] == 3
    async with house.db.transaction() as session:
        assert await repository.mark_read(session, "anna", talk, seqs[1])
        assert not await repository.mark_read(session, "anna", talk, seqs[0])
    assert (await desk.get(path, "anna"))["unread"] == 1
    assert (await desk.get(path, "lena"))["unread"] == 3
    await desk.reply(talk, "anna", "来了", epoch)
    assert (await desk.get(path, "lena"))["unread"] == 0


async def test_a_held_conversation_waits_from_the_first_unanswered_word(desk: Desk) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    await desk.reply(talk, "anna", "您好", epoch)
    path = f"/api/desk/conversations/{talk}"
    assert (await desk.get(path, "anna"))["waiting_since"] is None
    await desk.customer_says(talk, "我的快递呢")
    await desk.customer_says(talk, "快点")
    page = (await desk.get(f"{path}/messages", "anna"))["messages"]
    assert (await desk.get(path, "anna"))["waiting_since"] == page[-2]["at"]


async def test_what_somebody_may_not_see_is_not_there(desk: Desk) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna", queue="claims")
    for path in ("", "/messages", "/context", "/suggestions"):
        answer = await desk.api.get(
            f"/api/desk/conversations/{talk}{path}", headers=desk.headers["vera"]
        )
        assert (answer.status_code, answer.json()["error"]) == (404, "unknown_conversation")


async def test_queues_count_who_waits_and_say_when_they_open(desk: Desk) -> None:
    for word in ("一", "二"):
        await desk.waits(await desk.talk(word))
    shown = await desk.get("/api/desk", "anna")
    queue = {each["name"]: each for each in shown["queues"]}["customer_service"]
    assert queue["waiting"] == 2
    assert queue["longest_wait_seconds"] >= 0
    assert queue["is_open"] == (queue["opens_at"] is None)


async def test_a_desk_of_many_conversations_costs_four_statements(desk: Desk, house: House) -> None:
    for number in range(12):
        talk = await desk.talk(f"第{number}")
        await (desk.waits(talk) if number % 2 else desk.is_held(talk, "ben"))
    caller = Caller("anna", Role.AGENT)
    async with house.db.transaction() as session:
        await overview(session, caller, clock.now())
    with statements(house) as asked:
        async with house.db.transaction() as session:
            found = await overview(session, caller, clock.now())
    assert [len(found.places[place]) for place in ("waiting", "others")] == [6, 6]
    assert len(asked) <= 4, asked


async def test_the_bots_answer_is_no_persons_word_while_somebody_waits(desk: Desk) -> None:
    talk = await desk.talk("转人工")
    await desk.waits(talk)
    await desk.say(talk, Utterance("您排在第 1 位", author="system"))
    [row] = (await desk.get("/api/desk", "anna"))["waiting"]
    assert row["waiting_since"] is not None


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    engine = house.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
