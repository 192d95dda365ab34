"""How far is my ticket: the progress form."""

from actions import form_talk
from actions.backend_answers import ProgressAnswer, ProgressOutcome, Ticket
from actions.digressions import TRACKING, answered_beside, parcel_beside
from actions.form_talk import SMALL_TALK
from actions.house_action import HouseAction
from actions.offers import PERSON, offering
from actions.reply import Reply, end_form, remember, say
from actions.turn import Turn

MOST_TICKETS = 3

QUESTIONS = {
    "ticket_no": ("say_progress_ask_number", "say_progress_ask_number_again"),
    "phone_tail": ("say_progress_ask_digits", "say_ask_digits_again"),
}
QUESTION_AFTER = {
    ProgressOutcome.NEED_PHONE_TAIL: ("phone_tail", "say_progress_ask_digits"),
}
QUESTION_AFTER_MISTAKE = {
    ProgressOutcome.WRONG_PHONE_TAIL: ("phone_tail", "say_progress_digits_wrong"),
    ProgressOutcome.UNKNOWN_TICKET: ("ticket_no", "say_progress_unknown"),
}


class ValidateProgressForm(HouseAction):
    """One step of the progress form."""

    def name(self) -> str:
        """As Rasa calls the validation of `progress_form`."""
        return "validate_progress_form"

    async def answer(self, turn: Turn) -> Reply:
        """Numbers first, then the digits; without any number the tickets of this conversation."""
        if turn.requested is None:
            return await self._ask_backend(turn)
        if turn.intent == "talk_to_human":
            return await form_talk.leave_for_person(turn, self.backend)
        parcel = next(iter(turn.waybills), None) or turn.slot("waybill_no")
        if turn.intent in TRACKING and parcel:
            return self._beside(turn, await parcel_beside(turn, self.backend, parcel))
        if turn.entity("ticket_no") or turn.waybills or self._has_digits(turn):
            return await self._ask_backend(turn)
        wish = form_talk.other_wish(turn)
        if wish is not None and wish != "progress_form":
            return form_talk.leave_for(wish)
        told = await answered_beside(turn, self.backend, parcel)
        return self._without_answer(turn) if told is None else self._beside(turn, told)

    @staticmethod
    def _beside(turn: Turn, told: Reply) -> Reply:
        """A question beside the form is answered, and the form goes on."""
        slot = str(turn.requested)
        return form_talk.counted_question(turn, told, say(QUESTIONS[slot][0]), slot)

    @staticmethod
    def _has_digits(turn: Turn) -> bool:
        return turn.requested == "phone_tail" and turn.digits is not None

    async def _ask_backend(self, turn: Turn) -> Reply:
        number = turn.entity("ticket_no") or (None if turn.waybills else turn.slot("ticket_no"))
        waybill_no = None if number else self._waybill(turn)
        digits = turn.digits if turn.requested == "phone_tail" else turn.sure_digits
        answer = await self.backend.progress(
            turn.asked, ticket_no=number, waybill_no=waybill_no, phone_tail=digits
        )
        numbers = remember(ticket_no=number)
        if waybill_no:
            numbers += remember(waybill_no=waybill_no)
        return numbers + self._tell(turn, answer, has_number=bool(number or waybill_no))

    @staticmethod
    def _waybill(turn: Turn) -> str | None:
        """The number in the message; the remembered one only while its digits are being asked."""
        if turn.waybills:
            return turn.waybills[0]
        return turn.slot("waybill_no") if turn.requested == "phone_tail" else None

    def _tell(self, turn: Turn, answer: ProgressAnswer, *, has_number: bool) -> Reply:
        if answer.outcome is ProgressOutcome.FOUND and answer.tickets:
            news = sum(map(told, answer.tickets[:MOST_TICKETS]), Reply())
            return news + end_form() + remember(ticket_no=None)
        if answer.outcome in QUESTION_AFTER:
            slot, question = QUESTION_AFTER[answer.outcome]
            return form_talk.first_ask(turn, slot, say(question))
        if answer.outcome in QUESTION_AFTER_MISTAKE:
            slot, again = QUESTION_AFTER_MISTAKE[answer.outcome]
            return remember(**{slot: None}) + form_talk.ask_again(turn, slot, again)
        if answer.outcome is ProgressOutcome.TOO_MANY_TRIES:
            return say("say_digits_too_many") + offering(turn, PERSON) + end_form()
        if has_number:
            return say("say_progress_none") + end_form() + remember(ticket_no=None)
        return form_talk.first_ask(turn, "ticket_no", say("say_progress_ask_number"))

    def _without_answer(self, turn: Turn) -> Reply:
        slot = str(turn.requested)
        question, again = QUESTIONS[slot]
        if turn.intent in {"change_mind", "deny", "cannot_provide", "goodbye"}:
            return say("say_progress_stopped") + end_form() + remember(ticket_no=None)
        if turn.intent in SMALL_TALK:
            return form_talk.beside(turn, slot, say(question))
        return form_talk.ask_again(turn, slot, again)


def told(ticket: Ticket) -> Reply:
    """A ticket in one sentence, with its card."""
    return say(
        "say_progress",
        card=ticket.card,
        ticket_no=ticket.ticket_no,
        kind_label=ticket.kind_label,
        state_label=ticket.state_label,
        step_label=ticket.current_step,
    )
