"""A made-up ticket, to show how a template looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ticketing.evidence.manifest import Pack, Photo, as_document
from ticketing.kernel.ids import new_id
from ticketing.printing.sheets import TicketFile
from ticketing.tickets.models import Ticket, TicketChange, TicketStep

_WORDS = (
    "收到快递时外箱已经压扁了，里面的陶瓷茶具碎了两个杯子。",
    "我拍了外箱、面单和内件的照片，希望按声明价值赔偿。",
)
_DONE: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("customer_review", "客服初审", "customer_service", "照片清楚，符合受理条件。", {}),
    ("warehouse_check", "仓库核实", "warehouse", "出库监控显示外箱完好，破损发生在运输途中。", {}),
    (
        "liability",
        "理赔定责",
        "claims",
        "承运方责任。",
        {"amount": 168.5, "text": "按声明价值与损失比例赔付 168.50 元，3 个工作日内打款。"},
    ),
)


def specimen(now: datetime) -> TicketFile:
    """Return everything about a ticket that never was."""
    opened_at = now - timedelta(days=2)
    steps = [
        TicketStep(
            step=name,
            label=label,
            role=role,
            entered_at=opened_at,
            done_at=opened_at + timedelta(hours=5 * number),
            done_by=f"agent{number}",
            outcome="done",
            data=data,
        )
        for number, (name, label, role, _note, data) in enumerate(_DONE, start=1)
    ]
    lines = [_line("opened", "assistant", opened_at, {"description": _WORDS[0]})]
    for (name, _label, _role, note, _data), step in zip(_DONE, steps, strict=True):
        facts = {"step": name, "note": note}
        lines.append(_line("step_completed", str(step.done_by), step.done_at or now, facts))
    ticket = _ticket(opened_at)
    return TicketFile(
        ticket=ticket,
        steps=steps,
        changes=lines,
        pack=_pack(ticket, opened_at),
        carrier_name="圆通速递",
        ruling={
            "amount": 168.5,
            "basis": "未保价，按声明价值与损失比例赔付（《快递暂行条例》第二十七条）。",
        },
    )


def _ticket(opened_at: datetime) -> Ticket:
    return Ticket(
        id=new_id(),
        ticket_no=f"T{opened_at:%Y%m%d}000001",
        kind="damage",
        priority="high",
        state="open",
        waybill_no="YT2700000000001",
        role="receiver",
        description=_WORDS[0],
        words=list(_WORDS),
        contact_phone="13812345678",
        details={
            "item": "陶瓷茶具",
            "amount": "200元",
            "declared_value": "337",
            "fee": "18",
            "address": "广东省深圳市南山区科技路1号2栋301",
        },
        snapshot={
            "status": "signed",
            "checked_at": opened_at.isoformat(),
            "events": [
                {"at": (opened_at - timedelta(hours=h)).isoformat(), "place": place, "text": text}
                for h, place, text in (
                    (30, "广州市", "已收件"),
                    (9, "深圳市", "快件到达【深圳南山网点】"),
                    (3, "深圳市", "快件已签收，签收人：本人"),
                )
            ],
        },
        queue="claims",
        assignee="anna",
        opened_at=opened_at,
        closed_at=None,
    )


def _line(what: str, by: str, at: datetime, facts: dict[str, Any]) -> TicketChange:
    return TicketChange(what=what, by=by, at=at, facts=facts)


def _pack(ticket: Ticket, at: datetime) -> Pack:
    photos = tuple(
        Photo(
            name=f"photos/{role}-1.jpg",
            role=role,
            media_type="image/jpeg",
            size=0,
            sha256=f"{number:x}" * 64,
            at=at,
        )
        for number, role in enumerate(("outer", "label", "inner"), start=10)
    )
    return Pack(
        ticket_no=ticket.ticket_no,
        photos=photos,
        documents=(as_document("tracking.json", ticket.snapshot, at),),
        history_head=None,
        revision=1,
        frozen_at=at,
        frozen_by="anna",
    )
