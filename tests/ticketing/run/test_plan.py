"""Which processes run, with what they are told, and whose secrets they use."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ticketing.run import demo, secrets
from ticketing.run.__main__ import PortTaken, refuse_taken_ports
from ticketing.run.plan import Plan, Ports


def plan_of(folder: Path) -> Plan:
    return Plan(folder, Ports(), secrets.load_or_make(folder), "postgresql://x", folder / "m")


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    made = secrets.load_or_make(tmp_path)
    assert secrets.load_or_make(tmp_path) == made
    assert len({made.secret_key, made.bot_token, made.actions_token}) == 3
    assert (tmp_path / secrets.FILE).stat().st_mode & 0o077 == 0


def test_the_demo_signs_in_with_the_same_password_after_a_restart(tmp_path: Path) -> None:
    assert demo.sign_in_of(tmp_path) == demo.sign_in_of(tmp_path)


def test_ports_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("SANDBOX_PORT", "")
    ports = Ports.of_environment()
    assert (ports.api, ports.sandbox) == (9000, 8090)


def test_nothing_listens_beyond_loopback_in_demo_mode(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    command = plan.commands()["api"]
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert plan.environment()["DEMO"] == "true"


def test_a_taken_port_is_named_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"端口 {port} 已被占用.*SANDBOX_PORT"):
            refuse_taken_ports(Ports(api=1, sandbox=port, bot=2, actions=3))
