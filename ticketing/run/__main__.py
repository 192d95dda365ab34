"""`make run`: bring the whole house up, print where it is, stop it with Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ticketing.run import console, demo, demo_days, model, postgres, secrets
from ticketing.run.plan import LOOPBACK, ROOT, Plan, Ports
from ticketing.run.system import NotReadyInTime, System

START_SECONDS = 180.0
WATCH_SECONDS = 0.5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to end."""


class PortTaken(Exception):
    """Somebody else listens where a part of the house is to listen."""

    def __init__(self, name: str, port: int) -> None:
        variable = "PORT" if name == "api" else f"{name.upper()}_PORT"
        super().__init__(f"端口 {port} 已被占用；请先停掉占用它的程序，或用 {variable}=… 换一个")


def main() -> int:
    """Run until stopped; return the exit status."""
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    server = None
    try:
        ports = Ports.of_environment()
        refuse_taken_ports(ports)
        say("网页", "检查并构建聊天页面……")
        console.build_if_needed()
        say("模型", "检查训练数据，有改动才训练……")
        trained, is_new = model.train_if_needed(data_dir / "models")
        say("模型", "训练完成" if is_new else "没有改动，直接使用")
        database_url = os.environ.get("DATABASE_URL", "")
        if not database_url:
            say("数据库", "启动内置 PostgreSQL……")
            server, database_url = postgres.start_embedded(data_dir)
        postgres.migrate(database_url)
        plan = Plan(data_dir, ports, secrets.load_or_make(data_dir), database_url, trained)
        return run(plan)
    except (Stopped, KeyboardInterrupt):
        return 0
    except (PortTaken, NotReadyInTime, console.ConsoleNotBuilt, model.TrainingFailed) as error:
        say("失败", str(error))
        return 1
    finally:
        if server is not None:
            server.cleanup()


def refuse_taken_ports(ports: Ports) -> None:
    """Raise `PortTaken` before anything is started that could not listen."""
    for name, port in asdict(ports).items():
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                raise PortTaken(name, port)


def run(plan: Plan) -> int:
    """Start the processes, tell how to reach them, keep them running until stopped."""
    system = System(plan)
    began = time.monotonic()
    try:
        say("启动", "sandbox、bot、actions、api、worker……（机器人加载模型约半分钟）")
        system.start()
        system.wait_until_ready(START_SECONDS, meanwhile=lambda: None)
        sign_in = demo.seed(plan)
        if demo_days.seed_days(plan):
            say("演示", "已放入几天的会话和工单")
        say("就绪", f"用时 {time.monotonic() - began:.0f} 秒")
        announce(plan, sign_in)
        watch(system)
    except (Stopped, KeyboardInterrupt):
        say("停止", "正在停止各进程……")
        return 0
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        system.stop()


_LABELS = {
    "": "坐席",
    "lead_": "组长",
    "trainer_": "训练师",
    "manager_": "经理",
    "admin_": "管理员",
}


def announce(plan: Plan, sign_in: Mapping[str, str]) -> None:
    """Print the addresses and how the demo's people sign in, once."""
    people = (
        f"  演示{label}{'　' * (4 - len(label))}{sign_in[f'{who}username']} / "
        f"{sign_in[f'{who}password']}"
        for who, label in _LABELS.items()
    )
    lines = (
        "",
        f"  客户聊天    {plan.api_url}/chat",
        f"  坐席工作台  {plan.api_url}/console/",
        f"  嵌入示例    {plan.sandbox_url}/shop",
        f"  接口文档    {plan.api_url}/docs",
        f"  可查的包裹  {plan.sandbox_url}/shipments",
        f"  发出的通知  {plan.sandbox_url}/arrivals",
        *people,
        f"  日志        {plan.data_dir / 'logs'}",
        "",
        "  按 Ctrl-C 停止",
        "",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def watch(system: System) -> NoReturn:
    """Start again whatever ends by itself, until stopped."""
    while True:
        time.sleep(WATCH_SECONDS)
        for name in system.revive():
            say("重启", f"{name} 意外退出，已重新启动（日志 {system.log(name)}）")


def say(what: str, text: str) -> None:
    """Show progress."""
    sys.stdout.write(f"[{what}] {text}\n")
    sys.stdout.flush()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
