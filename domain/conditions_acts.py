"""Conditions on the acts of a case: how many, how often, the last of them, and the time between two days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from .civil_dates import due
from .condition import Condition
from .context import Context
from .delay import Delay
from .errors import Reason
from .question import BOUNDS, Question, matches, satisfies, setting
from .timeline import Entry

TODAY = "today"
_A_GAP = 2  # acts between which there is a gap


def count_acts(condition: Condition, question: Question) -> Reason | None:
    """Count acts: with certain values, since another act, of late or in the month, distinct by a value."""
    acts = _acts(condition, condition.count, question.context)
    number = len({act.facts.get(condition.distinct) for act in acts}) if condition.distinct else len(acts)
    data = {"actions": list(condition.count), "count": number}
    return None if satisfies(number, condition, question) else Reason("count", data)


def average_gap(condition: Condition, question: Question) -> Reason | None:
    """Judge the mean gap between acts, in days, from the first to the last; there is none before the second."""
    days = [act.on for act in _acts(condition, condition.average, question.context)]
    if len(days) < _A_GAP:
        return None
    mean = (days[-1] - days[0]).days / (len(days) - 1)
    data = {"actions": list(condition.average), "average": round(mean, 1), "count": len(days)}
    return None if satisfies(mean, condition, question) else Reason("average", data)


def _acts(condition: Condition, names: Sequence[str], context: Context) -> list[Entry]:
    """Give the acts that a condition looks at, in order of effect."""
    acts = [act for act in _since(condition, context.acts) if act.action in names and act.on <= context.on]
    if condition.within is not None:
        span = Delay.parse(str(setting(condition.within, context.parameters)))
        floor = due(context.on, span.times(-1), calendar=context.house.calendar)
        acts = [act for act in acts if act.on > floor]
    if condition.per is not None:
        month = (context.on.year, context.on.month)
        acts = [act for act in acts if (act.on.year, act.on.month) == month]
    return [act for act in acts if matches(condition.where, act.facts)]


def _since(condition: Condition, acts: Sequence[Entry]) -> Sequence[Entry]:
    if not condition.since:
        return acts
    last = max((index for index, act in enumerate(acts) if act.action in condition.since), default=-1)
    return acts[last + 1 :]


def last_act(condition: Condition, question: Question) -> Reason | None:
    """Ask of the last act of a kind that it is recent enough, after another, and has certain values."""
    context = question.context
    kind = [act for act in context.acts if act.action in condition.last and act.on <= context.on]
    found = next((act for act in reversed(kind) if matches(condition.of, act.facts)), None)
    data: dict[str, Any] = {"actions": list(condition.last)}
    if found is None or found not in _since(condition, context.acts):
        return Reason("last_missing", data)
    data["on"] = found.on.isoformat()
    if not matches(condition.where, found.facts):
        return Reason("last_other", data)
    if condition.within is not None:
        span = Delay.parse(str(setting(condition.within, context.parameters)))
        ends = due(found.on, span, calendar=context.house.calendar)
        if context.on > ends:
            return Reason("last_stale", {**data, "until": ends.isoformat()})
    return None


def time_between(condition: Condition, question: Question) -> Reason | None:
    """Compare the time between two days with delays; it is unknown where one of them is."""
    first, second = (day_of(name, question) for name in condition.between)
    data = {"between": list(condition.between)}
    if first is None or second is None:
        return Reason("between_unknown", data)
    for bound, compare in BOUNDS:
        limit = getattr(condition, bound)
        if limit is not None:
            span = Delay.parse(str(setting(limit, question.context.parameters)))
            if not compare(second, _reached(first, span, condition, question)):
                return Reason("between", data)
    return None


def _reached(first: date, span: Delay, condition: Condition, question: Question) -> date:
    """Give the day on which a delay ends, counted as that of a deadline: franc, moved off closed days."""
    calendar, shift = question.context.house.calendar, condition.shift or "aucun"
    return due(first, span, shift=shift, calendar=calendar, franc=condition.franc is True)


def day_of(name: str, question: Question) -> date | None:
    """Give the day of a fact, of the last act of a kind, or of the step itself (`today`)."""
    if name == TODAY:
        return question.context.on
    if name in question.workflow.facts:
        value = question.facts.get(name)
        return value.date() if isinstance(value, datetime) else value
    acts = [act.on for act in question.context.acts if act.action == name and act.on <= question.context.on]
    return acts[-1] if acts else None
