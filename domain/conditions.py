"""Structured conditions and named guards: each allows, or gives its reason.

A condition is data, so it can be checked, explained and listed; what needs more than one line is a guard, a
Python function that the workflow names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .case import Case, Occurrence
from .civil_dates import due
from .contacts import age, members
from .context import Context
from .delay import Delay
from .errors import Reason
from .model import Setting
from .seasons import inside
from .timeline import Entry
from .workflow import Condition, Workflow

TODAY = "today"
_A_GAP = 2  # acts between which there is a gap

Guard = Callable[[Case, Context, Mapping[str, Any]], str | None]
"""A named guard sees the case, the frozen context and the values given; it gives a French reason, or nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that a condition may be asked about: the case as it would be with the values given."""

    workflow: Workflow
    case: Case
    facts: Mapping[str, Any]
    given: Mapping[str, Any]
    context: Context
    guards: Mapping[str, Guard]


def setting(value: Any, parameters: Mapping[str, Any]) -> Any:
    """Give a value, looked up among the establishment's parameters where it is one of them."""
    return parameters[value.param] if isinstance(value, Setting) else value


def holds(condition: Condition, question: Question) -> bool:
    """Say whether a condition is satisfied."""
    return fault(condition, question) is None


def fault(condition: Condition, question: Question) -> Reason | None:
    """Give the reason why a condition is not satisfied, or nothing where it is, or does not apply."""
    if condition.when is not None and not holds(condition.when, question):
        return None
    for subject, judge in _JUDGES:
        if getattr(condition, subject) not in (None, (), ""):
            reason = judge(condition, question)
            if reason is None:
                return None
            return Reason(reason.code, reason.data, condition.otherwise or condition.warn or reason.text)
    return None


def _fact(condition: Condition, question: Question) -> Reason | None:
    name = condition.fact or ""
    ok = _satisfies(question.facts.get(name), condition, question)
    return None if ok else Reason("fact_condition", {"fact": name})


def _param(condition: Condition, question: Question) -> Reason | None:
    value = question.context.parameters.get(condition.param or "")
    return (
        None
        if _satisfies(value, condition, question)
        else Reason("parameter", {"parameter": condition.param})
    )


def _satisfies(value: Any, condition: Condition, question: Question) -> bool:
    """Compare one value with everything the condition says of it."""
    checks: list[bool] = []
    if condition.is_ is not None:
        checks.append(_is(value, condition.is_))
    if condition.equals is not None:
        checks.append(value == condition.equals)
    if condition.in_:
        checks.append(value in condition.in_)
    for bound, compare in _BOUNDS:
        limit = getattr(condition, bound)
        if limit is not None:
            known = setting(limit, question.context.parameters)
            checks.append(value is not None and compare(value, known))
    return all(checks)


def _is(value: Any, wanted: Any) -> bool:
    if wanted == "set":
        return value is not None
    if wanted == "unset":
        return value is None
    return bool(value) is wanted


_BOUNDS: tuple[tuple[str, Callable[[Any, Any], bool]], ...] = (
    ("at_least", lambda value, limit: value >= limit),
    ("at_most", lambda value, limit: value <= limit),
    ("above", lambda value, limit: value > limit),
    ("below", lambda value, limit: value < limit),
)


def _state(condition: Condition, question: Question) -> Reason | None:
    if question.case.state in condition.state:
        return None
    return Reason("state_condition", {"state": question.case.state, "states": list(condition.state)})


def _count(condition: Condition, question: Question) -> Reason | None:
    """Count acts: with certain values, since another act, of late or in the month, distinct by a value."""
    acts = _acts(condition, condition.count, question.context)
    number = len({act.facts.get(condition.distinct) for act in acts}) if condition.distinct else len(acts)
    data = {"actions": list(condition.count), "count": number}
    return None if _satisfies(number, condition, question) else Reason("count", data)


def _average(condition: Condition, question: Question) -> Reason | None:
    """Judge the mean gap between acts, in days, from the first to the last; there is none before the second."""
    days = [act.on for act in _acts(condition, condition.average, question.context)]
    if len(days) < _A_GAP:
        return None
    mean = (days[-1] - days[0]).days / (len(days) - 1)
    data = {"actions": list(condition.average), "average": round(mean, 1), "count": len(days)}
    return None if _satisfies(mean, condition, question) else Reason("average", data)


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


def matches(where: Mapping[str, tuple[Any, ...]], facts: Mapping[str, Any]) -> bool:
    """Say whether the values of an act are among those asked."""
    return all(facts.get(name) in values for name, values in where.items())


def _deadline(condition: Condition, question: Question) -> Reason | None:
    """Ask of a deadline whether its date has passed, or whether it is open, met, missed, reminded of, at its end."""
    found = [item for item in question.context.occurrences if item.name in condition.deadline]
    wanted = condition.is_
    if wanted == "passed":
        ok = any(_passed(item, question.context) for item in found if item.status in ("open", "met"))
    elif wanted == "reminded":
        ok = any(item.name in question.context.reminded for item in found if item.status == "open")
    elif wanted == "capped":
        ok = any(item.last for item in found if item.status == "open")
    else:
        ok = any(item.status == wanted for item in found)
    return None if ok else Reason("deadline_condition", {"deadlines": list(condition.deadline), "is": wanted})


def _passed(item: Occurrence, context: Context) -> bool:
    """A date has passed from the next day on (R5), one that has an hour from that instant; not while it is stopped."""
    if item.suspended_on is not None:
        return False
    if item.due_at is not None and context.on == context.today:
        return item.due_at < context.at
    return item.due_on < context.on


def _season(condition: Condition, question: Question) -> Reason | None:
    """Ask whether the day is in a part of the year: no forced eviction during the winter truce."""
    season = question.workflow.seasons[condition.season or ""]
    ok = inside(season, question.context.on) is (condition.is_ == "inside")
    return None if ok else Reason("season", {"season": condition.season, "label": season.label})


def _documents(condition: Condition, question: Question) -> Reason | None:
    """Ask for documents that are there, valid that day, or not applicable with a reason."""
    day = question.context.on
    papers = question.workflow.documents
    held = {
        document.type
        for document in question.context.documents
        if document.stands(day)
        and (document.signed_on or document.not_applicable or not papers[document.type].signed)
    }
    missing = [name for name in condition.documents if name not in held]
    if not missing:
        return None
    labels = [papers[name].label for name in missing]
    return Reason("documents_missing", {"documents": missing, "labels": labels})


def _queue(_condition: Condition, question: Question) -> Reason | None:
    rank = question.context.rank
    return None if rank is None or rank == 1 else Reason("queue", {"rank": rank})


def _last(condition: Condition, question: Question) -> Reason | None:
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


def _between(condition: Condition, question: Question) -> Reason | None:
    """Compare the time between two days with delays; it is unknown where one of them is."""
    first, second = (_day_of(name, question) for name in condition.between)
    data = {"between": list(condition.between)}
    if first is None or second is None:
        return Reason("between_unknown", data)
    for bound, compare in _BOUNDS:
        limit = getattr(condition, bound)
        if limit is not None:
            span = Delay.parse(str(setting(limit, question.context.parameters)))
            if not compare(second, due(first, span, calendar=question.context.house.calendar)):
                return Reason("between", data)
    return None


def _day_of(name: str, question: Question) -> date | None:
    """Give the day of a fact, of the last act of a kind, or of the step itself (`today`)."""
    if name == TODAY:
        return question.context.on
    if name in question.workflow.facts:
        value = question.facts.get(name)
        return value.date() if isinstance(value, datetime) else value
    acts = [act.on for act in question.context.acts if act.action == name and act.on <= question.context.on]
    return acts[-1] if acts else None


def _place(condition: Condition, question: Question) -> Reason | None:
    """Ask whether a compatible place is free, whether none is, or whether the case holds one.

    Of a house that has listed no place of the kind nothing is known: it has one, and may have none.
    """
    seen = question.context.places
    if condition.place == "held":
        return None if seen is not None and seen.held is not None else Reason("place_not_held", {})
    if seen is None or not seen.declared or bool(seen.free) is (condition.place == "free"):
        return None
    if condition.place == "free":
        return Reason("place_none_free", {})
    return Reason("place_free", {"places": list(seen.free.values())[:3]})


def _linked(condition: Condition, question: Question) -> Reason | None:
    """Count the cases linked under a role: those in certain states, not ended, or ended; one at least unless said."""
    found = question.context.links.get(condition.linked or "", ())
    kept = [one for one in found if not condition.in_ or one.state in condition.in_]
    if condition.is_ in ("open", "closed"):
        kept = [one for one in kept if one.terminal is (condition.is_ == "closed")]
    data = {"link": condition.linked, "count": len(kept), "cases": [one.case_id for one in kept]}
    bounded = any(getattr(condition, bound) is not None for bound, _ in _BOUNDS)
    ok = _within(len(kept), condition, question) if bounded else bool(kept) is (condition.is_ != "unset")
    return None if ok else Reason("linked", data)


def _others(condition: Condition, question: Question) -> Reason | None:
    """Count the other active cases that house the same people, by family or by workflow."""
    named = frozenset(condition.others)
    kept = [one for one in question.context.others if one.family in named or one.workflow in named]
    data = {"others": list(condition.others), "count": len(kept)}
    return None if _within(len(kept), condition, question) else Reason("others", data)


def _members(condition: Condition, question: Question) -> Reason | None:
    """Count the members of a household, perhaps of certain ages; or the people that a fact names."""
    value = question.facts.get(condition.members or "")
    found = members(value) if isinstance(value, Mapping) else list(value or ())
    if condition.aged is not None:
        low, high = (
            setting(bound, question.context.parameters) for bound in (condition.aged.from_, condition.aged.to)
        )
        day = question.context.on if condition.aged.on is None else _day_of(condition.aged.on, question)
        ages = [age(one, day) if day is not None else None for one in found]
        found = [one for one, years in zip(found, ages, strict=True) if _aged(years, low, high)]
    data = {"fact": condition.members, "count": len(found)}
    return None if _within(len(found), condition, question) else Reason("members", data)


def _aged(years: int | None, low: int | None, high: int | None) -> bool:
    return years is not None and (low is None or years >= low) and (high is None or years <= high)


def _within(number: int, condition: Condition, question: Question) -> bool:
    """Compare a number with the bounds of a condition."""
    limits = (
        (compare, setting(getattr(condition, bound), question.context.parameters))
        for bound, compare in _BOUNDS
    )
    return all(compare(number, limit) for compare, limit in limits if limit is not None)


def _apart_from(condition: Condition, question: Question) -> Reason | None:
    """Separation of duties: whoever last did one thing does not do the other."""
    last = next((act for act in reversed(question.context.acts) if act.action in condition.apart_from), None)
    if last is None or last.actor != question.context.actor.id:
        return None
    return Reason("same_person", {"action": last.action, "actor": last.actor})


def _guard(condition: Condition, question: Question) -> Reason | None:
    guard = question.guards[condition.guard or ""]
    text = guard(question.case, question.context, question.facts)
    return Reason("guard", {"guard": condition.guard}, text) if text else None


def _any(condition: Condition, question: Question) -> Reason | None:
    faults = [fault(part, question) for part in condition.any]
    return next((found for found in faults if found), None) if all(faults) else None


def _all(condition: Condition, question: Question) -> Reason | None:
    return next((found for part in condition.all if (found := fault(part, question))), None)


_JUDGES: tuple[tuple[str, Callable[[Condition, Question], Reason | None]], ...] = (
    ("fact", _fact), ("param", _param), ("state", _state), ("count", _count), ("deadline", _deadline),
    ("documents", _documents), ("queue", _queue), ("apart_from", _apart_from), ("guard", _guard),
    ("season", _season), ("average", _average), ("last", _last), ("between", _between), ("place", _place),
    ("linked", _linked), ("others", _others), ("members", _members),
    ("any", _any), ("all", _all),
)  # fmt: skip
