"""Carrying a delivery out: claim it, send it, write down what became of it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.errors import AccountRefused, ChannelError, ChannelThrottled
from channels.patience import Bucket
from channels.webhooks.client import SubscriberGone
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.ids import digest, new_id
from ticketing.notifications import hooks, ledger, posting, timing
from ticketing.notifications.addresses import address_of
from ticketing.notifications.letters import letter_for
from ticketing.notifications.manners import MANNERS, WAITING, Channel, Manner, State
from ticketing.notifications.models import Delivery
from ticketing.notifications.senders import Address, Letter, Sender, Sent

OUTCOME_UNKNOWN = "outcome_unknown"
CHANNEL_OFF = "channel_not_set_up"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claimed:
    """A delivery in our hands."""

    id: uuid.UUID
    claim: uuid.UUID
    channel: Channel
    recipient: str
    attempts: int
    address: Address
    letter: Letter

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID]:
        """What a result is written under."""
        return self.id, self.claim


class PostOffice:
    """Sends what is in the post. The database is never locked while a provider is asked."""

    def __init__(
        self,
        db: Database,
        senders: Mapping[Channel, Sender],
        clock: Clock,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._db = db
        self._senders = senders
        self._clock = clock
        self._draw = draw

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels that are set up."""
        return frozenset(self._senders)

    async def deliver(self, *, delivery_id: str) -> None:
        """Carry one delivery out, or see that it is looked at again when it can be."""
        claimed = await self.claim(uuid.UUID(delivery_id))
        if claimed is not None:
            await self.carry(claimed)

    async def claim(self, delivery_id: uuid.UUID) -> Claimed | None:
        """Take a delivery that is due into our hands; nothing if it is not to be sent now."""
        now = self._clock()
        async with self._db.transaction() as session:
            delivery = await ledger.locked(session, delivery_id)
            if delivery is None:
                # Somebody else is at it; should they die now, this look makes up for it.
                await self._look_later(session, delivery_id, now)
                return None
            address = await address_of(session, delivery.recipient)
            if not await self._is_due(session, delivery, address, now):
                return None
            return await self._claim(session, delivery, address, now)

    async def carry(self, claimed: Claimed) -> None:
        """Send what is in our hands and write down what became of it."""
        try:
            sent = await self._senders[claimed.channel].send(claimed.address, claimed.letter)
        except ChannelError as error:
            await self._failed(claimed, error)
            return
        await self._succeeded(claimed, sent)

    async def aclose(self) -> None:
        """Close every connection."""
        for sender in self._senders.values():
            await sender.aclose()

    async def _look_later(
        self, session: AsyncSession, delivery_id: uuid.UUID, now: datetime
    ) -> None:
        delivery = await ledger.by_id(session, delivery_id)
        if delivery is not None and delivery.state in (*WAITING, State.SENDING):
            await posting.again(session, delivery_id, now + timedelta(seconds=5))

    async def _is_due(
        self, session: AsyncSession, delivery: Delivery, address: Address, now: datetime
    ) -> bool:
        """Tell whether a delivery is to be sent now; if later, have it looked at then."""
        channel = Channel(delivery.channel)
        manner = MANNERS[channel]
        if delivery.state == State.SENDING:
            return await self._is_abandoned(session, delivery, manner, now)
        if delivery.state not in WAITING:
            return False
        if channel not in self._senders:
            _end(delivery, CHANNEL_OFF, now)
            return False
        morning = timing.held_until(manner, urgent=delivery.urgent, now=now)
        if morning is not None:
            delivery.state = State.HELD
            delivery.next_at = max(morning, delivery.next_at)
        if delivery.next_at <= now:
            delivery.next_at = await _next_turn(session, channel, address, now)
        if delivery.next_at > now:
            await posting.again(session, delivery.id, delivery.next_at)
            return False
        return True

    async def _is_abandoned(
        self, session: AsyncSession, delivery: Delivery, manner: Manner, now: datetime
    ) -> bool:
        """Tell whether a delivery whose sender fell silent is to be sent again.

        Where a repetition would be noticed it is not: nobody knows whether it left.
        """
        silent_until = (delivery.claimed_at or now) + manner.lease
        if now < silent_until:
            await posting.again(session, delivery.id, silent_until)
            return False
        if not manner.may_repeat:
            _end(delivery, OUTCOME_UNKNOWN, now)
        return manner.may_repeat

    async def _claim(
        self, session: AsyncSession, delivery: Delivery, address: Address, now: datetime
    ) -> Claimed:
        channel = Channel(delivery.channel)
        others = await self._companions(session, delivery, channel)
        for other in others:
            other.state, other.merged_into, other.updated_at = State.MERGED, delivery.id, now
        letter = await letter_for(session, delivery, others)
        delivery.state, delivery.claim, delivery.claimed_at = State.SENDING, new_id(), now
        delivery.attempts += 1
        delivery.title, delivery.text, delivery.updated_at = letter.title, letter.text, now
        return Claimed(
            id=delivery.id,
            claim=delivery.claim,
            channel=channel,
            recipient=delivery.recipient,
            attempts=delivery.attempts,
            address=address,
            letter=letter,
        )

    async def _companions(
        self, session: AsyncSession, delivery: Delivery, channel: Channel
    ) -> tuple[Delivery, ...]:
        has_waited = delivery.next_at > delivery.created_at and not delivery.urgent
        if not MANNERS[channel].gathers or not (delivery.level == 0 or has_waited):
            return ()
        return tuple(await ledger.companions(session, delivery))

    async def _succeeded(self, claimed: Claimed, sent: Sent) -> None:
        now = self._clock()
        async with self._db.transaction() as session:
            await ledger.note_provider(session, claimed.id, sent.provider, sent.provider_id)
            values = {"state": State.SENT, "sent_at": now, "last_error": None}
            await ledger.settle(session, claimed.key, now, **values)

    async def _failed(self, claimed: Claimed, error: ChannelError) -> None:
        now, manner = self._clock(), MANNERS[claimed.channel]
        verdict = timing.after_failure(error, manner, claimed.attempts, now, self._draw())
        _log.warning(
            "delivery_failed",
            delivery_id=str(claimed.id),
            channel=str(claimed.channel),
            error=verdict.error,
            state=str(verdict.state),
            our_account=isinstance(error, AccountRefused),
        )
        async with self._db.transaction() as session:
            values = {"state": verdict.state, "last_error": verdict.error}
            due = {"next_at": verdict.at} if verdict.at else {}
            if not await ledger.settle(session, claimed.key, now, **values, **due):
                return
            if verdict.at:
                await posting.again(session, claimed.id, verdict.at)
            if isinstance(error, ChannelThrottled):
                await _leave_alone(session, claimed, now, now + error.wait)
            if isinstance(error, SubscriberGone):
                await hooks.stop(session, uuid.UUID(claimed.recipient.partition(":")[2]))


async def _next_turn(
    session: AsyncSession, channel: Channel, address: Address, now: datetime
) -> datetime:
    """Take one message off a robot's budget; return when it may go out, `now` if at once."""
    allowance = MANNERS[channel].allowance
    if allowance is None:
        return now
    row = await ledger.bucket(session, _budget_name(channel, address), allowance, now)
    bucket, wait = Bucket(row.tokens, row.at, row.closed_until).take(allowance, now)
    row.tokens, row.at, row.closed_until = bucket.tokens, bucket.at, bucket.closed_until
    return now + wait


async def _leave_alone(
    session: AsyncSession, claimed: Claimed, now: datetime, until: datetime
) -> None:
    """Shut a robot's budget: the vendor takes nothing more from it for a while."""
    allowance = MANNERS[claimed.channel].allowance
    if allowance is None:
        return
    name = _budget_name(claimed.channel, claimed.address)
    row = await ledger.bucket(session, name, allowance, now)
    shut = Bucket(row.tokens, row.at).closed(until)
    row.tokens, row.at, row.closed_until = shut.tokens, shut.at, shut.closed_until


def _budget_name(channel: Channel, address: Address) -> str:
    """One name for each robot, however many queues share it; its key is not shown."""
    own = address.robot_token if channel is Channel.DINGTALK else address.wecom_key
    return f"{channel}>{digest(own)[:16] if own else 'house'}"


def _end(delivery: Delivery, error: str, now: datetime) -> None:
    delivery.state, delivery.last_error, delivery.updated_at = State.DEAD, error, now
