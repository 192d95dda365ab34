"""The bot's process: `python -m bot` from the top folder. Listens on BOT_HOST:BOT_PORT."""

from __future__ import annotations

import logging
import os
import warnings
from urllib.parse import urlsplit

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
for name, value in QUIET.items():
    os.environ.setdefault(name, value)
warnings.filterwarnings("ignore", category=DeprecationWarning)

from rasa.core.run import serve_application  # noqa: E402 - the environment comes first
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.utils.common import configure_logging_and_warnings  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402


def redis_lock_store(url: str) -> EndpointConfig:
    """Rasa's settings of a Redis lock store from a `redis://` URL."""
    parts = urlsplit(url)
    return EndpointConfig(
        type="redis",
        url=parts.hostname,
        port=parts.port or 6379,
        db=int(parts.path.strip("/") or 0),
        username=parts.username,
        password=parts.password,
        use_ssl=parts.scheme == "rediss",
        key_prefix="yiwen",
    )


def endpoints() -> AvailableEndpoints:
    """`bot/endpoints.yml` and, where there is a Redis, its lock store."""
    available = AvailableEndpoints.read_endpoints("bot/endpoints.yml")
    if redis_url := os.environ.get("REDIS_URL"):
        available.lock_store = redis_lock_store(redis_url)
    return available


def main() -> None:
    """Serve the trained model until the process is stopped."""
    os.environ.setdefault("ACTIONS_URL", "http://127.0.0.1:5055/webhook")
    # Rasa's command line does this; without it structlog writes every sentence of a customer.
    configure_structlog(logging.INFO)
    configure_logging_and_warnings(logging.INFO, None, True, True)
    serve_application(
        model_path=os.environ.get("BOT_MODEL", "var/models/yiwen.tar.gz"),
        interface=os.environ.get("BOT_HOST", "127.0.0.1"),
        port=int(os.environ.get("BOT_PORT", "5005")),
        credentials="bot/credentials.yml",
        endpoints=endpoints(),
        enable_api=False,
    )


if __name__ == "__main__":
    main()
