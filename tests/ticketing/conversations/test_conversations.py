"""Verbs of conversations: turns, numbers, hands, and the place in the queue."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.models import ANGER, Conversation
from ticketing.conversations.service import Arriving, Received, Turn, UnknownConversation, Utterance
from ticketing.notifications import service as notifications

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
LEASE = timedelta(seconds=8)


async def hear(
    session: AsyncSession, text: str, key: str = "one", now: datetime = NOW, **more: str
) -> tuple[Received, Turn | None]:
    """Let a customer's message arrive; its own id is the text unless told."""
    arriving = Arriving("rest", key, more.get("external_id", text), text)
    return await conversations.receive(session, arriving, now, LEASE)


async def say(session: AsyncSession, who: uuid.UUID, text: str, key: str = "") -> int:
    """Say something on our side; return its number."""
    said = await notifications.send(session, who, Utterance(text), key or text, NOW)
    assert said is not None
    return said.seq


async def queued(
    session: AsyncSession, key: str, minute: int, reason: str = "asked"
) -> Conversation:
    """Let a customer wait for a person since so many minutes past."""
    now = NOW + timedelta(minutes=minute)
    talk = await conversations.open_conversation(session, "rest", key, now)
    await conversations.change_owner(session, talk, "queue", now, reason)
    await session.flush()
    return talk


async def test_a_customer_has_one_conversation_on_a_channel(house: House) -> None:
    async with house.db.transaction() as session:
        first = await conversations.open_conversation(session, "rest", "one", NOW)
        again = await conversations.open_conversation(session, "rest", "one", NOW)
        elsewhere = await conversations.open_conversation(session, "web", "one", NOW)
        assert await conversations.find(session, "rest", "one") is first
        assert await conversations.find(session, "rest", "two") is None
    assert first.id == again.id != elsewhere.id
    assert (first.owner, first.owner_epoch, first.last_seq) == ("bot", 0, 0)


async def test_the_first_message_begins_a_conversation_and_takes_its_turn(house: House) -> None:
    async with house.db.transaction() as session:
        received, turn = await hear(session, "你好")
    assert turn is not None
    assert (received.seq, received.is_new, received.handled) == (1, True, False)
    assert (turn.seq, turn.text) == (1, "你好")
    assert turn.message_id == f"{received.conversation_id}:1"


async def test_a_message_behind_another_waits_for_its_turn(house: House) -> None:
    async with house.db.transaction() as session:
        await hear(session, "一")
        second, turn = await hear(session, "二")
    assert (second.seq, turn) == (2, None)


async def test_the_same_message_again_has_the_same_number_and_no_turn(house: House) -> None:
    async with house.db.transaction() as session:
        first, _ = await hear(session, "你好")
        again, turn = await hear(session, "你好")
    assert (again.seq, again.is_new, turn) == (first.seq, False, None)


async def test_messages_are_answered_in_the_order_they_came(house: House) -> None:
    async with house.db.transaction() as session:
        _, turn = await hear(session, "一")
        for text in ("二", "三"):
            await hear(session, text)
        order = []
        while turn is not None:
            order.append(turn.text)
            finished = await conversations.finish_turn(session, turn, None, NOW, LEASE)
            assert finished is not None
            assert finished.is_current
            turn = finished.next_turn
    assert order == ["一", "二", "三"]


async def test_a_turn_is_finished_once(house: House) -> None:
    async with house.db.transaction() as session:
        received, turn = await hear(session, "一")
        assert turn is not None
        assert not await conversations.is_handled(session, received.conversation_id, received.seq)
        assert await conversations.finish_turn(session, turn, None, NOW, LEASE) is not None
        assert await conversations.finish_turn(session, turn, None, NOW, LEASE) is None
        session.expire_all()
        assert await conversations.is_handled(session, received.conversation_id, received.seq)


async def test_a_turn_whose_lease_is_over_is_taken_by_somebody_else(house: House) -> None:
    async with house.db.transaction() as session:
        received, lost = await hear(session, "一")
        who, later = received.conversation_id, NOW + LEASE + timedelta(seconds=1)
        assert await conversations.take_turn(session, who, NOW, LEASE) is None
        assert await conversations.waiting(session, NOW) == []
        assert await conversations.waiting(session, later) == [who]
        taken = await conversations.take_turn(session, who, later, LEASE)
        assert lost is not None
        assert taken is not None
        assert (taken.seq, taken.token != lost.token) == (lost.seq, True)
        assert await conversations.finish_turn(session, lost, None, later, LEASE) is None


async def test_a_turn_is_void_once_the_conversation_has_changed_hands(house: House) -> None:
    async with house.db.transaction() as session:
        received, turn = await hear(session, "一")
        talk = await conversations.locked(session, received.conversation_id)
        await conversations.change_owner(session, talk, "agent", NOW, "anna")
        await session.flush()
        assert turn is not None
        assert await conversations.finish_turn(session, turn, None, NOW, LEASE) is None


async def test_every_change_of_hands_begins_a_new_epoch(house: House) -> None:
    async with house.db.transaction() as session:
        talk = await conversations.open_conversation(session, "rest", "one", NOW)
        epochs = []
        for owner in ("queue", "agent", "bot", "queue"):
            await conversations.change_owner(session, talk, owner, NOW)
            epochs.append(talk.owner_epoch)
    assert epochs == [1, 2, 3, 4]


async def test_a_person_is_handed_every_message_that_waits(house: House) -> None:
    async with house.db.transaction() as session:
        received, _ = await hear(session, "一")
        await hear(session, "二")
        who = received.conversation_id
        talk = await conversations.locked(session, who)
        await conversations.change_owner(session, talk, "queue", NOW, "asked")
        await session.flush()
        assert [await conversations.is_handled(session, who, seq) for seq in (1, 2)] == [True] * 2
        later, turn = await hear(session, "三")
    assert (later.owner, later.handled, turn) == ("queue", True, None)


async def test_who_is_taken_by_a_person_keeps_the_time_they_began_to_wait(house: House) -> None:
    async with house.db.transaction() as session:
        talk = await queued(session, "one", 3)
        await conversations.change_owner(session, talk, "agent", NOW + timedelta(minutes=9), "anna")
    assert talk.queued_at == NOW + timedelta(minutes=3)
    assert talk.handoff_reason == "anna"


async def test_the_place_in_the_queue_is_by_waiting_time(house: House) -> None:
    async with house.db.transaction() as session:
        talks = [await queued(session, key, minute) for key, minute in (("b", 2), ("a", 1))]
        places = [await conversations.position_in_queue(session, talk) for talk in talks]
    assert places == [2, 1]


async def test_the_angry_are_first_among_themselves_in_order(house: House) -> None:
    async with house.db.transaction() as session:
        calm = await queued(session, "calm", 0)
        second = await queued(session, "second", 5, ANGER)
        first = await queued(session, "first", 4, ANGER)
        talks = (first, second, calm)
        places = [await conversations.position_in_queue(session, talk) for talk in talks]
    assert places == [1, 2, 3]


async def test_who_has_a_person_is_in_nobodys_way(house: House) -> None:
    async with house.db.transaction() as session:
        taken, waiting = await queued(session, "taken", 0, ANGER), await queued(session, "w", 1)
        await conversations.change_owner(session, taken, "agent", NOW, "anna")
        await session.flush()
        assert await conversations.position_in_queue(session, waiting) == 1
        assert not taken.comes_first


@pytest.mark.parametrize(("reason", "place"), [("asked", 3), (ANGER, 2)])
async def test_who_wants_a_person_is_told_the_place_they_will_get(
    house: House, reason: str, place: int
) -> None:
    async with house.db.transaction() as session:
        await queued(session, "calm", -2)
        await queued(session, "angry", -1, ANGER)
        received, turn = await hear(session, "转人工")
        assert turn is not None
        who = received.conversation_id
        told = await conversations.want_handoff(session, who, turn.message_id, reason)
        await session.flush()
        finished = await conversations.finish_turn(session, turn, None, NOW, LEASE)
    assert told == place
    assert finished is not None
    assert finished.handoff_reason == reason


async def test_a_hand_over_another_message_wanted_is_not_made(house: House) -> None:
    async with house.db.transaction() as session:
        received, turn = await hear(session, "你好")
        assert turn is not None
        await conversations.want_handoff(session, received.conversation_id, "other", "asked")
        await session.flush()
        finished = await conversations.finish_turn(session, turn, None, NOW, LEASE)
    assert finished is not None
    assert finished.handoff_reason is None


@pytest.mark.parametrize(("shown", "kept"), [((1,), 1), ((2, 1), 2), ((99,), 3), ((-5,), 0)])
async def test_the_highest_number_that_was_shown_is_remembered(
    house: House, shown: tuple[int, ...], kept: int
) -> None:
    async with house.db.transaction() as session:
        talk = await conversations.open_conversation(session, "rest", "one", NOW)
        for text in "一二三":
            await say(session, talk.id, text)
        for seq in shown:
            await conversations.mark_seen(session, talk.id, seq)
        await session.flush()
        assert (await conversations.known(session, talk.id)).delivered_seq == kept


async def test_what_was_said_after_a_number_becomes_the_answer(house: House) -> None:
    async with house.db.transaction() as session:
        received, _ = await hear(session, "同意")
        who = received.conversation_id
        await say(session, who, "以前说的")
        before = await conversations.last_seq(session, who)
        await say(session, who, "好的")
        await hear(session, "还有")
        await say(session, who, "已登记")
        made = await conversations.make_answers(session, who, before, to=received.seq)
        again = await conversations.answers_to(session, who, received.seq)
    assert [message.text for message in made] == ["好的", "已登记"]
    assert again == made


async def test_the_last_cause_is_that_of_our_side(house: House) -> None:
    async with house.db.transaction() as session:
        received, _ = await hear(session, "你好")
        who = received.conversation_id
        assert await conversations.last_cause(session, who) is None
        for key in ("k1", "k2"):
            await say(session, who, "说", key)
        await hear(session, "再见")
        assert await conversations.last_cause(session, who) == "k2"
        assert await conversations.has_said(session, who, "k1")
        assert not await conversations.has_said(session, who, "k3")


async def test_what_was_said_is_read_from_a_number_on_or_from_the_end(house: House) -> None:
    async with house.db.transaction() as session:
        talk = await conversations.open_conversation(session, "rest", "one", NOW)
        for text in "甲乙丙丁":
            await say(session, talk.id, text)
        first = await conversations.messages_after(session, talk.id, 1, limit=2)
        last = await conversations.messages_since(session, talk.id, 1, limit=2)
        none = await conversations.messages_after(session, talk.id, 4)
    assert [message.text for message in first] == ["乙", "丙"]
    assert [message.text for message in last] == ["丙", "丁"]
    assert none == ()


async def test_a_conversation_nobody_has_begun_is_unknown(house: House) -> None:
    async with house.db.transaction() as session:
        for verb in (conversations.locked, conversations.known):
            with pytest.raises(UnknownConversation):
                await verb(session, uuid.uuid4())
        with pytest.raises(UnknownConversation):
            await conversations.mark_seen(session, uuid.uuid4(), 1)
        assert not await conversations.is_handled(session, uuid.uuid4(), 1)
