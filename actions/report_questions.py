"""What the report form asks, and the summary that is to be confirmed. Pure."""

from actions import form_talk
from actions.details import PARTS
from actions.labels import part_changes, part_labels, role_label, summary_buttons
from actions.reply import Reply, say
from actions.report_draft import Draft
from actions.turn import Turn

QUESTIONS = {
    "waybill_no": ("say_report_ask_waybill", "say_ask_waybill_again"),
    "phone_tail": ("say_report_ask_digits", "say_ask_digits_again"),
    "role": ("say_report_ask_role", "say_report_ask_role_again"),
    "description": ("say_report_ask_description", "say_report_ask_description_again"),
    "address": ("say_pickup_ask_address", "say_pickup_ask_address_again"),
    "time": ("say_pickup_ask_time", "say_pickup_ask_time_again"),
    "phone": ("say_pickup_ask_phone", "say_pickup_ask_phone_again"),
    "item": ("say_pickup_ask_item", "say_pickup_ask_item_again"),
    "confirmed": ("say_report_confirm", "say_report_confirm_again"),
}


def question(turn: Turn, draft: Draft, slot: str) -> Reply:
    """The question for a slot; for the last one the whole report to be confirmed."""
    return form_talk.first_ask(turn, slot, asking(draft, slot))


def asking(draft: Draft, slot: str) -> Reply:
    """The words of a question."""
    facts = draft.facts
    if slot == "confirmed":
        note = f"{facts.note}\n" if facts.note else ""
        buttons = _buttons(draft)
        return say("say_report_confirm", summary=summary(draft), note=note, buttons=buttons)
    return say(QUESTIONS[slot][0], opening=facts.opening, question=facts.question)


def again(draft: Draft, slot: str) -> Reply:
    """The question after an answer that was none."""
    buttons = _buttons(draft) if slot == "confirmed" else ()
    return say(QUESTIONS[slot][1], question=draft.facts.again, buttons=buttons)


def still(turn: Turn, draft: Draft, slot: str) -> Reply:
    """The question once more, in fewer words where it has an introduction."""
    if slot != "waybill_no":
        return question(turn, draft, slot)
    return say("say_report_ask_waybill_still", kind_label=draft.facts.label)


def what_to_change(draft: Draft) -> Reply:
    """Ask which part of the summary is wrong."""
    own = {**part_changes(), "description": draft.facts.change}
    parts = [own[slot] for slot in draft.facts.wants if slot in own]
    return say("say_report_what_to_change", buttons=(*parts, _buttons(draft)[-1]))


def summary(draft: Draft) -> str:
    """The report as lines of `name：value`."""
    labels, facts = part_labels(), draft.facts
    lines = {
        labels["kind"]: facts.label,
        labels["waybill_no"]: draft.waybill_no,
        labels["role"]: role_label(draft.role) if draft.role and draft.asks_for("role") else None,
        facts.told_as: draft.description,
        labels["amount"]: draft.details.get("amount"),
        **{labels[part]: draft.details.get(part) for part in PARTS if draft.asks_for(part)},
    }
    return "\n".join(f"{name}：{value}" for name, value in lines.items() if value)


def _buttons(draft: Draft) -> tuple[str, ...]:
    """To file it, to change it, to give it up."""
    return summary_buttons("wish" if draft.facts.service else "trouble")
