"""A real worker carries the post out of the real queue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ticketing.notifications.conftest import PostRoom, notice_item
from ticketing import worker
from ticketing.kernel import clock
from ticketing.notifications import posting
from ticketing.notifications.manners import State
from ticketing.notifications.post_office import PostOffice


async def test_a_worker_sends_what_a_transaction_has_posted(
    room: PostRoom, post: PostOffice
) -> None:
    room.hands.at = clock.now()
    await room.put(notice_item("T1", urgent=True))
    app = worker.queue(replace(room.house, post=post))
    async with app.open_async():
        await app.run_worker_async(
            wait=False, install_signal_handlers=False, delete_jobs="successful"
        )
        assert list(await app.job_manager.list_jobs_async()) == []
    assert (await room.row()).state == State.SENT
    assert len(room.arrived("dingtalk")) == 1


async def test_what_a_failed_transaction_posted_was_never_there(room: PostRoom) -> None:
    class Failed(Exception):
        """The caller's transaction fails."""

    async def post_and_fail() -> None:
        async with room.house.db.transaction() as session:
            await posting.post(session, [notice_item("T1")], room.hands.at)
            raise Failed

    with pytest.raises(Failed):
        await post_and_fail()
    assert list(await room.rows()) == []
    assert await room.work() == 0
