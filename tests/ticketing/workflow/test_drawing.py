from __future__ import annotations

from pathlib import Path

import pytest

from ticketing.workflow.drawing import MAX_BYTES, ProcessInvalid, read_drawing

from .drawing_board import line

BOMB = (
    '<!DOCTYPE b [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)


def problem(source: bytes) -> str:
    with pytest.raises(ProcessInvalid) as caught:
        read_drawing(source)
    return caught.value.problems[0]


def test_nodes_come_with_kind_label_and_properties() -> None:
    node = read_drawing(line("accept")).nodes[1]

    assert (node.id, node.tag, node.label) == ("accept", "userTask", "步骤")
    assert node.properties["state_after"] == "open"


def test_an_entity_bomb_is_refused_before_it_is_parsed() -> None:
    source = line("a").decode().replace('name="步骤"', 'name="&a11;"')

    assert "DOCTYPE" in problem((BOMB + source).encode())


def test_an_external_entity_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", "utf-8")
    doctype = f'<!DOCTYPE b [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    source = doctype + line("a").decode().replace('name="步骤"', 'name="&x;"')

    assert "DOCTYPE" in problem(source.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_doctype_does_not_get_past_in_another_encoding(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'

    assert "UTF-8" in problem((declared + BOMB + line("a").decode()).encode(encoding))


def test_a_doctype_does_not_get_past_behind_a_false_declaration() -> None:
    source = '<?xml version="1.0" encoding="utf-7"?>' + "+ADwAIQ-DOCTYPE x>" + line("a").decode()

    assert problem(source.encode()) == "文件不是完整的 XML"


@pytest.mark.parametrize("source", [b"", b"{}", b"<a>", b"\x00", b"<a/>" * 2])
def test_what_is_not_xml_is_refused(source: bytes) -> None:
    assert problem(source) == "文件不是完整的 XML"


def test_other_xml_is_refused() -> None:
    assert "BPMN 2.0" in problem(b"<svg />")


def test_a_file_too_large_is_refused() -> None:
    assert "KB" in problem(line("a") + b" " * MAX_BYTES)


def test_nesting_without_end_is_refused() -> None:
    deep = "<x>" * 50_000 + "</x>" * 50_000

    assert problem(deep.encode()) == "文件嵌套超过 32 层"


def test_indentation_comments_and_byte_order_do_not_make_a_version() -> None:
    source = line("a")
    windows = b"\xef\xbb\xbf<!-- edited -->" + source.replace(b"><", b">\r\n  <")

    assert read_drawing(windows).version == read_drawing(source).version


def test_another_word_makes_another_version() -> None:
    source = line("a")
    changed = source.replace("完成".encode(), "办完".encode(), 1)

    assert read_drawing(changed).version != read_drawing(source).version
