"""The worker: jobs, and messages a dead process has left behind."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.ticketing.scripted import ScriptedBot, said
from ticketing import worker
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Arriving, Turn
from ticketing.inbox import promises
from ticketing.inbox.promises import Promise
from ticketing.kernel import clock, liveness
from ticketing.shipments import service as shipments


async def test_a_deferred_job_is_carried_out_and_forgotten(house: House) -> None:
    early = clock.now() - timedelta(minutes=1)
    async with house.db.transaction() as session:
        conversation = await conversations.open_conversation(session, "web", "one", clock.now())
        await shipments.register(session, "YT2700000000001", "YTO", frozenset(), clock.now())
        promise = Promise(conversation.id, "m1", "YT2700000000001")
        await promises.give(session, promise, None, early)
    app = worker.queue(house)
    async with app.open_async():
        await app.run_worker_async(
            wait=False, install_signal_handlers=False, delete_jobs="successful"
        )
        assert list(await app.job_manager.list_jobs_async()) == []
    async with house.db.transaction() as session:
        [news] = await conversations.messages_after(session, conversation.id, 0)
    assert "YT2700000000001" in news.text


async def test_a_job_of_a_transaction_that_fails_was_never_there(house: House) -> None:
    class Failed(Exception):
        """The caller's transaction fails."""

    async def try_and_fail() -> None:
        async with house.db.transaction() as session:
            conversation = await conversations.open_conversation(session, "web", "x", clock.now())
            promise = Promise(conversation.id, "m1", "YT2700000000001")
            await promises.give(session, promise, None, clock.now())
            raise Failed

    with pytest.raises(Failed):
        await try_and_fail()
    app = worker.queue(house)
    async with app.open_async():
        assert list(await app.job_manager.list_jobs_async()) == []


async def arrive(house: House, at: datetime) -> Turn:
    """Let a message arrive at a process that takes its turn and is never heard of again."""
    async with house.db.transaction() as session:
        arriving = Arriving("web", "one", "m1", "到哪了")
        _, turn = await conversations.receive(session, arriving, at, timedelta(seconds=10))
    assert turn is not None
    return turn


async def test_a_message_whose_process_died_is_answered_by_the_sweep(
    house: House, bot: ScriptedBot
) -> None:
    turn = await arrive(house, clock.now() - timedelta(minutes=1))
    assert await house.inbox.sweep() == 1
    assert await house.inbox.sweep() == 0
    assert [row["message_id"] for row in bot.asked] == [turn.message_id]


async def test_a_message_somebody_is_answering_is_left_to_them(
    house: House, bot: ScriptedBot
) -> None:
    await arrive(house, clock.now())
    assert await house.inbox.sweep() == 0
    assert bot.asked == []


async def test_an_answer_that_comes_after_the_lease_was_taken_over_is_void(
    house: House, bot: ScriptedBot
) -> None:
    late = await arrive(house, clock.now() - timedelta(minutes=1))
    await house.inbox.sweep()
    await house.inbox.answer(late)
    async with house.db.transaction() as session:
        said = await conversations.messages_after(session, late.conversation_id, 1)
    assert [m.text for m in said] == ["收到：到哪了"]
    assert len(bot.asked) == 2


async def test_what_a_dead_process_left_is_answered_before_what_comes_after_it(
    house: House, bot: ScriptedBot
) -> None:
    await arrive(house, clock.now() - timedelta(minutes=1))
    arrival = await house.inbox.receive(Arriving("web", "one", "m2", "还没回我"))
    await house.inbox.answer(arrival.turn)
    assert [row["text"] for row in bot.asked] == ["到哪了", "还没回我"]


async def test_a_heartbeat_grows_stale(house: House) -> None:
    now = clock.now()
    async with house.db.transaction() as session:
        await liveness.beat(session, "worker", now)
        assert await liveness.is_alive(session, "worker", now)
        assert not await liveness.is_alive(session, "worker", now + liveness.FRESH)
        assert not await liveness.is_alive(session, "nobody", now)


async def test_a_wanted_hand_over_survives_the_death_of_the_process_that_was_to_make_it(
    house: House, bot: ScriptedBot
) -> None:
    turn = await arrive(house, clock.now() - timedelta(minutes=1))
    async with house.db.transaction() as session:
        await conversations.want_handoff(session, turn.conversation_id, turn.message_id, "asked")
    await house.inbox.sweep()
    async with house.db.transaction() as session:
        after = await conversations.known(session, turn.conversation_id)
    assert (after.owner, after.handoff_reason) == ("queue", "asked")
    assert len(bot.asked) == 1


async def test_one_broken_conversation_does_not_stop_the_sweep_of_others(
    house: House, bot: ScriptedBot
) -> None:
    dead = clock.now() - timedelta(minutes=1)
    async with house.db.transaction() as session:
        for key in ("one", "two"):
            arriving = Arriving("web", key, "m1", key)
            await conversations.receive(session, arriving, dead, timedelta(seconds=10))

    def break_on_one(body: dict[str, str]) -> dict[str, object]:
        if body["text"] == "one":
            raise RuntimeError("a defect")
        return said("好")

    bot.answer = break_on_one
    assert await house.inbox.sweep() == 2
    async with house.db.transaction() as session:
        other = await conversations.find(session, "web", "two")
        assert other is not None
        assert await conversations.is_handled(session, other.id, 1)
