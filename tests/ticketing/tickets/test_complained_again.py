"""The same complaint after its ticket is closed: that one goes on, or a new one tied to it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import (
    OTHER_WAYBILL,
    WAYBILL,
    chat,
    finish,
    history,
    listening,
    opened,
)
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets import chain, repository, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.events import TicketOpened, TicketReopened
from ticketing.tickets.kinds import ticket_kind
from ticketing.tickets.listing import Linked, links
from ticketing.tickets.merging import merge
from ticketing.tickets.models import Ticket
from ticketing.tickets.service import Complaint, Filed

NOW = clock.now()
LATER = NOW + timedelta(days=1)
TOO_LATE = NOW + timedelta(days=ticket_kind("damage").reopen_days + 1)


async def closed(session: AsyncSession, kind: str = "damage", **more: Any) -> Ticket:
    return await finish(session, await opened(session, kind, NOW, **more), NOW)


async def complain(
    session: AsyncSession, kind: str = "damage", now: datetime = LATER, **more: Any
) -> Filed:
    given: dict[str, Any] = {"by": "assistant", "words": ("又碎了一个",), **more}
    complaint = Complaint(kind=kind, waybill_no=WAYBILL, description="又碎了", **given)
    return await tickets.file_complaint(session, complaint, now)


async def whats(session: AsyncSession, ticket: Ticket) -> Sequence[str]:
    lines = await history(session, ticket)
    return [each.what for each in lines if each.what != "assigned"]


async def said_in(session: AsyncSession, who: uuid.UUID) -> list[str]:
    await session.flush()
    asked = text("SELECT text FROM messages WHERE conversation_id = :who ORDER BY seq")
    return list((await session.scalars(asked, {"who": who})).all())


async def test_our_own_people_open_it_again_with_the_words_as_the_reason(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await closed(session)
        heard.clear()
        filed = await complain(session, by="anna", details={"item": "碗"})
        assert (filed.outcome, filed.ticket) == ("reopened", ticket)
        assert (ticket.state, ticket.reopened_count, ticket.closed_at) == ("open", 1, None)
        assert ticket.words == ["杯子碎了", "又碎了一个"]
        assert ticket.details["item"] == "碗"
        [fact] = [each for each in heard if isinstance(each, TicketReopened)]
        rows = await repository.open_steps(session, ticket.id)
        assert (fact.reason, fact.conversation_id) == ("又碎了", None)
        assert fact.entered == tuple(row.id for row in rows) != ()
        [line] = [each for each in await history(session, ticket) if each.what == "reopened"]
        assert (line.id, line.by) == (fact.change_id, "anna")
        assert (line.facts["reason"], line.facts["details"]) == ("又碎了", {"item": "碗"})
        assert (await chain.verify(session, ticket)).ok


async def test_who_has_shown_the_digits_opens_it_again_and_hears_of_it_only_as_the_answer(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        owner, proven = await chat(session, "owner"), await chat(session, "proven")
        ticket = await closed(session, conversation_id=owner)
        before = await said_in(session, owner)
        filed = await complain(session, conversation_id=proven, proven=True)
        assert (filed.outcome, filed.ticket) == ("reopened", ticket)
        assert await said_in(session, proven) == []
        told = (await said_in(session, owner))[len(before) :]
        assert told == [f"工单 {ticket.ticket_no} 已重新打开，我们会继续跟进。"]
        assert sorted(await repository.audience(session, ticket.id)) == sorted([owner, proven])


async def test_who_opened_it_opens_it_again_until_somebody_shows_the_digits(house: House) -> None:
    async with house.db.transaction() as session:
        owner, proven = await chat(session, "owner"), await chat(session, "proven")
        ticket = await closed(session, conversation_id=owner)
        assert (await complain(session, conversation_id=owner)).ticket is ticket
        await complain(session, conversation_id=proven, proven=True)
        await finish(session, ticket, NOW)
        assert (await complain(session, conversation_id=owner)).outcome == "opened"


async def test_a_stranger_opens_a_new_one_that_is_tied_to_it(house: House) -> None:
    async with house.db.transaction() as session:
        owner, stranger = await chat(session, "owner"), await chat(session, "stranger")
        ticket = await closed(session, conversation_id=owner)
        filed = await complain(session, conversation_id=stranger)
        assert (filed.outcome, ticket.state) == ("opened", "closed")
        assert await links(session, filed.ticket) == (
            Linked(ticket.ticket_no, "caused_by", outgoing=True),
        )
        assert await repository.audience(session, filed.ticket.id) == [stranger]
        assert await repository.audience(session, ticket.id) == [owner]


async def test_too_late_a_new_one_is_opened_and_both_histories_say_so(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await closed(session)
        filed = await complain(session, now=TOO_LATE, by="anna")
        assert (filed.outcome, ticket.state) == ("opened", "closed")
        last = (await history(session, ticket))[-1]
        told = {"ticket_no": filed.ticket.ticket_no, "reason": "又碎了"}
        assert (last.what, last.facts) == ("caused", told)
        [line] = [x for x in await history(session, filed.ticket) if x.what == "linked"]
        assert line.facts == {"ticket_no": ticket.ticket_no, "relation": "caused_by"}
        assert (await chain.verify(session, ticket)).ok
        assert (await chain.verify(session, filed.ticket)).ok
        assert not [each for each in heard if isinstance(each, TicketReopened)]
        assert len([each for each in heard if isinstance(each, TicketOpened)]) == 2


async def test_asked_twice_by_one_message_it_is_opened_again_once(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session)
        first = await complain(session, cause="m9")
        again = await complain(session, cause="m9")
        assert (first.outcome, again.outcome) == ("reopened", "reopened")
        assert again.ticket is ticket
        assert ticket.reopened_count == 1
        assert (await whats(session, ticket)).count("reopened") == 1
        assert (await complain(session, cause="m10")).outcome == "joined"


async def test_complained_of_four_times_at_once_it_is_opened_again_once(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session)

    async def ask() -> str:
        async with house.db.transaction() as session:
            filed = await complain(session)
            assert filed.ticket.ticket_no == ticket.ticket_no
            return filed.outcome

    outcomes = await asyncio.gather(*(ask() for _ in range(4)))
    assert sorted(outcomes) == ["joined", "joined", "joined", "reopened"]


async def test_what_was_taken_back_is_followed_only_where_there_is_no_other(house: House) -> None:
    async with house.db.transaction() as session:
        customer = await chat(session, "customer")
        first = await opened(session, "damage", NOW)
        await steps.withdraw(session, first.ticket_no, customer, "m1", NOW)
        second = (await complain(session)).ticket
        assert [each.ticket_no for each in await links(session, second)] == [first.ticket_no]
        await finish(session, second, LATER)
        third = await opened(session, "damage", LATER)
        assert third is second
        await finish(session, third, LATER)
        filed = await complain(session)
        assert (filed.outcome, filed.ticket) == ("reopened", second)


async def test_what_was_merged_or_is_about_something_else_is_left_alone(house: House) -> None:
    async with house.db.transaction() as session:
        merged, other = await opened(session, "damage", NOW), await opened(session, "delay", NOW)
        await merge(session, merged.ticket_no, other.ticket_no, by="anna", now=NOW)
        await finish(session, other, NOW)
        await closed(session, waybill_no=OTHER_WAYBILL)
        filed = await complain(session)
        assert filed.outcome == "opened"
        assert await links(session, filed.ticket) == ()


async def test_what_was_merged_goes_on_in_the_ticket_it_was_merged_into(house: House) -> None:
    async with house.db.transaction() as session:
        merged, other = await opened(session, "damage", NOW), await opened(session, "delay", NOW)
        last = await opened(session, "lost", NOW)
        await merge(session, merged.ticket_no, other.ticket_no, by="anna", now=NOW)
        await merge(session, other.ticket_no, last.ticket_no, by="anna", now=NOW)
        filed = await complain(session)
        assert (filed.outcome, filed.ticket) == ("joined", last)
        assert "又碎了一个" in last.words
        assert (await complain(session, anew=True)).outcome == "opened"


async def test_the_one_closed_last_goes_on(house: House) -> None:
    async with house.db.transaction() as session:
        owner, stranger = await chat(session, "owner"), await chat(session, "stranger")
        await closed(session, conversation_id=owner)
        newer = (await complain(session, conversation_id=stranger)).ticket
        await finish(session, newer, LATER)
        assert (await complain(session)).ticket is newer


async def test_in_haste_it_is_opened_again_more_urgent(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session, "delay")
        assert ticket.priority == "normal"
        filed = await complain(session, "delay", urgent=True, contact_phone="13812345678")
        assert (filed.outcome, ticket.priority) == ("reopened", "high")
        assert ticket.contact_phone == "13812345678"


async def test_what_our_people_make_anew_does_not_open_it_again(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session)
        assert (await complain(session, anew=True)).outcome == "opened"
        assert ticket.state == "closed"


async def test_what_is_known_is_found_by_the_waybill(house: House) -> None:
    async with house.db.transaction() as session:
        await closed(session)
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        values = {"waybill_no": WAYBILL, "kind": "damage", "cause": "m1"}
        asked = text(f"EXPLAIN {repository._KNOWN.text}")
        plan = "\n".join((await session.scalars(asked, values)).all())
    assert "ix_tickets_waybill_no" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("status", ["200", "201"])
async def test_the_door_says_how_a_complaint_may_end(api: httpx.AsyncClient, status: str) -> None:
    shown = (await api.get("/openapi.json")).json()["paths"]["/api/tickets"]["post"]["responses"]
    ends = {"200": ["reopened"], "201": ["opened", "joined"]}
    assert all(end in shown[status]["description"] for end in ends[status])
    assert "FiledTicketOut" in str(shown[status]["content"])


async def test_asked_with_the_same_key_the_door_answers_the_same(
    api: httpx.AsyncClient, agent: dict[str, str], house: House
) -> None:
    async with house.db.transaction() as session:
        await closed(session)
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "又碎了"}
    headers = {**agent, "Idempotency-Key": "again-1"}
    both = [await api.post("/api/tickets", json=body, headers=headers) for _ in range(2)]
    assert [each.status_code for each in both] == [200, 200]
    assert both[0].json() == both[1].json()
