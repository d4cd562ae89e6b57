"""What becomes of the linked cases when one ends: they go on, their people are asked, or the clock closes them.

Nobody is ever put out of where they live so: there, people are asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.beyond import LinkKind
from ..domain.case import Event
from ..domain.errors import ActionRefused, Reason
from ..persistence import cases as case_rows
from ..persistence import links as rows
from .acting import Command, act, decided, open_task
from .casefile import CaseFile, Line, append, save
from .circle import link_actor, of_linked, reached, through
from .task_dates import open_tasks, task_change


@dataclass(frozen=True, slots=True)
class Ending:
    """What the end of a case does to one linked to it: closed by an act, or asked, and why it is not closed."""

    link: str
    number: int
    how: str
    command: Command | None = None
    because: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """Tell it in the line of the act that ends the case."""
        told: dict[str, Any] = {"link": self.link, "case": self.number, "how": self.how}
        return {**told, "because": list(self.because)} if self.because else told


def endings(file: CaseFile, command: Command) -> list[Ending]:
    """Say what the end of a case, whose state is the last one already, does to those linked to it."""
    found: list[Ending] = []
    for row in rows.links_from(file.connection, file.case.id):
        kind = file.workflow.links.get(row.name)
        if kind is None or kind.ends == "continue":
            continue
        other = reached(file, row.linked_id, command.at)
        if not other.workflow.states[other.case.state].terminal:
            found.append(_ending(other, row.name, kind, command))
    return found


def _ending(other: CaseFile, link: str, kind: LinkKind, command: Command) -> Ending:
    number = other.case.id
    if kind.ends == "ask" or kind.closed_by is None:
        return Ending(link, number, "asked")
    if other.case.state in other.workflow.houses:
        return Ending(link, number, "asked", because=("houses",))
    day = max(command.effective_on, other.case.state_since)
    closing = replace(command, action=kind.closed_by, facts={}, actor=link_actor(link), effective_on=day)
    try:
        decided(other, closing)
    except ActionRefused as refusal:
        return Ending(link, number, "asked", because=tuple(reason.code for reason in refusal.reasons))
    return Ending(link, number, "closed", closing)


def carry_out(file: CaseFile, event: Event, found: Sequence[Ending], at: datetime) -> None:
    """Do what the line of the end has told, in the cases linked to it."""
    for ending in found:
        other = reached(file, ending.number, at)
        if ending.command is not None:
            try:
                act(other, ending.command)
            except ActionRefused as refusal:
                raise ActionRefused(
                    event.action or "", of_linked(other.workflow.title, refusal.reasons)
                ) from refusal
        else:
            _ask(file, other, ending, event)
        save(other)


def _ask(file: CaseFile, other: CaseFile, ending: Ending, event: Event) -> None:
    """Open the task that asks what becomes of a case whose linked one has ended."""
    kind = file.workflow.links[ending.link]
    body: dict[str, Any] = {
        "change": "asked", "link": ending.link, "label": kind.label, "case": file.case.id, "side": "from",
    }  # fmt: skip
    if ending.because:
        body["because"] = list(ending.because)
    if kind.task in other.workflow.tasks:
        body["task"] = kind.task
        due_on = open_task(other, kind.task, event.effective_on, other.case.seq + 1)
        body["due_on"] = due_on.isoformat()
    actor = through(event.actor, ending.link)
    append(other, Line("link", event.at, event.effective_on, actor, body=body))
    other.case = replace(other.case, revision=other.case.revision + 1)


def goes_on(file: CaseFile, event: Event, at: datetime) -> None:
    """An act is annulled: its links are ended, what it asked of linked cases is void; what it closed stays so."""
    for row in rows.links_of_line(file.connection, file.case.id, event.body["act"]):
        if row.ended_on is None:
            rows.end_link(file.connection, row.id, event.effective_on)
    for one in _line(file, event.body["act"]).get("ended", ()):
        kind = file.workflow.links.get(one["link"])
        if kind is None or one["how"] != "asked":
            continue
        other = reached(file, one["case"], at)
        seq = other.case.seq + 1
        asked = next(
            (line for line in reversed(other.events)
             if line.kind == "link" and line.body.get("change") == "asked" and line.body["case"] == file.case.id),
            None,
        )  # fmt: skip
        body: dict[str, Any] = {
            "change": "resumed", "link": one["link"], "label": kind.label, "case": file.case.id, "side": "from",
        }  # fmt: skip
        void = _void(other, asked, seq) if asked is not None else []
        if void:
            body["changes"] = void
        append(other, Line("link", at, other.civil_day(at), event.actor, body=body))
        other.case = replace(other.case, revision=other.case.revision + 1)
        save(other)


def _void(other: CaseFile, asked: Event, seq: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for task in open_tasks(other):
        if task.opened_seq == asked.seq:
            case_rows.change_task(other.connection, task.id, {"status": "void", "closed_seq": seq})
            found.append(task_change("void", task.name, task.due_on))
    return found


# -- what an annulment must know of them


def opened_by(file: CaseFile, seq: int) -> list[Reason]:
    """Refuse to annul an act that opened a case as long as that one goes on: it is closed there first."""
    going = []
    for row in rows.links_of_line(file.connection, file.case.id, seq):
        other = case_rows.read_case(file.connection, row.linked_id) if _opened(file, seq, row) else None
        if other is not None:
            workflow = file.known_workflow(other.workflow, other.version)
            if not workflow.states[other.state].terminal:
                going.append((f"D-{other.id:04d}", workflow.title))
    if not going:
        return []
    data = {"act": seq, "cases": [number for number, _ in going], "labels": [title for _, title in going]}
    return [Reason("annul_linked", data)]


def _opened(file: CaseFile, seq: int, row: Any) -> bool:
    return row.ended_on is None and any(
        one["case"] == row.linked_id for one in _line(file, seq).get("opened", ())
    )


def closed_by(file: CaseFile, seq: int) -> list[dict[str, Any]]:
    """Name the linked cases that an act closed: they stay so when it is annulled."""
    ended = _line(file, seq).get("ended", ())
    return [{"link": one["link"], "case": one["case"]} for one in ended if one["how"] == "closed"]


def _line(file: CaseFile, seq: int) -> Mapping[str, Any]:
    return next(event.body for event in file.events if event.seq == seq)
