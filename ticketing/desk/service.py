"""Verbs of the desk: say something, take it back, leave a note, read."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.tokens import Caller
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation, Message
from ticketing.conversations.service import Utterance
from ticketing.conversations.signals import signal
from ticketing.desk import messages, repository
from ticketing.desk.alerts import Alert, alert
from ticketing.desk.messages import Seen
from ticketing.desk.repository import Noted
from ticketing.desk.texts import say
from ticketing.files import service as files
from ticketing.files.cards import file_card
from ticketing.files.service import UnknownFile
from ticketing.handoffs import service as handoffs
from ticketing.handoffs.service import NotInYourHands
from ticketing.kernel.errors import HouseError
from ticketing.kernel.texts import WORD, EmptyMessage
from ticketing.notifications import service as notifications

RETRACTABLE = timedelta(minutes=2)
_MENTION = re.compile(rf"@([{WORD}.-]{{1,64}})")
_FILE_WORDS = {"image": "[图片]", "video": "[视频]"}


class UnknownMessage(HouseError):
    """The conversation has no message of this number."""

    status, code = 404, "unknown_message"

    def __init__(self) -> None:
        super().__init__("没有这条消息")


class NotYourWords(HouseError):
    """Only who said something may take it back."""

    status, code = 403, "not_your_words"

    def __init__(self) -> None:
        super().__init__("只能撤回自己说的话")


class TooLateToRetract(HouseError):
    """The customer has had the words for too long."""

    status, code = 409, "too_late_to_retract"

    def __init__(self) -> None:
        super().__init__("已超过两分钟，不能撤回了")


@dataclass(frozen=True)
class Reply:
    """What one of us says: words, a file or both; sent again under its id it is said once."""

    message_id: str
    epoch: int
    text: str
    quoted_seq: int | None = None
    file_id: uuid.UUID | None = None
    canned_id: int | None = None


@dataclass(frozen=True)
class Remark:
    """What one of us tells the others."""

    note_id: str
    text: str
    kind: str


async def reply(
    session: AsyncSession, conversation_id: uuid.UUID, said: Reply, by: str, now: datetime
) -> Seen:
    """Say something to the customer; the row is locked from the question who may to the answer.

    Raises `NotInYourHands`, `EmptyMessage`, `UnknownFile`, `UnknownMessage`.
    """
    conversation = await conversations.locked(session, conversation_id)
    cause = f"reply:{conversation_id}:{by}:{said.message_id}"
    known = await messages.said_for(session, conversation_id, cause)
    if known is not None:
        return known
    if (conversation.owner, conversation.agent) != ("agent", by):
        raise NotInYourHands
    if conversation.owner_epoch != said.epoch:
        raise NotInYourHands
    if said.quoted_seq is not None and said.quoted_seq > conversation.last_seq:
        raise UnknownMessage
    utterance = await _utterance(session, conversation, said, by, now)
    await notifications.send(session, conversation_id, utterance, cause, now)
    await handoffs.spoken(session, conversation, by, now)
    if said.canned_id is not None:
        await repository.count_use(session, said.canned_id)
    spoken = await messages.said_for(session, conversation_id, cause)
    if spoken is None:
        raise UnknownMessage
    await repository.mark_read(session, by, conversation_id, spoken.seq)
    return spoken


async def _utterance(
    session: AsyncSession, conversation: Conversation, said: Reply, by: str, now: datetime
) -> Utterance:
    if said.file_id is None:
        if not said.text:
            raise EmptyMessage
        return Utterance(said.text, "agent", said_by=by, quoted_seq=said.quoted_seq)
    stored = await files.open_file(session, said.file_id)
    if stored.uploaded_by != by:
        raise UnknownFile(said.file_id)
    await files.link(session, stored, str(conversation.id), "other", by=by, now=now)
    words = said.text or _FILE_WORDS.get(stored.media_type.partition("/")[0], "[文件]")
    return Utterance(words, "agent", card=file_card(stored), said_by=by, quoted_seq=said.quoted_seq)


async def retract(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, by: str, now: datetime
) -> Seen:
    """Take one's own words back; twice is once. They stay for our people.

    Raises `UnknownMessage`, `NotYourWords`, `TooLateToRetract`.
    """
    await conversations.locked(session, conversation_id)
    message = await session.get(Message, (conversation_id, seq), populate_existing=True)
    if message is None:
        raise UnknownMessage
    if message.said_by != by:
        raise NotYourWords
    if message.retracted_at is None:
        if now - message.at > RETRACTABLE:
            raise TooLateToRetract
        message.retracted_at = now
        await session.flush()
        await signal(session, conversation_id)
    shown = await messages.one(session, conversation_id, seq)
    if shown is None:
        raise UnknownMessage
    return shown


async def add_note(
    session: AsyncSession, conversation_id: uuid.UUID, remark: Remark, by: str, now: datetime
) -> Noted:
    """Leave a note, once; tell whom it names, and of a whisper who holds the conversation."""
    conversation = await conversations.locked(session, conversation_id)
    added = await _write(session, conversation, remark, by, now)
    noted = await repository.note_by_client_id(session, conversation_id, by, remark.note_id)
    if added:
        await _tell_of(session, conversation, remark, by, noted[1])
    return noted


async def add_event(
    session: AsyncSession, conversation_id: uuid.UUID, text: str, by: str, now: datetime
) -> None:
    """Let the story of a conversation say that something happened."""
    # Whoever announced it has locked the conversation, and may have changed it meanwhile.
    await session.flush()
    conversation = await conversations.known(session, conversation_id)
    remark = Remark(f"{conversation.owner_epoch}:{now.timestamp()}:{text}", text, "event")
    await _write(session, conversation, remark, by, now)


async def _write(
    session: AsyncSession, conversation: Conversation, remark: Remark, by: str, now: datetime
) -> bool:
    note = {
        "conversation_id": conversation.id,
        "after_seq": conversation.last_seq,
        "kind": remark.kind,
        "by": by,
        "client_id": remark.note_id,
        "text": remark.text,
        "at": now,
    }
    if await repository.add_note(session, note) is None:
        return False
    await signal(session, conversation.id)
    return True


async def _tell_of(
    session: AsyncSession, conversation: Conversation, remark: Remark, by: str, name: str
) -> None:
    told = {"name": name, "text": remark.text}
    named = await repository.active_people(session, set(_MENTION.findall(remark.text)) - {by})
    mention = Alert("mention", say("alert_mention", **told), conversation.id)
    await alert(session, named, mention)
    holder = {conversation.agent} - {None, by} if remark.kind == "whisper" else set()
    whisper = Alert("whisper", say("alert_whisper", **told), conversation.id)
    await alert(session, {each for each in holder if each}, whisper)


async def mark_read(
    session: AsyncSession, conversation_id: uuid.UUID, caller: Caller, seq: int
) -> None:
    """Remember how far one of us has read; their other desks show it, too."""
    conversation = await conversations.known(session, conversation_id)
    read = min(seq, conversation.last_seq)
    if await repository.mark_read(session, caller.name, conversation_id, read):
        await signal(session, conversation_id)
