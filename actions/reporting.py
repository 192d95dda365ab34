"""Something is to be filed about my parcel: the report form."""

from dataclasses import replace

from actions import form_talk
from actions.escalation import soothed
from actions.filing import file_report
from actions.house_action import HouseAction
from actions.kinds import kind_of
from actions.parcel_news import remember_proofs
from actions.reply import Reply, end_form, remember, say
from actions.report_answers import (
    FILLERS,
    is_nod,
    with_more,
    with_notes,
    with_story,
    with_wish,
)
from actions.report_corrections import corrected, other_kind
from actions.report_digits import check_digits
from actions.report_digressions import digression, small_talk
from actions.report_draft import Draft, begun, settled, with_words
from actions.report_questions import again, question, still, what_to_change
from actions.set_aside import change_kind, keep_set_aside, offer_to_resume
from actions.turn import Turn

_NO_NUMBER = {"cannot_provide", "deny"}
_LEAVES = {"talk_to_human", "change_mind", "withdraw_complaint"}


class ValidateReportForm(HouseAction):
    """One step of the report form: take what the message gives, ask for what is missing, file."""

    def name(self) -> str:
        """As Rasa calls the validation of `report_form`."""
        return "validate_report_form"

    async def answer(self, turn: Turn) -> Reply:
        """Leaving comes first, then changes, then questions beside the form, then the answer."""
        if turn.requested is None:
            return await self._begin(turn)
        if turn.intent in _LEAVES:
            return await self._leave(turn)
        before = Draft.remembered(turn)
        draft = with_words(before, turn)
        if turn.intent == "escalate":
            urgent = replace(draft, urgent=True)
            return _kept(turn, urgent, soothed(turn) + still(turn, urgent, turn.requested))
        changed = await self._changed(turn, draft)
        if changed is not None:
            return changed
        chat = None if is_nod(draft, turn) else small_talk(turn, turn.requested)
        if chat is not None:
            return self._beside(turn, draft, chat, turn.requested)
        return await self._question_or_answer(turn, before, draft, turn.requested)

    @staticmethod
    def _beside(turn: Turn, draft: Draft, chat: Reply, slot: str) -> Reply:
        """Small talk is answered; chatter not for ever."""
        asked = still(turn, draft, slot)
        if turn.intent in form_talk.BESIDE_THE_POINT:
            return _kept(turn, draft, form_talk.counted_beside(turn, chat, asked, slot))
        return _kept(turn, draft, form_talk.first_ask(turn, slot, chat + asked))

    async def _begin(self, turn: Turn) -> Reply:
        draft = begun(turn)
        asked = await self._go_on(turn, draft) + keep_set_aside(turn)
        if asked.slots["requested_slot"] in {"waybill_no", "confirmed"}:
            return asked
        return say("say_report_begin", opening=draft.facts.opening) + asked

    async def _leave(self, turn: Turn) -> Reply:
        """Nothing is filed; what was set aside before is remembered, but not for a person."""
        if turn.intent == "talk_to_human":
            left = await form_talk.leave_for_person(turn, self.backend)
            return left + _forget(turn) + remember(set_aside=None)
        stopped = say("say_report_cancelled") + end_form() + _forget(turn)
        return stopped + offer_to_resume(turn)

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
        news, other = change_kind(turn, draft, kind_of(kind))
        return news + await self._go_on(turn, other)

    async def _question_or_answer(
        self, turn: Turn, before: Draft, draft: Draft, slot: str
    ) -> Reply:
        answered = await digression(turn, draft, slot, self.backend)
        if answered is not None:
            asked = question(turn, draft, slot)
            return _kept(turn, draft, form_talk.counted_question(turn, answered, asked, slot))
        if slot == "confirmed":
            return await self._at_confirmation(turn, before, draft)
        return await self._at_question(turn, draft, slot)

    async def _at_question(self, turn: Turn, draft: Draft, slot: str) -> Reply:
        filled = FILLERS[slot](draft, turn)
        if filled is not None and not filled.has(slot):
            kept = say("say_digits_kept") + still(turn, filled, slot)
            return _kept(turn, filled, form_talk.ask_again(turn, slot, kept))
        if filled is not None:
            return await self._go_on(turn, with_notes(with_story(filled, turn), turn))
        lost = slot == "waybill_no" and turn.intent in _NO_NUMBER
        noted = with_notes(with_wish(draft, turn), turn)
        asked = say("say_where_is_waybill") if lost else again(noted, slot)
        return self._in_vain(turn, noted, asked)

    async def _at_confirmation(self, turn: Turn, before: Draft, draft: Draft) -> Reply:
        if turn.intent == "affirm" or is_nod(draft, turn):
            filed = await file_report(turn, before, self.backend)
            return filed + end_form() + _forget(turn) + offer_to_resume(turn)
        if turn.intent in {"deny", "correct_info"}:
            what = what_to_change(draft)
            return _kept(turn, draft, form_talk.counted_beside(turn, Reply(), what, "confirmed"))
        if turn.intent in form_talk.REPORTED_KINDS and draft.description:
            return await self._go_on(turn, with_notes(with_more(draft, turn), turn))
        return self._in_vain(turn, draft, again(draft, "confirmed"))

    @staticmethod
    def _in_vain(turn: Turn, draft: Draft, asked: Reply) -> Reply:
        return _kept(turn, draft, form_talk.ask_again(turn, str(turn.requested), asked))

    async def _go_on(self, turn: Turn, draft: Draft) -> Reply:
        """Check new digits, then ask for what is missing."""
        news, checked = await check_digits(turn, draft, self.backend)
        if checked.waybill_no and checked.proof:
            news += remember_proofs(turn, {checked.waybill_no: checked.proof})
        if checked.waybill_no and checked.role:
            roles = {**(turn.slot("roles") or {}), checked.waybill_no: checked.role}
            news += remember(roles=roles)
        return news + remember(**checked.slots()) + question(turn, checked, checked.missing)


def _forget(turn: Turn) -> Reply:
    return Reply(slots=settled(turn))


def _kept(turn: Turn, draft: Draft, reply: Reply) -> Reply:
    """The reply with the draft in memory, unless the reply has ended the form."""
    over = reply.slots["requested_slot"] is None
    return reply + _forget(turn) if over else remember(**draft.slots()) + reply
