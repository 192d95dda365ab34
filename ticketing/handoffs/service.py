"""Verbs of hand-overs: take, pass on, give back, close. Nobody else changes who holds what."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import service as accounts
from ticketing.accounts.service import UnknownPerson
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Utterance
from ticketing.handoffs import asking, ending, offering, placing, repository
from ticketing.handoffs.events import HandoffPassedOn, HandoffTaken
from ticketing.handoffs.history import CUSTOMER, RESTS, Happening, bar, record
from ticketing.handoffs.models import Handoff
from ticketing.handoffs.texts import say
from ticketing.kernel.errors import HouseError
from ticketing.kernel.facts import announce
from ticketing.notifications import service as notifications
from ticketing.routing import service as routing

COLLEAGUES = 2
"""So many are asked before what was passed on to a person comes back to who did so."""


class TakenByAnother(HouseError):
    """Somebody else was quicker, or the conversation is in other hands by now."""

    status, code = 409, "taken_by_another"

    def __init__(self, owner: str, agent: str | None, agent_name: str | None) -> None:
        said = f"已由{agent_name or agent}接待" if agent else "会话状态已变化，请看最新情况"
        super().__init__(said, owner=owner, agent=agent, agent_name=agent_name)


class NotInYourHands(HouseError):
    """Only who holds a conversation may do this."""

    status, code = 409, "not_in_your_hands"

    def __init__(self) -> None:
        super().__init__("这个会话现在不由您接待")


class NowhereToGo(HouseError):
    """The person or queue a conversation is to go to cannot take it."""

    status, code = 422, "nowhere_to_go"

    def __init__(self, why: str) -> None:
        super().__init__(why)


@dataclass(frozen=True)
class Passing:
    """To whom a conversation is passed on (a person, or a queue), and what they should know."""

    agent: str | None
    queue: str | None
    note: str


async def take(
    session: AsyncSession, conversation_id: uuid.UUID, by: str, epoch: int, now: datetime
) -> Conversation:
    """Take a conversation that waits or is the bot's. Raises `TakenByAnother`."""
    conversation = await conversations.locked(session, conversation_id)
    if _holds(conversation, by):
        return conversation
    if conversation.owner == "agent" or conversation.owner_epoch != epoch:
        raise await _taken(session, conversation)
    handoff = await give_to(session, conversation, by, "taken", now)
    await _greet(session, conversation, handoff, now)
    return conversation


async def decline(
    session: AsyncSession, conversation_id: uuid.UUID, by: str, now: datetime
) -> Conversation:
    """Let an offer go to the next. Raises `NotInYourHands`."""
    conversation = await conversations.locked(session, conversation_id)
    handoff = await repository.going_on(session, conversation_id)
    if handoff is None or handoff.offered_to != by or conversation.owner != "queue":
        raise NotInYourHands
    await offering.take_back(session, handoff, "declined", by, now)
    await offering.offer_next(session, conversation, handoff, now)
    return conversation


async def put_back(
    session: AsyncSession, conversation_id: uuid.UUID, by: str, epoch: int, now: datetime
) -> Conversation:
    """Put a conversation back at the place it had in its queue. Raises `NotInYourHands`."""
    conversation = await _held(session, conversation_id, by, epoch)
    handoff = await current(session, conversation, now)
    await back_to_queue(session, conversation, handoff, now, what="put_back", by=by)
    return conversation


async def transfer(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    by: str,
    *,
    epoch: int,
    to: Passing,
    now: datetime,
) -> Conversation:
    """Pass a conversation on, with a note. Raises `NotInYourHands`, `NowhereToGo`.

    One that waits may be passed on by anybody. It is offered to the person that is named, and to
    others of the queue where they do not accept it in time.
    """
    conversation = await _held(session, conversation_id, by, epoch, or_waiting=True)
    handoff = await current(session, conversation, now)
    queue = await _queue_of(session, handoff, by, to, now)
    was_held = conversation.owner == "agent"
    if queue != handoff.queue:
        handoff.queue, handoff.skill = queue, None
    await asking.to_queue(session, conversation, handoff, now)
    handoff.offered_to = handoff.offered_until = None
    rest = RESTS["passed_on"]
    if to.agent is not None:
        plan = offering.plan_of(await routing.current_layout(session), handoff)
        accepts = timedelta(seconds=plan.accept_seconds)
        handoff.offered_to, handoff.offered_until = to.agent, now + accepts
        # Others come next; where nobody else is, it goes back to who has passed it on.
        rest = COLLEAGUES * accepts
    bar(handoff, by, "passed_on", now + rest)
    record(session, handoff, Happening("transferred", by, to.agent or queue, to.note), now)
    if was_held:
        await tell(session, conversation, say("transferred"), now)
    fact = HandoffPassedOn(
        at=now,
        conversation_id=conversation.id,
        handoff_id=handoff.id,
        by=by,
        to_agent=to.agent,
        to_queue=queue,
        note=to.note,
    )
    await announce(session, fact)
    return conversation


async def take_over(
    session: AsyncSession, conversation_id: uuid.UUID, by: str, epoch: int, now: datetime
) -> Conversation:
    """Take a conversation from whoever holds it. Raises `TakenByAnother` where it moved on."""
    conversation = await conversations.locked(session, conversation_id)
    if _holds(conversation, by):
        return conversation
    if conversation.owner_epoch != epoch:
        raise await _taken(session, conversation)
    handoff = await give_to(session, conversation, by, "taken_over", now)
    await _greet(session, conversation, handoff, now)
    return conversation


async def give_back(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    by: str,
    *,
    epoch: int,
    agreed: str,
    now: datetime,
) -> Conversation:
    """Give a conversation back to the bot, which is told what was agreed."""
    conversation = await _held(session, conversation_id, by, epoch, or_waiting=True)
    handoff = await current(session, conversation, now)
    end = ending.End("bot", "given_back", by, agreed, say("given_back"))
    return await ending.end(session, conversation, handoff, end, now)


async def withdraw(
    session: AsyncSession, conversation: Conversation, now: datetime
) -> Conversation:
    """Let somebody who waits, and does not want a person any more, go on with the bot."""
    handoff = await current(session, conversation, now)
    end = ending.End("bot", asking.WITHDRAWN, CUSTOMER)
    return await ending.end(session, conversation, handoff, end, now)


async def close(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    by: str,
    *,
    epoch: int,
    agreed: str,
    now: datetime,
) -> Conversation:
    """Close a conversation; the customer's next word opens it again, with the bot."""
    conversation = await _held(session, conversation_id, by, epoch, or_waiting=True)
    handoff = await current(session, conversation, now)
    end = ending.End("closed", "closed", by, agreed, say("closed"))
    return await ending.end(session, conversation, handoff, end, now)


async def spoken(session: AsyncSession, conversation: Conversation, by: str, now: datetime) -> None:
    """Note that who holds a conversation has said something: clocks of silence begin anew."""
    handoff = await current(session, conversation, now)
    handoff.replied_at = handoff.replied_at or now
    handoff.silence_warned_at = None
    if handoff.taken_by != by and conversation.agent == by:
        handoff.taken_by = by


async def has_spoken(session: AsyncSession, conversation: Conversation) -> bool:
    """Tell whether a person has written in the hand-over that goes on."""
    handoff = await repository.going_on(session, conversation.id)
    return handoff is not None and handoff.replied_at is not None


async def current(session: AsyncSession, conversation: Conversation, now: datetime) -> Handoff:
    """Return the hand-over of a locked conversation, begun if none goes on."""
    found = await repository.going_on(session, conversation.id)
    if found is not None:
        return found
    reason = conversation.handoff_reason if conversation.owner == "queue" else None
    placement = await placing.place(session, conversation, reason or "desk", now)
    return await asking.begin(session, conversation, placement, reason or "desk", now)


async def give_to(
    session: AsyncSession, conversation: Conversation, username: str, what: str, now: datetime
) -> Handoff:
    """Let a person hold a locked conversation; whatever the bot still prepares is void."""
    handoff = await current(session, conversation, now)
    before = conversation.agent
    await conversations.change_owner(session, conversation, "agent", now, handoff.reason)
    conversation.queued_at = conversation.queued_at or handoff.asked_at
    conversation.queue, conversation.agent = handoff.queue, username
    handoff.offered_to = handoff.offered_until = handoff.silence_warned_at = None
    handoff.taken_by, handoff.taken_at = username, now
    record(session, handoff, Happening(what, username, to=username), now)
    await session.flush()
    await notifications.signal(session, conversation.id)
    fact = HandoffTaken(
        at=now,
        conversation_id=conversation.id,
        handoff_id=handoff.id,
        agent=username,
        before=before,
    )
    await announce(session, fact)
    return handoff


async def back_to_queue(
    session: AsyncSession,
    conversation: Conversation,
    handoff: Handoff,
    now: datetime,
    *,
    what: str,
    by: str,
) -> None:
    """Let a held conversation wait again, at its old place; who was spoken with is told once."""
    username = conversation.agent or by
    bar(handoff, username, what, now + RESTS[what])
    await asking.to_queue(session, conversation, handoff, now)
    handoff.taken_by = handoff.taken_at = None
    position = await conversations.position_in_queue(session, conversation)
    handoff.position_told, handoff.position_told_at = position, now
    record(session, handoff, Happening(what, by, to=handoff.queue), now)
    if handoff.replied_at is not None or what == "lost":
        await tell(session, conversation, say(what, position=position), now)


async def tell(
    session: AsyncSession, conversation: Conversation, text: str, now: datetime, about: str = ""
) -> None:
    """Tell the customer something about the hand-over, once in each owner's time."""
    key = f"handoff:{conversation.id}:{conversation.owner_epoch}{about}"
    await session.flush()
    await notifications.send(session, conversation.id, Utterance(text, author="system"), key, now)


async def _greet(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, now: datetime
) -> None:
    name = await _name_for_customers(session, conversation.agent)
    which = "taken" if handoff.replied_at is None else "taken_after"
    text = say(which, agent=name) if name else say(f"{which}_nameless")
    await tell(session, conversation, text, now)


async def _queue_of(
    session: AsyncSession, handoff: Handoff, by: str, to: Passing, now: datetime
) -> str:
    """Return the queue a conversation is passed on to. Raises `NowhereToGo`."""
    layout = await routing.current_layout(session)
    if to.agent is not None:
        if to.agent == by:
            raise NowhereToGo("会话已经在您这里")
        if not await repository.is_here(session, to.agent, now):
            raise NowhereToGo("对方现在不在线，请换一位或转到队列")
    if to.queue is not None and layout.queue(to.queue) is None:
        raise NowhereToGo("没有这个队列，或已停用")
    if to.agent is None and to.queue is None:
        raise NowhereToGo("请选择转给谁")
    return to.queue or handoff.queue


async def _held(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    by: str,
    epoch: int,
    *,
    or_waiting: bool = False,
) -> Conversation:
    """Return a conversation in somebody's hands, locked. Raises `NotInYourHands`."""
    conversation = await conversations.locked(session, conversation_id)
    waits = or_waiting and conversation.owner == "queue"
    if conversation.owner_epoch != epoch or not (waits or _holds(conversation, by)):
        if conversation.owner == "agent" and not _holds(conversation, by):
            raise await _taken(session, conversation)
        raise NotInYourHands
    return conversation


def _holds(conversation: Conversation, by: str) -> bool:
    return conversation.owner == "agent" and conversation.agent == by


async def _taken(session: AsyncSession, conversation: Conversation) -> TakenByAnother:
    agent = conversation.agent if conversation.owner == "agent" else None
    return TakenByAnother(conversation.owner, agent, await display_name(session, agent))


async def display_name(session: AsyncSession, username: str | None) -> str | None:
    """Return how a person is called among us."""
    if username is None:
        return None
    try:
        return (await accounts.person(session, username)).display_name
    except UnknownPerson:
        return username


async def _name_for_customers(session: AsyncSession, username: str | None) -> str:
    """Return how a person is called in a chat; nothing where they have no name but a username."""
    name = await display_name(session, username)
    return name if name and name != username else ""
