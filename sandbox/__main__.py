"""Run the sandbox, on loopback unless SANDBOX_HOST says otherwise: `python -m sandbox`."""

import uvicorn

from sandbox.app import create_app
from sandbox.settings import Settings


def main() -> None:
    """Serve until stopped."""
    settings = Settings.from_environment()
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning")


if __name__ == "__main__":
    main()
