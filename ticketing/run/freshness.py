"""Build a thing only when what it is made from has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

_IGNORED = ("__pycache__", ".venv", "node_modules", "dist", ".mypy_cache", ".ruff_cache")


def fingerprint(root: Path, inputs: Iterable[str]) -> str:
    """Return a digest of the names and contents of files and folders below `root`."""
    digest = hashlib.sha256()
    for file in sorted(_files(root, inputs)):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh(product: Path, stamp: Path, wanted: str) -> bool:
    """Tell whether the product exists and was made from these inputs."""
    return product.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted


def _files(root: Path, inputs: Iterable[str]) -> Iterable[Path]:
    for name in inputs:
        path = root / name
        if path.is_file():
            yield path
            continue
        for file in path.rglob("*"):
            if file.is_file() and not any(part in _IGNORED for part in file.parts):
                yield file
