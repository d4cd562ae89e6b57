"""A case's acts in the order in which they took effect, as corrected: what every rule of dates reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from .case import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it stands today: its day and values are those of the last correction."""

    seq: int
    on: date
    action: str
    actor: str
    source: str | None = None
    target: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    waived: tuple[str, ...] = ()
    at: datetime | None = None


def timeline(events: Iterable[Event]) -> tuple[Entry, ...]:
    """Give the acts of a history, corrections applied, in order of effect (then of entry).

    A corrected fact takes the place of the value in the act that last set it, so that everything derived from
    it is what it would have been had it been entered right the first time. A fact that no act had set is set by
    the correction itself; a value that follows from a linked case is one, unless the case has moved on since a link
    gave it and took it back: it is given anew. An act that was annulled is as if it had not been.
    """
    entries: dict[int, Entry] = {}
    for event in events:
        if event.kind == "act":
            entries[event.seq] = Entry(
                event.seq, event.effective_on, event.action or "", event.actor, event.source, event.target,
                event.facts, tuple(event.body.get("waived", ())), event.at,
            )  # fmt: skip
        elif event.kind == "correction" or (event.kind == "link" and event.facts):
            _apply(event, entries)
        elif event.kind == "annulment":
            entries.pop(event.body["act"], None)
    return tuple(sorted(entries.values(), key=lambda entry: (entry.on, entry.seq)))


def _apply(event: Event, entries: dict[int, Entry]) -> None:
    setters = {name: _last_setter(name, entries) for name in event.facts}  # as things stood before the line
    for act, on in redated(event):
        entries[act] = replace(entries[act], on=on)
    loose: dict[str, Any] = {}
    for name, value in event.facts.items():
        setter = setters[name]
        if setter is None or (event.kind == "link" and _moved_on(entries[setter], name, entries)):
            loose[name] = value
        else:
            entries[setter] = replace(entries[setter], facts={**entries[setter].facts, name: value})
    if loose:
        entries[event.seq] = Entry(event.seq, event.effective_on, "", event.actor, facts=loose)


def _moved_on(setter: Entry, name: str, entries: Mapping[int, Entry]) -> bool:
    """Say whether what an entry had set is set no more, and an act has moved the case since."""
    if setter.facts[name] is not None:
        return False
    return any(one.target and (one.on, one.seq) > (setter.on, setter.seq) for one in entries.values())


def redated(event: Event) -> Iterator[tuple[int, date]]:
    """Give the acts whose day a correction puts right, and that day: the one it names, those of the clock after it."""
    body = event.body
    if body.get("act") is not None and body.get("on"):
        yield body["act"], date.fromisoformat(body["on"])
    for followed in body.get("followed", ()):
        yield followed["act"], date.fromisoformat(followed["on"])


def _last_setter(name: str, entries: Mapping[int, Entry]) -> int | None:
    return setter_of(sorted(entries.values(), key=lambda entry: (entry.on, entry.seq)), name)


def setter_of(entries: Sequence[Entry], name: str) -> int | None:
    """Give the act, by its number, that last set a fact, of acts in order of effect."""
    return next((entry.seq for entry in reversed(entries) if name in entry.facts), None)


def facts_of(entries: Sequence[Entry]) -> dict[str, Any]:
    """Fold the acts into the facts that they leave."""
    facts: dict[str, Any] = {}
    for entry in entries:
        facts.update(entry.facts)
    return facts


def state_of(entries: Sequence[Entry]) -> str | None:
    """Give the state in which the acts leave the case."""
    return next((entry.target for entry in reversed(entries) if entry.target), None)


def states_before(entries: Sequence[Entry]) -> dict[int, str | None]:
    """Give the state in which each act finds the case, in order of effect."""
    state: str | None = None
    found: dict[int, str | None] = {}
    for entry in sorted(entries, key=lambda entry: (entry.on, entry.seq)):
        found[entry.seq] = state
        state = entry.target or state
    return found


def previous_state(entries: Sequence[Entry]) -> str | None:
    """Give the state from which the case last moved."""
    return next((entry.source for entry in reversed(entries) if entry.target and entry.source), None)
