"""Photos and videos of customers: to which ticket and which question they belong."""

from __future__ import annotations

import asyncio
import uuid

import httpx
import pytest
from sqlalchemy import text

from tests.ticketing.assistant_door import Json, begin, heard
from tests.ticketing.files.samples import MP4, PNG
from tests.ticketing.inbox.waiting_tickets import asked, open_steps, say, waiting_for
from tests.ticketing.tickets.desk import history
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Utterance
from ticketing.files import service as files
from ticketing.inbox import sessions
from ticketing.kernel import clock
from ticketing.notifications import service as notifications
from ticketing.tickets import lookup, repository
from ticketing.tickets import service as tickets
from ticketing.tickets.kinds import Priority

WANTED: Json = {"verify": {"decision": "more_evidence", "reason": "请拍一下外箱"}}


@pytest.fixture
async def who(house: House) -> uuid.UUID:
    return await begin(house, "rest", "demo/one")


async def send(
    api: httpx.AsyncClient,
    content: bytes = PNG,
    name: str = "a.png",
    media_type: str = "image/png",
    sender: str = "one",
) -> str:
    path = f"/webhooks/rest/files?sender={sender}"
    answer = await api.post(path, files={"file": (name, content, media_type)})
    assert answer.status_code == 201, answer.text
    file_id: str = answer.json()["file_id"]
    return file_id


async def belongs_to(house: House, subject: str) -> list[tuple[str, str]]:
    """Return which files belong to something, and as what."""
    async with house.db.transaction() as session:
        found = await files.linked(session, [subject])
        return [(str(stored.id), link.role) for link, stored in found]


async def test_a_photo_answers_the_step_that_asks_for_one(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="evidence", **WANTED)
    file_id = await send(api)
    [question] = await waiting_for(house)
    assert question.answers == {"photo_outer": [file_id]}
    assert await belongs_to(house, number) == [(file_id, "photo_outer")]
    for _ in ("label", "inner"):
        await say(api, "跳过")
    await say(api, "外箱和面单都在里面")
    assert await open_steps(house, number) == ["verify"]
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        done = [line for line in await history(session, ticket) if line.by == "customer"][-1]
    assert done.facts["data"] == {"photo_outer": [file_id], "note": "外箱和面单都在里面"}


@pytest.mark.parametrize("words", ["跳过", "没有"])
async def test_who_has_nothing_to_add_to_a_photo_passes_it_over(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, words: str
) -> None:
    number = await asked(house, who, step="evidence", **WANTED)
    file_id = await send(api)
    for _ in ("label", "inner", "note"):
        await say(api, words)
    assert await open_steps(house, number) == ["verify"]
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        done = [line for line in await history(session, ticket) if line.by == "customer"][-1]
    assert done.facts["data"] == {"photo_outer": [file_id]}


async def test_each_photo_is_kept_as_what_was_asked_for(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, agent: Json
) -> None:
    number = await asked(house, who, step="evidence", **WANTED)
    sent = [await send(api, PNG + bytes([shows])) for shows in range(3)]
    await say(api, "跳过")
    assert await open_steps(house, number) == ["verify"]
    roles = ("photo_outer", "photo_label", "photo_inner")
    assert await belongs_to(house, number) == list(zip(sent, roles, strict=True))
    pack = (await api.get(f"/api/tickets/{number}/evidence", headers=agent)).json()
    shown = {each["role"] for each in pack["entries"] if each["name"].startswith("photos/")}
    assert shown == {"outer", "label", "inner"}


async def test_a_photo_that_was_passed_over_leaves_no_gap_for_the_next(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="evidence", **WANTED)
    await say(api, "跳过")
    label = await send(api)
    assert await belongs_to(house, number) == [(label, "photo_label")]
    assert "内件" in (await heard(api, "one"))[-1]


async def test_words_are_no_photo(api: httpx.AsyncClient, house: House, who: uuid.UUID) -> None:
    number = await asked(house, who, step="evidence", **WANTED)
    assert await say(api, "我晚点拍") == ["收到：我晚点拍"]
    assert await open_steps(house, number) == ["evidence"]


async def test_a_photo_a_form_asked_for_is_not_asked_about(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    await asked(house, who, step="evidence", **WANTED)
    await send(api)
    assert [each.kind for each in await waiting_for(house)] == ["step"]
    assert not any("拍的是哪里" in text for text in await heard(api, "one"))


async def test_a_photo_goes_to_the_step_that_asks_though_another_ticket_is_open(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    wanting = await asked(house, who, step="evidence", **WANTED)
    other = await asked(house, who, "delay", "accept")
    file_id = await send(api)
    assert await belongs_to(house, wanting) == [(file_id, "photo_outer")]
    assert await belongs_to(house, other) == []


async def test_with_two_tickets_open_a_photo_is_kept_and_added_to_neither(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    numbers = [await asked(house, who, kind, "accept") for kind in ("damage", "delay")]
    file_id = await send(api)
    assert [await belongs_to(house, number) for number in numbers] == [[], []]
    assert await belongs_to(house, str(who)) == [(file_id, "other")]
    assert "先帮您留着" in (await heard(api, "one"))[-1]


async def test_while_a_person_speaks_with_them_the_house_asks_nothing(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="accept")
    async with house.db.transaction() as session:
        talk = await conversations.locked(session, who)
        await conversations.change_owner(session, talk, "agent", clock.now(), "anna")
    before = await heard(api, "one")
    file_id = await send(api)
    assert await belongs_to(house, number) == [(file_id, "other")]
    assert await waiting_for(house) == []
    assert await heard(api, "one") == before


async def test_a_photo_stands_in_the_conversation_as_the_customers_own(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    file_id = await send(api)
    async with house.db.transaction() as session:
        shown = (await conversations.messages_after(session, who, 0))[0]
    assert (shown.author, shown.text) == ("customer", "[照片]")
    assert shown.card is not None
    assert shown.card == {
        "type": "file",
        "file_id": file_id,
        "media_type": "image/png",
        "size": len(PNG),
        "name": "a.png",
        "width": 60,
        "height": 40,
    }


async def test_a_video_is_called_one(api: httpx.AsyncClient, house: House, who: uuid.UUID) -> None:
    await send(api, MP4, "a.mp4", "video/mp4")
    async with house.db.transaction() as session:
        shown = (await conversations.messages_after(session, who, 0))[0]
    assert shown.text == "[视频]"
    assert shown.card is not None
    assert shown.card["media_type"] == "video/mp4"


async def test_a_video_answers_the_step_that_asks_for_a_photo_too(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="evidence", **WANTED)
    for shows in range(3):
        await send(api, MP4 + bytes([shows]), "a.mp4", "video/mp4")
    await say(api, "跳过")
    assert await open_steps(house, number) == ["verify"]


async def test_a_photo_waits_for_no_bot(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    await send(api)
    async with house.db.transaction() as session:
        assert await conversations.waiting(session, clock.now()) == []
        assert await conversations.is_handled(session, who, 1)
    assert await house.inbox.sweep() == 0


async def test_the_same_photo_sent_twice_is_shown_twice(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    first, second = await send(api), await send(api)
    assert first != second
    async with house.db.transaction() as session:
        shown = await conversations.messages_after(session, who, 0)
    cards = [message.card["file_id"] for message in shown if message.card]
    assert cards == [first, second]


async def test_each_photo_is_named_by_the_answer_that_follows_it(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    first = await send(api)
    await say(api, "外箱")
    second = await send(api)
    await say(api, "面单")
    assert dict(await belongs_to(house, str(who))) == {first: "outer", second: "label"}


async def test_a_photo_that_is_not_named_leaves_the_talk_alone(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    file_id = await send(api)
    assert await say(api, "我的包裹到哪了") == ["收到：我的包裹到哪了"]
    assert await say(api, "外箱") == ["收到：外箱"]
    assert await belongs_to(house, str(who)) == [(file_id, "other")]


async def test_a_file_of_somebody_who_never_wrote_is_refused(api: httpx.AsyncClient) -> None:
    upload = {"file": ("a.png", PNG, "image/png")}
    answer = await api.post("/webhooks/rest/files?sender=nobody", files=upload)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_conversation")


async def test_a_photo_of_the_web_chat_is_in_its_own_history_and_in_no_other(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    async with house.db.transaction() as session:
        token, own = await sessions.begin(session, clock.now)
        own_id = own.id
    bearer: Json = {"Authorization": f"Bearer {token}"}
    upload = {"file": ("a.png", PNG, "image/png")}
    kept = await api.post("/api/chat/files", files=upload, headers=bearer)
    async with house.db.transaction() as session:
        mine = await conversations.messages_since(session, own_id, 0, 10)
        theirs = await conversations.messages_since(session, who, 0, 10)
    assert [message.author for message in mine] == ["customer", "system"]
    assert mine[0].card is not None
    assert mine[0].card["file_id"] == kept.json()["file_id"]
    assert theirs == ()


async def test_a_photo_that_came_first_is_added_to_the_first_ticket_alone(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    file_id = await send(api)
    first, second = [await asked(house, who, kind, "accept") for kind in ("damage", "delay")]
    assert await belongs_to(house, first) == [(file_id, "other")]
    assert await belongs_to(house, second) == []


async def test_a_photo_that_comes_while_its_ticket_is_worked_on_waits_and_holds_up_nobody(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="evidence", **WANTED)
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number, lock=True)
        sending = asyncio.create_task(send(api))
        await until_somebody_waits_for_a_lock(house)
        # What is done to a ticket is told in its conversations: this needs the conversation.
        notice = Utterance("仓库正在核实", author="system")
        assert await notifications.send(session, who, notice, "told", clock.now())
        await tickets.change_priority(session, ticket, Priority.URGENT, by="anna", now=clock.now())
    file_id = await sending
    assert await belongs_to(house, number) == [(file_id, "photo_outer")]


async def until_somebody_waits_for_a_lock(house: House) -> None:
    """Return once a connection waits for what another one holds."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with asyncio.timeout(10):
        while True:
            async with house.db.transaction() as session:
                if await session.scalar(waiting):
                    return


async def test_a_photo_of_one_customer_is_in_no_ticket_of_another(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    await begin(house, "rest", "demo/two")
    number = await asked(house, who, step="accept")
    await send(api, sender="two")
    assert await belongs_to(house, number) == []
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        lines = await repository.changes(session, ticket.id)
    assert "file_added" not in [line.what for line in lines]
