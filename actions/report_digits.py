"""Checking the digits that come with a report."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from actions.backend import Backend
from actions.backend_answers import TrackOutcome
from actions.parcel_news import CLAIMED, REFUSED, SHOWN, look, tell
from actions.reply import Reply, say
from actions.report_draft import Draft
from actions.turn import Turn

_EFFECTS: Mapping[TrackOutcome, Callable[[Draft], Draft]] = {
    TrackOutcome.FOUND: lambda draft: replace(draft, proof=SHOWN),
    TrackOutcome.WRONG_PHONE_TAIL: lambda draft: replace(draft, phone_tail=None),
    TrackOutcome.TOO_MANY_TRIES: lambda draft: replace(draft, phone_tail=None, proof=REFUSED),
    TrackOutcome.UNKNOWN_CARRIER: lambda draft: replace(draft, phone_tail=None, waybill_no=None),
}
_TOLD = {TrackOutcome.WRONG_PHONE_TAIL, TrackOutcome.UNKNOWN_CARRIER}


def _claimed(draft: Draft) -> Draft:
    return replace(draft, proof=CLAIMED)


async def check_digits(turn: Turn, draft: Draft, backend: Backend) -> tuple[Reply, Draft]:
    """What to say about the digits, and the draft as they leave it. Raises BackendError.

    A carrier that cannot answer keeps nobody from filing: the digits then count as claimed.
    """
    if not (draft.waybill_no and draft.phone_tail) or draft.proof:
        return Reply(), draft
    answer = await look(turn, backend, draft.waybill_no, draft.phone_tail)
    effect = _EFFECTS.get(answer.outcome, _claimed)
    if answer.outcome in _TOLD:
        return tell(turn, draft.waybill_no, answer).reply, effect(draft)
    if answer.outcome is TrackOutcome.TOO_MANY_TRIES:
        return say("say_report_without_proof"), effect(draft)
    return Reply(), effect(draft)
