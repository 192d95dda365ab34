"""Counts what the aggregators were asked, so that a test can see how often they were."""

from collections import Counter
from dataclasses import dataclass, field

from sandbox.faults import Provider

LONGEST_CODE = 40


@dataclass
class Tally:
    """Calls to one provider: in all, by operation (RequestType or query/autonumber), by waybill."""

    total: int = 0
    by_operation: Counter[str] = field(default_factory=Counter)
    by_waybill: Counter[str] = field(default_factory=Counter)


class CallBook:
    """Counters of every call since the start or the last reset, failed ones included."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin again at zero."""
        self.tallies = {provider: Tally() for provider in Provider}

    def note(self, provider: Provider, operation: str, waybill_no: str) -> None:
        """Count one call; what can be no operation or waybill number counts in `total` only."""
        tally = self.tallies[provider]
        tally.total += 1
        if _is_code(operation):
            tally.by_operation[operation] += 1
        if _is_code(waybill_no):
            tally.by_waybill[waybill_no] += 1


def _is_code(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= LONGEST_CODE
