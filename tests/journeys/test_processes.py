"""Every shipped process from the first word to the last answer: chat, desks, chat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.story import Opening, Story
from ticketing.run.demo import sign_in_of
from ticketing.run.system import System
from ticketing.workflow.definitions import shipped

PROCESSES = Path(__file__).parents[2] / "ticketing/workflow/processes"
TELL = {"简单说说": "三个杯子碎了两个，外箱也压扁了，一直没人管"}


@dataclass(frozen=True)
class Done:
    """A step that is done at a desk, with what is filled in, and what the customer hears of it."""

    step: str
    given: dict[str, Any] = field(default_factory=dict)
    heard: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A step that the customer does: what they write, and what is kept of it."""

    step: str
    words: tuple[str, ...]
    kept: dict[str, Any]


type Move = Done | Said


def at_desk(step: str, *heard: str, **given: Any) -> Done:
    """Return a step done at a desk."""
    return Done(step, given, heard)


def agrees(words: str) -> Said:
    """Return the customer's yes to a solution."""
    return Said("confirm", (words,), {"decision": "accept"})


PAID = (at_desk("pay", "款"), at_desk("follow_up", "已完成回访"))
STORIES: dict[str, tuple[Opening, tuple[Move, ...]]] = {
    "damage": (
        Opening("收到的时候杯子碎了", TELL, "damaged"),
        (
            at_desk("accept", "已受理"),
            at_desk("verify", "已完成初审"),
            at_desk("branch_evidence", "网点凭证已收到"),
            at_desk("warehouse_check", "仓库记录已核对"),
            at_desk("liability", "同意", "120", amount=120, text="按实际损失赔付"),
            agrees("同意"),
            *PAID,
        ),
    ),
    "delay": (
        Opening("我的快递一直没到，太慢了", state="delayed"),
        (
            at_desk("accept", "已受理"),
            at_desk("verify", "已核实"),
            at_desk("chase", "今晚发车", outcome="moving", reply="今晚发车"),
            at_desk("watch", "加急处理", delivered=False, place="杭州转运中心"),
            at_desk("chase", "补偿方案", outcome="lost", reply="车上没有找到这票包裹"),
            at_desk("solution", "退还运费", text="退还运费，再赠一张优惠券", amount=20),
            agrees("可以"),
            at_desk("pay", "已经打出", amount=20),
            at_desk("follow_up", "已完成回访"),
            at_desk("close", "已办结"),
        ),
    ),
    "misdelivery": (
        Opening("送错了，收到的是别人的东西", TELL, "signed"),
        (
            at_desk("accept", "已受理"),
            at_desk("verify", "追回送错的包裹", problem="wrong_place"),
            at_desk("retrieve", "重新给您送来", found=True),
            at_desk("redeliver", "告诉我一声"),
            Said("confirm_receipt", ("收到了",), {"received": True}),
            at_desk("follow_up", "已完成回访"),
            at_desk("close", "已办结"),
        ),
    ),
    "lost": (
        Opening("我的快递丢了", TELL, "lost"),
        (
            at_desk("accept", "已受理"),
            at_desk("verify", "已核实"),
            at_desk("carrier_reply", "答复", outcome="lost", reply="已确认丢失"),
            at_desk("search", "没能找到", found=False),
            at_desk("liability", "同意", "300", amount=300, text="按实际价值赔付"),
            agrees("好的"),
            *PAID,
        ),
    ),
    "signed_not_received": (
        Opening("显示签收了但我没收到", TELL, "signed_by_proxy"),
        (
            at_desk("accept", "已受理"),
            at_desk("verify", "已核对"),
            at_desk("courier_explain", "快递员已作说明", statement="放在门口了"),
            at_desk("sign_proof", "签收底单已调取"),
            at_desk("locate", "小区东门快递柜", found=True, place="小区东门快递柜"),
            Said(
                "confirm_receipt",
                ("没收到", "快递柜里是空的"),
                {"received": False, "reason": "快递柜里是空的"},
            ),
            at_desk("locate", "没能找到", found=False),
            at_desk("liability", "80", amount=80),
            agrees("行"),
            *PAID,
        ),
    ),
    "urge": (
        Opening("帮我催一下快递", state="stuck_at_hub"),
        (
            at_desk("accept", "尽快派送"),
            at_desk("chase", "明天上午送到", reply="明天上午送到"),
            at_desk("close", "已关闭"),
        ),
    ),
    "complaint": (
        Opening("我要投诉", {"发生了什么": "派件员不打电话就扔在楼下，还挂我电话"}),
        (
            at_desk("accept", "已受理"),
            at_desk("verify", "已核实"),
            at_desk("handle", "向您道歉", "30", text="派件员向您道歉，补偿运费", amount=30),
            agrees("接受"),
            at_desk("pay", "已经打出"),
            at_desk("follow_up", "已完成回访", satisfied=True),
            at_desk("close", "已办结"),
        ),
    ),
    "address_change": (
        Opening("{parcel}帮我改个地址", {"改成什么": "重庆市渝中区民权路28号"}),
        (
            at_desk("accept", "新地址怎么送"),
            at_desk(
                "quote", "渝中区", "12", possible=True, route="转渝中区派送", fee=12, eta="后天"
            ),
            agrees("同意"),
            at_desk("redirect", "已改派"),
            at_desk("close", "已办结"),
        ),
    ),
    "reschedule": (
        Opening("{parcel}能不能晚点送", {"什么时候送": "周六下午"}),
        (
            at_desk("accept", "约时间"),
            at_desk("arrange", "周六下午三点", time="周六下午三点"),
            at_desk("redeliver", "约时间", delivered=False),
            at_desk("arrange", "周日上午", time="周日上午"),
            at_desk("redeliver", "已经送到", delivered=True),
            at_desk("close", "已办结"),
        ),
    ),
    "interception": (
        Opening("帮我拦截{parcel}"),
        (
            at_desk("accept", "拦截包裹"),
            at_desk("intercept", "没能拦下", success=False),
            at_desk("solution", text="派送时您直接拒收，退还您运费", amount=15),
            at_desk("approve", "拒收", "15", decision="approve"),
            agrees("没问题"),
            at_desk("pay", "已经打出"),
            at_desk("returned", "已办结"),
        ),
    ),
    "return_exchange": (
        Opening("我想申请退货", {"什么原因": "锅的把手是歪的，我要换一个新的"}),
        (
            at_desk("accept", "审核"),
            at_desk(
                "review", "文三路9号", decision="approve", wish="exchange", address="文三路9号"
            ),
            Said("send_back", ("SF1358246790123",), {"new_waybill_no": "SF1358246790123"}),
            at_desk("inspect", "新的商品", passed=True),
            at_desk("exchange", "SF1357924680123", new_waybill_no="SF1357924680123"),
            at_desk("close", "已办结"),
        ),
    ),
    "compensation": (
        Opening("我要索赔", {"损失了什么": "一台音箱外壳摔裂了，买的时候680块，没保价"}),
        (
            at_desk("accept", "责任"),
            at_desk("liability", "责任已核定"),
            at_desk("assess", "同意", "260", amount=260, text="维修费由我们承担"),
            agrees("同意。"),
            *PAID,
        ),
    ),
    "pickup": (
        Opening("明天下午来广州市天河区体育西路9号取个件，寄一箱茶叶，电话13800138033"),
        (
            at_desk("accept", "安排快递员"),
            at_desk("dispatch", "明天下午两点", time="明天下午两点"),
            at_desk("collect", "安排快递员", collected=False),
            at_desk("dispatch", "明天下午五点", time="明天下午五点"),
            at_desk("collect", "已经取走", collected=True),
            at_desk("close", "祝您寄件顺利"),
        ),
    ),
    "invoice": (
        Opening(
            "我要开发票",
            {"抬头": "杭州云杉商贸有限公司 税号91330106MA2AAAAA1X 邮箱yunshan@example.com"},
        ),
        (
            at_desk("accept", "开发票"),
            at_desk("issue", "已开好"),
            at_desk("send", "抬头和金额"),
            Said(
                "confirm",
                ("不同意，抬头少了两个字",),
                {"decision": "reject", "reason": "抬头少了两个字"},
            ),
            at_desk("issue", "已开好"),
            at_desk("send", "抬头和金额"),
            agrees("没问题"),
        ),
    ),
}
BY_HAND: dict[str, tuple[Move, ...]] = {
    "address_check": (
        at_desk("accept", "确认收件地址", problem="门牌号不存在"),
        Said(
            "confirm_address",
            ("要改", "浙江省杭州市西湖区文三路1号2幢301"),
            {"decision": "changed", "address": "浙江省杭州市西湖区文三路1号2幢301"},
        ),
        at_desk("quote", "8", "后天", fee=8, eta="后天"),
        agrees("可以"),
        at_desk("redispatch", "已重新派送"),
        at_desk("close", "已办结"),
    ),
    "standard": (
        at_desk("accept", "已受理"),
        at_desk("verify", "已核实"),
        at_desk("handle", "已经联系网点", text="已经联系网点，今天送到"),
        agrees("满意"),
        at_desk("follow_up", "已完成回访"),
        at_desk("close", "已办结"),
    ),
}


def test_every_shipped_process_has_its_story() -> None:
    assert {*STORIES, *BY_HAND} == {process.id for process in shipped().processes}


@pytest.mark.parametrize("kind", STORIES)
def test_a_wish_told_in_the_chat_is_worked_on_to_its_end(
    story: Story, carrier_world: CarrierWorld, kind: str
) -> None:
    opening, moves = STORIES[kind]
    story.begin(opening, carrier_world.take(opening.state))
    assert story.ticket["kind"] == kind
    play(story, moves)
    assert "谢谢" in story.ends("5").text


def play(story: Story, moves: tuple[Move, ...]) -> None:
    """Make one move after the other."""
    for move in moves:
        if isinstance(move, Done):
            news = story.do(move.step, **move.given)
            lacking = [each for each in move.heard if each not in news.text]
            assert lacking == [], f"{move.step}: no {lacking} in {news.text!r}"
            continue
        for words in move.words:
            assert story.answer(move.step, words).text
        line = story.change(move.step)
        assert (line["by"], line["facts"]["data"]) == ("customer", move.kept)


def test_a_doubtful_address_is_put_right_by_its_customer(
    story: Story, carrier_world: CarrierWorld
) -> None:
    open_at_the_desk(story, carrier_world, "门牌号不存在")
    assert story.ticket["kind"] == "address_check"
    play(story, BY_HAND["address_check"])
    story.ends("4")


def open_at_the_desk(story: Story, world: CarrierWorld, description: str) -> None:
    """Open a ticket by the API, and let the customer ask how it goes: from then on they hear."""
    parcel = world.take()
    ticket = story.agent.open(
        kind="address_check", waybill_no=parcel.waybill_no, description=description
    )
    story.ticket_no = ticket["ticket_no"]
    story.customer.say(f"{story.ticket_no}处理得怎么样了")
    assert story.ticket_no in story.customer.say(parcel.phone_tail).text


@pytest.fixture
def standard_in_force(house: System) -> Iterator[None]:
    """Let the tickets of one kind follow the standard process, as a manager may."""
    sign_in = sign_in_of(house.plan.data_dir)
    manager = Agent(house.plan.api_url, sign_in["manager_username"], sign_in["manager_password"])
    drawn = (PROCESSES / "standard.bpmn").read_text()
    drawn = drawn.replace('process id="standard"', 'process id="address_check"')
    drawn = drawn.replace('bpmnElement="standard"', 'bpmnElement="address_check"')
    before = manager.http.get("/api/processes/address_check").json()["version"]
    uploaded = manager.http.post(
        "/api/processes", content=drawn, headers={"Content-Type": "application/xml"}
    )
    assert uploaded.status_code == 201, uploaded.text
    version = uploaded.json()["version"]
    activate(manager, version, before)
    yield
    activate(manager, before, version)
    manager.close()


def activate(manager: Agent, version: str, replaces: str) -> None:
    """Let new tickets about doubtful addresses follow a version."""
    path = f"/api/processes/address_check/versions/{version}/activate"
    activated = manager.http.post(path, json={"replaces": replaces})
    assert activated.status_code == 200, activated.text


@pytest.mark.usefixtures("standard_in_force")
def test_a_process_that_a_manager_has_put_in_force_is_followed_to_its_end(
    story: Story, carrier_world: CarrierWorld
) -> None:
    open_at_the_desk(story, carrier_world, "网点一直不派送")
    play(story, BY_HAND["standard"])
    story.ends("5")
