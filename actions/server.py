"""rasa-sdk's own server, on loopback, in one process, silent about what customers wrote."""

import logging
import warnings
from typing import Any

from rasa_sdk import endpoint
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.backend import shared_backend
from actions.settings import Settings

logger = logging.getLogger(__name__)

type App = Sanic[Any, Any]

_VERSION_WARNING = r"Your versions of rasa and rasa_sdk"


class DiscreetErrors(ErrorHandler):
    """An error becomes its name: rasa-sdk would send back the whole request, texts and all."""

    def response(self, request: Request, exception: BaseException) -> HTTPResponse:
        """500 with the kind of error; the log gets no more than that."""
        name = type(exception).__name__
        status = int(getattr(exception, "status_code", 500))
        logger.error("%s in %s", name, request.path if request else "-")
        return json({"error": name}, status=status)


def executor() -> ActionExecutor:
    """All actions of this package."""
    found = ActionExecutor()
    found.register_package("actions")
    return found


def create_app() -> App:
    """The application of rasa-sdk with our error handler."""
    warnings.filterwarnings("ignore", message=_VERSION_WARNING)
    app: App = endpoint.create_app(executor(), cors_origins=[])
    app.error_handler = DiscreetErrors()
    app.config.KEEP_ALIVE_TIMEOUT = 120
    app.register_listener(close_backend, "after_server_stop")
    return app


async def close_backend(_: App) -> None:
    """Close the connections to ticketing."""
    await shared_backend().aclose()


def serve() -> None:
    """Serve until the process is stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("sanic.access").setLevel(logging.WARNING)
    settings = Settings()
    create_app().run(
        host=settings.actions_host,
        port=settings.actions_port,
        single_process=True,
        motd=False,
        access_log=False,
    )
