"""Checking the digits that come with a report."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from actions.backend import Backend
from actions.backend_answers import Disclosure, TrackAnswer, TrackOutcome
from actions.parcel_news import CLAIMED, REFUSED, SHOWN, UNCHECKABLE, look, tell
from actions.reply import Reply, say
from actions.report_draft import Draft
from actions.turn import Turn

_EFFECTS: Mapping[TrackOutcome, Callable[[Draft], Draft]] = {
    TrackOutcome.WRONG_PHONE_TAIL: lambda draft: replace(draft, phone_tail=None),
    TrackOutcome.TOO_MANY_TRIES: lambda draft: replace(draft, phone_tail=None, proof=REFUSED),
    TrackOutcome.UNKNOWN_CARRIER: lambda draft: replace(draft, phone_tail=None, waybill_no=None),
}
_TOLD = {TrackOutcome.WRONG_PHONE_TAIL, TrackOutcome.UNKNOWN_CARRIER}


def _proof(answer: TrackAnswer) -> str:
    """What an answer says of digits that it does not refuse."""
    if answer.unverifiable:
        return UNCHECKABLE
    shown = answer.outcome is TrackOutcome.FOUND and answer.disclosure is Disclosure.FULL
    return SHOWN if shown else CLAIMED


async def check_digits(turn: Turn, draft: Draft, backend: Backend) -> tuple[Reply, Draft]:
    """What to say about the digits, and the draft as they leave it. Raises BackendError.

    A carrier that cannot answer keeps nobody from filing: the digits then count as claimed.
    """
    if not (draft.waybill_no and draft.phone_tail) or draft.proof:
        return Reply(), draft
    answer = await look(turn, backend, draft.waybill_no, draft.phone_tail)
    effect = _EFFECTS.get(answer.outcome)
    after = effect(draft) if effect else replace(draft, proof=_proof(answer))
    if answer.outcome in _TOLD:
        return tell(turn, draft.waybill_no, answer).reply, after
    if answer.outcome is TrackOutcome.TOO_MANY_TRIES or answer.unverifiable:
        return say("say_report_without_proof"), after
    return Reply(), after
