"""Run the sandbox on the loopback address: `python -m sandbox`."""

import uvicorn

from sandbox.app import create_app
from sandbox.settings import Settings


def main() -> None:
    """Serve until stopped."""
    settings = Settings.from_environment()
    uvicorn.run(create_app(settings), host="127.0.0.1", port=settings.port, log_level="warning")


if __name__ == "__main__":
    main()
