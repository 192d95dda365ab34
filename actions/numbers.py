"""A number or a carrier's name that comes without a wish: what it is an answer to."""

from actions.backend import Backend
from actions.beginning import begin_report
from actions.courier import about_carrier, courier_number, is_carrier_alone, offer_call_back
from actions.evidence import take_evidence
from actions.hotlines import hotline
from actions.offers import COURIER, EVIDENCE, REPORT, WITHDRAWAL, offered
from actions.reply import Reply, go_to
from actions.turn import Turn
from actions.withdrawing import ask_or_withdraw


async def take_numbers(turn: Turn, backend: Backend) -> Reply | None:
    """What follows from the numbers in a message; None without any. Raises BackendError."""
    if turn.entity("ticket_no"):
        return await _ticket(turn, backend)
    offer = offered(turn)
    if offer.get("what") == COURIER and (turn.waybills or hotline(turn.entity("carrier"))):
        number = await courier_number(turn, backend, next(iter(turn.waybills), None))
        return number + offer_call_back(turn)
    if turn.waybills and offer.get("what") == REPORT:
        return begin_report(turn, offer["kind"], description=offer.get("description"))
    if turn.waybills or turn.sure_digits:
        return go_to("track_form")
    return about_carrier(turn) if is_carrier_alone(turn) else None


async def _ticket(turn: Turn, backend: Backend) -> Reply:
    """A ticket's number answers the question which one; else it asks how far that is."""
    what = offered(turn).get("what")
    if what == WITHDRAWAL:
        return await ask_or_withdraw(turn, backend)
    if what == EVIDENCE:
        return await take_evidence(turn, backend)
    return go_to("progress_form")
