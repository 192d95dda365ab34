"""docker-compose.yml runs the processes of `make run`, with the settings they read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house import environment
from tests.house.sources import text_of
from ticketing.run.plan import ROOT, Plan, Ports, Secrets

VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)(:[-?])?([^}]*)\}")
ROUTE = re.compile(
    r"^:(\d+) \{\n(?:  encode gzip\n)?  reverse_proxy \{\n    import replicas (\w+) (\d+)", re.M
)
OURS = ("api", "worker", "bot", "actions", "sandbox")
ONE_SHOT = frozenset({"migrate"})
READS = {
    "api": environment.ticketing,
    "worker": environment.ticketing,
    "bot": environment.bot,
    "actions": environment.actions,
    "sandbox": environment.sandbox,
}
SECRETS = re.compile(r"(?i)password|secret|token|_key$|customer|ebusiness")
# The image's own folders and the fixed port inside it are right as they are; no demo is served.
OF_THE_IMAGE = frozenset({"DEMO", "DATA_DIR", "PORT", "CONSOLE_DIST"})
# A library reads it, not our code: numpy's threads.
FOR_LIBRARIES = frozenset({"FORWARDED_ALLOW_IPS", "OMP_NUM_THREADS"})

Services = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file as it stands, variables unexpanded."""
    loaded: dict[str, Any] = yaml.safe_load(text_of(ROOT / "docker-compose.yml"))
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> Services:
    """Its services by name."""
    found: Services = compose["services"]
    return found


@pytest.fixture(scope="module")
def plan() -> Plan:
    """What `make run` starts."""
    return Plan(Path("var"), Ports(), Secrets("s", "b", "a"), "postgresql://", Path("m"))


@pytest.fixture(scope="module")
def variables() -> dict[str, set[tuple[str, str]]]:
    """Every variable of the file with the ways it is expanded: (operator, default or message)."""
    found: dict[str, set[tuple[str, str]]] = {}
    for name, operator, rest in VARIABLE.findall(text_of(ROOT / "docker-compose.yml")):
        found.setdefault(name, set()).add((operator, rest))
    return found


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_the_program_make_run_starts(
    services: Services, plan: Plan, name: str
) -> None:
    here = ["0.0.0.0" if part == "127.0.0.1" else part for part in plan.commands()[name][1:]]
    assert services[name]["command"] == ["python", *here]


def test_there_is_a_service_for_every_process_of_make_run(services: Services, plan: Plan) -> None:
    assert set(plan.commands()) == set(OURS)
    assert set(OURS) <= set(services)


@pytest.mark.parametrize("name", OURS)
def test_a_service_gets_no_setting_its_program_does_not_read(services: Services, name: str) -> None:
    given = set(services[name]["environment"])
    assert given - set(READS[name]()) - FOR_LIBRARIES == set()


@pytest.mark.parametrize("name", ["api", "worker", "bot", "actions"])
def test_a_service_gets_every_setting_make_run_gives_its_program(
    services: Services, plan: Plan, name: str
) -> None:
    wanted = set(READS[name]()) & set(plan.environment()) - OF_THE_IMAGE
    assert wanted - set(services[name]["environment"]) == set()


@pytest.mark.parametrize("name", ["api", "worker"])
def test_every_setting_of_ticketing_can_be_set_from_outside(services: Services, name: str) -> None:
    given = set(services[name]["environment"]) - FOR_LIBRARIES
    assert set(environment.ticketing()) - OF_THE_IMAGE == given


def test_no_service_is_a_demo(services: Services) -> None:
    assert [name for name, it in services.items() if "DEMO" in (it.get("environment") or {})] == []


def test_a_process_listens_where_other_containers_reach_it(services: Services) -> None:
    for name in ("bot", "actions", "sandbox"):
        assert services[name]["environment"][f"{name.upper()}_HOST"] == "0.0.0.0"


def test_a_default_in_the_file_is_the_default_of_the_code(
    variables: dict[str, set[tuple[str, str]]],
) -> None:
    code = environment.ticketing() | {"SANDBOX_SEED": environment.sandbox()["SANDBOX_SEED"]}
    here = {
        name: rest
        for name, ways in variables.items()
        for operator, rest in ways
        if operator == ":-" and name in code
    }
    assert here == {name: code[name] for name in here}
    assert "KDNIAO_URL" in here


def test_no_secret_stands_in_the_file(services: Services) -> None:
    for service, it in services.items():
        for name, value in (it.get("environment") or {}).items():
            told = VARIABLE.sub("", str(value))
            assert not (SECRETS.search(name) and told), f"{service}: {name}"
            assert not re.search(r"://[^/]*:[^@/]+@", told), f"{service}: {name}"


def test_our_own_secrets_have_no_default(variables: dict[str, set[tuple[str, str]]]) -> None:
    ours = ("SECRET_KEY", "BOT_TOKEN", "ACTIONS_TOKEN", "POSTGRES_PASSWORD", "REDIS_PASSWORD")
    for name in ours:
        assert {operator for operator, _ in variables[name]} == {":?"}, name


def test_the_example_names_every_variable_and_gives_no_secret(
    variables: dict[str, set[tuple[str, str]]],
) -> None:
    lines = re.findall(
        r"^(#?)([A-Z][A-Z0-9_]*)=(.*)$", text_of(ROOT / ".env.example"), re.MULTILINE
    )
    assert sorted(name for _, name, _ in lines) == sorted(variables)
    assert [name for mark, name, value in lines if not mark and value] == []
    assert [name for mark, name, _ in lines if mark and SECRETS.search(name)] == []


def test_the_handbook_describes_the_variables_only_the_file_reads(
    variables: dict[str, set[tuple[str, str]]],
) -> None:
    handbook = text_of(ROOT / "docs" / "operations.md")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \| [^|]+ \|$", handbook, re.MULTILINE))
    defaults = {
        name: "–" if operator == ":?" else f"`{rest}`"
        for name in set(variables) - set(environment.everything())
        for operator, rest in variables[name]
    }
    assert rows == defaults


def test_every_service_has_a_health_check_or_ends_by_itself(services: Services) -> None:
    without = {name for name, it in services.items() if not it.get("healthcheck", {}).get("test")}
    assert without == ONE_SHOT
    assert all(services[name]["restart"] == "no" for name in ONE_SHOT)


def test_every_lasting_service_is_given_time_to_stop(services: Services) -> None:
    hurried = {name for name, it in services.items() if "stop_grace_period" not in it}
    assert hurried == ONE_SHOT


def test_only_the_proxy_is_published(services: Services) -> None:
    assert [name for name, it in services.items() if it.get("ports")] == ["proxy"]
    assert [port["target"] for port in services["proxy"]["ports"]] == [8080]
    assert not any(it.get("network_mode") for it in services.values())


def test_what_needs_no_way_out_has_none(compose: dict[str, Any], services: Services) -> None:
    assert compose["networks"]["inside"] == {"internal": True}
    for name in ("bot", "actions", "postgres", "redis", "migrate", "sandbox"):
        assert services[name]["networks"] == ["inside"], name


def test_the_proxy_leads_to_every_port_our_processes_call(
    compose: dict[str, Any], services: Services
) -> None:
    routes = compose["configs"]["caddyfile"]["content"]
    leads = ROUTE.findall(routes)
    assert leads == [("8080", "api", "8000"), ("5005", "bot", "5005"), ("5055", "actions", "5055")]
    called = {
        value
        for name in OURS
        for value in services[name]["environment"].values()
        if str(value).startswith("http://proxy")
    }
    ports = {re.findall(r":(\d+)", value)[0] for value in called}
    assert ports == {port for port, _, _ in leads}


def test_the_connections_of_all_replicas_fit_into_the_database(
    variables: dict[str, set[tuple[str, str]]],
) -> None:
    number = {
        name: int(rest) for name, ways in variables.items() for _, rest in ways if rest.isdigit()
    }
    wanted = (
        number["API_REPLICAS"] * 31 + number["WORKER_REPLICAS"] * 34 + number["BOT_REPLICAS"] * 8
    )
    assert wanted * 1.5 < number["POSTGRES_MAX_CONNECTIONS"]
