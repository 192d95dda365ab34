"""What the desk does when others announce facts: banners, and lines in a conversation's story."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.desk import repository, service
from ticketing.desk.alerts import Alert, alert
from ticketing.desk.texts import say
from ticketing.handoffs.events import HandoffAsked, HandoffPassedOn, HandoffTaken, HandOverEnded
from ticketing.handoffs.texts import reason_text
from ticketing.kernel.clock import spoken
from ticketing.routing.service import current_layout
from ticketing.sla.events import SlaBreached, SlaFact, SlaWarned

_CLOCK, _ROUTING = "clock", "routing"


async def warn_of_the_limit(fact: SlaWarned, session: AsyncSession) -> None:
    """Show whoever has a ticket that its time runs out."""
    text = say("alert_sla", ticket_no=fact.ticket_no, at=spoken(fact.due_at))
    await alert(session, _assignee(fact), Alert("sla", text, ticket_no=fact.ticket_no))


async def show_the_breach(fact: SlaBreached, session: AsyncSession) -> None:
    """Show whoever has a ticket that its time has run out."""
    text = say("alert_breach", ticket_no=fact.ticket_no)
    await alert(session, _assignee(fact), Alert("breach", text, ticket_no=fact.ticket_no))


async def tell_that_it_waits(fact: HandoffAsked, session: AsyncSession) -> None:
    """Let the story say why a person is wanted, and where it waits."""
    label = await _queue_label(session, fact.queue)
    text = say("event_asked", reason=reason_text(fact.reason), queue=label)
    await service.add_event(session, fact.conversation_id, text, _ROUTING, fact.at)


async def tell_who_took_it(fact: HandoffTaken, session: AsyncSession) -> None:
    """Let the story say who holds a conversation from now on."""
    name = await repository.person_name(session, fact.agent)
    text = say("event_taken", name=name)
    if fact.before is not None and fact.before != fact.agent:
        before = await repository.person_name(session, fact.before)
        text = say("event_taken_over", name=name, before=before)
    await service.add_event(session, fact.conversation_id, text, fact.agent, fact.at)


async def tell_where_it_went(fact: HandoffPassedOn, session: AsyncSession) -> None:
    """Let the story say to whom it was passed on; show it to whom it is."""
    name = await repository.person_name(session, fact.by)
    to = await _queue_label(session, fact.to_queue)
    if fact.to_agent is not None:
        to = await repository.person_name(session, fact.to_agent)
    text = say("event_passed_on", name=name, to=to, text=fact.note)
    await service.add_event(session, fact.conversation_id, text, fact.by, fact.at)
    if fact.to_agent is not None and fact.to_agent != fact.by:
        told = say("alert_transferred", name=name, text=fact.note)
        await alert(session, {fact.to_agent}, Alert("transferred", told, fact.conversation_id))


async def tell_how_it_ended(fact: HandOverEnded, session: AsyncSession) -> None:
    """Let the story say how a conversation left people's hands."""
    name = await repository.person_name(session, fact.agent) if fact.agent else ""
    text = say(f"event_{fact.outcome}", name=name)
    await service.add_event(session, fact.conversation_id, text, fact.agent or _CLOCK, fact.at)


async def _queue_label(session: AsyncSession, queue: str) -> str:
    known = (await current_layout(session)).queues.get(queue)
    return known.label if known else queue


def _assignee(fact: SlaFact) -> set[str]:
    return {fact.assignee} if fact.assignee else set()
