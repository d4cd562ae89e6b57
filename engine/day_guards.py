"""Days put right: what an act asked of the days it was given, asked again of the days as they would be.

The condition is judged as it would have been had the right days been typed, with all that the correction says: two
wrong days are put right together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.case import Actor, Event
from ..domain.condition import Condition
from ..domain.conditions import fault
from ..domain.conditions_acts import TODAY
from ..domain.context import Context
from ..domain.errors import Reason
from ..domain.facts import derived_facts
from ..domain.question import Question
from ..domain.timeline import Entry, facts_of, states_before, timeline
from .casefile import CaseFile

UNTOLD = ("deadline", "documents", "queue", "place", "linked", "others", "apart_from", "guard")
"""Subjects of which the history does not tell what they were on the day of an act: they are not asked again."""


def against_days(file: CaseFile, values: Mapping[str, Any], line: Event, at: datetime) -> list[Reason]:
    """Say which days that are put right the act that last gave them would have refused; `line` is the correction."""
    acts = timeline([*file.events, line])
    found: dict[tuple[int, int], Reason] = {}
    for name in values:
        entry = next((one for one in reversed(acts) if name in one.facts), None)
        rule = file.workflow.actions.get(entry.action) if entry is not None else None
        if entry is None or rule is None:
            continue
        for index, condition in enumerate(rule.requires):
            if condition.waiver in entry.waived or not _asks_of(condition, name):
                continue
            reason = fault(condition, _question(file, acts, entry, at))
            if reason is not None:
                found[entry.seq, index] = reason
    return list(found.values())


def _asks_of(condition: Condition, name: str) -> bool:
    """Say whether a condition refuses by the time from or to a day, and by nothing that only the act could know."""
    parts = list(_parts(condition))
    if condition.warn is not None or not any(name in part.between for part in parts):
        return False
    return not any(_age(part) or any(getattr(part, subject) for subject in UNTOLD) for part in parts)


def _age(part: Condition) -> bool:
    """Say whether a condition says how old a day may be when it is typed: a correction is typed later."""
    return part.between[1:] == (TODAY,) and (part.at_most is not None or part.below is not None)


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    for part in (*condition.any, *condition.all, *([condition.when] if condition.when is not None else [])):
        yield from _parts(part)


def _question(file: CaseFile, acts: Sequence[Entry], entry: Entry, at: datetime) -> Question:
    """Ask as on the day of an act, of what the case was then, corrections applied."""
    before = [act for act in acts if (act.on, act.seq) < (entry.on, entry.seq)]
    facts = {**facts_of(before), **derived_facts(file.workflow, before)}
    state = states_before(acts)[entry.seq] or ""
    context = Context(
        at=at, today=entry.on, house=file.house, actor=Actor(entry.actor, "", frozenset()), parameters=file.parameters,
        acts=before, effective_on=entry.on,
    )  # fmt: skip
    case = replace(file.case, state=state, facts=facts)
    return Question(file.workflow, case, {**facts, **entry.facts}, entry.facts, context, {})
