"""The rows that say who holds which place, kept equal to what the histories tell; the constraint has the last word."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..domain.errors import Reason
from ..domain.facts import plain
from ..domain.texts import place_key
from ..domain.timeline import Entry
from ..persistence import places as rows
from .casefile import CaseFile
from .place_spans import Span, spans


def settle_last(file: CaseFile, seq: int) -> None:
    """Write what an act has just done to the place of its case."""
    if file.acts[-1].seq != seq:  # dated back before another act: what it changes is not the end of the story
        settle(file)
        return
    before, due = (spans(file.workflow, acts) for acts in (file.acts[:-1], file.acts))
    held = rows.held_place(file.connection, file.case.id) if before and before[-1].freed_on is None else None
    last = due[-1] if due else None
    if held is not None and last is not None and _is(held, last):
        _end_or_change(file, held, last)
        return
    if held is not None:
        rows.free_place(file.connection, held.id, file.acts[-1].on)
    if last is not None and last.freed_on is None:
        rows.take_place(file.connection, _row(file, last))


def _is(held: Any, last: Span) -> bool:
    return (held.place, held.since) == (place_key(last.place), last.since)


def _end_or_change(file: CaseFile, held: Any, last: Span) -> None:
    if last.freed_on is not None:
        rows.free_place(file.connection, held.id, last.freed_on)
    elif held.status != last.status:
        rows.hold_so(file.connection, held.id, last.status)


def settle(file: CaseFile) -> None:
    """Make the rows of a case what its acts now say: a day or a place was put right, or an act was annulled."""
    if file.workflow.place is None:
        return
    due, kept = spans(file.workflow, file.acts), rows.spans_of(file.connection, file.case.id)
    for row in kept[len(due) :]:
        rows.drop_span(file.connection, row.id)
    for number, span in enumerate(due):
        wanted = _row(file, span)
        if number >= len(kept):
            rows.take_place(file.connection, wanted)
        elif any(
            getattr(kept[number], name) != wanted[name] for name in ("place", "status", "since", "freed_on")
        ):
            rows.change_span(file.connection, kept[number].id, wanted)


def _row(file: CaseFile, span: Span) -> Mapping[str, Any]:
    kind = file.workflow.place
    return {
        "establishment_id": file.house.id, "kind": kind.kind if kind is not None else "",
        "place": place_key(span.place), "case_id": file.case.id, "status": span.status, "since": span.since,
        "freed_on": span.freed_on,
    }  # fmt: skip


# -- what stands in the way of a history put right


def clash(file: CaseFile, acts: Sequence[Entry], at: datetime) -> Reason | None:
    """Say who has had a place that other acts would have given to the case at the same time, if someone has.

    Where the house has listed no place of the kind, only the one that the case would now hold is asked about.
    """
    kind, changed = file.workflow.place, list(_changed(file, acts))
    if kind is None or not changed:
        return None
    listed = bool(rows.read_places(file.connection, file.house.id, kind.kind))
    for span in changed:
        if not listed and span.freed_on is not None:
            continue
        since = span.since if listed else file.civil_day(at)
        key = place_key(span.place)
        others = rows.others_on(file.connection, file.house.id, kind.kind, key, file.case.id, since)
        found = next((other for other in others if _meet(span, other)), None)
        if found is not None:
            return _taken(kind.fact, span, found if listed else None)
    return None


def _changed(file: CaseFile, acts: Sequence[Entry]) -> Iterator[Span]:
    """Give the places that the case would have had, or the days on which, other than as it now stands."""
    known = {(place_key(one.place), one.since, one.freed_on) for one in spans(file.workflow, file.acts)}
    for span in spans(file.workflow, acts):
        if (place_key(span.place), span.since, span.freed_on) not in known and span.since != span.freed_on:
            yield span


def _meet(span: Span, other: Any) -> bool:
    """Say whether two cases would have had the place on one day; one leaves it on the day the other comes."""
    if other.since == other.freed_on:
        return False
    return (span.freed_on is None or other.since < span.freed_on) and (
        other.freed_on is None or span.since < other.freed_on
    )


def _taken(fact: str, span: Span, other: Any) -> Reason:
    data: dict[str, Any] = {"place": span.place, "fact": fact}
    if other is not None:
        data |= {"case": other.case_id, "since": plain(other.since)}
    if other is not None and other.freed_on is not None:
        data["freed_on"] = plain(other.freed_on)
    return Reason("place_taken", data)
