"""The images are made of files that exist, by nobody special, and of nothing private."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from tests.house.sources import name_of, project_files, text_of
from ticketing import app
from ticketing.kernel.settings import Settings
from ticketing.run.console import CONSOLE, PRODUCTS
from ticketing.run.model import INPUTS
from ticketing.run.plan import ROOT, bot_python

DOCKERFILES = (ROOT / "Dockerfile", ROOT / "bot" / "Dockerfile")
each_file = pytest.mark.parametrize("file", DOCKERFILES, ids=name_of)


def copied(file: Path) -> list[str]:
    """What the image takes from this folder."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", text_of(file), re.MULTILINE)
    return [part for line in lines for part in line.split()[:-1]]


def stage(file: Path, name: str) -> str:
    """The part of a Dockerfile that is built under this name."""
    parts = re.split(r"^FROM ", text_of(file), flags=re.MULTILINE)
    return next(part for part in parts if part.splitlines()[0].endswith(f" AS {name}"))


def final_stage(file: Path) -> str:
    """The part of a Dockerfile the image is left with."""
    return re.split(r"^FROM ", text_of(file), flags=re.MULTILINE)[-1]


@each_file
def test_every_file_an_image_copies_exists(file: Path) -> None:
    missing = [name for name in copied(file) if not (ROOT / name).exists()]
    assert missing == []


@each_file
def test_an_image_copies_its_folders_one_by_one(file: Path) -> None:
    assert {".", "./", "*"} & set(copied(file)) == set()


@each_file
def test_an_image_runs_as_nobody_special(file: Path) -> None:
    users = re.findall(r"^USER (\S+)$", final_stage(file), re.MULTILINE)
    assert users == ["yiwen"]
    assert "useradd --system --uid 10001" in final_stage(file)


@each_file
def test_an_image_installs_exactly_what_is_locked(file: Path) -> None:
    assert re.findall(r"uv sync --frozen --no-dev", text_of(file)) != []
    assert re.findall(r"pip install (?!--no-cache-dir uv==)", text_of(file)) == []


@each_file
def test_an_image_starts_a_program_by_default(file: Path) -> None:
    command = re.findall(r"^CMD (.+)$", final_stage(file), re.MULTILINE)
    assert json.loads(command[0])[:2] == ["python", "-m"]


@each_file
def test_the_program_an_image_starts_exists(file: Path) -> None:
    command = json.loads(re.findall(r"^CMD (.+)$", final_stage(file), re.MULTILINE)[0])
    assert importlib.util.find_spec(command[2]) is not None
    for module, name in (part.split(":") for part in command if ":" in part):
        assert callable(getattr(importlib.import_module(module), name))


def test_the_pages_are_built_where_the_image_serves_them_from() -> None:
    file = ROOT / "Dockerfile"
    built = stage(file, "console")
    assert "WORKDIR /app/console\n" in built
    assert "\nRUN npm run build\n" in built
    assert "WORKDIR /app\n" in final_stage(file)
    assert "COPY --from=console /app/console/dist console/dist\n" in final_stage(file)
    assert Settings.model_fields["console_dist"].default == Path("console/dist")


def test_the_build_makes_every_page_that_is_served() -> None:
    script = json.loads(text_of(CONSOLE / "package.json"))["scripts"]["build"]
    modes = re.findall(r"vite build --mode (\w+)", script)
    assert sorted(modes) == sorted(product.split("/")[0] for product in PRODUCTS)
    assert all(f"  {mode}: [" in text_of(CONSOLE / "vite.config.ts") for mode in modes)


def test_the_build_needs_no_file_that_is_made_on_this_machine() -> None:
    """The API's types are made from the running code: a bundler drops them, an image has none."""
    sources = [*(CONSOLE / "src").rglob("*.ts"), *(CONSOLE / "src").rglob("*.vue")]
    imports = [
        line for file in sources for line in text_of(file).splitlines() if "/generated" in line
    ]
    assert imports != []
    assert [line for line in imports if not line.startswith("import type ")] == []


async def test_what_is_built_is_what_is_served(tmp_path: Path) -> None:
    for product in PRODUCTS:
        (tmp_path / product).parent.joinpath("assets").mkdir(parents=True)
        (tmp_path / product).write_text(f"/* {product} */", "utf-8")
    api = FastAPI()
    app.serve_pages(api, tmp_path)
    assert "/chat" in {getattr(route, "path", "") for route in api.routes}
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as browser:
        said = {path: (await browser.get(path)).text for path in ("/widget.js", "/console/desk/7")}
    assert said == {
        "/widget.js": "/* widget/widget.js */",
        "/console/desk/7": "/* console/index.html */",
    }


async def test_what_pages_load_comes_compressed(tmp_path: Path) -> None:
    asset = tmp_path / "console" / "assets" / "desk.js"
    asset.parent.mkdir(parents=True)
    asset.write_text("// desk\n" * 1000, "utf-8")
    api = FastAPI()
    app.serve_pages(api, tmp_path)
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as browser:
        answer = await browser.get("/console/assets/desk.js")
        plain = {"Accept-Encoding": "identity"}
        whole = await browser.get("/console/assets/desk.js", headers=plain)
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in whole.headers
    assert answer.text == whole.text == asset.read_text("utf-8")


def test_the_bots_image_has_everything_the_model_is_made_from() -> None:
    taken = copied(ROOT / "bot" / "Dockerfile")
    absent = [name for name in INPUTS if not any(name.startswith(part) for part in taken)]
    assert absent == []
    assert bot_python() == ROOT / "bot" / ".venv" / "bin" / "python"


def test_the_backends_image_has_every_room_its_processes_import() -> None:
    rooms = {"actions", "carriers", "channels", "sandbox", "ticketing"}
    assert rooms <= set(copied(ROOT / "Dockerfile"))
    assert "bot" not in copied(ROOT / "Dockerfile")


def test_no_data_no_secret_and_no_environment_is_sent_to_the_builder() -> None:
    ignored = text_of(ROOT / ".dockerignore").splitlines()
    wanted = {"var/", "**/.venv", "**/node_modules", "**/dist", ".git", ".env", "tests/"}
    assert wanted <= set(ignored)


def test_nothing_an_image_copies_is_kept_from_the_builder() -> None:
    ignored = [line.rstrip("/") for line in text_of(ROOT / ".dockerignore").splitlines()]
    for file in DOCKERFILES:
        assert {name.split("/")[0] for name in copied(file)} & set(ignored) == set()


def test_the_secrets_file_is_not_in_the_project() -> None:
    assert [path.name for path in project_files() if path.name == ".env"] == []
