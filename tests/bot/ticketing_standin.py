"""A small ticketing for the bot's tests: the calls of actions, with known parcels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "actions-token"
MOST_TRIES = 3

KNOWN = {
    "SF1234567890123": {"tail": "6789", "carrier": "顺丰速运", "city": "杭州市"},
    "YT1234567890123": {"tail": "1122", "carrier": "圆通速递", "city": "成都市"},
    "JT1234567890123": {"tail": "3344", "carrier": "极兔速递", "city": "武汉市"},
}
NEEDS_DIGITS = {"ZTO123456789012": "5566"}
DOWN, SLOW, EMPTY = "SF0000000000001", "SF0000000000002", "SF0000000000003"
BROKEN = "SF0000000000500"
UNREGISTERED = "JT7777777777777"

CALLS = (
    "track",
    "tickets",
    "ticket-progress",
    "ticket-withdrawals",
    "ticket-evidence",
    "handoff",
    "promises",
)

Json = dict[str, Any]


@dataclass
class Standin:
    """Remembers every call, so that a test can look at what was asked."""

    calls: list[tuple[str, str, Json]] = field(default_factory=list)
    shown: set[tuple[str, str]] = field(default_factory=set)
    tries: dict[tuple[str, str], int] = field(default_factory=dict)
    tickets: dict[str, list[Json]] = field(default_factory=dict)
    handed_off: dict[str, str] = field(default_factory=dict)
    promised: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def app(self) -> web.Application:
        """The HTTP side."""
        app = web.Application()
        for call in CALLS:
            app.router.add_post(f"/api/conversations/{{conversation}}/{call}", self._door(call))
        return app

    def bodies(self, conversation: str, call: str) -> list[Json]:
        """What was asked in a conversation."""
        return [body for where, what, body in self.calls if (where, what) == (conversation, call)]

    def _door(self, call: str) -> Any:
        serve = {
            "track": self.track,
            "tickets": self.file,
            "ticket-progress": self.progress,
            "ticket-withdrawals": self.withdraw,
            "ticket-evidence": self.take_evidence,
            "handoff": self.hand_off,
            "promises": self.promise,
        }[call]

        async def handle(request: web.Request) -> web.Response:
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                return web.json_response(
                    {"error": "unauthorized", "detail": "令牌不正确"}, status=401
                )
            conversation, body = request.match_info["conversation"], await request.json()
            assert body["message_id"], "every call carries the message id"
            self.calls.append((conversation, call, body))
            if body.get("waybill_no") == BROKEN:
                return web.json_response({"error": "internal", "detail": "出错了"}, status=500)
            return web.json_response(serve(conversation, body))

        return handle

    def track(self, conversation: str, body: Json) -> Json:
        """Call 1."""
        number, digits = body["waybill_no"], body.get("phone_tail")
        fixed = {DOWN: "carrier_down", SLOW: "slow", EMPTY: "no_events"}
        if number in fixed:
            return _track(fixed[number])
        if number in NEEDS_DIGITS and digits is None:
            return _track("need_phone_tail")
        if number == UNREGISTERED:
            return {**_track("found", number=number), "unverifiable": digits is not None}
        tail = KNOWN.get(number, {}).get("tail") or NEEDS_DIGITS.get(number)
        if tail is None:
            return _track(
                "unknown_waybill" if number[:2] in {"SF", "YT", "JT"} else "unknown_carrier"
            )
        key = (conversation, number)
        if digits == tail:
            self.shown.add(key)
        elif digits is not None and key not in self.shown:
            self.tries[key] = self.tries.get(key, 0) + 1
            left = MOST_TRIES - self.tries[key]
            return _track("wrong_phone_tail", tries_left=left) if left else _track("too_many_tries")
        return _track("found", number=number, full=key in self.shown)

    def file(self, conversation: str, body: Json) -> Json:
        """Call 2."""
        mine = self.tickets.setdefault(conversation, [])
        same = [
            t
            for t in mine
            if (t["waybill_no"], t["kind"]) == (body.get("waybill_no"), body["kind"])
        ]
        if same:
            return {"outcome": "joined", "ticket": same[0]}
        number = f"T20261122{sum(map(len, self.tickets.values())) + 1:06d}"
        mine.insert(0, _card(number, body["kind"], body.get("waybill_no")))
        return {"outcome": "opened", "ticket": mine[0]}

    def progress(self, conversation: str, body: Json) -> Json:
        """Call 3."""
        every = [ticket for tickets in self.tickets.values() for ticket in tickets]
        if number := body.get("ticket_no"):
            found = [ticket for ticket in every if ticket["ticket_no"] == number]
            if not found:
                return {"outcome": "unknown_ticket", "tickets": []}
            if found[0] not in self.tickets.get(conversation, []) and not body.get("phone_tail"):
                return {"outcome": "need_phone_tail", "tickets": []}
            return {"outcome": "found", "tickets": found}
        found = [
            ticket
            for ticket in self.tickets.get(conversation, [])
            if body.get("waybill_no") in {None, ticket["waybill_no"]}
        ]
        return {"outcome": "found" if found else "none", "tickets": found}

    def withdraw(self, conversation: str, body: Json) -> Json:
        """Take a ticket back."""
        found = self._open(conversation, body)
        if len(found) == 1:
            found[0].update(state="closed", state_label="已关闭")
        return {"outcome": _outcome(found, "withdrawn"), "tickets": found}

    def take_evidence(self, conversation: str, body: Json) -> Json:
        """Note words on a ticket."""
        found = self._open(conversation, body)
        return {"outcome": _outcome(found, "added"), "tickets": found}

    def _open(self, conversation: str, body: Json) -> list[Json]:
        return [
            ticket
            for ticket in self.tickets.get(conversation, [])
            if ticket["state"] == "open" and body.get("ticket_no") in {None, ticket["ticket_no"]}
        ]

    def hand_off(self, conversation: str, body: Json) -> Json:
        """Call 4."""
        self.handed_off[conversation] = body["reason"]
        return {"outcome": "queued", "position": 2, "told": "您排在第 2 位。"}

    def promise(self, conversation: str, body: Json) -> Json:
        """Call 5."""
        self.promised.append((conversation, body["waybill_no"]))
        return {"outcome": "promised"}


def _outcome(found: list[Json], done: str) -> str:
    if not found:
        return "none"
    return done if len(found) == 1 else "several"


def _track(
    outcome: str, *, number: str = "", full: bool = False, tries_left: int | None = None
) -> Json:
    answer: Json = {
        "outcome": outcome,
        "disclosure": "full" if full else "state_and_city",
        "shipment": None,
        "tries_left": tries_left,
    }
    if outcome == "found":
        answer["shipment"] = _shipment(number, full=full)
    return answer


def _shipment(number: str, *, full: bool) -> Json:
    known = KNOWN.get(number, {"carrier": "中通快递", "city": "广州市"})
    seen: Json = {
        "waybill_no": number,
        "carrier_code": number[:2],
        "carrier_name": known["carrier"],
        "status": "in_transit",
        "status_label": "运输中",
        "city": known["city"],
    }
    if full:
        scan = {
            "at": "2026-11-22T06:05:00+00:00",
            "place": f"{known['city']}转运中心",
            "text": "快件已发往下一站",
            "status": "in_transit",
        }
        seen.update(
            eta="2026-11-23T10:00:00+00:00",
            last_event=scan,
            events=[scan],
            is_problem=False,
            is_final=False,
        )
    return seen


def _card(ticket_no: str, kind: str, waybill_no: str | None) -> Json:
    return {
        "type": "ticket",
        "ticket_no": ticket_no,
        "kind": kind,
        "kind_label": {"damage": "破损", "urge": "催件"}.get(kind, kind),
        "state": "open",
        "state_label": "处理中",
        "waybill_no": waybill_no,
        "carrier_name": "顺丰速运",
        "opened_at": "2026-11-22T06:05:00+00:00",
        "updated_at": "2026-11-22T06:05:00+00:00",
        "steps": [
            {"step": "accept", "label": "受理", "state": "done", "at": "2026-11-22T06:05:00+00:00"},
            {"step": "verify", "label": "核实", "state": "current", "at": None},
        ],
    }
