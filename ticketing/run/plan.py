"""What runs where: one table of processes and the environment each of them gets."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from ticketing.kernel.ids import digest

ROOT = Path(__file__).resolve().parents[2]
MODEL_NAME = "yiwen"
LOOPBACK = "127.0.0.1"

# Published test credentials of the sandbox's stand-ins; worth nothing anywhere else.
_DEMO_CARRIERS = {
    "KDNIAO_EBUSINESS_ID": "1237100",
    "KDNIAO_APP_KEY": "11112222-3333-4444-5555-666677778888",
    "KUAIDI100_CUSTOMER": "0123456789ABCDEF0123456789ABCDEF",
    "KUAIDI100_KEY": "TestKey12345",
}

_DEMO_MESSAGES = {
    "DINGTALK_ROBOT_TOKEN": "demo-dingtalk-robot",
    "DINGTALK_ROBOT_SECRET": "SEC000000000000000000000test",
    "WECOM_ROBOT_KEY": "demo-wecom-robot",
    "ALIYUN_SMS_KEY_ID": "LTAITESTACCESSKEYID",
    "ALIYUN_SMS_KEY_SECRET": "TestAccessKeySecret0000000000",
    "ALIYUN_SMS_SIGN_NAME": "快递助手",
    "TENCENT_SMS_SECRET_ID": "AKIDTEST0000000000000000000000000000",
    "TENCENT_SMS_SECRET_KEY": "TestSecretKey0000000000000000000",
    "TENCENT_SMS_APP_ID": "1400000000",
    "TENCENT_SMS_SIGN_NAME": "快递助手",
    "SMTP_HOST": LOOPBACK,
    "SMTP_SECURITY": "none",
    "SMTP_USERNAME": "yiwen@example.com",
    "SMTP_PASSWORD": "TestMailPassword",
    "WEBHOOKS_PRIVATE_ADDRESSES": "true",
}


@dataclass(frozen=True)
class Ports:
    """Where each process listens on loopback."""

    api: int = 8000
    sandbox: int = 8090
    bot: int = 5005
    actions: int = 5055
    sandbox_smtp: int = 8025

    @classmethod
    def of_environment(cls) -> Ports:
        """Read PORT, SANDBOX_PORT, BOT_PORT, ACTIONS_PORT and SANDBOX_SMTP_PORT."""
        return cls(
            api=int(os.environ.get("PORT") or cls.api),
            sandbox=int(os.environ.get("SANDBOX_PORT") or cls.sandbox),
            bot=int(os.environ.get("BOT_PORT") or cls.bot),
            actions=int(os.environ.get("ACTIONS_PORT") or cls.actions),
            sandbox_smtp=int(os.environ.get("SANDBOX_SMTP_PORT") or cls.sandbox_smtp),
        )


@dataclass(frozen=True)
class Secrets:
    """What only our own processes know."""

    secret_key: str
    bot_token: str
    actions_token: str


@dataclass(frozen=True)
class Plan:
    """Everything needed to start the house."""

    data_dir: Path
    ports: Ports
    secrets: Secrets
    database_url: str
    model: Path

    @property
    def api_url(self) -> str:
        """The address people and systems use."""
        return f"http://{LOOPBACK}:{self.ports.api}"

    @property
    def sandbox_url(self) -> str:
        """The address of the stand-ins."""
        return f"http://{LOOPBACK}:{self.ports.sandbox}"

    def environment(self) -> dict[str, str]:
        """Return the settings every process reads what it needs from."""
        sandbox, ports = self.sandbox_url, self.ports
        carriers = {
            **_DEMO_CARRIERS,
            "KDNIAO_URL": f"{sandbox}/api/dist",
            "KUAIDI100_QUERY_URL": f"{sandbox}/poll/query.do",
            "KUAIDI100_AUTONUMBER_URL": f"{sandbox}/autonumber/auto",
        }
        return {
            **os.environ,
            **carriers,
            **self._messages(),
            "DEMO": "true",
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "TRACKER_DATABASE_URL": self.database_url,
            "SECRET_KEY": self.secrets.secret_key,
            "BOT_TOKEN": self.secrets.bot_token,
            "ACTIONS_TOKEN": self.secrets.actions_token,
            "PORT": str(ports.api),
            "SANDBOX_PORT": str(ports.sandbox),
            "SANDBOX_SMTP_PORT": str(ports.sandbox_smtp),
            "BOT_PORT": str(ports.bot),
            "ACTIONS_PORT": str(ports.actions),
            "BOT_URL": f"http://{LOOPBACK}:{ports.bot}",
            "ACTIONS_URL": f"http://{LOOPBACK}:{ports.actions}/webhook",
            "BACKEND_URL": self.api_url,
            "BOT_MODEL": str(self.model),
            "CONSOLE_DIST": str(ROOT / "console" / "dist"),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    def _messages(self) -> dict[str, str]:
        """Return the settings of the ways out of the house: all of them lead to the sandbox."""
        sandbox, token = self.sandbox_url, digest(f"receipts:{self.secrets.secret_key}")
        return {
            **_DEMO_MESSAGES,
            "DINGTALK_ROBOT_URL": f"{sandbox}/robot/send",
            "WECOM_ROBOT_URL": f"{sandbox}/cgi-bin/webhook/send",
            "ALIYUN_SMS_URL": f"{sandbox}/",
            "TENCENT_SMS_URL": f"{sandbox}/",
            "SMTP_PORT": str(self.ports.sandbox_smtp),
            "RECEIPTS_TOKEN": token,
            "SANDBOX_CHAT_URL": self.api_url,
            "SANDBOX_REPORTS_URL": f"{self.api_url}/api/receipts/{{provider}}/{token}",
        }

    def commands(self) -> dict[str, list[str]]:
        """Return the command of each process, in the order they are started."""
        python, port = sys.executable, str(self.ports.api)
        address = ["--host", LOOPBACK, "--port", port]
        factory = ["--factory", "ticketing.app:create"]
        quiet = ["--no-access-log", "--log-level", "warning"]
        patience = ["--timeout-graceful-shutdown", "5"]
        # A compressor for each open chat would cost more memory than all the rest of it.
        lean = ["--ws-per-message-deflate", "false"]
        return {
            "sandbox": [python, "-m", "sandbox"],
            "bot": [str(bot_python()), "-m", "bot"],
            "actions": [python, "-m", "actions"],
            "api": [python, "-m", "uvicorn", *factory, *address, *quiet, *patience, *lean],
            "worker": [python, "-m", "ticketing.worker"],
        }


def bot_python() -> Path:
    """Return the interpreter of the bot's own environment."""
    return ROOT / "bot" / ".venv" / "bin" / "python"
