"""Who gets a step, and why: decided without touching the world."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.routing.choose import (
    Candidate,
    Desk,
    Handled,
    Status,
    Strategy,
    Task,
    choose,
    weight_of,
)

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def anna(**known: Any) -> Candidate:
    return Candidate(**{"username": "anna", "capacity": 10, **known})


def bob(**known: Any) -> Candidate:
    return anna(**{"username": "bob", **known})


def desk(*people: Candidate, strategy: Strategy = Strategy.LEAST_LOADED, reserve: int = 0) -> Desk:
    return Desk("客服", strategy, people, reserve)


def task(**known: Any) -> Task:
    return Task(**{"weight": 1, **known})


def reason(choice: Any, username: str) -> str:
    return next(str(each.why) for each in choice.ranking if each.username == username)


def test_the_least_loaded_gets_it() -> None:
    choice = choose(task(), [desk(anna(used=4), bob(used=3))])
    assert choice.assignee == "bob"
    assert "在手 4/10" in choice.why
    assert reason(choice, "anna") == "可以接，排第 2（在手 4/10）"


def test_load_is_weighed_against_what_each_can_carry() -> None:
    assert choose(task(), [desk(anna(used=4, capacity=20), bob(used=3))]).assignee == "anna"


def test_whose_turn_it_is_gets_it_however_much_they_have() -> None:
    people = (anna(used=8, turn=3), bob(used=0, turn=7))
    choice = choose(task(), [desk(*people, strategy=Strategy.ROUND_ROBIN)])
    assert (choice.assignee, choice.turn) == ("anna", 3)
    assert "轮到" in choice.why


@pytest.mark.parametrize(
    ("closer", "further"),
    [
        (Handled.TICKET, Handled.PARCEL),
        (Handled.PARCEL, Handled.CUSTOMER),
        (Handled.CUSTOMER, None),
    ],
)
def test_the_closest_acquaintance_comes_first(closer: Handled, further: Handled | None) -> None:
    people = (anna(handled=further, handled_at=NOON), bob(handled=closer, handled_at=NOON, used=5))
    choice = choose(task(), [desk(*people, strategy=Strategy.LAST_AGENT_FIRST)])
    assert choice.assignee == "bob"
    assert "处理过" in choice.why


def test_of_two_who_know_the_parcel_the_later_one_comes_first() -> None:
    people = (
        anna(handled=Handled.PARCEL, handled_at=NOON - timedelta(days=1)),
        bob(handled=Handled.PARCEL, handled_at=NOON, used=5),
    )
    choice = choose(task(), [desk(*people, strategy=Strategy.LAST_AGENT_FIRST)])
    assert choice.assignee == "bob"


def test_acquaintance_counts_for_nothing_without_room_left() -> None:
    people = (anna(handled=Handled.TICKET, handled_at=NOON, used=10), bob())
    choice = choose(task(), [desk(*people, strategy=Strategy.LAST_AGENT_FIRST)])
    assert choice.assignee == "bob"
    assert "没有余量" in reason(choice, "anna")


@pytest.mark.parametrize(
    ("obstacle", "why"),
    [
        ({"is_active": False}, "账号已停用"),
        ({"is_present": False}, "不在线"),
        ({"status": Status.BUSY}, "忙碌中，不接新单"),
        ({"status": Status.AWAY}, "暂时离开"),
        ({"skills": frozenset({"english"})}, "没有技能「claims」"),
        ({"regions": frozenset({"北京市"})}, "不负责广东省"),
        ({"used": 8}, "没有余量：在手 8，本单 3，上限 10"),
    ],
)
def test_an_obstacle_is_named(obstacle: dict[str, Any], why: str) -> None:
    able = {"skills": frozenset({"claims"}), "regions": frozenset({"广东省"})}
    wanted = task(weight=3, skill="claims", region="广东省")
    choice = choose(wanted, [desk(anna(**{**able, **obstacle}))])
    assert choice.assignee is None
    assert reason(choice, "anna") == why
    assert why in choice.why
    assert choose(wanted, [desk(anna(**able))]).assignee == "anna"


def test_who_shall_not_get_it_does_not_and_is_told_why() -> None:
    choice = choose(task(not_to={"anna": "刚被放回"}), [desk(anna(), bob(used=9))])
    assert choice.assignee == "bob"
    assert reason(choice, "anna") == "刚被放回"


def test_nobody_at_all_is_said_to_be_nobody() -> None:
    choice = choose(task(), [desk()])
    assert (choice.assignee, choice.ranking) == (None, ())
    assert choice.why == "「客服」现在没有在线又有余量的人，排队等候"


def test_a_reserve_is_kept_for_vips() -> None:
    full_but_for_vips = desk(anna(used=8), reserve=2)
    ordinary = choose(task(), [full_but_for_vips])
    assert ordinary.assignee is None
    assert "另留 2 给 VIP" in ordinary.why
    assert choose(task(vip=True), [full_but_for_vips]).assignee == "anna"


def test_another_team_helps_out_where_nobody_can() -> None:
    vip = Desk("VIP 客服", Strategy.LEAST_LOADED, [anna(used=10)])
    choice = choose(task(), [vip, desk(bob())])
    assert choice.assignee == "bob"
    assert choice.why.startswith("「VIP 客服」无人可接，由「客服」支援")
    assert "没有余量" in reason(choice, "anna")


def test_another_team_is_left_in_peace_where_somebody_can() -> None:
    assert choose(task(), [desk(anna(used=9)), desk(bob())]).assignee == "anna"


def test_the_reason_of_a_large_team_stays_short() -> None:
    crowd = [anna(username=f"a{number}", is_present=False) for number in range(40)]
    choice = choose(task(), [desk(*crowd)])
    assert len(choice.why) < 120
    assert "一共 40 人" in choice.why
    assert len(choice.ranking) == 40


def test_urgent_tickets_weigh_three() -> None:
    weights = [weight_of(priority) for priority in ("low", "normal", "high", "urgent")]
    assert weights == [1, 1, 2, 3]


WORDS = st.sampled_from(["claims", "english", "returns"])
PROVINCES = st.sampled_from(["广东省", "北京市", "四川省"])
TASKS = st.builds(
    Task,
    weight=st.integers(1, 3),
    skill=st.none() | WORDS,
    region=st.none() | PROVINCES,
    vip=st.booleans(),
    not_to=st.dictionaries(st.sampled_from("abc"), st.just("没有动静"), max_size=2),
)
SOMEBODY = st.builds(
    Candidate,
    username=st.sampled_from("abcdefgh"),
    capacity=st.integers(1, 12),
    used=st.integers(0, 12),
    skills=st.frozensets(WORDS),
    regions=st.frozensets(PROVINCES),
    is_active=st.booleans(),
    is_present=st.booleans(),
    status=st.sampled_from(Status),
    turn=st.integers(0, 20),
    handled=st.none() | st.sampled_from(Handled),
    handled_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
PEOPLE = st.lists(SOMEBODY, max_size=8, unique_by=lambda each: each.username)
STRATEGIES = st.sampled_from(Strategy)


def could(task: Task, who: Candidate, reserve: int) -> bool:
    """A second opinion, written as plainly as can be."""
    is_here = who.is_active and who.is_present and who.status == "available"
    is_apt = task.skill is None or task.skill in who.skills
    is_local = not task.region or not who.regions or task.region in who.regions
    room = who.capacity - who.used - (0 if task.vip else reserve)
    return (
        is_here and is_apt and is_local and room >= task.weight and who.username not in task.not_to
    )


@given(TASKS, PEOPLE, STRATEGIES, st.integers(0, 5))
def test_somebody_gets_it_exactly_when_somebody_could(
    task: Task, people: list[Candidate], strategy: Strategy, reserve: int
) -> None:
    choice = choose(task, [Desk("客服", strategy, people, reserve)])
    able = {who.username for who in people if could(task, who, reserve)}
    assert (choice.assignee in able) if able else (choice.assignee is None)
    assert Counter(each.username for each in choice.ranking) == Counter(p.username for p in people)
    taken = [each.username for each in choice.ranking if each.taken]
    assert taken == ([choice.assignee] if choice.assignee else [])
    assert all(each.why for each in choice.ranking)


@given(TASKS, PEOPLE, STRATEGIES, st.randoms())
def test_the_order_people_are_listed_in_decides_nothing(
    task: Task, people: list[Candidate], strategy: Strategy, chance: Any
) -> None:
    shuffled = list(people)
    chance.shuffle(shuffled)
    first = choose(task, [Desk("客服", strategy, people)])
    assert first == choose(task, [Desk("客服", strategy, shuffled)])


@given(st.lists(st.integers(1, 3), max_size=60), st.integers(1, 5), STRATEGIES, st.integers(1, 12))
def test_however_much_comes_nobody_carries_more_than_they_can(
    weights: list[int], number: int, strategy: Strategy, capacity: int
) -> None:
    people = {name: anna(username=name, capacity=capacity) for name in "abcde"[:number]}
    for turn, weight in enumerate(weights, start=1):
        choice = choose(task(weight=weight), [desk(*people.values(), strategy=strategy)])
        if choice.assignee:
            was = people[choice.assignee]
            people[choice.assignee] = replace(was, used=was.used + weight, turn=turn)
        else:
            assert all(who.used + weight > capacity for who in people.values())
    assert all(who.used <= capacity for who in people.values())


@given(st.integers(1, 60), st.integers(1, 6))
def test_in_turns_nobody_gets_two_more_than_another(steps: int, number: int) -> None:
    people = {name: anna(username=name, capacity=1000) for name in "abcdef"[:number]}
    given_to: Counter[str] = Counter(dict.fromkeys(people, 0))
    for turn in range(1, steps + 1):
        table = desk(*people.values(), strategy=Strategy.ROUND_ROBIN)
        name = str(choose(task(), [table]).assignee)
        given_to[name] += 1
        people[name] = replace(people[name], turn=turn, used=people[name].used + 1)
    assert max(given_to.values()) - min(given_to.values()) <= 1
