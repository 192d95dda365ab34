"""Packs as ZIP: whole, streamed, and the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.evidence.archive import zipped
from ticketing.evidence.manifest import (
    Document,
    Pack,
    Photo,
    as_document,
    pack_hash,
    photo_name,
)

AT = datetime(2026, 11, 22, 6, tzinfo=UTC)


def photo(folder: Path, role: str, content: bytes) -> Photo:
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return Photo(
        name=photo_name(role, 1, "image/jpeg"),
        role=role,
        media_type="image/jpeg",
        size=len(content),
        sha256=sha256,
        at=AT,
        path=folder / sha256,
    )


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return Pack(
        ticket_no="T20261122000001",
        photos=(photo(tmp_path, "outer", b"o" * 700_000), photo(tmp_path, "inner", b"i")),
        documents=(
            as_document("tracking.json", {"status": "已签收"}, AT),
            as_document("history.json", [{"what": "opened"}], AT),
        ),
        history_head="ab" * 32,
    )


def opened(pack: Pack) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(zipped(pack))))


def test_everything_is_in_it_and_as_the_manifest_says(pack: Pack) -> None:
    archive = opened(pack)
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    assert {entry["name"] for entry in manifest["entries"]} | {"manifest.json"} == set(
        archive.namelist()
    )
    for entry in manifest["entries"]:
        content = archive.read(entry["name"])
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["name"]
        assert len(content) == entry["size"]


def test_the_hash_of_the_whole_can_be_worked_out_from_the_manifest(pack: Pack) -> None:
    told = json.loads(opened(pack).read("manifest.json"))
    again = pack_hash(told["ticket_no"], told["history_head"], told["entries"])
    assert told["sha256"] == again == pack.sha256


def test_the_same_pack_has_the_same_bytes(pack: Pack) -> None:
    turned = replace(pack, photos=pack.photos[::-1], documents=pack.documents[::-1])
    assert b"".join(zipped(pack)) == b"".join(zipped(turned))


def test_it_leaves_in_pieces(pack: Pack) -> None:
    pieces = list(zipped(pack))
    assert len(pieces) > 4
    assert max(map(len, pieces)) < 400_000


def test_a_file_that_is_gone_is_missed_and_still_named(pack: Pack) -> None:
    lost = next(photo for photo in pack.photos if photo.role == "inner")
    assert lost.path is not None
    lost.path.unlink()
    archive = opened(pack)
    manifest = json.loads(archive.read("manifest.json"))
    assert lost.name not in archive.namelist()
    assert lost.name in [entry["name"] for entry in manifest["entries"]]


@pytest.mark.parametrize(
    "changed",
    [
        {"ticket_no": "T20261122000002"},
        {"history_head": "cd" * 32},
        {"history_head": None},
        {"photos": ()},
        {"documents": (as_document("tracking.json", {"status": "派送中"}, AT),)},
    ],
)
def test_whatever_changes_the_hash_changes(pack: Pack, changed: dict[str, object]) -> None:
    assert replace(pack, **changed).sha256 != pack.sha256  # type: ignore[arg-type]


def test_the_time_of_a_piece_is_sealed_too(pack: Pack) -> None:
    later = tuple(replace(photo, at=AT + timedelta(seconds=1)) for photo in pack.photos)
    assert replace(pack, photos=later).sha256 != pack.sha256


def test_freezing_changes_nothing_that_is_sealed(pack: Pack) -> None:
    frozen = replace(pack, revision=3, frozen_at=AT, frozen_by="anna")
    assert frozen.sha256 == pack.sha256
    assert frozen.manifest == pack.manifest


@given(st.lists(st.text(max_size=20), min_size=2, max_size=4, unique=True))
def test_no_two_documents_have_one_hash(texts: list[str]) -> None:
    packs = [
        Pack(
            ticket_no="T",
            photos=(),
            documents=(Document(name="tracking.json", text=text, at=AT),),
            history_head=None,
        )
        for text in texts
    ]
    assert len({pack.sha256 for pack in packs}) == len(texts)


@pytest.mark.parametrize(
    ("media_type", "ending"),
    [("image/jpeg", "jpg"), ("video/quicktime", "mov"), ("image/heic", "heic"), ("x/y", "bin")],
)
def test_files_are_named_by_role_and_kind(media_type: str, ending: str) -> None:
    assert photo_name("label", 2, media_type) == f"photos/label-2.{ending}"
