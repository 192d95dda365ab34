"""What crosses the wire about processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.kernel.texts import clean
from ticketing.workflow.definitions import shipped
from ticketing.workflow.keeping import Received
from ticketing.workflow.models import ProcessVersion
from ticketing.workflow.process import ROLES, Process, Step, Timer

Version = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""The first 16 hexadecimal digits of the SHA-256 of what the file says."""
Note = Annotated[str, Field(max_length=200), AfterValidator(clean)]


class ReplacesIn(BaseModel):
    """The version the caller takes to be in force."""

    replaces: Version


class StepOut(BaseModel):
    """A step: who does it, with which form, how long they have, what the customer hears."""

    step: str
    label: str
    role: str
    role_label: str
    queue: str | None
    skill: str | None
    form: str | None
    allowed_seconds: int | None
    waits_for: str | None
    state_on_enter: str | None
    state_after: str | None
    on_enter: str
    on_done: str

    @classmethod
    def of(cls, step: Step) -> Self:
        """Return a step as it crosses the wire."""
        return cls(
            step=step.name,
            label=step.label,
            role=step.role,
            role_label=ROLES.get(step.role, step.role),
            queue=step.queue,
            skill=step.skill,
            form=step.form,
            allowed_seconds=int(step.allowed.total_seconds()) if step.allowed else None,
            waits_for=step.waits_for,
            state_on_enter=step.state_on_enter,
            state_after=step.state_after,
            on_enter=step.on_enter,
            on_done=step.on_done,
        )


class TimerOut(BaseModel):
    """A timer at a step."""

    timer: str
    step: str
    label: str
    after_seconds: int
    interrupting: bool
    on_fire: str

    @classmethod
    def of(cls, timer: Timer) -> Self:
        """Return a timer as it crosses the wire."""
        return cls(
            timer=timer.name,
            step=timer.step,
            label=timer.label,
            after_seconds=int(timer.after.total_seconds()),
            interrupting=timer.interrupting,
            on_fire=timer.on_fire,
        )


class ProcessOut(BaseModel):
    """A process in force; `is_shipped` when it came with the product."""

    process_id: str
    name: str
    about: str
    version: str
    is_shipped: bool
    kinds: list[str]

    @classmethod
    def of(cls, process: Process) -> Self:
        """Return a process as it crosses the wire."""
        library = shipped()
        return cls(
            process_id=process.id,
            name=process.name,
            about=process.about,
            version=process.version,
            is_shipped=library.find(process.id, process.version) is not None,
            kinds=sorted(kind for kind, used in library.kinds.items() if used == process.id),
        )


class VersionOut(BaseModel):
    """Who uploaded a version and who put it in force; `replaced` was in force before it."""

    process_id: str
    version: str
    note: str
    uploaded_by: str
    uploaded_at: datetime
    active: bool
    activated_by: str | None
    activated_at: datetime | None
    replaced: str | None

    @classmethod
    def of(cls, row: ProcessVersion) -> Self:
        """Return an uploaded version as it crosses the wire."""
        return cls.model_validate(row, from_attributes=True)


class VersionPageOut(BaseModel):
    """A page of uploaded versions, newest first."""

    versions: list[VersionOut]
    next_cursor: str | None


class ProcessDetailOut(ProcessOut):
    """A process whole: its steps in flow order, its timers, and who uploaded it."""

    steps: list[StepOut]
    timers: list[TimerOut]
    uploaded: VersionOut | None

    @classmethod
    def whole(cls, process: Process, row: ProcessVersion | None) -> Self:
        """Return everything known of one version of a process."""
        return cls(
            **ProcessOut.of(process).model_dump(),
            steps=_each(StepOut.of, process.steps),
            timers=_each(TimerOut.of, process.timers),
            uploaded=VersionOut.of(row) if row else None,
        )


class ReceivedOut(BaseModel):
    """A version taken in; it is not in force until it is activated."""

    process_id: str
    version: str
    added: bool

    @classmethod
    def of(cls, received: Received) -> Self:
        """Return what became of an upload."""
        process = received.process
        return cls(process_id=process.id, version=process.version, added=received.added)


class ExaminedOut(BaseModel):
    """What is against a file, in words for whoever drew it; nothing when it may be kept."""

    problems: list[str]


def _each[Item, Out](make: Callable[[Item], Out], items: Iterable[Item]) -> list[Out]:
    return [make(item) for item in items]
