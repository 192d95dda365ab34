"""Nothing a customer wrote, and nothing the bot said, stands in a log."""

from __future__ import annotations

from pathlib import Path

from tests.bot.customer import Customer
from tests.bot.ticketing_standin import BROKEN

SF = "SF1234567890123"
PRIVATE = ("玻璃花瓶", "13912346789", "6789", SF, BROKEN, "杭州市", "转运中心", "香蕉飞机", "核对")


def logged(folder: Path) -> dict[str, str]:
    """What stands in each log."""
    return {path.name: path.read_text("utf-8", "replace") for path in folder.glob("*.log")}


async def test_the_logs_hold_no_word_of_a_conversation(customer: Customer, logs: Path) -> None:
    await customer.says(
        f"我的{SF}到哪了", "13912346789", "我的玻璃花瓶碎了", "我是收件人", "确认提交"
    )
    await customer.says("香蕉飞机蓝色洗衣", "工单处理得怎么样了", f"{SF} 尾号6789")
    status, _ = await customer.send(f"查一下{BROKEN} 尾号6789")
    assert status == 500
    written = logged(logs)
    assert "turn failed" in written["bot.log"]
    leaks = [(name, word) for name, log in written.items() for word in PRIVATE if word in log]
    assert leaks == []
