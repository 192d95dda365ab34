"""Where is my parcel: the tracking form."""

from actions import form_talk
from actions.backend_answers import TrackOutcome
from actions.digressions import answered_beside
from actions.form_talk import SMALL_TALK
from actions.house_action import HouseAction
from actions.parcel_news import (
    REFUSED,
    UNCHECKABLE,
    News,
    look,
    proof_of,
    remember_proofs,
    tell,
)
from actions.reply import Reply, ask_for, end_form, remember, say
from actions.turn import Turn

MOST_PARCELS = 3
_REFUSALS = {"cannot_provide", "deny", "change_mind"}
_FAREWELLS = {"goodbye", "thanks"}
_NOT_ASKED_AGAIN = {REFUSED, UNCHECKABLE}


class ValidateTrackForm(HouseAction):
    """One step of the tracking form: find the number, look, ask for the digits, tell."""

    def name(self) -> str:
        """As Rasa calls the validation of `track_form`."""
        return "validate_track_form"

    async def answer(self, turn: Turn) -> Reply:
        """The step that fits what the form has asked for."""
        if turn.requested is None:
            return await self._begin(turn)
        if turn.intent == "talk_to_human":
            return await form_talk.leave_for_person(turn, self.backend)
        if turn.waybills:
            return await self._tell_all(turn, turn.waybills)
        if turn.requested == "phone_tail" and turn.digits:
            return await self._with_digits(turn, turn.digits)
        wish = form_talk.other_wish(turn)
        if wish is not None and wish != "track_form":
            return form_talk.leave_for(wish)
        told = await self._beside(turn)
        return self._without_answer(turn) if told is None else told

    async def _beside(self, turn: Turn) -> Reply | None:
        """A question beside the form; where the parcel is, is none here."""
        if turn.intent == "track_parcel":
            return None
        slot, parcel = str(turn.requested), turn.slot("waybill_no")
        parcel = parcel if slot == "phone_tail" else None
        told = await answered_beside(turn, self.backend, parcel)
        if told is None:
            return None
        asked = _question(turn) if parcel is None else say("say_ask_digits", waybill_no=parcel)
        return form_talk.counted_question(turn, told, asked, slot)

    async def _begin(self, turn: Turn) -> Reply:
        if turn.waybills:
            return await self._tell_all(turn, turn.waybills)
        focus = turn.slot("waybill_no")
        if focus and not turn.entity("another"):
            return await self._tell_all(turn, (focus,))
        return form_talk.first_ask(turn, "waybill_no", _question(turn)) + _digits_for_later(turn)

    async def _tell_all(self, turn: Turn, waybills: tuple[str, ...]) -> Reply:
        """Look at each parcel; the digits are asked for one parcel at a time."""
        digits = turn.sure_digits or (turn.slot("phone_tail") if turn.form else None)
        news = [
            tell(turn, each, await look(turn, self.backend, each, digits), digits)
            for each in waybills[:MOST_PARCELS]
        ]
        told = sum((each.reply for each in news), Reply())
        proofs = {each.waybill_no: each.proof for each in news if each.proof}
        waiting = [each for each in news if self._may_ask(turn, each)]
        reply = told + remember_proofs(turn, proofs) + remember(waybill_no=news[-1].waybill_no)
        return reply + _next_question([each.waybill_no for each in waiting])

    @staticmethod
    def _may_ask(turn: Turn, news: News) -> bool:
        return news.wants_digits and proof_of(turn, news.waybill_no) not in _NOT_ASKED_AGAIN

    async def _with_digits(self, turn: Turn, digits: str) -> Reply:
        """Show the digits for the parcel in question."""
        waybill_no = str(turn.slot("waybill_no"))
        news = tell(turn, waybill_no, await look(turn, self.backend, waybill_no, digits), digits)
        if news.outcome is TrackOutcome.WRONG_PHONE_TAIL:
            return news.reply + remember(asked=turn.slot("asked") or {}) + ask_for("phone_tail")
        proofs = {waybill_no: news.proof} if news.proof else {}
        rest = _next_question(turn.slot("waiting") or [])
        return news.reply + remember_proofs(turn, proofs) + rest

    def _without_answer(self, turn: Turn) -> Reply:
        if turn.requested == "phone_tail":
            return self._without_digits(turn)
        if turn.intent in {"cannot_provide", "deny"}:
            return form_talk.ask_again(turn, "waybill_no", "say_where_is_waybill")
        if turn.intent in {"change_mind", "goodbye"}:
            return say("say_stopped") + end_form()
        if turn.intent in SMALL_TALK:
            return form_talk.beside(turn, "waybill_no", _question(turn))
        if turn.digits or turn.entity("carrier"):
            again = form_talk.ask_again(turn, "waybill_no", _question(turn))
            return _digits_for_later(turn) + again
        return form_talk.ask_again(turn, "waybill_no", "say_ask_waybill_again")

    def _without_digits(self, turn: Turn) -> Reply:
        waybill_no = str(turn.slot("waybill_no"))
        if turn.intent in _REFUSALS:
            refused = dict.fromkeys([waybill_no, *(turn.slot("waiting") or [])], REFUSED)
            stays = say("say_track_without_digits") + remember_proofs(turn, refused)
            return stays + remember(waiting=None) + end_form()
        if turn.intent in _FAREWELLS:
            return say(f"utter_{turn.intent}") + end_form()
        if turn.intent in SMALL_TALK:
            question = say("say_ask_digits", waybill_no=waybill_no)
            return form_talk.beside(turn, "phone_tail", question)
        return form_talk.ask_again(turn, "phone_tail", "say_ask_digits_again")


def _question(turn: Turn) -> Reply:
    """Ask for the number, showing that what was said instead of it was heard."""
    if turn.digits:
        return say("say_ask_waybill_beside_digits")
    if carrier := turn.spoken("carrier"):
        return say("say_ask_waybill_of", carrier=carrier)
    return say("say_ask_waybill")


def _digits_for_later(turn: Turn) -> Reply:
    """Digits said before the number are not asked for again."""
    return remember(phone_tail=turn.digits) if turn.digits else Reply()


def _next_question(waiting: list[str]) -> Reply:
    """Ask for the digits of the first waiting parcel; without one the form is over."""
    if not waiting:
        return end_form() + remember(waiting=None)
    first, *rest = waiting
    question = say("say_ask_digits", waybill_no=first)
    begins = remember(waybill_no=first, waiting=rest, asked={}, phone_tail=None)
    return question + begins + ask_for("phone_tail")
