"""What may be set from outside."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox import accounts


@dataclass(frozen=True)
class Settings:
    """Port, seed and the demo credentials, which are those of the published signature vectors."""

    host: str = "127.0.0.1"
    port: int = 8090
    seed: int = 7
    kdniao_ebusiness_id: str = "1237100"
    kdniao_app_key: str = "11112222-3333-4444-5555-666677778888"
    kuaidi100_key: str = "TestKey12345"
    kuaidi100_customer: str = "0123456789ABCDEF0123456789ABCDEF"
    smtp_port: int = 8025
    """Where mails are taken; 0: nowhere."""
    reports_url: str = ""
    """Where delivery reports of SMS go; `{provider}` becomes `aliyun` or `tencent`."""
    chat_url: str = "http://127.0.0.1:8000"
    """Where the shop's page finds the chat."""
    dingtalk_token: str = accounts.DINGTALK_TOKEN
    dingtalk_secret: str = accounts.DINGTALK_SECRET
    wecom_robot_key: str = accounts.WECOM_ROBOT_KEY
    aliyun_key_id: str = accounts.ALIYUN_KEY_ID
    aliyun_key_secret: str = accounts.ALIYUN_KEY_SECRET
    tencent_secret_id: str = accounts.TENCENT_SECRET_ID
    tencent_secret_key: str = accounts.TENCENT_SECRET_KEY
    tencent_app_id: str = accounts.TENCENT_APP_ID
    sms_sign_name: str = accounts.SMS_SIGN_NAME
    smtp_username: str = accounts.SMTP_USERNAME
    smtp_password: str = accounts.SMTP_PASSWORD
    webhook_secret: str = accounts.WEBHOOK_SECRET

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read SANDBOX_* and the credentials; unset or empty means the default."""
        names = {
            "kdniao_ebusiness_id": "KDNIAO_EBUSINESS_ID",
            "kdniao_app_key": "KDNIAO_APP_KEY",
            "kuaidi100_key": "KUAIDI100_KEY",
            "kuaidi100_customer": "KUAIDI100_CUSTOMER",
        }
        given = {field: environment[name] for field, name in names.items() if environment.get(name)}
        return cls(
            host=environment.get("SANDBOX_HOST") or cls.host,
            port=int(environment.get("SANDBOX_PORT") or cls.port),
            seed=int(environment.get("SANDBOX_SEED") or cls.seed),
            smtp_port=int(environment.get("SANDBOX_SMTP_PORT") or cls.smtp_port),
            reports_url=environment.get("SANDBOX_REPORTS_URL") or cls.reports_url,
            chat_url=environment.get("SANDBOX_CHAT_URL") or cls.chat_url,
            **given,
        )
