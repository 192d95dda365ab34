"""PROCESS. Sets one paper and ends; a template can neither open a file nor outlive its time.

Started as a file of its own (`python -I typesetter.py`) without an environment: the order as JSON
on standard input, the PDF on standard output. Exit code 3: the template is wrong, and standard
output says why (`{"problem", "hint", "lines"}`, lines counted from 1 over all its parts).
"""

from __future__ import annotations

import base64
import io
import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from PIL import Image, ImageOps

WRONG_TEMPLATE = 3
_EDGE, _QUALITY = 900, 78
_PIXELS = 150_000_000
"""So many are decoded for one paper; the photos after that are left out."""

_BOTH_FONTS = b'#set text(font: "Noto Serif SC")\n1\n#set text(font: "Noto Sans SC")\n1'
_PLACE = re.compile(r"\.typ:(\d+):\d+")
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="{0}" height="{1}" viewBox="0 0 {0} {1}">'
    '<image width="{0}" height="{1}" xlink:href="data:image/jpeg;base64,{2}"/></svg>'
)


def main() -> int:
    """Set the paper that standard input asks for; return the exit code."""
    order = json.load(sys.stdin)
    _limit(resource.RLIMIT_AS, order["memory_bytes"])
    _limit(resource.RLIMIT_CPU, order["cpu_seconds"])
    left = _PIXELS
    for photo in order["data"].get("photos", []):
        photo["svg"], left = _thumbnail(photo.pop("path"), left)
    compiler = _compiler()
    # From here on nothing can be opened: no file, no socket.
    _limit(resource.RLIMIT_NOFILE, 0)
    try:
        made = _pdf(compiler, order)
    except typst.TypstError as error:
        sys.stdout.write(json.dumps(_explained(error)))
        return WRONG_TEMPLATE
    sys.stdout.buffer.write(made)
    return 0


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


def _compiler() -> typst.Compiler:
    """Return a compiler that has its fonts, and only those, in memory."""
    nowhere = Path(__file__).with_name("templates")
    folder = pylopdf_fonts_zh_cn.sans_path().parent
    compiler = typst.Compiler(
        _BOTH_FONTS,
        root=nowhere,
        font_paths=typst.Fonts(False, False, [folder]),
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    compiler.compile(format="pdf")
    return compiler


def _pdf(compiler: typst.Compiler, order: dict[str, Any]) -> bytes:
    """Return an archivable PDF: every font embedded, every character shown."""
    made = compiler.compile(
        order["source"].encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(order["data"], ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=order["at"],
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one piece of bytes")
    return made


def _thumbnail(path: str | None, pixels: int) -> tuple[str | None, int]:
    """Return a photo small enough for paper, as SVG, and how many pixels may still be decoded.

    Nothing is returned for what cannot be shown.
    """
    if path is None:
        return None, pixels
    try:
        with Image.open(path) as photo:
            photo.draft("RGB", (_EDGE, _EDGE))
            left = pixels - photo.width * photo.height
            if left < 0:
                return None, pixels
            upright = ImageOps.exif_transpose(photo).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None, pixels
    upright.thumbnail((_EDGE, _EDGE))
    small = io.BytesIO()
    upright.save(small, "JPEG", quality=_QUALITY)
    content = base64.b64encode(small.getvalue()).decode()
    return _SVG.format(*upright.size, content), left


def _explained(error: typst.TypstError) -> dict[str, Any]:
    return {
        "problem": error.message,
        "hint": "；".join(error.hints),
        "lines": [int(line) for line in _PLACE.findall(error.diagnostic)],
    }


if __name__ == "__main__":
    sys.exit(main())
