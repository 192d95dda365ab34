"""Worker and api are killed while customers wait: nobody is lost, nothing is said twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.journeys.agent import Agent
from tests.journeys.customer import Customer
from tests.journeys.house_fixtures import NewCustomer
from tests.journeys.waiting import until
from ticketing.run.system import System

START_SECONDS = 90.0
MOVES_ON_SECONDS = 20.0
Row = dict[str, Any]
_OFFERS_RUN_OUT = (
    "UPDATE handoffs SET offered_until = now() - interval '1 second' WHERE offered_to IS NOT NULL"
)
_SAID = """
SELECT m.* FROM messages m JOIN conversations c ON c.id = m.conversation_id
WHERE c.customer_key LIKE '%%/' || %s ORDER BY m.seq
"""


@pytest.fixture
def people(agent: Agent, lead: Agent) -> Iterator[tuple[Agent, Agent]]:
    """Two who may take conversations; nobody is left waiting afterwards."""
    yield agent, lead
    for conversation in agent.waiting():
        agent.give_back(conversation["id"])
    for person in (agent, lead):
        person.http.delete("/api/presence")


@pytest.fixture
def whole_again(house: System) -> Iterator[System]:
    """The house; whatever was killed of it is started again afterwards."""
    yield house
    house.revive()
    house.wait_until_ready(START_SECONDS, meanwhile=lambda: None)


def come(*people: Agent) -> None:
    """Let people be here."""
    for person in people:
        person.http.post("/api/presence", json={"status": "available"}).raise_for_status()


def offers(agent: Agent) -> dict[str, str]:
    """Return to whom each conversation that waits is offered."""
    return {row["id"]: row["offered_to"] for row in agent.waiting() if row["offered_to"]}


def stored(house: System, customer: Customer) -> list[Row]:
    """Return everything that was said in a customer's conversation."""
    with psycopg.connect(house.plan.database_url, row_factory=dict_row) as database:
        return database.execute(_SAID, (customer.sender,)).fetchall()


def test_after_worker_and_api_were_killed_offers_move_on_and_nobody_is_lost(
    whole_again: System, people: tuple[Agent, Agent], new_customer: NewCustomer
) -> None:
    house, (agent, lead) = whole_again, people
    customers = [new_customer() for _ in range(3)]
    come(agent, lead)
    for number, customer in enumerate(customers):
        customer.say("转人工")
        customer.tell(f"包裹破了 {number}")
    first = until(lambda: found if len(found := offers(agent)) == 3 else None, 20, "offers")

    house.kill("worker")
    customers[0].tell("还有别的事 0")
    with psycopg.connect(house.plan.database_url, autocommit=True) as database:
        database.execute(_OFFERS_RUN_OUT)
    house.kill("api")
    house.revive()
    house.wait_until_ready(START_SECONDS, meanwhile=lambda: None)
    come(agent, lead)

    def moved_on() -> dict[str, str] | None:
        now = offers(agent)
        return now if set(now) == set(first) and not now.items() & first.items() else None

    until(moved_on, MOVES_ON_SECONDS, "each offer at somebody else")
    customers[1].tell("还有别的事 1")
    for conversation_id in first:
        agent.reply(conversation_id, "我来了，请讲。")
    for number, customer in enumerate(customers):
        customer.wait_for("我来了")
        said = stored(house, customer)
        assert [row["seq"] for row in said] == list(range(1, len(said) + 1))
        own = [row["text"] for row in said if row["author"] == "customer"]
        wanted = ["转人工", f"包裹破了 {number}"]
        assert own == wanted + [f"还有别的事 {number}"] * (number < 2)
        ours = Counter(row["text"] for row in said if row["author"] != "customer")
        assert [text for text, times in ours.items() if times > 1] == []
