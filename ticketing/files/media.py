"""What a file is, told from its first bytes; what may be kept, and how much of it.

Signatures: JPEG (ITU T.81), PNG (RFC 2083), WebP (RIFF), HEIC and MP4/MOV (ISO 14496-12 `ftyp`
brands, ISO 23008-12, Apple QTFF), PDF (ISO 32000). Names and declared types are never believed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from ticketing.kernel.errors import HouseError
from ticketing.kernel.texts import clean

MEGABYTE = 1024 * 1024
HEAD = 512
"""So many first bytes are enough to tell."""
_NAME_LIMIT = 120


@dataclass(frozen=True)
class Media:
    """A kind of file we keep."""

    media_type: str
    family: str
    extensions: tuple[str, ...]
    limit: int


PHOTO, VIDEO, PAPER = "照片", "视频", "PDF"
_PHOTO_LIMIT, _VIDEO_LIMIT, _PAPER_LIMIT = 20 * MEGABYTE, 50 * MEGABYTE, 20 * MEGABYTE
JPEG = Media("image/jpeg", PHOTO, (".jpg", ".jpeg", ".jpe", ".jfif"), _PHOTO_LIMIT)
PNG = Media("image/png", PHOTO, (".png",), _PHOTO_LIMIT)
WEBP = Media("image/webp", PHOTO, (".webp",), _PHOTO_LIMIT)
HEIC = Media("image/heic", PHOTO, (".heic", ".heif", ".hif"), _PHOTO_LIMIT)
MP4 = Media("video/mp4", VIDEO, (".mp4", ".m4v"), _VIDEO_LIMIT)
MOV = Media("video/quicktime", VIDEO, (".mov", ".qt"), _VIDEO_LIMIT)
PDF = Media("application/pdf", PAPER, (".pdf",), _PAPER_LIMIT)
ALL = (JPEG, PNG, WEBP, HEIC, MP4, MOV, PDF)
LARGEST = _VIDEO_LIMIT
_SAID = "照片（JPG、PNG、WebP、HEIC）、视频（MP4、MOV）或 PDF"

_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"%PDF-1.", PDF),
    (b"%PDF-2.", PDF),
)
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), HEIC),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"iso8", b"mp41", b"mp42"), MP4),
    **dict.fromkeys((b"avc1", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"XAVC"), MP4),
    b"qt  ": MOV,
}
_GENERIC_HEIF = (b"mif1", b"msf1")


class MediaNotAllowed(HouseError):
    """The content is of no kind we keep."""

    status, code = 415, "media_not_allowed"

    def __init__(self) -> None:
        super().__init__(f"只能上传{_SAID}", allowed=[media.media_type for media in ALL])


class MediaMismatch(HouseError):
    """The content is not what the name or the declared type says."""

    status, code = 415, "media_mismatch"

    def __init__(self, media: Media) -> None:
        super().__init__(
            f"文件内容是{media.family}，和文件名或类型不符，请检查后再传", found=media.media_type
        )


class FileTooLarge(HouseError):
    """More bytes than a file of its kind may have."""

    status, code = 413, "file_too_large"

    def __init__(self, media: Media) -> None:
        megabytes = media.limit // MEGABYTE
        super().__init__(
            f"{media.family}最大 {megabytes} MB，请压缩后再传", limit_bytes=media.limit
        )


class EmptyFile(HouseError):
    """A file without a byte."""

    status, code = 422, "empty_file"

    def __init__(self) -> None:
        super().__init__("文件是空的，请重新选择")


def sniff(head: bytes) -> Media:
    """Return what content with these first bytes is; raise `EmptyFile` or `MediaNotAllowed`."""
    if not head:
        raise EmptyFile
    for start, media in _STARTS:
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    found = _by_brand(head)
    if found is None:
        raise MediaNotAllowed
    return found


def check_declared(media: Media, name: str, declared: str | None) -> None:
    """Refuse a name or a declared type of another family than the content's.

    Phones and chat platforms often name a photo of one format like another, so a JPEG may be
    called `.png`; a photo called `.html` or `.pdf` is refused.
    """
    family = [other for other in ALL if other.family == media.family]
    extension = PurePath(name).suffix.lower()
    if extension and not any(extension in other.extensions for other in family):
        raise MediaMismatch(media)
    told = (declared or "").partition(";")[0].strip().lower()
    if told in ("", "application/octet-stream"):
        return
    if told.partition("/")[0] != media.media_type.partition("/")[0] or told in _NEVER:
        raise MediaMismatch(media)


def fit_name(name: str, media: Media) -> str:
    """Return a file's own name without folders and tricks, with an extension that fits."""
    last = clean(name.replace("\\", "/").rpartition("/")[2])
    plain = "".join(c for c in last if unicodedata.category(c) not in ("Cf", "Cc", "Zl", "Zp"))
    stem, extension = PurePath(plain.lstrip(".")).stem, PurePath(plain).suffix
    kept = "".join(c for c in stem if c not in '<>:"|?*').strip(" .")[:_NAME_LIMIT]
    fits = extension.lower() in media.extensions
    return f"{kept or 'file'}{extension if fits else media.extensions[0]}"


def _by_brand(head: bytes) -> Media | None:
    if head[4:8] != b"ftyp":
        return None
    size = int.from_bytes(head[:4], "big")
    major = head[8:12]
    if major in _GENERIC_HEIF:
        compatible = {head[at : at + 4] for at in range(16, min(size, len(head)) - 3, 4)}
        return HEIC if compatible & {b"heic", b"heix"} else None
    return _BRANDS.get(major)


_NEVER = frozenset({"image/svg+xml"})
