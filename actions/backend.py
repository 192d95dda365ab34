"""The one client of ticketing. Every call carries the customer's message id and may be repeated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
from pydantic import ValidationError

from actions.backend_answers import (
    FilingAnswer,
    HandoffAnswer,
    HandoffReason,
    ProgressAnswer,
    Ticket,
    TicketsAnswer,
    TicketsOutcome,
    TrackAnswer,
)
from actions.backend_errors import (
    BackendAnswerUnreadable,
    BackendRefused,
    BackendTimeout,
    BackendUnreachable,
    OnlyInShadow,
)
from actions.settings import Settings

TIMEOUT_SECONDS = 3.8
KEEP_ALIVE_SECONDS = 60.0
SHADOW = "shadow:"
"""What the id of a message begins with that is asked in shadow, while a person answers it."""

EFFECTS = frozenset({"tickets", "ticket-withdrawals", "ticket-evidence", "handoff", "promises"})
"""Calls that do more than tell."""


@dataclass(frozen=True)
class Asked:
    """In which conversation and by which message something is asked."""

    conversation_id: str
    message_id: str

    @property
    def is_in_shadow(self) -> bool:
        """Whether only a suggestion is wanted: nothing may come of it."""
        return self.message_id.startswith(SHADOW)


@dataclass(frozen=True)
class Report:
    """What a customer reports; `words` are the sentences as written, `details` single facts.

    Only the kinds pickup and invoice may do without a parcel.
    """

    kind: str
    waybill_no: str | None
    description: str
    words: tuple[str, ...] = ()
    phone_tail: str | None = None
    role: str | None = None
    contact_phone: str | None = None
    urgent: bool = False
    intent: str | None = None
    mood: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """As ticketing reads it."""
        return {
            **vars(self),
            "words": list(self.words),
            "urgent": self.urgent or None,
            "details": dict(self.details) or None,
        }


class Backend:
    """Ticketing over HTTP. Every method raises BackendError."""

    def __init__(
        self, base_url: str, token: str, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=1.0),
            limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS),
            transport=transport,
        )

    async def track(
        self, asked: Asked, waybill_no: str, phone_tail: str | None = None
    ) -> TrackAnswer:
        """Look at a parcel; `phone_tail` are four digits to prove that it is theirs."""
        body = {"waybill_no": waybill_no, "phone_tail": phone_tail}
        return await self._post(asked, "track", body, TrackAnswer.model_validate)

    async def open_ticket(self, asked: Asked, report: Report) -> FilingAnswer:
        """File a report: a new ticket, the open one it joins, or the closed one it opens again."""
        return await self._post(asked, "tickets", report.body(), _filing)

    async def progress(
        self,
        asked: Asked,
        *,
        ticket_no: str | None = None,
        waybill_no: str | None = None,
        phone_tail: str | None = None,
    ) -> ProgressAnswer:
        """Tickets by number or waybill; without either those of this conversation."""
        body = {"ticket_no": ticket_no, "waybill_no": waybill_no, "phone_tail": phone_tail}
        return await self._post(asked, "ticket-progress", body, _progress)

    async def withdraw(self, asked: Asked, ticket_no: str | None = None) -> TicketsAnswer:
        """Take back a ticket; without a number the only open one of this conversation."""
        return await self._post(asked, "ticket-withdrawals", {"ticket_no": ticket_no}, _tickets)

    async def add_evidence(
        self, asked: Asked, words: tuple[str, ...], ticket_no: str | None = None
    ) -> TicketsAnswer:
        """Note the customer's words on a ticket; without a number on the only open one."""
        body = {"ticket_no": ticket_no, "words": list(words)}
        return await self._post(asked, "ticket-evidence", body, _tickets)

    async def hand_off(self, asked: Asked, reason: HandoffReason) -> HandoffAnswer:
        """Put the conversation into the queue of people."""
        return await self._post(
            asked, "handoff", {"reason": reason.value}, HandoffAnswer.model_validate
        )

    async def promise(self, asked: Asked, waybill_no: str, phone_tail: str | None = None) -> None:
        """Ask ticketing to look again later and to write by itself."""
        body = {"waybill_no": waybill_no, "phone_tail": phone_tail}
        await self._post(asked, "promises", body, lambda _: None)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post[T](
        self, asked: Asked, call: str, body: dict[str, Any], read: Callable[[Any], T]
    ) -> T:
        if asked.is_in_shadow and call in EFFECTS:
            raise OnlyInShadow(call)
        given = {key: value for key, value in body.items() if value is not None}
        try:
            response = await self._http.post(
                f"/api/conversations/{asked.conversation_id}/{call}",
                json={"message_id": asked.message_id, **given},
            )
        except httpx.TimeoutException:
            raise BackendTimeout(call) from None
        except httpx.HTTPError as error:
            raise BackendUnreachable(f"{call}: {type(error).__name__}") from None
        if response.status_code >= 400:
            raise _refused(response)
        try:
            return read(response.json())
        except (ValueError, KeyError, TypeError, ValidationError):
            # The cause would quote the answer, and so a customer's data, in the log.
            raise BackendAnswerUnreadable(call) from None


def _filing(answer: Any) -> FilingAnswer:
    return FilingAnswer(outcome=answer["outcome"], ticket=Ticket.of(answer["ticket"]))


def _tickets(answer: Any) -> TicketsAnswer:
    tickets = tuple(Ticket.of(card) for card in answer.get("tickets") or ())
    return TicketsAnswer(outcome=TicketsOutcome(answer["outcome"]), tickets=tickets)


def _progress(answer: Any) -> ProgressAnswer:
    tickets = tuple(Ticket.of(card) for card in answer.get("tickets") or ())
    return ProgressAnswer(
        outcome=answer["outcome"], tickets=tickets, tries_left=answer.get("tries_left")
    )


def _refused(response: httpx.Response) -> BackendRefused:
    try:
        body = response.json()
    except ValueError:
        body = {}
    known = body if isinstance(body, dict) else {}
    return BackendRefused(
        response.status_code, str(known.get("error", "unknown")), str(known.get("detail", ""))
    )


@lru_cache(maxsize=1)
def shared_backend() -> Backend:
    """The process's own client, from the environment."""
    settings = Settings()
    return Backend(settings.backend_url, settings.actions_token.get_secret_value())
