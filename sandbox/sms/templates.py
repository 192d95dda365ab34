"""The templates both accounts have had approved."""

from collections.abc import Mapping

ALIYUN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "SMS_000001": ("您的快件{no}有新消息，请回到聊天窗口查看。", ("no",)),
    "SMS_000002": ("您的工单{ticket_no}有新进展，请回到聊天窗口查看。", ("ticket_no",)),
    "SMS_000003": ("工单{ticket_no}需要处理：{title}。", ("ticket_no", "title")),
}
"""Text and the names it wants."""

TENCENT: Mapping[str, str] = {
    "100001": "您的快件{1}：{2}。",
    "100002": "您的工单{1}有新进展，请回到聊天窗口查看。",
    "100003": "工单{1}需要处理：{2}。",
}
"""Text with its places."""
