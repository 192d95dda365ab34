"""The queues and teams a new house begins with, and those that take their place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ticketing.routing.choose import Strategy
from ticketing.routing.layout import FALLBACK, QueuePlan, TeamPlan, shipped
from ticketing.rules.shipped import shipped as shipped_tables
from ticketing.workflow.process import ROLES

NOT_OURS = {"customer", "system"}


@pytest.mark.parametrize("role", sorted(set(ROLES) - NOT_OURS))
def test_every_department_has_a_queue_of_its_own(role: str) -> None:
    assert shipped().for_role(role).role == role


def test_every_shipped_queue_has_a_team_and_an_overflow_that_exist() -> None:
    layout = shipped()
    assert {queue.team for queue in layout.queues.values()} <= layout.teams.keys()
    overflows = {queue.overflow for queue in layout.queues.values()} - {None}
    assert overflows
    assert overflows <= layout.queues.keys()
    assert FALLBACK in layout.queues


def test_labels_are_told_apart() -> None:
    labels = [queue.label for queue in shipped().queues.values()]
    assert len(labels) == len(set(labels))


def test_the_queue_of_a_roles_name_is_preferred() -> None:
    assert shipped().for_role("customer_service").name == "customer_service"


def test_another_queue_serves_the_role_when_that_one_rests() -> None:
    layout = shipped()
    resting = replace(layout.queues["customer_service"], active=False)
    changed = layout.with_rows([resting], [])
    assert changed.for_role("customer_service").name == "vip"
    assert changed.queue("customer_service") is None


def test_an_unknown_role_goes_to_customer_service() -> None:
    assert shipped().for_role("gardening").name == FALLBACK


@pytest.mark.parametrize(
    ("said", "meant"),
    [("vip", "vip"), ("carrier", "carrier_liaison"), ("carrier_liaison", "carrier_liaison")],
)
def test_rules_may_name_a_queue_or_a_department(said: str, meant: str) -> None:
    found = shipped().resolved(said)
    assert found is not None
    assert found.name == meant


def test_what_is_neither_queue_nor_department_is_nothing() -> None:
    assert shipped().resolved("gardening") is None


def test_the_overflow_helps_second() -> None:
    layout = shipped()
    helping = [queue.name for queue in layout.helpers(layout.queues["vip"])]
    assert helping == ["vip", "customer_service"]


def test_a_resting_overflow_helps_nobody() -> None:
    layout = shipped()
    resting = replace(layout.queues["customer_service"], active=False)
    changed = layout.with_rows([resting], [])
    assert changed.helpers(changed.queues["vip"]) == (changed.queues["vip"],)


def test_a_team_serves_its_own_queues_and_those_it_helps_out() -> None:
    of_service = {queue for queue, team in shipped().served() if team == "customer_service"}
    assert of_service == {"customer_service", "vip"}
    of_dispatch = {queue for queue, team in shipped().served() if team == "dispatch"}
    assert of_dispatch == {"dispatch", "courier"}


def test_a_row_takes_the_place_of_the_shipped_one_alone() -> None:
    mine = QueuePlan(name="claims", label="赔付", role="claims", team="money", silent_minutes=3)
    changed = shipped().with_rows([mine], [TeamPlan(name="money", label="赔付组", lead="lena")])
    assert changed.queues["claims"] is mine
    assert changed.queues["finance"] == shipped().queues["finance"]
    assert changed.lead_of("claims") == "lena"
    assert mine.silent_after == timedelta(minutes=3)


def test_who_leads_a_queue_nobody_knows_is_nobody() -> None:
    assert [shipped().lead_of(queue) for queue in (None, "gardening", "claims")] == [None] * 3


def test_strategies_are_read_as_what_they_are() -> None:
    assert shipped().queues["warehouse"].strategy is Strategy.ROUND_ROBIN


def test_every_skill_and_queue_the_shipped_rules_name_exists() -> None:
    table = shipped_tables()["routing"]
    places = {output.name: place for place, output in enumerate(table.outputs)}
    answers = {
        name: {str(said.evaluate({})) for rule in table.rules if (said := rule.answers[place])}
        for name, place in places.items()
    }
    assert answers["skill"] - {"None"} == shipped().skills.keys()
    assert {queue for queue in answers["queue"] if queue != "None"} - {""} != set()
    assert all(shipped().resolved(queue) for queue in answers["queue"] - {"None", ""})
