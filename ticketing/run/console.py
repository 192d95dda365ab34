"""Build the web pages when their sources have changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ticketing.run.freshness import fingerprint, is_fresh
from ticketing.run.plan import ROOT

CONSOLE = ROOT / "console"
INPUTS = ("console/src", "console/chat", "console/console", "console/package-lock.json")
SETTINGS = ("console/vite.config.ts", "console/tsconfig.json")
PRODUCTS = ("chat/index.html", "widget/widget.js", "console/index.html")
API = CONSOLE / "openapi.json"
TYPES = CONSOLE / "src" / "api" / "generated.d.ts"
OLDEST_NODE = 20


class ConsoleNotBuilt(Exception):
    """The web pages could not be built; npm's own words are in the log."""


def build_if_needed() -> bool:
    """Build `console/dist`; return whether it was necessary."""
    describe_the_api()
    products = [CONSOLE / "dist" / name for name in PRODUCTS]
    stamp, wanted = CONSOLE / "dist" / ".inputs", fingerprint(ROOT, (*INPUTS, *SETTINGS))
    if all(is_fresh(product, stamp, wanted) for product in products):
        return False
    install_packages()
    npm("run", "build")
    stamp.write_text(wanted, "utf-8")
    return True


def describe_the_api() -> None:
    """Write down the API's types for the pages, unless what they are made from is unchanged."""
    stamp, wanted = CONSOLE / ".api", fingerprint(ROOT, ("ticketing", "console/package-lock.json"))
    if is_fresh(TYPES, stamp, wanted):
        return
    install_packages()
    # In a process of its own: reading the whole house takes seconds, and most starts need none.
    subprocess.run([sys.executable, "-m", "ticketing.openapi", API], cwd=ROOT, check=True)
    npm("run", "types")
    stamp.write_text(wanted, "utf-8")


def install_packages() -> None:
    """Install what the pages are built with, unless the lock file is installed already."""
    lock, stamp = ROOT / "console" / "package-lock.json", CONSOLE / "node_modules" / ".inputs"
    wanted = fingerprint(ROOT, ["console/package-lock.json"])
    if not is_fresh(lock, stamp, wanted):
        npm("ci", "--no-audit", "--no-fund")
        stamp.write_text(wanted, "utf-8")


def check() -> None:
    """Types, lint and unit tests of the web pages, and a build."""
    install_packages()
    describe_the_api()
    npm("run", "lint")
    npm("test")
    build_if_needed()


def npm(*arguments: str) -> None:
    """Run npm in the console's folder, with the system's Node or the one from a Python wheel."""
    bin_folder = node_folder()
    path = f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}" if bin_folder else None
    environment = {**os.environ, "PATH": path} if path else dict(os.environ)
    program = shutil.which("npm", path=environment.get("PATH"))
    if program is None:
        raise ConsoleNotBuilt("no npm found")
    done = subprocess.run(
        [program, *arguments],
        cwd=CONSOLE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ConsoleNotBuilt((done.stdout + done.stderr)[-2000:])


def node_folder() -> Path | None:
    """Return the folder of the wheel's Node, or nothing when the system's is recent enough."""
    if _system_node_major() >= OLDEST_NODE:
        return None
    folder = Path(sys.prefix) / "bin"
    if not (folder / "npm").exists():
        raise ConsoleNotBuilt("no Node: run `uv sync --group node`")
    return folder


def _system_node_major() -> int:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return 0
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = shown.stdout.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


if __name__ == "__main__":
    check() if sys.argv[1:] == ["check"] else build_if_needed()
    sys.stdout.write("console: checked and built\n")
