"""Structured logs without a person's number or name in them."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from ticketing.kernel.masking import mask


def configure(level: str) -> None:
    """Send every log line, ours and the libraries', masked, as JSON to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masked,
    ]
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                masked,
                renderer,
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for owner_of_handlers in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(owner_of_handlers).handlers.clear()
        logging.getLogger(owner_of_handlers).propagate = True
    for noisy in ("httpx", "httpcore", "procrastinate", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Mask every text value of a log event."""
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}
