"""Conditions that look beyond the case: its place, the cases linked to it, those of the same people, who they are."""

from collections.abc import Mapping

from .condition import Condition
from .conditions_acts import day_of
from .contacts import age, members
from .errors import Reason
from .question import BOUNDS, Question, bounded, setting


def first_in_queue(_condition: Condition, question: Question) -> Reason | None:
    """Ask that nobody who waits before could take the place; who is first is named to the people of the house."""
    rank, ahead = question.context.rank, question.context.ahead
    if rank is None or rank == 1:
        return None
    roles = question.workflow.roles
    known = (roles[name].kind for name in question.context.actor.roles if name in roles)
    if ahead is None or not any(kind in ("staff", "body") for kind in known):
        return Reason("queue", {"rank": rank})
    found = {"rank": rank, "case": ahead.case_id, "since": ahead.since.isoformat(), "place": ahead.place}
    return Reason("queue", found)


def place_asked(condition: Condition, question: Question) -> Reason | None:
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


def linked_cases(condition: Condition, question: Question) -> Reason | None:
    """Count the cases linked under a role: those in certain states, not ended, or ended; one at least unless said."""
    found = question.context.links.get(condition.linked or "", ())
    kept = [one for one in found if not condition.in_ or one.state in condition.in_]
    if condition.is_ in ("open", "closed"):
        kept = [one for one in kept if one.terminal is (condition.is_ == "closed")]
    data = {"link": condition.linked, "count": len(kept), "cases": [one.case_id for one in kept]}
    limited = any(getattr(condition, bound) is not None for bound, _ in BOUNDS)
    ok = bounded(len(kept), condition, question) if limited else bool(kept) is (condition.is_ != "unset")
    return None if ok else Reason("linked", data)


def other_cases(condition: Condition, question: Question) -> Reason | None:
    """Count the other active cases that house the same people, by family or by workflow."""
    named = frozenset(condition.others)
    kept = [one for one in question.context.others if one.family in named or one.workflow in named]
    data = {"others": list(condition.others), "count": len(kept)}
    return None if bounded(len(kept), condition, question) else Reason("others", data)


def members_counted(condition: Condition, question: Question) -> Reason | None:
    """Count the members of a household, perhaps of certain ages; or the people that a fact names."""
    value = question.facts.get(condition.members or "")
    found = members(value) if isinstance(value, Mapping) else list(dict.fromkeys(value or ()))
    if condition.aged is not None:
        low, high = (
            setting(bound, question.context.parameters) for bound in (condition.aged.from_, condition.aged.to)
        )
        day = question.context.on if condition.aged.on is None else day_of(condition.aged.on, question)
        ages = [age(one, day) if day is not None else None for one in found]
        found = [one for one, years in zip(found, ages, strict=True) if _aged(years, low, high)]
    data = {"fact": condition.members, "count": len(found)}
    return None if bounded(len(found), condition, question) else Reason("members", data)


def _aged(years: int | None, low: int | None, high: int | None) -> bool:
    return years is not None and (low is None or years >= low) and (high is None or years <= high)
