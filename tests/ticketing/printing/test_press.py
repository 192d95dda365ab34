"""Papers off the press: Chinese in embedded fonts, and templates that cannot get out."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.ticketing.printing.made import NOW, PRINTED, said, sheet
from tests.ticketing.printing.reading import fonts_of, pages, photos_in, text_of
from ticketing.printing.press import PaperTooHeavy, Press, PressBusy, TemplateWrong
from ticketing.printing.specimen import specimen

PRESS = Press()
each_paper = pytest.mark.parametrize("name", PRINTED)


async def print_source(source: str) -> bytes:
    return await PRESS.print_pdf(sheet(source=source))


@each_paper
async def test_a_paper_says_in_chinese_what_it_is_about(name: str) -> None:
    text = text_of(await PRESS.print_pdf(sheet(name)))
    for words in ("T20261120000001", "YT2700000000001", "圆通速递", "破损", "陶瓷茶具碎了两个杯子"):
        assert words in text, words


@each_paper
async def test_the_fonts_are_in_the_file(name: str) -> None:
    fonts = fonts_of(await PRESS.print_pdf(sheet(name)))
    assert all(font.is_embedded for font in fonts)
    families = {font.name.partition("+")[2] for font in fonts}
    assert {"NotoSansSC-Regular", "NotoSerifSC-Regular"} <= families


@each_paper
async def test_the_same_ticket_makes_the_same_bytes(name: str) -> None:
    assert await PRESS.print_pdf(sheet(name)) == await PRESS.print_pdf(sheet(name))


async def test_money_stands_in_figures_and_in_capitals() -> None:
    text = text_of(await PRESS.print_pdf(sheet("claim_application")))
    assert "￥168.50（人民币壹佰陆拾捌元伍角整）" in text.replace("¥", "￥")
    assert "￥200.00（人民币贰佰元整）" in text.replace("¥", "￥")


async def test_the_resolution_has_places_to_sign() -> None:
    text = text_of(await PRESS.print_pdf(sheet("complaint_resolution")))
    assert text.count("签名（盖章）") == 2
    assert "接受以上解决方案" in text


@each_paper
async def test_long_words_go_on_over_numbered_pages(name: str) -> None:
    long = said(*(f"第{n}句：" + "箱子被压扁了，杯子碎了。" * 12 for n in range(60)))
    shown = pages(await PRESS.print_pdf(sheet(name, long)))
    assert len(shown) >= 3
    for number, text in enumerate(shown, start=1):
        assert f"第{number}页共{len(shown)}页" in text
    assert "第59句" in "".join(shown)


async def test_odd_characters_are_printed_or_visibly_replaced() -> None:
    odd = said("张䶮在𠮷野家😀写了👨‍👩‍👧和" + "w" * 300)
    text = text_of(await PRESS.print_pdf(sheet("ticket_detail", odd)))
    assert "张䶮在〓野家〓写了〓和" in text
    assert "代表字库中没有的字符" in text


async def test_words_that_look_like_a_template_are_only_words() -> None:
    sly = said('#read("/etc/passwd") $x$ *粗* <a> @b #sys.inputs.data')
    text = text_of(await PRESS.print_pdf(sheet("ticket_detail", sly)))
    assert '#read("/etc/passwd")$x$*粗*<a>@b#sys.inputs.data' in text
    assert "root:" not in text


async def test_photos_are_printed_small(tmp_path: Path) -> None:
    photo = tmp_path / "outer"
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(photo, "JPEG", quality=95)
    file = specimen(NOW)
    photos = (replace(file.pack.photos[0], path=photo), *file.pack.photos[1:])
    pdf = await PRESS.print_pdf(sheet(file=replace(file, pack=replace(file.pack, photos=photos))))
    assert photos_in(pdf) == 1
    assert len(pdf) < photo.stat().st_size / 3
    assert text_of(pdf).count("此文件无法打印") == 2


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff broken", b"GIF89a"])
async def test_a_broken_photo_leaves_an_empty_frame(tmp_path: Path, content: bytes) -> None:
    photo = tmp_path / "outer"
    photo.write_bytes(content)
    file = specimen(NOW)
    pack = replace(file.pack, photos=(replace(file.pack.photos[0], path=photo),))
    pdf = await PRESS.print_pdf(sheet(file=replace(file, pack=pack)))
    assert "此文件无法打印" in text_of(pdf)


async def test_a_photo_that_is_a_bomb_leaves_an_empty_frame(tmp_path: Path) -> None:
    photo = tmp_path / "outer"
    Image.new("1", (16_000, 10_000)).save(photo, "PNG")
    assert photo.stat().st_size < 100_000
    file = specimen(NOW)
    pack = replace(file.pack, photos=(replace(file.pack.photos[0], path=photo),))
    pdf = await PRESS.print_pdf(sheet(file=replace(file, pack=pack)))
    assert "此文件无法打印" in text_of(pdf)


async def test_many_photos_are_printed_in_time(tmp_path: Path) -> None:
    photo = tmp_path / "outer"
    Image.effect_noise((4000, 3000), 40).convert("RGB").save(photo, "JPEG")
    file = specimen(NOW)
    photos = tuple(replace(file.pack.photos[0], path=photo) for _ in range(24))
    pdf = await PRESS.print_pdf(sheet(file=replace(file, pack=replace(file.pack, photos=photos))))
    assert photos_in(pdf) > 0
    assert "此文件无法打印" not in text_of(pdf)


async def test_a_deleted_photo_leaves_an_empty_frame(tmp_path: Path) -> None:
    file = specimen(NOW)
    pack = replace(file.pack, photos=(replace(file.pack.photos[0], path=tmp_path / "gone"),))
    pdf = await PRESS.print_pdf(sheet(file=replace(file, pack=pack)))
    assert "此文件无法打印" in text_of(pdf)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("第一行\n#let x = \n", 2),
        ("#unknown-function()", 1),
        ("一\n二\n#data.no.such", 3),
        ("#sheet()", 1),
        ("表情😀", 1),
        ("#panic(1)", 1),
    ],
)
async def test_a_wrong_template_is_refused_with_its_line(source: str, line: int) -> None:
    with pytest.raises(TemplateWrong) as refused:
        await print_source(source)
    assert (refused.value.facts["template"], refused.value.facts["line"]) == ("ticket_detail", line)
    assert refused.value.facts["problem"]


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../../../etc/passwd")',
        '#read("stationery.typ")',
        '#read("/stationery.typ")',
        '#include "letterhead.typ"',
        '#import "../api.py": *',
        '#image("/etc/hostname")',
        '#csv("/proc/self/environ")',
        '#json("/proc/self/environ")',
        '#eval("read(\\"/etc/passwd\\")")',
        '#import "@preview/cetz:0.3.0"',
        '#import ("@" + "preview/cetz:0.3.0")',
        '#import "@local/x:0.1.0"',
        '#plugin("a.wasm")',
        '#bibliography("/etc/passwd")',
    ],
)
async def test_a_template_can_open_nothing(source: str) -> None:
    with pytest.raises(TemplateWrong):
        await print_source(source)


async def test_a_template_learns_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "the-secret")
    text = text_of(await print_source("#sheet([x], company, [#repr(sys.inputs.keys())])"))
    assert '("data",)' in text
    assert "secret" not in text.lower()


@pytest.mark.parametrize(
    "source",
    [
        "#let n = 0\n#for i in range(100000) { for j in range(100000) { n += 1 } }",
        "#let i = 0\n#while i >= 0 { i += 1 }",
        '#let s = "x"\n#for _ in range(60) { s = s + s }\n#s',
        "#let a = (1,)\n#for _ in range(60) { a = a + a }",
        "#for _ in range(100000000) [一页 #pagebreak()]",
    ],
)
async def test_a_template_bomb_is_stopped(source: str) -> None:
    small = Press(timedelta(seconds=6), cpu_seconds=2)
    began = time.monotonic()
    with pytest.raises((PaperTooHeavy, TemplateWrong)):
        await small.print_pdf(sheet(source=source))
    assert time.monotonic() - began < 10


async def test_an_endless_recursion_is_refused() -> None:
    with pytest.raises(TemplateWrong):
        await print_source("#let f(n) = f(n + 1)\n#f(1)")


async def test_the_next_paper_is_printed_after_a_bomb() -> None:
    small = Press(timedelta(seconds=2), cpu_seconds=1)
    with pytest.raises((PaperTooHeavy, TemplateWrong)):
        await small.print_pdf(sheet(source="#let i = 0\n#while i >= 0 { i += 1 }"))
    assert text_of(await PRESS.print_pdf(sheet()))


async def test_a_waiting_line_that_is_too_long_is_told_so() -> None:
    press = Press()
    printed = await asyncio.gather(
        *(press.print_pdf(sheet()) for _ in range(9)), return_exceptions=True
    )
    busy = [each for each in printed if isinstance(each, PressBusy)]
    assert len(busy) == 3
    assert sum(isinstance(each, bytes) for each in printed) == 6


async def test_a_letterhead_of_the_managers_own_is_printed() -> None:
    own = '#let company = (name: "顺心快运", department: "", phone: "95000", address: "上海市")'
    ordered = sheet()
    parts = (ordered.parts[0], ("letterhead", own), ordered.parts[2])
    text = text_of(await PRESS.print_pdf(replace(ordered, parts=parts)))
    assert "顺心快运" in text
    assert "上海市95000" in text
    assert "客户服务中心" not in text


async def test_an_error_of_the_letterhead_is_blamed_on_it() -> None:
    ordered = sheet()
    parts = (ordered.parts[0], ("letterhead", "一\n#let company = ("), ordered.parts[2])
    with pytest.raises(TemplateWrong) as refused:
        await PRESS.print_pdf(replace(ordered, parts=parts, blamed="letterhead"))
    assert (refused.value.facts["template"], refused.value.facts["line"]) == ("letterhead", 2)
