"""Whatever fails and whoever is killed: each fact has one delivery, and no SMS is sent twice."""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text

from channels.errors import ChannelError
from tests.ticketing.notifications.conftest import MORNING, PostRoom, due_jobs, notice_item
from ticketing.notifications import posting
from ticketing.notifications.manners import Channel, State
from ticketing.notifications.models import Contact, Delivery, DeliveryBudget

PROVIDER = {
    Channel.DINGTALK: "dingtalk",
    Channel.SMS: "aliyun_sms",
    Channel.EMAIL: "email",
}
RECIPIENT = {
    Channel.DINGTALK: "robot:claims",
    Channel.SMS: "person:anna",
    Channel.EMAIL: "person:anna",
}
FAULTS = ("down", "error_500", "truncated_json", "busy")
SETTLED = frozenset({State.SENT, State.DELIVERED, State.DEAD, State.MERGED})

steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.sampled_from(list(PROVIDER)), st.integers(0, 4)),
        st.tuples(st.just("fail"), st.sampled_from(list(PROVIDER)), st.sampled_from(FAULTS)),
        st.tuples(st.just("work"), st.just(None), st.just(None)),
        st.tuples(st.just("die"), st.sampled_from(["claiming", "sending"]), st.just(None)),
        st.tuples(st.just("wait"), st.just(None), st.integers(1, 400)),
    ),
    max_size=14,
)


async def start_anew(room: PostRoom) -> None:
    """An empty post on a fresh morning."""
    room.mend()
    room.world.arrivals.clear()
    room.world.rates.clear()
    room.hands.at = MORNING
    async with room.house.db.transaction() as session:
        await session.execute(delete(Delivery).where(Delivery.merged_into.is_not(None)))
        await session.execute(delete(Delivery))
        await session.execute(delete(DeliveryBudget))
        await session.execute(delete(Contact))
        await session.execute(text("DELETE FROM procrastinate_jobs"))
    await room.know("anna", mail="anna@example.com", mobile="13800000001")


async def die(room: PostRoom, when: str) -> None:
    """Take a due job as a worker that is killed; the queue gives every job to others again."""
    taken = await due_jobs(room.house, room.hands.at)
    for number, (_, args) in enumerate(taken):
        delivery_id = uuid.UUID(args["delivery_id"])
        claimed = await room.post.claim(delivery_id) if number == 0 else None
        if claimed is not None and when == "sending":
            with contextlib.suppress(ChannelError):
                await room.post._senders[claimed.channel].send(claimed.address, claimed.letter)
        async with room.house.db.transaction() as session:
            await posting.again(session, delivery_id, room.hands.at)


async def play(room: PostRoom, step: tuple[Any, Any, Any]) -> None:
    """Do one step of a history."""
    what, about, more = step
    if what == "post":
        item = notice_item(
            f"f{more}", channel=about, recipient=RECIPIENT[about], level=more % 2, urgent=more > 2
        )
        await room.put(item)
    elif what == "fail":
        room.fail(PROVIDER[about], more, times=1)
    elif what == "die":
        await die(room, about)
    elif what == "wait":
        room.hands.forward(seconds=more)
    else:
        await room.work()


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=steps)
async def test_each_fact_has_one_delivery_and_no_sms_is_doubled(
    room: PostRoom, history: list[tuple[Any, Any, Any]]
) -> None:
    await start_anew(room)
    for step in history:
        await play(room, step)
    room.mend()
    for _ in range(30):
        room.hands.at += timedelta(minutes=11)
        await room.work()
    rows = await room.rows()
    posted = {(about, f"f{more}") for what, about, more in history if what == "post"}
    assert Counter((row.channel, row.ticket_no) for row in rows) == Counter(
        dict.fromkeys(posted, 1)
    )
    assert {row.state for row in rows} <= SETTLED
    texts = Counter(message.text for message in room.arrived("aliyun_sms"))
    assert max(texts.values(), default=1) == 1
    for row in rows:
        if row.channel != Channel.SMS and row.state == State.SENT:
            said = [m.text + m.title for m in room.arrived(PROVIDER[Channel(row.channel)])]
            assert any(str(row.ticket_no) in one for one in said)
