"""Something went wrong with my parcel: the report form."""

from dataclasses import replace

from actions import form_talk
from actions.filing import file_report
from actions.house_action import HouseAction
from actions.labels import kind_label, role_label
from actions.parcel_news import remember_proofs
from actions.reply import Reply, end_form, remember, say
from actions.report_answers import FILLERS, corrected, other_kind, with_story
from actions.report_digits import check_digits
from actions.report_digressions import digression, small_talk
from actions.report_draft import (
    WITHOUT_DESCRIPTION,
    Draft,
    begun,
    described,
    settled,
    with_words,
)
from actions.turn import Turn

QUESTIONS = {
    "waybill_no": ("say_report_ask_waybill", "say_ask_waybill_again"),
    "phone_tail": ("say_report_ask_digits", "say_ask_digits_again"),
    "role": ("say_report_ask_role", "say_report_ask_role_again"),
    "description": ("say_report_ask_description", "say_report_ask_description_again"),
    "confirmed": ("say_report_confirm", "say_report_confirm_again"),
}
_NO_NUMBER = {"cannot_provide", "deny"}


class ValidateReportForm(HouseAction):
    """One step of the report form: take what the message gives, ask for what is missing, file."""

    def name(self) -> str:
        """As Rasa calls the validation of `report_form`."""
        return "validate_report_form"

    async def answer(self, turn: Turn) -> Reply:
        """Leaving comes first, then changes, then questions beside the form, then the answer."""
        if turn.requested is None:
            return await self._begin(turn)
        if turn.intent in {"talk_to_human", "change_mind"}:
            return await self._leave(turn) + _forget(turn)
        before = Draft.remembered(turn)
        draft = with_words(before, turn)
        changed = await self._changed(turn, draft)
        if changed is not None:
            return changed
        chat = small_talk(turn, turn.requested)
        if chat is not None:
            return self._beside(turn, draft, chat, turn.requested)
        return await self._answered(turn, before, draft, turn.requested)

    @staticmethod
    def _beside(turn: Turn, draft: Draft, chat: Reply, slot: str) -> Reply:
        """Small talk is answered; chatter not for ever."""
        question = _still(turn, draft, slot)
        if turn.intent in form_talk.BESIDE_THE_POINT:
            return _kept(turn, draft, form_talk.counted_beside(turn, chat, question, slot))
        return _kept(turn, draft, form_talk.first_ask(turn, slot, chat + question))

    async def _begin(self, turn: Turn) -> Reply:
        draft = begun(turn)
        asked = await self._go_on(turn, draft)
        if asked.slots["requested_slot"] in {"waybill_no", "confirmed"}:
            return asked
        return say("say_report_begin", kind_label=kind_label(draft.kind)) + asked

    async def _leave(self, turn: Turn) -> Reply:
        if turn.intent == "talk_to_human":
            return await form_talk.leave_for_person(turn, self.backend)
        return say("say_report_cancelled") + end_form()

    async def _changed(self, turn: Turn, draft: Draft) -> Reply | None:
        """The form after a correction or with another kind; None when nothing changes."""
        changed = corrected(draft, turn) if turn.requested != "waybill_no" else None
        if changed is not None:
            moved = changed.waybill_no not in {None, draft.waybill_no}
            news = say("say_report_waybill_changed", waybill_no=changed.waybill_no)
            return (news if moved else Reply()) + await self._go_on(turn, changed)
        kind = other_kind(draft, turn)
        if kind is None:
            return None
        news = say("say_report_kind_changed", kind_label=kind_label(kind))
        return news + await self._go_on(turn, replace(draft, kind=kind))

    async def _answered(self, turn: Turn, before: Draft, draft: Draft, slot: str) -> Reply:
        answered = await digression(turn, draft, slot, self.backend)
        if answered is not None:
            return answered + remember(**draft.slots()) + _question(turn, draft, slot)
        if slot == "confirmed":
            return await self._at_confirmation(turn, before, draft)
        return await self._at_question(turn, draft, slot)

    async def _at_question(self, turn: Turn, draft: Draft, slot: str) -> Reply:
        filled = FILLERS[slot](draft, turn)
        if filled is not None and filled.waybill_no is None:
            again = say("say_digits_kept") + _still(turn, filled, slot)
            return _kept(turn, filled, form_talk.ask_again(turn, slot, again))
        if filled is not None:
            return await self._go_on(turn, with_story(filled, turn))
        lost = slot == "waybill_no" and turn.intent in _NO_NUMBER
        return self._in_vain(turn, draft, "say_where_is_waybill" if lost else QUESTIONS[slot][1])

    async def _at_confirmation(self, turn: Turn, before: Draft, draft: Draft) -> Reply:
        if turn.intent == "affirm":
            return await file_report(turn, before, self.backend) + end_form() + _forget(turn)
        if turn.intent in {"deny", "correct_info"}:
            what = say("say_report_what_to_change")
            return _kept(turn, draft, form_talk.counted_beside(turn, Reply(), what, "confirmed"))
        if turn.intent in form_talk.REPORTED_KINDS and draft.description:
            more = described(f"{draft.description}；{turn.text}")
            return await self._go_on(turn, replace(draft, description=more))
        return self._in_vain(turn, draft, QUESTIONS["confirmed"][1])

    @staticmethod
    def _in_vain(turn: Turn, draft: Draft, again: str) -> Reply:
        return _kept(turn, draft, form_talk.ask_again(turn, str(turn.requested), again))

    async def _go_on(self, turn: Turn, draft: Draft) -> Reply:
        """Check new digits, then ask for what is missing."""
        news, checked = await check_digits(turn, draft, self.backend)
        if checked.waybill_no and checked.proof:
            news += remember_proofs(turn, {checked.waybill_no: checked.proof})
        return news + remember(**checked.slots()) + _question(turn, checked, checked.missing)


def _forget(turn: Turn) -> Reply:
    return Reply(slots=settled(turn))


def _kept(turn: Turn, draft: Draft, reply: Reply) -> Reply:
    """The reply with the draft in memory, unless the reply has ended the form."""
    over = reply.slots["requested_slot"] is None
    return reply + _forget(turn) if over else remember(**draft.slots()) + reply


def _still(turn: Turn, draft: Draft, slot: str) -> Reply:
    """The question once more, in fewer words where it has an introduction."""
    if slot != "waybill_no":
        return _question(turn, draft, slot)
    return say("say_report_ask_waybill_still", kind_label=kind_label(draft.kind))


def _question(turn: Turn, draft: Draft, slot: str) -> Reply:
    """The question for a slot; for the last one the whole report to be confirmed."""
    short = slot == "confirmed" and draft.kind in WITHOUT_DESCRIPTION
    question = say(
        "say_report_confirm_short" if short else QUESTIONS[slot][0],
        kind_label=kind_label(draft.kind),
        waybill_no=draft.waybill_no or "",
        role_label=role_label(draft.role or "other"),
        report_text=draft.description or "",
    )
    return form_talk.first_ask(turn, slot, question)
