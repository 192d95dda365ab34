"""A report that gives way to another one is not lost: it is set aside and offered again."""

from dataclasses import replace
from typing import Any

from actions.beginning import beginning
from actions.kinds import Kind, kind_of
from actions.offers import RESUME, offering
from actions.reply import Reply, remember, say
from actions.report_draft import Draft, begun
from actions.turn import Turn

Kept = dict[str, Any]


def change_kind(turn: Turn, draft: Draft, kind: Kind) -> tuple[Reply, Draft]:
    """What to say of the change, and the draft that the form goes on with.

    One trouble turns into another with all that was told; a wish is another matter.
    """
    if not (draft.facts.service or kind.service):
        news = say("say_report_kind_changed", kind_label=kind.label)
        return news, replace(draft, kind=kind.code)
    told = replace(draft, words=tuple(each for each in draft.words if each != turn.text))
    kept = [*_set_aside(turn, but=kind.code), told.slots()]
    news = say("say_report_set_aside", kind_label=draft.facts.label, opening=kind.opening)
    return news + remember(set_aside=kept), _other_matter(turn, draft, kind)


def _other_matter(turn: Turn, draft: Draft, kind: Kind) -> Draft:
    """The report set aside before, else a new one about the same parcel."""
    before = next((kept for kept in _set_aside(turn) if kept["kind"] == kind.code), None)
    known = {"kind": kind.code} if before is None else {"draft": before}
    other = begun(turn, known)
    same = other.waybill_no is not None and other.waybill_no == draft.waybill_no
    if not same:
        return other
    role, digits = other.role or draft.role, other.phone_tail or draft.phone_tail
    return replace(other, role=role, phone_tail=digits)


def _set_aside(turn: Turn, but: str | None = None) -> list[Kept]:
    return [kept for kept in turn.slot("set_aside") or [] if kept["kind"] != but]


def offer_to_resume(turn: Turn) -> Reply:
    """Ask whether to go on with the report set aside last; nothing where there is none."""
    kept = _set_aside(turn)
    if not kept:
        return Reply()
    asked = say("say_resume_offer", kind_label=kind_of(kept[-1]["kind"]).label)
    return asked + offering(turn, RESUME, draft=kept[-1]) + remember(set_aside=kept[:-1] or None)


def keep_set_aside(turn: Turn) -> Reply:
    """A report that begins anew forgets what was set aside before; one taken up again does not."""
    return Reply() if "draft" in beginning(turn) else remember(set_aside=None)
