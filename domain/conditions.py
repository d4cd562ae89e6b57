"""Structured conditions and named guards: each allows, or gives its reason.

A condition is data, so it can be checked, explained and listed; what needs more than one line is a guard, a
Python function that the workflow names.
"""

from collections.abc import Callable

from .case import Occurrence
from .condition import Condition
from .conditions_acts import average_gap, count_acts, last_act, time_between
from .conditions_beyond import first_in_queue, linked_cases, members_counted, other_cases, place_asked
from .context import Context
from .errors import Reason
from .question import Question, satisfies
from .seasons import inside


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
    ok = satisfies(question.facts.get(name), condition, question)
    return None if ok else Reason("fact_condition", {"fact": name})


def _param(condition: Condition, question: Question) -> Reason | None:
    value = question.context.parameters.get(condition.param or "")
    return (
        None if satisfies(value, condition, question) else Reason("parameter", {"parameter": condition.param})
    )


def _state(condition: Condition, question: Question) -> Reason | None:
    if question.case.state in condition.state:
        return None
    return Reason("state_condition", {"state": question.case.state, "states": list(condition.state)})


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
    ("fact", _fact), ("param", _param), ("state", _state), ("count", count_acts), ("deadline", _deadline),
    ("documents", _documents), ("queue", first_in_queue), ("apart_from", _apart_from), ("guard", _guard),
    ("season", _season), ("average", average_gap), ("last", last_act), ("between", time_between),
    ("place", place_asked), ("linked", linked_cases), ("others", other_cases), ("members", members_counted),
    ("any", _any), ("all", _all),
)  # fmt: skip
