"""Fingerprints of what Rasa does not see: helper modules and data files of our components."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

_HERE = Path(__file__).parent


def fingerprint_of(data_files: Iterable[str] = ()) -> str:
    """Hash of all modules beside this one and of the data files; a missing one counts as empty."""
    digest = hashlib.sha256()
    for path in [*sorted(_HERE.glob("*.py")), *map(Path, data_files)]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()
