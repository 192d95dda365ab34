"""Every setting of `api` and `worker`, read from the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLACEHOLDER = "change-me"


class PlaceholderSecret(ValueError):
    """A secret still has its placeholder value outside demo mode."""


class Settings(BaseSettings):
    """Settings by environment variable of the same (upper-case) name."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    demo: bool = False
    """Demo mode: placeholder secrets pass and the REST door needs no token; loopback only."""
    data_dir: Path = Path("var")
    port: int = 8000
    database_url: str = ""
    """`postgresql://…`; `make run` starts an embedded server when it is empty."""
    redis_url: str = ""
    """Socket.IO's manager when several `api` processes run; empty for one."""
    secret_key: SecretStr = SecretStr(PLACEHOLDER)
    second_factor_roles: str = ""
    """Roles that must have a second factor, with commas between them."""
    oidc_issuer: str = ""
    """Where people may sign in once for everything; empty: only here."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_label: str = "企业账号登录"
    oidc_redirect_url: str = ""
    """Where the provider sends people back to; empty: to the address they came from."""
    oidc_username_claim: str = "preferred_username"
    oidc_roles_claim: str = "roles"
    oidc_roles: str = ""
    """Which of the provider's roles is which of ours: `desk=agent,heads=lead`."""
    bot_url: str = "http://127.0.0.1:5005"
    bot_token: SecretStr = SecretStr(PLACEHOLDER)
    bot_timeout_seconds: float = 7.0
    actions_url: str = "http://127.0.0.1:5055/webhook"
    actions_token: SecretStr = SecretStr(PLACEHOLDER)
    kdniao_url: str = "https://api.kdniao.com/api/dist"
    kdniao_ebusiness_id: str = ""
    kdniao_app_key: SecretStr = SecretStr("")
    kuaidi100_query_url: str = "https://poll.kuaidi100.com/poll/query.do"
    kuaidi100_autonumber_url: str = "https://www.kuaidi100.com/autonumber/auto"
    kuaidi100_customer: str = ""
    kuaidi100_key: SecretStr = SecretStr("")
    carrier_budget_seconds: float = 3.0
    """How long a customer waits for a carrier, fail-over included."""
    carrier_patience_seconds: float = 40.0
    """How long the worker waits for a carrier when it keeps a promise."""
    carrier_cache_seconds: float = 60.0

    dingtalk_robot_url: str = "https://oapi.dingtalk.com/robot/send"
    dingtalk_robot_token: SecretStr = SecretStr("")
    dingtalk_robot_secret: SecretStr = SecretStr("")
    wecom_robot_url: str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    wecom_robot_key: SecretStr = SecretStr("")
    aliyun_sms_url: str = "https://dysmsapi.aliyuncs.com/"
    aliyun_sms_key_id: str = ""
    aliyun_sms_key_secret: SecretStr = SecretStr("")
    aliyun_sms_sign_name: str = ""
    tencent_sms_url: str = "https://sms.tencentcloudapi.com/"
    tencent_sms_secret_id: str = ""
    tencent_sms_secret_key: SecretStr = SecretStr("")
    tencent_sms_app_id: str = ""
    tencent_sms_sign_name: str = ""
    tencent_sms_region: str = "ap-guangzhou"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_sender: str = ""
    """The address mails come from; empty: the user name."""
    receipts_token: SecretStr = SecretStr("")
    """The secret part of the addresses SMS vendors report to; empty: nobody may report."""
    webhooks_private_addresses: bool = False
    """Whether subscribers may be inside (demo); never on a public machine."""

    console_dist: Path = Path("console/dist")
    log_level: str = "INFO"

    @model_validator(mode="after")
    def refuse_placeholders(self) -> Self:
        """Refuse to start in earnest with a placeholder secret."""
        if self.demo:
            return self
        for name in ("secret_key", "bot_token", "actions_token"):
            if getattr(self, name).get_secret_value() in ("", PLACEHOLDER):
                raise PlaceholderSecret(f"{name.upper()} must be set outside demo mode")
        return self

    @property
    def roles_with_second_factor(self) -> frozenset[str]:
        """The roles that must have a second factor."""
        named = (role.strip() for role in self.second_factor_roles.split(","))
        return frozenset(role for role in named if role)

    @property
    def bot_timeout(self) -> timedelta:
        """How long a bot turn may take before a person is called."""
        return timedelta(seconds=self.bot_timeout_seconds)

    @property
    def sqlalchemy_url(self) -> str:
        """The database for SQLAlchemy's psycopg driver."""
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
