"""Thirty-odd parts of the house killed at random moments: nothing is lost, nothing said twice."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.crowd import Desk, Stubborn, close_ticket
from tests.journeys.customer import Customer
from tests.journeys.house_fixtures import agent_of
from tests.journeys.waiting import until
from ticketing.run.system import System

SEED = 20261122
CUSTOMERS = 5
KILLS = ["api", "worker", "actions"] * 10 + ["bot"] * 2
LONGEST_PAUSE_SECONDS = 2.4
START_SECONDS = 90.0
GET_THROUGH_SECONDS = 120.0

_MESSAGES = """
SELECT c.id AS conversation, c.customer_key, m.seq, m.author, m.external_id, m.text,
       m.answers_seq, m.handled_at, m.understood IS NOT NULL AS understood,
       m.card ->> 'ticket_no' AS ticket_no
FROM messages m JOIN conversations c ON c.id = m.conversation_id
WHERE c.customer_key LIKE %s ORDER BY c.id, m.seq
"""
_CHANGES = """
SELECT t.ticket_no, t.waybill_no, t.kind, h.what, h.id
FROM tickets t JOIN ticket_changes h ON h.ticket_id = t.id WHERE t.waybill_no = ANY(%s)
"""
_TAKEN_OVER = re.compile("转给人工|正在为您转人工")
_GIVEN_BACK = "人工服务已结束"
Row = dict[str, Any]


@dataclass
class Aftermath:
    """What is left when the dust has settled."""

    customers: list[Stubborn]
    kills: Counter[str]
    conversations: list[list[Row]]
    changes: list[Row]


@pytest.fixture(scope="module")
def aftermath(house: System, whole_carrier_world: CarrierWorld) -> Aftermath:
    """Kill and revive at random while customers write; then let everything come to rest."""
    whole_carrier_world.heal()
    stop = threading.Event()
    customers = [new_customer(house, whole_carrier_world, n, stop) for n in range(CUSTOMERS)]
    with agent_of(house) as agent, at_the_desk(house, agent, customers):
        with at_work(customer.run for customer in customers):
            try:
                kills = kill_at_random(house, random.Random(SEED))
                house.wait_until_ready(START_SECONDS, meanwhile=lambda: None)
            finally:
                stop.set()
        for customer in customers:
            close_ticket(agent, str(customer.ticket_no))
        until(lambda: all_dealt_with(house), 30, "every message dealt with")
    waybills = [customer.parcel.waybill_no for customer in customers]
    return Aftermath(customers, kills, conversations_of(house), rows(house, _CHANGES, waybills))


def new_customer(
    house: System, world: CarrierWorld, number: int, stop: threading.Event
) -> Stubborn:
    """Return a customer with a parcel and habits of their own."""
    dice = random.Random(SEED + number)
    return Stubborn(house.plan.api_url, f"stubborn-{number}", world.take(), stop, dice)


@contextmanager
def at_work(deeds: Iterable[Callable[[], None]]) -> Iterator[None]:
    """Do several things beside the block, and wait until all of them are done."""
    threads = [threading.Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join(GET_THROUGH_SECONDS)
    assert not [thread for thread in threads if thread.is_alive()]


@contextmanager
def at_the_desk(house: System, agent: Agent, customers: list[Stubborn]) -> Iterator[None]:
    """Let somebody work at the desk for as long as the block takes."""
    closing = threading.Event()
    with at_work([Desk(house, agent, customers, closing).run]):
        try:
            yield
        finally:
            closing.set()


def kill_at_random(house: System, dice: random.Random) -> Counter[str]:
    """Kill the parts of the list in random order at random moments; revive each at once."""
    order, clock = dice.sample(KILLS, len(KILLS)), threading.Event()
    for name in order:
        clock.wait(dice.uniform(0.1, LONGEST_PAUSE_SECONDS))
        house.kill(name)
        house.revive()
        if name == "bot":
            # Else all customers would wait for people while the next parts are killed.
            house.wait_until_ready(START_SECONDS, meanwhile=lambda: None)
    return Counter(order)


def rows(house: System, query: str, wanted: object) -> list[Row]:
    """Return the rows of a query with one parameter."""
    with psycopg.connect(house.plan.database_url, row_factory=dict_row) as database:
        return database.execute(query, (wanted,)).fetchall()


def conversations_of(house: System) -> list[list[Row]]:
    """Return the messages of every stubborn customer, conversation by conversation."""
    found = rows(house, _MESSAGES, "%/stubborn-%")
    return [list(group) for _, group in groupby(found, key=lambda row: row["conversation"])]


def all_dealt_with(house: System) -> bool:
    """Tell whether no message waits for an answer."""
    found = rows(house, _MESSAGES, "%/stubborn-%")
    return all(row["handled_at"] for row in found if row["author"] == "customer")


def test_at_least_thirty_parts_were_killed(aftermath: Aftermath) -> None:
    assert sum(aftermath.kills.values()) >= 30
    assert set(aftermath.kills) == {"api", "worker", "actions", "bot"}


def test_every_message_got_through_and_was_stored_once_in_order(aftermath: Aftermath) -> None:
    sent = {customer.name: customer.sent for customer in aftermath.customers}
    assert [trouble for customer in aftermath.customers for trouble in customer.trouble] == []
    kept = {
        messages[0]["customer_key"].rpartition("/")[2]: [
            row["external_id"] for row in messages if row["author"] == "customer"
        ]
        for messages in aftermath.conversations
    }
    assert kept == sent
    assert min(len(ids) for ids in sent.values()) >= 20


def test_numbers_run_without_gaps(aftermath: Aftermath) -> None:
    for messages in aftermath.conversations:
        assert [row["seq"] for row in messages] == list(range(1, len(messages) + 1))


def test_every_message_was_answered_once_by_the_bot_or_taken_over_by_a_person(
    aftermath: Aftermath,
) -> None:
    for messages in aftermath.conversations:
        with_people = in_peoples_hands(messages)
        for asked in (row for row in messages if row["author"] == "customer"):
            answers = [row["author"] for row in messages if row["answers_seq"] == asked["seq"]]
            assert answers in (["bot"], ["system"]) or (
                not answers and any(asked["seq"] in span for span in with_people)
            ), f"{asked['external_id']} {asked['text']}: {answers}"


def in_peoples_hands(messages: list[Row]) -> list[range]:
    """Return the numbers from each notice that a person takes over to the giving back."""
    spans: list[range] = []
    began: int | None = None
    for row in messages:
        is_ours = row["author"] in ("bot", "system")
        if is_ours and began is None and _TAKEN_OVER.search(row["text"]):
            began = row["answers_seq"]
        if is_ours and began is not None and _GIVEN_BACK in row["text"]:
            spans.append(range(began, row["seq"]))
            began = None
    return [*spans, range(began, len(messages) + 1)] if began is not None else spans


def test_nothing_was_said_twice(aftermath: Aftermath) -> None:
    for messages in aftermath.conversations:
        answers = Counter((r["answers_seq"], r["text"]) for r in messages if r["answers_seq"])
        assert [answer for answer, times in answers.items() if times > 1] == []


def test_every_complaint_opened_one_ticket(aftermath: Aftermath) -> None:
    opened = Counter(row["waybill_no"] for row in aftermath.changes if row["what"] == "opened")
    assert opened == Counter(customer.parcel.waybill_no for customer in aftermath.customers)
    assert {row["kind"] for row in aftermath.changes} == {"damage"}


def test_every_step_of_a_ticket_was_announced_once(aftermath: Aftermath) -> None:
    announced = Counter(
        row["ticket_no"]
        for messages in aftermath.conversations
        for row in messages
        if row["author"] == "system" and row["ticket_no"]
    )
    done = Counter(row["ticket_no"] for row in aftermath.changes if row["what"] == "step_completed")
    assert announced == done
    assert set(done) == {customer.ticket_no for customer in aftermath.customers}


def test_the_public_door_tells_the_same_as_the_database(
    aftermath: Aftermath, house: System
) -> None:
    for messages in aftermath.conversations:
        sender = messages[0]["customer_key"].rpartition("/")[2]
        shown: list[tuple[int, str]] = []
        after = 0
        while page := Customer(house.plan.api_url, sender).everything(after):
            shown += [(heard.seq, heard.text) for heard in page]
            after = shown[-1][0]
        assert shown == [(r["seq"], r["text"]) for r in messages if r["author"] != "customer"]
