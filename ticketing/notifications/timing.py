"""When something is sent, sent again, or given up; the clock and the dice are arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from channels.errors import AnswerLost, ChannelError, ChannelThrottled, ChannelUnavailable
from ticketing.kernel.clock import SHANGHAI
from ticketing.notifications.manners import GATHERING, Manner, State

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(8)
MOST_ATTEMPTS = 8
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=30)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery after a failed try; `at` is when to look at it again."""

    state: State
    error: str
    at: datetime | None


def first_try(manner: Manner, *, level: int, urgent: bool, now: datetime) -> datetime:
    """Return when a new delivery is due: what is unimportant waits for company."""
    return now + GATHERING if manner.gathers and level == 0 and not urgent else now


def held_until(manner: Manner, *, urgent: bool, now: datetime) -> datetime | None:
    """Return when the night is over (Asia/Shanghai), if this may not be sent before."""
    if urgent or not manner.rests_at_night:
        return None
    local = now.astimezone(SHANGHAI)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return None
    morning = local.date() + timedelta(days=1 if local.time() >= NIGHT_BEGINS else 0)
    return datetime.combine(morning, NIGHT_ENDS, SHANGHAI)


def after_failure(
    error: ChannelError, manner: Manner, attempts: int, now: datetime, draw: float
) -> Verdict:
    """Decide after a failed try, the `attempts`-th; `draw` is from 0 to 1.

    What no other try can mend is dead at once. Whether it left is looked at once more when its
    lease is over, on channels where a repetition would be noticed.
    """
    code = f"{error.code}:{error.provider_code}".rstrip(":")[:120]
    if isinstance(error, AnswerLost) and not manner.may_repeat:
        return Verdict(State.SENDING, code, now + manner.lease)
    if not isinstance(error, ChannelUnavailable) or attempts >= MOST_ATTEMPTS:
        return Verdict(State.DEAD, code, None)
    wait = wait_before(attempts + 1, draw)
    if isinstance(error, ChannelThrottled):
        wait += error.wait
    return Verdict(State.QUEUED, code, now + wait)


def wait_before(attempt: int, draw: float) -> timedelta:
    """Return how long to wait before the given try: doubling, half to one and a half of it."""
    doubled = min(_FIRST_WAIT * (1 << min(max(attempt - 2, 0), 20)), _LONGEST_WAIT)
    return doubled * (0.5 + draw)
