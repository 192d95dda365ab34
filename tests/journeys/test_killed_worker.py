"""Workers killed twenty-odd times amid all their work: every fact happens once, none is lost.

The only thing that may come twice is what was on its way to somebody outside when its sender was
killed: nobody knows then whether it arrived. An event and a mail are sent again under the same
id, by which their receiver tells; a robot's line has no id and does no harm read twice; an SMS is
not sent again by itself.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from typing import Any

import pytest

from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.crew import Crew, Kill
from tests.journeys.customer import Customer
from tests.journeys.heard import Heard
from tests.journeys.records import Records, Row, moment, webhook_fact, what_is_left
from tests.journeys.turmoil import (
    LEVELS,
    TARGETS,
    Turmoil,
    in_the_background,
    ok,
    people_on_shift,
    turmoil,
    visitor_of,
)
from tests.journeys.waiting import until
from ticketing.kernel.settings import Settings
from ticketing.run import verify_history
from ticketing.run.system import System

SEED = 20261122
REST_SECONDS = 60.0
ARRIVES_AS = {
    "webhook": "webhooks",
    "email": "email",
    "sms": "aliyun_sms",
    "dingtalk": "dingtalk",
    "wecom_robot": "wecom_robot",
}
MOVES = frozenset({"step_completed", "step_sent_back", "timer_fired"})


@dataclass
class Aftermath:
    """What is left when the dust has settled; `pushed` is what web customers had, by ticket."""

    kills: list[Kill]
    story: Turmoil
    records: Records
    pushed: dict[str, list[Heard]]

    def attempts_seen(self, delivery: Row) -> int:
        """Return how often a delivery can have been sent: once, and once more for each death."""
        seen = {
            claim for kill in self.kills for own, claim in kill.in_hand if own == delivery["id"]
        }
        return 1 + len(seen - {delivery["claim"]})


@pytest.fixture(scope="module")
def aftermath(house: System, whole_carrier_world: CarrierWorld) -> Iterator[Aftermath]:
    """Kill workers amid a turmoil; then let everything come to rest."""
    world, dice = whole_carrier_world, random.Random(SEED)
    world.heal()
    with (
        turmoil(house, world) as story,
        people_on_shift(house, story.manager) as people,
        Crew.of(house) as crew,
    ):
        with in_the_background(partial(talk, story, world)):
            crew.start()
        kill_amid_work(crew, story, people, dice)
        let_it_rest(house, story)
        url, sandbox_url = house.plan.database_url, house.plan.sandbox_url
        records = Records.of(url, sandbox_url, story.ticket_nos)
        of_visitors = story.chat_tickets[2 * len(story.customers) :: 2]
        heard = [list(visitor.heard) for visitor in story.visitors]
        pushed = dict(zip(of_visitors, heard, strict=True))
        yield Aftermath(crew.kills, story, records, pushed)


def talk(story: Turmoil, world: CarrierWorld) -> None:
    """Let customers at both doors complain."""
    for number in range(3):
        story.customers.append(Customer(story.house.plan.api_url, f"killed-{number}"))
        story.open_in_the_chat(story.customers[-1], world.take())
    for _ in range(2):
        story.visitors.append(visitor_of(story.house))
        story.open_in_the_chat(story.visitors[-1], world.take())


def kill_amid_work(crew: Crew, story: Turmoil, people: list[Any], dice: random.Random) -> None:
    """Kill while tickets are opened, timers ring and people come and go."""
    over = threading.Event()
    story.let_timers_ring(random.Random(SEED + 1), within=25.0)
    opening = partial(story.keep_opening, random.Random(SEED + 2), over)
    with in_the_background(opening, partial(story.keep_changing_shifts, people, over)):
        try:
            crew.kill_again_and_again(dice)
        finally:
            over.set()


def let_it_rest(house: System, story: Turmoil) -> None:
    """Wait until nothing is to be done; a person sends again what nobody knows the fate of."""
    url = house.plan.database_url
    until(lambda: not what_is_left(url, story.ticket_nos), REST_SECONDS, "rest")
    dead = ok(story.manager.http.get("/api/deliveries", params={"state": "dead"}))["deliveries"]
    for each in (each for each in dead if each["ticket_no"] in story.ticket_nos):
        ok(story.manager.http.post(f"/api/deliveries/{each['id']}/replay"))
    until(lambda: not what_is_left(url, story.ticket_nos), REST_SECONDS, "rest after replaying")


def once(what: Iterable[Any]) -> set[Any]:
    """Return what there is; fail where anything is there twice."""
    counted = Counter(what)
    assert [each for each, times in counted.items() if times > 1] == []
    return set(counted)


def test_workers_were_killed_twenty_times_and_mostly_amid_their_work(aftermath: Aftermath) -> None:
    assert len(aftermath.kills) >= 20
    assert sum(kill.was_writing for kill in aftermath.kills) >= 8
    assert len({claim for kill in aftermath.kills for claim in kill.in_hand}) >= 5


def test_every_limit_warned_ran_out_and_escalated_once(aftermath: Aftermath) -> None:
    records = aftermath.records
    told = once(
        (int(webhook_fact(each)["clock_id"]), each["variables"]["level"], due_of(each))
        for event in ("sla_warned", "sla_breached")
        for each in records.sent_by("webhook", event)
    )
    clocks = [clock for clock in records.clocks if clock["clock"] != "timer"]
    reached = {clock["id"]: levels_of(clock) for clock in clocks}
    wanted = {(c["id"], level, moment(c["due_at"])) for c in clocks for level in reached[c["id"]]}
    # A limit that was put off by a pause may have been announced for its earlier end, too.
    put_off = {clock["id"] for clock in clocks if clock["paused"]}
    assert wanted <= told
    assert {each for each in told if each[0] not in put_off} <= wanted
    warned = [level for _, level, _ in wanted if level == 0]
    assert len(warned) >= 5


def due_of(delivery: Row) -> Any:
    """Return the end that an announcement is about."""
    return moment(delivery["variables"]["due_at"])


def levels_of(clock: Row) -> list[int]:
    """Return the levels a clock says it has announced, 0 for the warning."""
    return [*([0] if clock["warned_at"] else []), *range(1, clock["level"] + 1)]


def test_every_limit_of_the_desk_ran_through_all_its_levels(aftermath: Aftermath) -> None:
    own = [c for c in aftermath.records.clocks if c["ticket_no"] in aftermath.story.desk_tickets]
    short = [c for c in own if c["clock"] in TARGETS and c["stopped_at"] is None]
    assert {(c["kind"], c["level"]) for c in short} == set(LEVELS.items())
    assert len(short) == len(aftermath.story.desk_tickets) * len(TARGETS)


def test_the_people_meant_have_one_notice_of_each_announcement(aftermath: Aftermath) -> None:
    records = aftermath.records
    noticed = once(
        (each["username"], each["dedupe_key"])
        for each in records.notices
        if each["event"].startswith("sla_")
    )
    facts = {
        (event, int(webhook_fact(each)["clock_id"]), each["variables"]["level"], due_of(each))
        for event in ("sla_warned", "sla_breached")
        for each in records.sent_by("webhook", event)
    }
    kept = {fact_of_notice(key) for _, key in noticed}
    assert kept <= facts
    # A warning about a step nobody has is for nobody.
    assert {fact for fact in facts if fact[2] > 0} <= kept


def fact_of_notice(key: str) -> tuple[str, int, int, Any]:
    """Return event, clock, level and end of a notice's key."""
    event, clock_id, level, due = key.split(":", 3)
    return event, int(clock_id), int(level), moment(due)


def test_every_timer_fired_once(aftermath: Aftermath) -> None:
    records = aftermath.records
    rang = once(
        (clock["ticket_no"], clock["timer_name"])
        for clock in records.clocks
        if clock["clock"] == "timer" and clock["outcome"] == "fired"
    )
    fired = once(
        (line["ticket_no"], line["facts"]["timer"])
        for line in records.changes
        if line["what"] == "timer_fired"
    )
    assert rang == fired == set(aftermath.story.timers)


def test_every_move_of_a_ticket_is_one_line_and_told_once(aftermath: Aftermath) -> None:
    records = aftermath.records
    lines = {str(line["id"]) for line in records.changes if line["what"] in MOVES}
    told = once(
        webhook_fact(each)["change_id"] for each in records.sent_by("webhook", "ticket_moved_on")
    )
    assert told == lines
    opened = once(each["ticket_no"] for each in records.sent_by("webhook", "ticket_opened"))
    assert opened == set(aftermath.story.ticket_nos)


def test_every_step_handed_on_is_one_line_and_told_once(aftermath: Aftermath) -> None:
    records = aftermath.records
    lines = once(
        (line["ticket_no"], line["facts"]["step"], line["facts"]["assignee"], moment(line["at"]))
        for line in records.changes
        if line["what"] == "assigned"
    )
    routed = once(
        (line["ticket_no"], line["step"], line["assignee"], moment(line["at"]))
        for line in records.routed
    )
    assert lines == routed
    told = once(
        (
            webhook_fact(each)["step_id"],
            each["variables"]["assignee"],
            moment(each["variables"]["at"]),
        )
        for each in records.sent_by("webhook", "ticket_assigned")
    )
    assert told == {(str(r["step_id"]), r["assignee"], moment(r["at"])) for r in records.routed}
    by_worker = [line for line in records.routed if line["assignee"] and line["by"] == "routing"]
    assert len(by_worker) >= 5


def test_nobody_was_given_a_step_they_had_already(aftermath: Aftermath) -> None:
    routed = sorted(aftermath.records.routed, key=lambda line: (line["step_id"], line["id"]))
    for _, lines in groupby(routed, key=lambda line: line["step_id"]):
        places = [(line["queue"], line["assignee"]) for line in lines]
        assert [a for a, b in pairwise(places) if a == b] == []


def test_whoever_was_given_a_step_has_one_notice_of_it(aftermath: Aftermath) -> None:
    records = aftermath.records
    noticed = once(
        each["dedupe_key"].partition("#")[0]
        for each in records.notices
        if each["event"] == "ticket_assigned"
    )
    given = {
        (str(line["step_id"]), line["assignee"], moment(line["at"]))
        for line in records.routed
        if line["assignee"]
    }
    parts = [key.split(":", 3) for key in noticed]
    assert {(step, name, moment(at)) for _, step, name, at in parts} == given


def test_every_announcement_is_one_message_and_numbers_run_without_gaps(
    aftermath: Aftermath,
) -> None:
    records = aftermath.records
    for _, group in groupby(records.messages, key=lambda row: row["conversation_id"]):
        numbers = [row["seq"] for row in group]
        assert numbers == list(range(1, len(numbers) + 1))
    causes = once(row["cause"] for row in records.messages if row["cause"])
    assert causes == {row["key"] for row in records.outbox}
    fired = {line["id"] for line in records.changes if line["what"] == "timer_fired"}
    announced = [cause for cause in causes if cause.startswith("ticket-change:")]
    assert fired <= {int(cause.split(":")[1]) for cause in announced}


def test_web_customers_had_every_message_pushed_once(aftermath: Aftermath) -> None:
    records = aftermath.records
    assert len(aftermath.pushed) == len(aftermath.story.visitors)
    of_ticket = {row["ticket_no"]: row["conversation_id"] for row in records.hearing}
    for ticket_no, heard in aftermath.pushed.items():
        told = [
            (row["seq"], row["text"])
            for row in records.messages
            if row["conversation_id"] == of_ticket[ticket_no] and row["author"] != "customer"
        ]
        assert [(each.seq, each.text) for each in heard] == told


def test_every_breach_left_by_every_way_it_was_routed_once(aftermath: Aftermath) -> None:
    records = aftermath.records
    breaches = [each for each in records.notices if each["event"] == "sla_breached"]
    for channel, level in (("email", 1), ("sms", 3)):
        wanted = {(n["dedupe_key"], n["username"]) for n in breaches if n["level"] >= level}
        assert once(keys_of(records.sent_by(channel))) == wanted
        assert wanted
    worst = {each["dedupe_key"] for each in breaches if each["level"] >= 3}
    for channel in ("dingtalk", "wecom_robot"):
        assert once(key for key, _ in keys_of(records.sent_by(channel))) == worst


def keys_of(deliveries: Iterable[Row]) -> list[tuple[str, str]]:
    """Return fact and recipient's name of deliveries."""
    split = [each["dedupe_key"].rpartition(">") for each in deliveries]
    return [(fact, recipient.partition(":")[2]) for fact, _, recipient in split]


def test_everything_that_was_to_leave_has_left(aftermath: Aftermath) -> None:
    ended = {
        channel: {each["state"] for each in aftermath.records.sent_by(channel)}
        for channel in ARRIVES_AS
    }
    assert ended == {channel: {"sent"} for channel in ARRIVES_AS} | {"sms": {"delivered"}}


def test_whatever_left_arrived_and_again_only_where_its_sender_was_killed(
    aftermath: Aftermath,
) -> None:
    arrived = Counter(map(arrival_id, aftermath.records.arrivals))
    for each in aftermath.records.deliveries:
        if each["channel"] in ("webhook", "email"):
            times = arrived[delivery_id(each)]
            assert 1 <= times <= each["attempts"] <= aftermath.attempts_seen(each), each
        if each["channel"] == "sms":
            assert arrived[delivery_id(each)] == 1


def arrival_id(arrival: Row) -> tuple[str, str]:
    """Return under which id something reached whoever it was for."""
    detail = arrival["detail"]
    own = detail.get("webhook_id") or detail.get("message_id") or detail.get("out_id") or ""
    return arrival["provider"], own.strip("<>").partition("@")[0]


def delivery_id(delivery: Row) -> tuple[str, str]:
    """Return the id a delivery is sent under."""
    own = delivery["id"]
    name = f"msg_{own.hex}" if delivery["channel"] == "webhook" else str(own)
    return ARRIVES_AS[delivery["channel"]], name


def test_a_receiver_can_tell_every_repetition_by_its_id(aftermath: Aftermath) -> None:
    ours = {delivery_id(each) for each in aftermath.records.sent_by("webhook")}
    events = [each for each in aftermath.records.arrivals if arrival_id(each) in ours]
    fresh = [each for each in events if not each["detail"]["repeated"]]
    assert once(map(arrival_id, fresh)) == ours
    again = [each for each in events if each["detail"]["repeated"]]
    assert again, "no kill hit an event on its way"
    said = {arrival_id(each): each["text"] for each in fresh}
    assert [each for each in again if each["text"] != said[arrival_id(each)]] == []


@pytest.mark.parametrize("channel", ["dingtalk", "wecom_robot"])
def test_a_robots_line_is_read_again_only_where_its_sender_was_killed(
    aftermath: Aftermath, channel: str
) -> None:
    lines = aftermath.records.sent_by(channel)
    heard = [each for each in aftermath.records.arrivals if each["provider"] == channel]
    read = Counter("".join(each["text"].split()) for each in heard)
    assert lines
    for text, group in groupby(sorted(lines, key=words_of), key=words_of):
        same = list(group)
        assert len(same) <= read[text] <= sum(each["attempts"] for each in same), text
    assert [each for each in lines if each["attempts"] > aftermath.attempts_seen(each)] == []


def words_of(delivery: Row) -> str:
    """Return what a delivery says, however its vendor breaks the lines."""
    return "".join(str(delivery["text"]).split())


def test_every_history_proves_to_be_untouched(aftermath: Aftermath, house: System) -> None:
    settings = Settings(demo=True, database_url=house.plan.database_url)
    wanted = aftermath.story.ticket_nos
    assert asyncio.run(verify_history.verify(settings, wanted)) == (len(wanted), [])


def test_no_job_is_left_over(aftermath: Aftermath) -> None:
    assert aftermath.records.jobs == []
