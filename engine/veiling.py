"""What histories and refusals say of other cases, to someone who may not see them: that they are of another house."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ..domain.case import Event
from ..domain.errors import ActionRefused, Reason
from ..persistence import links as rows
from ..persistence.database import Connection
from .people import seen_by

_LISTS: Final = ("opened", "ended", "stay_closed")
_NAMES: Final = ("case", "label", "link", "act", "act_label")
"""What names another case, or tells what it is about."""


def veiled(
    connection: Connection, events: Sequence[Event], seen: Collection[str] | None
) -> tuple[Event, ...]:
    """Give a history in which the cases of houses that someone does not see bear neither number nor label."""
    named = {number for event in events for number in _named(event)} if seen is not None else set()
    hidden = named - rows.in_houses(connection, named, seen or ()) if named else set()
    return tuple(_without(event, hidden) if hidden else event for event in events)


def _named(event: Event) -> Iterator[int]:
    body = event.body
    if event.kind == "link":
        yield body["case"]
        if isinstance(body.get("to"), int):
            yield body["to"]
    for name in _LISTS:
        yield from (one["case"] for one in body.get(name, ()))
    if isinstance(body.get("from"), Mapping):
        yield body["from"]["case"]
    yield from body.get("overlaps", ())


def _without(event: Event, hidden: set[int]) -> Event:
    if not hidden.intersection(_named(event)):
        return event
    body = dict(event.body)
    if event.kind == "link":
        body = _veil(body, hidden)
        if body.get("to") in hidden:
            del body["to"]
    for name in _LISTS:
        if name in body:
            body[name] = [_veil(one, hidden) for one in body[name]]
    if isinstance(body.get("from"), Mapping):
        body["from"] = _veil(body["from"], hidden)
    if "overlaps" in body:
        body["overlaps"] = [number for number in body["overlaps"] if number not in hidden]
    return replace(event, body=body)


def _veil(named: Mapping[str, Any], hidden: Collection[int]) -> dict[str, Any]:
    if named["case"] not in hidden:
        return dict(named)
    return {name: None if name in _NAMES else value for name, value in named.items()}


# -- reasons


@contextmanager
def refusing_as_seen(connection: Connection, by: Any, at: datetime) -> Iterator[None]:
    """Let a refusal name no case that someone may not see."""
    try:
        yield
    except ActionRefused as refusal:
        refusal.reasons = tuple(reasons_seen(connection, refusal.reasons, by, at))
        raise


def reasons_seen(connection: Connection, reasons: Sequence[Reason], by: Any, at: datetime) -> list[Reason]:
    """Give reasons in which the cases that someone may not see have no number; what they are about stays."""
    named = {number for reason in reasons for number in _numbers(reason.data)}
    hidden = named - rows.in_houses(connection, named, seen_by(connection, by, at) or ()) if named else set()
    if not hidden:
        return list(reasons)
    return [replace(reason, data=_unnamed(reason.data, hidden)) for reason in reasons]


def _numbers(data: Mapping[str, Any]) -> Iterator[int]:
    for one in (data.get("case"), *data.get("cases", ())):
        if isinstance(one, int):
            yield one


def _unnamed(data: Mapping[str, Any], hidden: Collection[int]) -> dict[str, Any]:
    kept = {name: value for name, value in data.items() if name != "case" or value not in hidden}
    if "cases" in kept:
        kept["cases"] = [number for number in kept["cases"] if number not in hidden]
    return kept
