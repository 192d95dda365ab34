"""The senders this house has an account for."""

from __future__ import annotations

import httpx

from channels.aliyun_sms.client import AliyunSmsClient, AliyunSmsConfig
from channels.dingtalk.client import DingtalkClient, DingtalkRobot
from channels.email.client import MailClient, MailConfig
from channels.tencent_sms.client import TencentSmsClient, TencentSmsConfig
from channels.webhooks.client import WebhookClient
from channels.wecom_robot.client import WecomRobotClient
from ticketing.kernel.clock import Clock
from ticketing.kernel.settings import Settings
from ticketing.notifications.manners import Channel
from ticketing.notifications.senders import (
    DingtalkSender,
    MailSender,
    Sender,
    SmsSender,
    WebhookSender,
    WecomSender,
)


def build_senders(
    settings: Settings, now: Clock, transport: httpx.AsyncBaseTransport | None = None
) -> dict[Channel, Sender]:
    """Return a sender for each channel that is set up; nothing is connected yet.

    Robots and subscribers need no account of the house: a queue may have a robot of its own.
    `transport` carries every HTTP call; tests put the stand-ins there.
    """
    senders: dict[Channel, Sender] = {
        Channel.WEBHOOK: WebhookSender(
            WebhookClient(
                now, private_allowed=settings.webhooks_private_addresses, transport=transport
            )
        )
    }
    token = settings.dingtalk_robot_token.get_secret_value()
    robot = DingtalkRobot(token, settings.dingtalk_robot_secret.get_secret_value())
    dingtalk = DingtalkClient(settings.dingtalk_robot_url, now, transport)
    senders[Channel.DINGTALK] = DingtalkSender(dingtalk, robot if token else None)
    wecom = WecomRobotClient(settings.wecom_robot_url, transport)
    key = settings.wecom_robot_key.get_secret_value()
    senders[Channel.WECOM_ROBOT] = WecomSender(wecom, key)
    vendors = _sms_vendors(settings, now, transport)
    if vendors:
        senders[Channel.SMS] = SmsSender(vendors)
    if settings.smtp_host:
        senders[Channel.EMAIL] = MailSender(MailClient(_mail_config(settings), now))
    return senders


def _sms_vendors(
    settings: Settings, now: Clock, transport: httpx.AsyncBaseTransport | None
) -> list[AliyunSmsClient | TencentSmsClient]:
    vendors: list[AliyunSmsClient | TencentSmsClient] = []
    if settings.aliyun_sms_key_id:
        aliyun = AliyunSmsConfig(
            settings.aliyun_sms_key_id,
            settings.aliyun_sms_key_secret.get_secret_value(),
            settings.aliyun_sms_sign_name,
            settings.aliyun_sms_url,
        )
        vendors.append(AliyunSmsClient(aliyun, now, transport))
    if settings.tencent_sms_secret_id:
        tencent = TencentSmsConfig(
            settings.tencent_sms_secret_id,
            settings.tencent_sms_secret_key.get_secret_value(),
            settings.tencent_sms_app_id,
            settings.tencent_sms_sign_name,
            settings.tencent_sms_region,
            settings.tencent_sms_url,
        )
        vendors.append(TencentSmsClient(tencent, now, transport))
    return vendors


def _mail_config(settings: Settings) -> MailConfig:
    return MailConfig(
        host=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        sender=settings.smtp_sender or settings.smtp_username,
        security=settings.smtp_security,
    )
