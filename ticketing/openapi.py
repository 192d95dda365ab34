"""Write the API's description to a file: `python -m ticketing.openapi FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ticketing.app import described


def main(arguments: list[str]) -> None:
    """Write what is served at `/openapi.json`."""
    text = json.dumps(described(), ensure_ascii=False, sort_keys=True)
    Path(arguments[0]).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
