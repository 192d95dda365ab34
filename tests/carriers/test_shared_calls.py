import asyncio
from datetime import timedelta

import pytest

from carriers.errors import WaybillUnknown
from carriers.shared_calls import SharedCalls


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Counted:
    """A call that waits for its gate and answers its own number."""

    def __init__(self, *, open_gate: bool = True) -> None:
        self.times = 0
        self.gate = asyncio.Event()
        if open_gate:
            self.gate.set()

    async def __call__(self) -> int:
        self.times += 1
        await self.gate.wait()
        return self.times


async def test_an_answer_is_kept_until_its_ttl() -> None:
    clock, call = Clock(), Counted()
    shared = SharedCalls[str, int](timedelta(seconds=60), clock)
    assert await shared.answer("a", call) == 1
    clock.seconds = 59
    assert await shared.answer("a", call) == 1
    clock.seconds = 60
    assert await shared.answer("a", call) == 2


async def test_an_asker_may_want_it_fresher_but_never_older_than_the_ttl() -> None:
    clock, call = Clock(), Counted()
    shared = SharedCalls[str, int](timedelta(seconds=60), clock)
    await shared.answer("a", call)
    clock.seconds = 10
    assert await shared.answer("a", call, timedelta(seconds=11)) == 1
    assert await shared.answer("a", call, timedelta(seconds=10)) == 2
    assert await shared.answer("a", call, timedelta(0)) == 3
    clock.seconds = 80
    assert await shared.answer("a", call, timedelta(hours=1)) == 4


async def test_ten_askers_share_one_call() -> None:
    call = Counted()
    shared = SharedCalls[str, int](timedelta(seconds=60))
    answers = await asyncio.gather(*(shared.answer("a", call) for _ in range(10)))
    assert (answers, call.times) == ([1] * 10, 1)


async def test_different_keys_do_not_share() -> None:
    call = Counted()
    shared = SharedCalls[str, int](timedelta(seconds=60))
    assert await shared.answer("a", call) == 1
    assert await shared.answer("b", call) == 2


async def test_one_asker_giving_up_leaves_the_call_to_the_others() -> None:
    call = Counted(open_gate=False)
    shared = SharedCalls[str, int](timedelta(seconds=60))
    impatient, patient = (asyncio.create_task(shared.answer("a", call)) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    call.gate.set()
    assert (await patient, call.times) == (1, 1)


async def test_a_failure_reaches_everyone_and_is_not_remembered() -> None:
    shared = SharedCalls[str, int](timedelta(seconds=60))

    async def fail() -> int:
        await asyncio.sleep(0)
        raise WaybillUnknown("a")

    answers = await asyncio.gather(
        *(shared.answer("a", fail) for _ in range(3)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [WaybillUnknown] * 3
    assert await shared.answer("a", Counted()) == 1


async def test_spent_answers_are_forgotten() -> None:
    clock = Clock()
    shared = SharedCalls[int, int](timedelta(seconds=60), clock)
    for key in range(5000):
        await shared.answer(key, Counted())
    assert shared.kept_count <= 4096
    clock.seconds = 61
    await shared.answer(-1, Counted())
    assert shared.kept_count == 1


async def test_closing_cancels_what_is_running() -> None:
    call = Counted(open_gate=False)
    shared = SharedCalls[str, int](timedelta(seconds=60))
    asker = asyncio.create_task(shared.answer("a", call))
    await asyncio.sleep(0)
    await shared.aclose()
    with pytest.raises(asyncio.CancelledError):
        await asker
