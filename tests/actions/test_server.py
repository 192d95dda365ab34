"""rasa-sdk 3.21 answers a request as Rasa 3.6.21 sends it (recorded from a live one)."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

HERE = Path(__file__).parent
TOP = HERE.parents[1]
READY_WITHIN_SECONDS = 60


@pytest.fixture
def request_of_rasa() -> dict[str, Any]:
    """What Rasa 3.6.21 sent for the first message of a conversation; its domain is shortened."""
    text = (HERE / "rasa_3_6_21_request.json").read_text(encoding="utf-8")
    recorded: dict[str, Any] = json.loads(text)
    return recorded


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The action server as a process of its own, with a ticketing that is not there."""
    port = free_port()
    env = {
        **os.environ,
        "ACTIONS_PORT": str(port),
        "BACKEND_URL": "http://127.0.0.1:1",
        "PYTHONPATH": str(TOP),
    }
    command = [sys.executable, str(HERE / "rejecting_server.py")]
    child = subprocess.Popen(command, cwd=TOP, env=env, stderr=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not _healthy(url):
        assert child.poll() is None, "the action server did not start"
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield url
    child.terminate()
    log = child.communicate(timeout=30)[1]
    assert "13800138000" not in log
    assert "might not be compatible" not in log


def _healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").status_code == 200
    except httpx.HTTPError:
        return False


def call(server: str, body: dict[str, Any], **changes: Any) -> httpx.Response:
    """Rasa's call of an action."""
    return httpx.post(f"{server}/webhook", json={**body, **changes}, timeout=10)


def test_an_action_answers_with_events_and_responses(
    server: str, request_of_rasa: dict[str, Any]
) -> None:
    response = call(server, request_of_rasa, next_action="action_ask_kind")
    assert response.status_code == 200
    body = response.json()
    assert body["responses"][0]["response"] == "say_ask_kind"
    slot = {"event": "slot", "timestamp": None, "name": "waybill_no", "value": "SF1234567890123"}
    assert body["events"] == [slot]


@pytest.mark.parametrize("domain", [{"version": "3.1"}, {"intents": ["greet"], "slots": {}}])
def test_a_short_domain_is_enough(
    server: str, request_of_rasa: dict[str, Any], domain: dict[str, Any]
) -> None:
    response = call(server, request_of_rasa, next_action="action_ask_kind", domain=domain)
    assert response.status_code == 200


def test_a_request_without_a_domain_is_refused(
    server: str, request_of_rasa: dict[str, Any]
) -> None:
    request_of_rasa.pop("domain")
    assert call(server, request_of_rasa, next_action="action_ask_kind").status_code == 449


def test_an_unknown_action_is_404_with_its_name(
    server: str, request_of_rasa: dict[str, Any]
) -> None:
    response = call(server, request_of_rasa, next_action="action_unheard_of")
    assert response.status_code == 404
    assert response.json()["action_name"] == "action_unheard_of"


def test_a_rejection_is_400_with_its_name(server: str, request_of_rasa: dict[str, Any]) -> None:
    response = call(server, request_of_rasa, next_action="action_that_rejects")
    assert response.status_code == 400
    assert response.json()["action_name"] == "action_that_rejects"


def test_an_error_says_its_kind_and_nothing_of_the_request(
    server: str, request_of_rasa: dict[str, Any]
) -> None:
    request_of_rasa["tracker"]["latest_message"]["text"] = "我的手机13800138000"
    response = call(server, request_of_rasa, next_action="action_hand_off")
    assert response.status_code == 500
    assert response.json() == {"error": "BackendUnreachable"}


def test_the_recording_is_of_the_version_we_run(request_of_rasa: dict[str, Any]) -> None:
    assert request_of_rasa["version"] == "3.6.21"
    assert request_of_rasa["next_action"] == "validate_track_form"
    assert request_of_rasa["tracker"]["active_loop"]["name"] == "track_form"


def test_every_action_is_listed(server: str) -> None:
    names = {each["name"] for each in httpx.get(f"{server}/actions").json()}
    assert {"validate_track_form", "validate_report_form", "action_hand_off"} <= names
