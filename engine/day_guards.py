"""Days put right: what an act asked of the days it was given, asked again of the days as they would be.

The condition is judged as it would have been had the right days been typed, with all that the correction says: two
wrong days are put right together.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from ..domain.timeline import Entry, facts_of, redated, setter_of, states_before, timeline
from .casefile import CaseFile

UNTOLD = ("deadline", "documents", "queue", "place", "linked", "others", "apart_from", "guard")
"""Subjects of which the history does not tell what they were on the day of an act: they are not asked again."""


def against_days(
    file: CaseFile, values: Mapping[str, Any], line: Event, at: datetime
) -> tuple[list[Reason], list[str]]:
    """Say what the days that are put right would have had refused; `line` is the correction.

    The act that last gave one of them is asked as it was: that is refused. What another act asked of them is only
    told, and so is nothing that was wrong already.
    """
    moved = {act for act, _ in redated(line)}
    names = {*values, *(entry.action for entry in file.acts if entry.seq in moved)}
    if not any(_asks_of(condition, names) for condition in _conditions(file)):
        return [], []
    acts = timeline([*file.events, line])
    giving = {setter_of(acts, name) for name in values}
    refused: list[Reason] = []
    told: dict[str, None] = {}
    for entry in acts:
        rule = file.workflow.actions.get(entry.action)
        for condition in rule.requires if rule is not None else ():
            if condition.waiver in entry.waived or not _asks_of(condition, names):
                continue
            reason = fault(condition, _question(file, acts, entry, at))
            if reason is None or _was_so(file, entry, condition, at):
                continue
            if entry.seq in giving and _asks_of(condition, values):
                refused.append(reason)
            else:
                told[reason.text or reason.code] = None
    return refused, list(told)


def _conditions(file: CaseFile) -> Iterator[Condition]:
    """Give what was asked of the acts that were taken."""
    for name in {entry.action for entry in file.acts} & file.workflow.actions.keys():
        yield from file.workflow.actions[name].requires


def _was_so(file: CaseFile, entry: Entry, condition: Condition, at: datetime) -> bool:
    """Say whether a condition was not satisfied before the correction either."""
    before = next((one for one in file.acts if one.seq == entry.seq), None)
    return before is not None and fault(condition, _question(file, file.acts, before, at)) is not None


def _asks_of(condition: Condition, names: Collection[str]) -> bool:
    """Say whether a condition refuses by the time from or to a day, and by nothing that only the act could know."""
    parts = list(_parts(condition))
    if condition.warn is not None or not any(name in names for part in parts for name in part.between):
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
