"""What is kept of a conversation, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.session_events import current_session, events_to_keep
from bot.tracker_store import PostgresTrackerStore

DOMAIN = Domain.load("bot/domain")
MOST = 30


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[PostgresTrackerStore]:
    """A store of its own connections."""
    store = PostgresTrackerStore(DOMAIN, dsn=database_url, max_events=MOST, max_answers=3)
    yield store
    await store.aclose()


def conversation(turns: int, sender_id: str | None = None) -> DialogueStateTracker:
    """A tracker in the middle of a form after some turns."""
    tracker = DialogueStateTracker(sender_id or uuid.uuid4().hex, DOMAIN.slots)
    for event in (ActionExecuted("action_session_start"), SessionStarted()):
        tracker.update(event, DOMAIN)
    tracker.update(ActionExecuted("action_listen"), DOMAIN)
    for turn in range(turns):
        ranking = [{"name": "greet", "confidence": 0.9}]
        parse_data = {
            "text": f"第{turn}句",
            "intent": {"name": "greet", "confidence": 0.9},
            "entities": [],
            "intent_ranking": ranking,
        }
        said = UserUttered(
            f"第{turn}句", parse_data["intent"], [], parse_data, message_id=f"m{turn}"
        )
        for event in (
            said,
            ActionExecuted("report_form"),
            ActiveLoop("report_form"),
            SlotSet("kind", "damage"),
            SlotSet("asked", {"waybill_no": turn}),
            ActionExecuted("action_listen"),
        ):
            tracker.update(event, DOMAIN)
    return tracker


async def test_a_new_conversation_is_empty(store: PostgresTrackerStore) -> None:
    stored = await store.load("nobody")
    assert stored.tracker is None
    assert stored.answers == {}


async def test_what_is_kept_comes_back(store: PostgresTrackerStore) -> None:
    tracker = conversation(2)
    await store.keep(tracker, {"m1": {"messages": ["好"]}})
    stored = await store.load(tracker.sender_id)
    assert stored.tracker is not None
    assert stored.tracker.current_slot_values() == tracker.current_slot_values()
    assert stored.tracker.active_loop_name == "report_form"
    assert stored.tracker.latest_message.text == "第1句"
    assert stored.tracker.latest_message.message_id == "m1"
    assert stored.answers == {"m1": {"messages": ["好"]}}


async def test_rasas_own_doors_keep_the_answers(store: PostgresTrackerStore) -> None:
    tracker = conversation(1)
    await store.keep(tracker, {"m0": {"messages": []}})
    await store.save(tracker)
    assert (await store.load(tracker.sender_id)).answers == {"m0": {"messages": []}}
    assert await store.exists(tracker.sender_id)
    assert tracker.sender_id in list(await store.keys())


async def test_only_the_latest_answers_are_kept(store: PostgresTrackerStore) -> None:
    tracker = conversation(1)
    await store.keep(tracker, {f"m{n}": {"n": n} for n in range(9)})
    assert list((await store.load(tracker.sender_id)).answers) == ["m6", "m7", "m8"]


async def test_one_conversation_is_one_row(store: PostgresTrackerStore, database_url: str) -> None:
    tracker = conversation(1)
    for _ in range(5):
        await store.save(tracker)
    connection = await asyncpg.connect(database_url)
    query = "select count(*) from rasa.conversation where sender_id = $1"
    assert await connection.fetchval(query, tracker.sender_id) == 1
    await connection.close()


async def test_a_long_session_keeps_its_state_in_few_events(store: PostgresTrackerStore) -> None:
    tracker = conversation(40)
    await store.save(tracker)
    stored = await store.retrieve(tracker.sender_id)
    assert stored is not None
    assert len(stored.events) <= MOST
    assert stored.current_slot_values() == tracker.current_slot_values()
    assert stored.active_loop_name == "report_form"
    assert stored.latest_message.text == "第39句"
    assert stored.latest_action_name == "action_listen"


async def test_a_text_that_databases_dislike_is_kept(store: PostgresTrackerStore) -> None:
    tracker = conversation(0)
    tracker.update(UserUttered("\x00'; drop table rasa.conversation; -- 😂"), DOMAIN)
    await store.save(tracker)
    stored = await store.retrieve(tracker.sender_id)
    assert stored is not None
    assert stored.latest_message.text == "\x00'; drop table rasa.conversation; -- 😂"


async def test_two_processes_may_create_the_schema_at_once(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    stores = [PostgresTrackerStore(DOMAIN, dsn=database_url) for _ in range(4)]
    assert [each.tracker for each in await asyncio.gather(*(s.load("x") for s in stores))]
    await asyncio.gather(*(each.aclose() for each in stores))
    await connection.close()


async def test_a_database_that_is_down_is_an_error_and_no_memory() -> None:
    store = PostgresTrackerStore(DOMAIN, dsn="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(OSError, match=r"refused|connect"):
        await store.load("c")


def test_the_session_is_what_began_last() -> None:
    events = [
        {"event": "user"},
        {"event": "action", "name": "action_session_start"},
        {"event": "x"},
    ]
    assert current_session(events) == events[1:]
    assert current_session(events[:1]) == events[:1]


def test_the_ranking_of_a_message_is_not_kept() -> None:
    kept = events_to_keep(conversation(1), MOST)
    said = next(event for event in kept if event["event"] == "user")
    assert "intent_ranking" not in said["parse_data"]
    assert said["parse_data"]["intent"]["name"] == "greet"
