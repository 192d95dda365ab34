"""The web chat's own promises: stored, then acknowledged; delivered once; nobody else listens."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.heard import Reply
from tests.journeys.house_fixtures import check_privacy
from tests.journeys.waiting import until
from tests.journeys.web_customer import WAIT_SECONDS, WebCustomer
from ticketing.run.system import System

Visit = Callable[[], WebCustomer]
TICKET_NO = re.compile(r"T\d{14}")


@pytest.fixture
def visit(house: System, carrier_world: CarrierWorld) -> Iterator[Visit]:
    """Open connections to the chat; close them afterwards."""
    visitors: list[WebCustomer] = []

    def connect() -> WebCustomer:
        visitors.append(WebCustomer(house.plan.api_url))
        return visitors[-1]

    yield connect
    for visitor in visitors:
        check_privacy(visitor.story, carrier_world)
        visitor.leave()


def test_a_message_is_stored_before_it_is_acknowledged(house: System, visit: Visit) -> None:
    guest = visit()
    guest.open(after=0)
    ack = guest.write("你好", message_id="hello-1")
    assert ack["message_id"] == "hello-1"
    assert ack["seq"] == 1
    assert stored(house, "hello-1") == 1


def stored(house: System, external_id: str) -> int:
    """Count the messages kept under an id of a client."""
    with psycopg.connect(house.plan.database_url) as database:
        counted = database.execute(
            "SELECT count(*) FROM messages WHERE external_id = %s", (external_id,)
        ).fetchone()
    assert counted is not None
    return int(counted[0])


def test_the_same_message_three_times_is_stored_and_answered_once(
    house: System, visit: Visit
) -> None:
    guest = visit()
    guest.open(after=0)
    message_id = uuid.uuid4().hex
    acks = [guest.write("你好", message_id=message_id) for _ in range(3)]
    assert {ack["seq"] for ack in acks} == {1}
    assert stored(house, message_id) == 1
    guest.wait_for("小驿")
    last = guest.write("谢谢", message_id=uuid.uuid4().hex)
    guest.wait_for("不客气", after=last["seq"])
    assert [heard.seq for heard in guest.heard] == [2, 4]


def test_the_bot_is_seen_typing_while_it_thinks(visit: Visit) -> None:
    guest = visit()
    guest.open(after=0)
    guest.write("你好")
    guest.wait_for("小驿")
    until(lambda: guest.typing[-1:] == [False], WAIT_SECONDS, "the end of typing")
    assert guest.typing == [True, False]


def test_a_reload_brings_the_whole_history_with_buttons_and_cards(
    visit: Visit, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take()
    guest = visit()
    token = guest.open(after=0)
    guest.write(f"{parcel.waybill_no}到哪了")
    guest.wait_for("后四位")
    guest.write(parcel.phone_tail)
    until(lambda: guest.heard[-1].card, WAIT_SECONDS, "the card")
    guest.leave()
    again = visit()
    assert again.open(token, after=0) == token
    history = again.history()
    assert [m["seq"] for m in history["messages"]] == [1, 2, 3, 4]
    assert [m["author"] for m in history["messages"]] == ["customer", "bot", "customer", "bot"]
    assert history["messages"][3]["card"]["waybill_no"] == parcel.waybill_no
    assert history["last_seq"] == 4
    assert not history["more"]
    assert again.heard == []


def test_a_client_that_knows_what_it_has_gets_only_the_rest(visit: Visit) -> None:
    guest = visit()
    token = guest.open(after=0)
    guest.write("你好")
    guest.wait_for("小驿")
    guest.leave()
    again = visit()
    again.open(token, after=1)
    assert [message["seq"] for message in again.history()["messages"]] == [2]


def test_an_answer_that_came_while_away_is_delivered_on_return(visit: Visit) -> None:
    guest = visit()
    token = guest.open(after=0)
    guest.write("你好")
    guest.leave()
    back = visit()
    back.open(token, after=1)
    early = {message["seq"] for message in back.history()["messages"]}
    until(lambda: early or back.heard, WAIT_SECONDS, "the answer")
    assert sorted(early | {heard.seq for heard in back.heard}) == [2]


def test_a_stock_rasa_widget_that_keeps_no_count_works_too(visit: Visit) -> None:
    guest = visit()
    token = guest.open()
    assert guest.histories == []
    guest.send_raw("user_uttered", {"message": "你好", "session_id": token})
    guest.wait_for("小驿")
    guest.leave()
    again = visit()
    assert again.open(token) == token
    again.send_raw("user_uttered", {"message": "谢谢", "session_id": token})
    again.wait_for("不客气")
    assert [heard.seq for heard in again.heard] == [4]


def test_what_a_stock_widget_never_got_is_sent_again(visit: Visit) -> None:
    guest = visit()
    token = guest.open()
    guest.write("你好")
    guest.leave()
    back = visit()
    back.open(token)
    assert back.wait_for("小驿").seq == 2


def test_the_progress_of_a_ticket_appears_in_every_open_window(
    visit: Visit, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take("damaged")
    phone, desktop = visit(), visit()
    token = phone.open(after=0)
    desktop.open(token, after=0)
    ticket_no = report_damage(phone, parcel.waybill_no, parcel.phone_tail)
    before = phone.heard[-1].seq
    agent.complete_current(ticket_no)
    assert phone.wait_for("已受理", after=before).card is not None
    assert desktop.wait_for("已受理", after=before).author == "system"


def report_damage(guest: WebCustomer, waybill_no: str, phone_tail: str) -> str:
    """Report a damaged parcel and return the number of the ticket."""
    answers = {
        "运单号发给我": waybill_no,
        "后四位": phone_tail,
        "收件人还是寄件人": "我是收件人",
        "情况，比如": "杯子碎了两个",
        "请核对": "确认提交",
    }
    seq = guest.write("收到的快递里面杯子碎了")["seq"]
    for _ in answers:
        asked = guest.wait_for("", after=seq)
        found = TICKET_NO.search(asked.text)
        if found:
            return found.group()
        said = next((answer for cue, answer in answers.items() if cue in asked.text), None)
        assert said, f"not expected: {asked.text}"
        seq = guest.write(said)["seq"]
    told = TICKET_NO.search(guest.wait_for("工单号", after=seq).text)
    assert told is not None
    return told.group()


def test_an_invented_session_id_opens_a_new_and_empty_session(visit: Visit) -> None:
    stranger = visit()
    invented = "A" * 43
    assert stranger.open(invented, after=0) != invented
    assert stranger.history()["messages"] == []


def test_a_stranger_who_knows_the_conversations_id_hears_and_writes_nothing(
    visit: Visit, agent: Agent, house: System
) -> None:
    guest, stranger = visit(), visit()
    guest.open(after=0)
    guest.write("转人工")
    guest.wait_for("转人工")
    conversation_id = until(
        lambda: [c["id"] for c in agent.waiting() if c["channel"] == "web"], 5, "the queue"
    )[-1]
    digest = customer_key(house, conversation_id)
    for guess in (conversation_id, digest, guest.token.swapcase(), guest.token[:-1]):
        assert stranger.open(guess, after=0) not in (guess, guest.token)
        assert stranger.history()["messages"] == []
    ack = stranger.write("我来写一句", session_id=guest.token)
    assert ack["error"] == "session_not_yours"
    agent.reply(conversation_id, "只说给您听")
    guest.wait_for("只说给您听")
    assert "只说给您听" not in Reply(tuple(stranger.heard)).text
    agent.give_back(conversation_id)


def customer_key(house: System, conversation_id: str) -> str:
    """Return what the database knows a web conversation by."""
    with psycopg.connect(house.plan.database_url) as database:
        row = database.execute(
            "SELECT customer_key FROM conversations WHERE id = %s", (conversation_id,)
        ).fetchone()
    assert row is not None
    return str(row[0])


def test_a_message_before_any_session_is_refused(visit: Visit) -> None:
    stranger = visit()
    stranger.confirmed.append("nothing opened")
    assert stranger.write("你好")["error"] == "session_not_yours"


ODD_PAYLOADS: list[object] = [
    None,
    5,
    "text",
    [],
    {},
    {"message": None},
    {"message": ["a"]},
    {"message": ""},
]


@pytest.mark.parametrize("payload", ODD_PAYLOADS)
def test_an_event_of_the_wrong_shape_is_answered_with_an_error(
    visit: Visit, payload: object
) -> None:
    guest = visit()
    guest.open(after=0)
    guest.send_raw("user_uttered", payload)
    until(lambda: guest.errors, WAIT_SECONDS, "an error")
    assert re.search(r"[\u4e00-\u9fff]", guest.errors[0]["detail"])
    guest.write("你好")
    guest.wait_for("小驿")


@pytest.mark.parametrize("payload", [None, 5, "x", [1], {"session_id": 7, "after": "a"}])
def test_an_odd_request_for_a_session_still_gets_one(visit: Visit, payload: object) -> None:
    guest = visit()
    guest.send_raw("session_request", payload)
    until(lambda: guest.confirmed, WAIT_SECONDS, "session_confirm")
    guest.write("你好")
    guest.wait_for("小驿")


def test_a_token_is_long_and_of_no_use_at_the_rest_door(visit: Visit, house: System) -> None:
    guest = visit()
    token = guest.open(after=0)
    assert len(token) >= 32
    guest.write("你好")
    heard = guest.wait_for("小驿")
    assert token not in heard.text
    assert token not in (house.log("api").read_text("utf-8"))
