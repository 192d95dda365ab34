"""A shop's page that carries the chat, as any customer of ours would embed it."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter()

SITE = "demo"
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>演示商城 · 我的订单</title>
<link rel="icon" href="data:,">
<style>
body {{ margin: 0; font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }}
header {{ padding: 16px 24px; background: #0b6b66; color: #fff; font-size: 20px; }}
main {{ max-width: 720px; margin: 0 auto; padding: 24px; }}
</style>
</head>
<body>
<header>演示商城</header>
<main>
<h1>我的订单</h1>
<p>陶瓷杯一只，已发货。快递有问题，点右下角问我们。</p>
</main>
<script src="{chat}/widget.js" data-site="{site}" async></script>
</body>
</html>
"""


@router.get("/shop")
async def shop(request: Request) -> HTMLResponse:
    """Show a customer's orders, with the chat of the house at hand."""
    chat = escape(request.app.state.chat_url)
    return HTMLResponse(_PAGE.format(chat=chat, site=SITE))
