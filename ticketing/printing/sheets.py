"""What a paper is filled with: everything about a ticket that the paper may say. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ticketing.evidence.manifest import Pack, Photo
from ticketing.forms.form import Field, FieldKind, Form
from ticketing.kernel.clock import SHANGHAI
from ticketing.printing.amounts import compensation, sum_of
from ticketing.printing.disclosure import masked_words, told
from ticketing.printing.glyphs import GETA, printable
from ticketing.printing.labels import label, labels, status_label
from ticketing.printing.papers import Paper
from ticketing.tickets.kinds import STATE_LABELS, ticket_kind
from ticketing.tickets.models import Ticket, TicketChange, TicketStep

_ACCOUNTS = ("account", "bank_account", "refund_account")
_SOLUTIONS = ("text", "solution", "plan")
_DECISIONS = ("accept", "reject")
_EVENTS, _CHANGES, _PHOTOS = 60, 300, 24
_PRINTED = frozenset({"image/jpeg", "image/png", "image/webp"})
_EXACT = frozenset({"path", "sha256"})
"""What is no text to read."""

_TOLD_IN_LINES = ("ticket_no", "into", "score", "note", "text", "why", "reason")
_NOTHING: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, kw_only=True)
class TicketFile:
    """A ticket with everything that is kept about it."""

    ticket: Ticket
    steps: Sequence[TicketStep]
    changes: Sequence[TicketChange]
    pack: Pack
    carrier_name: str
    queue_label: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """What our people are called, by username."""
    ruling: Mapping[str, Any] | None = None
    """The newest decision of the table of compensations."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """The forms that were filled in, by name: they say what a field and a choice is called."""


def fill(paper: Paper, file: TicketFile, now: datetime) -> dict[str, Any]:
    """Return the data a paper's template is filled with; every text in it can be printed."""
    ticket = file.ticket
    raw = {
        "number": f"{ticket.ticket_no}-{paper.mark}",
        "printed_at": moment(now),
        "ticket": _head(paper, file),
        "words": masked_words("\n".join(map(str, ticket.words)) or ticket.description),
        "details": _details(paper, file),
        "item": ticket.details.get("item"),
        "account": _account(paper, file),
        **_steps(file),
        "amounts": _amounts(file),
        "basis": (file.ruling or {}).get("basis"),
        "tracking": _tracking(ticket),
        "history": [_line(file, change) for change in file.changes[-_CHANGES:]],
        "photos": [_photo(photo) for photo in file.pack.photos[:_PHOTOS]],
        "photo_roles": list(labels("photo_roles").items()),
        "evidence": _evidence(file.pack),
    }
    shown: dict[str, Any] = _printable(raw)
    shown["has_unprintable"] = GETA in str(shown) and GETA not in str(raw)
    return shown


def complaint_form(ticket: Ticket) -> str:
    """Return the name of the form a complaint of this kind is made with."""
    return f"complaint_{ticket.kind}"


def moment(at: datetime | str | None) -> str | None:
    """Return a time as papers write it, e.g. `2026-11-22 14:05` (Asia/Shanghai)."""
    if at is None:
        return None
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{when.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _head(paper: Paper, file: TicketFile) -> dict[str, Any]:
    ticket = file.ticket
    phone = ticket.contact_phone
    return {
        "ticket_no": ticket.ticket_no,
        "kind_label": ticket_kind(ticket.kind).label,
        "priority_label": label("priorities", ticket.priority),
        "state_label": STATE_LABELS.get(ticket.state, ticket.state),
        "waybill_no": ticket.waybill_no,
        "carrier_name": file.carrier_name,
        "role_label": label("customers", ticket.role),
        "contact_phone": told("phone", phone, paper.needs) if phone else None,
        "queue": file.queue_label or ticket.queue,
        "assignee": _person(file, ticket.assignee),
        "opened_at": moment(ticket.opened_at),
        "closed_at": moment(ticket.closed_at),
    }


def _details(paper: Paper, file: TicketFile) -> list[dict[str, str]]:
    return [
        {"label": each.label, "value": told(name, each.text, paper.needs)}
        for name, each in _filled(file, complaint_form(file.ticket), file.ticket.details)
    ]


def _account(paper: Paper, file: TicketFile) -> str | None:
    given = [file.ticket.details, *(step.data for step in file.steps)]
    found = (str(data[name]) for data in reversed(given) for name in _ACCOUNTS if data.get(name))
    account = next(found, None)
    return told("account", account, paper.needs) if account else None


def _steps(file: TicketFile) -> dict[str, Any]:
    """Return the steps, those that were done, and what the customer is offered and says."""
    notes = {c.facts.get("step"): c.facts.get("note") for c in file.changes}
    rows = [_step(file, step, notes.get(step.step)) for step in file.steps]
    done = [row for row, step in zip(rows, file.steps, strict=True) if step.outcome == "done"]
    answered = [
        s for s in file.steps if s.role == "customer" and s.data.get("decision") in _DECISIONS
    ]
    last = answered[-1] if answered else None
    return {
        "steps": rows,
        "done_steps": done,
        "solution": _solution(file, done),
        "decision": last.data["decision"] if last else None,
        "decision_reason": masked_words(str(last.data.get("reason") or "")) if last else None,
        "decision_at": moment(last.done_at) if last else None,
    }


def _step(file: TicketFile, step: TicketStep, note: Any) -> dict[str, Any]:
    said = [
        f"{each.label}：{told(name, each.text, frozenset())}"
        for name, each in _filled(file, step.form, step.data)
    ]
    noted = [masked_words(str(note)).rstrip("。；")] if note else []
    return {
        "label": step.label,
        "role_label": label("departments", step.role),
        "by": _person(file, step.done_by or step.assignee),
        "at": moment(step.done_at),
        "outcome_label": label("outcomes", step.outcome or "open"),
        "text": "；".join([*noted, *said]),
    }


def _solution(file: TicketFile, done: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the solution a step wrote down, else what the last step says."""
    for step in reversed(file.steps):
        written = next((step.data[n] for n in _SOLUTIONS if step.data.get(n)), None)
        if written and step.outcome == "done" and step.role != "customer":
            return masked_words(_text(written))
    return next((str(row["text"]) for row in reversed(done) if row["text"]), None)


def _amounts(file: TicketFile) -> dict[str, Any]:
    details = file.ticket.details
    sums = {
        "wanted": sum_of(details.get("loss_amount") or details.get("amount")),
        "declared_value": sum_of(details.get("declared_value")),
        "insured_value": sum_of(details.get("insured_value")),
        "fee": sum_of(details.get("fee")),
        "compensation": compensation(file.steps, file.ruling),
    }
    return {name: found.as_json() if found else None for name, found in sums.items()}


def _tracking(ticket: Ticket) -> dict[str, Any]:
    kept = ticket.snapshot
    events = [
        {"at": moment(event["at"]), "place": event["place"], "text": masked_words(event["text"])}
        for event in reversed(kept.get("events", [])[-_EVENTS:])
    ]
    return {
        "status_label": status_label(kept.get("status")),
        "checked_at": moment(kept.get("checked_at")),
        "events": events,
    }


def _line(file: TicketFile, change: TicketChange) -> dict[str, Any]:
    facts = change.facts
    names = {step.step: step.label for step in file.steps}
    step = str(facts.get("step") or "")
    told_of = [names.get(step, step), *(facts.get(name) for name in _TOLD_IN_LINES)]
    said = [str(word) for word in facts.get("words") or ()]
    parts = [masked_words(str(part)) for part in (*told_of, *said) if part]
    return {
        "at": moment(change.at),
        "by": _person(file, change.by),
        "label": label("changes", change.what),
        "text": "，".join(parts),
    }


def _photo(photo: Photo) -> dict[str, Any]:
    return {
        "role": photo.role,
        "role_label": label("photo_roles", photo.role),
        "at": moment(photo.at),
        "sha256": photo.sha256,
        "path": str(photo.path) if photo.path and photo.media_type in _PRINTED else None,
    }


def _evidence(pack: Pack) -> dict[str, Any]:
    return {
        "revision": pack.revision,
        "sha256": pack.sha256,
        "frozen_at": moment(pack.frozen_at),
    }


def _person(file: TicketFile, username: str | None) -> str | None:
    return file.names.get(username or "") or label("people", username)


@dataclass(frozen=True)
class _Filled:
    """A field that was filled in: what it is called, and what it says."""

    label: str
    text: str


def _filled(
    file: TicketFile, form: str | None, data: Mapping[str, Any]
) -> Iterator[tuple[str, _Filled]]:
    known = file.forms.get(form) if form else None
    for name, value in data.items():
        if value in _NOTHING:
            continue
        asked = known.field(name) if known else None
        called = (asked.label if asked else None) or label("details", name) or name
        yield name, _Filled(called, _said_in(asked, value))


def _said_in(asked: Field | None, value: Any) -> str:
    """Return a field's value as its form words it; files are counted, not named."""
    if asked is None:
        return _text(value)
    if asked.kind is FieldKind.FILES:
        return f"{len(value) if isinstance(value, list) else 1} 个文件"
    words: dict[Any, str] = {choice.value: choice.label for choice in asked.choices}
    values = value if isinstance(value, list) else [value]
    return "、".join(words.get(each) or _text(each) for each in values if not _is_nested(each))


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list)


def _text(value: Any) -> str:
    if isinstance(value, bool) or value in ("true", "false"):
        return "是" if value in (True, "true") else "否"
    if isinstance(value, list):
        return "、".join(map(_text, value))
    if isinstance(value, dict):
        return "；".join(f"{name}：{_text(inner)}" for name, inner in value.items())
    return str(value)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    if isinstance(value, dict):
        return {k: v if k in _EXACT else _printable(v) for k, v in value.items()}
    return value
