"""Stories as data: who did what on which day and what it did to the dates; and how they are played and compared.

A story is a list of steps. An act, a lapse of a rhythm or an act of the clock says every date that it arms, meets,
misses, voids, resumes or moves; `told` reads the same from the history, so that the two lists are compared whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest
from support.house import PARIS, Story

from jalon import ActionRefused, Engine, Event
from jalon.interfaces.words import reason_words

Dates = Mapping[str, str | list[str]]
CHANGES = ("armed", "met", "missed", "void", "resumed", "moved")


@dataclass(frozen=True)
class Step:
    """What happens on a day: an act of someone (`by`), of the clock, a refusal, documents that come."""

    day: str
    kind: str
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    changes: Mapping[str, Dates] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    workflow: str = ""

    def play(self, story: Story) -> None:
        if self.kind == "act" and story.case is None:
            story.open(self.day, self.facts, by=self.by)
        elif self.kind == "act":
            story.do(self.day, self.name, self.facts, by=self.by)
        elif self.kind == "beside":
            story.to(self.day)
            [other] = story.engine.cases.find(workflow=self.workflow)
            story.engine.cases.perform(other.id, self.name, self.facts, by=self.by)
        elif self.kind == "documents":
            story.to(self.day)
            story.documents(*self.name.split(), by=self.by)
        elif self.kind == "refusal":
            assert refusal(story, self.day, self.name, self.facts, by=self.by) == list(self.reasons)

    def line(self) -> tuple[str, str, dict[str, Any]] | None:
        """The line that the history should tell, if it tells one."""
        if self.kind in ("documents", "refusal", "beside"):
            return None
        return self.day, self.name, {word: dict(dates) for word, dates in self.changes.items() if dates}


def act(day: str, name: str, facts: Mapping[str, Any] | None = None, *, by: str = "claire", **changes: Dates):
    """Someone does something, at ten o'clock."""
    return Step(day, "act", name, facts or {}, by, changes)


def beside(
    day: str, workflow: str, name: str, facts: Mapping[str, Any] | None = None, *, by: str = "claire"
) -> Step:
    """Someone does something in the case of another workflow, which this one has opened."""
    return Step(day, "beside", name, facts or {}, by, workflow=workflow)


def clock(day: str, name: str, **changes: Dates) -> Step:
    """The clock does something: an act, a task (`tache …`), or the end of a period (`fin de période …`)."""
    return Step(day, "clock", name, changes=changes)


def documents(day: str, *kinds: str, by: str = "claire") -> Step:
    """Documents come in."""
    return Step(day, "documents", " ".join(kinds), by=by)


def refused(day: str, name: str, facts: Mapping[str, Any], *reasons: str, by: str = "claire") -> Step:
    """Someone is refused something, for these reasons and no other."""
    return Step(day, "refusal", name, facts, by, reasons=reasons)


def refusal(story: Story, day: str, action: str, facts: Mapping[str, Any] | None = None, *, by: str = "claire",
            **options: Any) -> list[str]:  # fmt: skip
    """Every sentence for which an act is refused; nothing is written then."""
    story.to(day)
    story.engine.run_due()  # what is due is played whether the act is refused or not
    before = story.engine.cases.get(story.case.id)
    with pytest.raises(ActionRefused) as told:
        story.do(day, action, facts, by=by, **options)
    assert story.engine.cases.get(story.case.id) == before
    return [reason_words(reason) for reason in told.value.reasons]


def play(story: Story, steps: Iterable[Step]) -> Story:
    for step in steps:
        step.play(story)
    return story


# -- what the steps say should be


def lines(steps: Sequence[Step]) -> list[tuple[str, str, dict[str, Any]]]:
    """The history that the steps tell, each step of the clock at its place among the acts."""
    return [line for step in steps if (line := step.line()) is not None]


def last_word(steps: Sequence[Step]) -> dict[str, list[tuple[str, str]]]:
    """What becomes of each date at the end of the steps: {deadline: [(day, open | met | missed | void)]}."""
    found: dict[str, list[tuple[str, str]]] = {}
    for step in steps:
        for word in CHANGES:
            for name, days in step.changes.get(word, {}).items():
                for day in [days] if isinstance(days, str) else days:
                    _amend(found.setdefault(name, []), word, day)
    return {name: sorted(dates) for name, dates in found.items()}


def _amend(dates: list[tuple[str, str]], word: str, day: str) -> None:
    if word == "moved":
        before, _, day = day.partition(" → ")
        dates.remove((before, "open"))
    elif word == "resumed":
        dates.remove((day, "void"))
    elif word != "armed":
        dates.remove((day, "open"))
    dates.append((day, "open" if word in ("armed", "resumed", "moved") else word))


# -- what the engine says there is


def told(engine: Engine, case: int) -> list[tuple[str, str, dict[str, Any]]]:
    """The history of a case: day, what happened, and the dates that changed. Reminders only send: not listed."""
    found = [_line(event) for event in engine.cases.history(case) if event.kind != "document"]
    return [line for line in found if line[1] != "notice" or line[2]]


def _line(event: Event) -> tuple[str, str, dict[str, Any]]:
    name = event.action or event.kind
    if event.kind == "lapse":
        name = f"fin de période {event.body['deadline']}"
    elif event.kind == "task":
        name = f"tâche {event.body['task']} pour le {event.body['due_on']}"
    return event.effective_on.isoformat(), name, _changes(event.body.get("changes", ()))


def _changes(changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for change in changes:
        day = change["due_on"]
        if change["change"] == "moved":
            day = f"{change['from']} → {day}"
        dates = found.setdefault(change["change"], {})
        name = change.get("deadline") or change["task"]
        known = dates.get(name)
        dates[name] = day if known is None else [*([known] if isinstance(known, str) else known), day]
    return found


def dates_of(engine: Engine, case: int) -> dict[str, list[tuple[str, str]]]:
    """Every occurrence there ever was: {deadline: [(day, open | met | missed | void)]}."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in engine.cases.dates(case):
        found.setdefault(item.name, []).append((item.due_on.isoformat(), item.status))
    return {name: sorted(dates) for name, dates in found.items()}


def open_dates(engine: Engine, case: int) -> dict[str, str]:
    """The date of each open deadline."""
    return {item.name: item.due_on.isoformat() for item in engine.cases.dates(case) if item.status == "open"}


def sent(engine: Engine, case: int) -> list[tuple[str, str, str]]:
    """Every message that left: the day it left, its template, the roles it went to."""
    found: dict[tuple[str, str], list[str]] = {}
    for notice in engine.notices.outbox(case=case):
        assert notice.status in ("sent", "dropped"), (notice.template, notice.status, notice.error)
        if notice.status == "sent":
            day = notice.sent_at.astimezone(PARIS).date().isoformat()
            found.setdefault((day, notice.template), []).append(notice.role)
    return sorted((day, template, " ".join(sorted(roles))) for (day, template), roles in found.items())


def messages(table: str) -> list[tuple[str, str, str]]:
    """Read a table of messages, one a line: day, template, then the roles it goes to."""
    rows = (line.split() for line in table.splitlines() if line.strip())
    return sorted((day, template, " ".join(sorted(roles))) for day, template, *roles in rows)


def picture(engine: Engine, case: int) -> dict[str, Any]:
    """All that two runs of a story must agree on: entry instants, digests and sending aside."""
    now = engine.cases.get(case)
    dates = engine.cases.dates(case)
    return {
        "state": (now.state, now.revision, now.seq, now.state_since, now.closed_on, dict(now.facts)),
        "history": [_seen(event) for event in engine.cases.history(case)],
        "dates": dates,
        "rungs": [
            (item.name, item.ordinal, rung.rung, rung.generation, rung.kind, rung.day, rung.status)
            for item in dates
            for rung in engine.deadlines.explain(case, item.name, ordinal=item.ordinal).ladder
        ],
        "tasks": [
            (line.name, line.due_on) for line in engine.deadlines.pending(case=case) if line.kind == "task"
        ],
        "messages": [
            (notice.template, notice.role, notice.recipient, notice.seq, notice.rung, notice.generation,
             notice.created_at, notice.not_before)
            for notice in engine.notices.outbox(case=case)
        ],
    }  # fmt: skip


def _seen(event: Event) -> tuple[Any, ...]:
    body = {name: value for name, value in event.body.items() if name != "sealed"}
    return (
        event.seq, event.effective_on, event.kind, event.actor, event.on_behalf, event.action, event.source,
        event.target, dict(event.facts), body,
    )  # fmt: skip


def on_the(text: str) -> date:
    return date.fromisoformat(text)


class Recorded:
    """A way out that keeps every message it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    @contextmanager
    def session(self) -> Iterator["Recorded"]:
        yield self

    def send(self, message: EmailMessage) -> None:
        self.messages.append(message)

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if address in message["To"]]
