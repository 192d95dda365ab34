"""How many messages a sender may send in a while."""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rate:
    """So many in a rolling while; who goes over it is shut out for `penalty`."""

    most: int
    within: timedelta
    penalty: timedelta = timedelta()


PER_ROBOT_DINGTALK = Rate(20, timedelta(minutes=1), penalty=timedelta(minutes=10))
PER_ROBOT_WECOM = Rate(20, timedelta(minutes=1))
PER_NUMBER_ALIYUN = Rate(50, timedelta(hours=24))


class RateBook:
    """When each sender sent, and until when one is shut out."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[datetime]] = defaultdict(deque)
        self._shut_out: dict[str, datetime] = {}

    def admits(self, sender: str, rate: Rate, now: datetime) -> bool:
        """Count one message, unless it is one too many."""
        if now < self._shut_out.get(sender, now):
            return False
        sent = self._sent[sender]
        while sent and sent[0] <= now - rate.within:
            sent.popleft()
        if len(sent) >= rate.most:
            self._shut_out[sender] = now + rate.penalty
            return False
        sent.append(now)
        return True

    def clear(self) -> None:
        """Let everybody begin again."""
        self._sent.clear()
        self._shut_out.clear()
