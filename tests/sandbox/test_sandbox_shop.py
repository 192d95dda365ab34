"""The example shop's page."""

import httpx

from sandbox.app import create_app
from sandbox.settings import Settings


async def test_the_shop_carries_the_chat_of_the_house() -> None:
    settings = Settings.from_environment({"SANDBOX_CHAT_URL": 'http://house:8000/"><b>'})
    transport = httpx.ASGITransport(app=create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as shop:
        page = (await shop.get("/shop")).text
    assert 'src="http://house:8000/&quot;&gt;&lt;b&gt;/widget.js" data-site="demo"' in page
    assert "我的订单" in page


def test_without_a_word_the_house_is_on_this_machine() -> None:
    assert Settings.from_environment({}).chat_url == "http://127.0.0.1:8000"
