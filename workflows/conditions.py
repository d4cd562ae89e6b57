"""Conditions compiled: their names resolved, their bounds made settings."""

from typing import Any

from ..domain.workflow import Condition
from .grammar import ConditionText
from .names import Names
from .report import Path


def condition(written: ConditionText, names: Names, path: Path, label: str) -> Condition:
    """Resolve the names of a condition, its parts included."""

    def part(key: str, kind: str) -> tuple[str, ...]:
        return names.many(kind, getattr(written, key), (*path, key))

    def nested(key: str) -> tuple[Condition, ...]:
        inner = getattr(written, key)
        return tuple(condition(one, names, (*path, key, index), label) for index, one in enumerate(inner))

    def bound(key: str) -> Any:
        value = getattr(written, key)
        return None if value is None else names.setting(value, (*path, key), written.else_ or label)

    for key in ("fact", "distinct"):
        if getattr(written, key) is not None:
            names.one("fait", getattr(written, key), (*path, key))
    for fact in written.where:
        names.one("fait", fact, (*path, "where"))
    if written.param is not None and written.param not in names.parameters:
        names.report.add((*path, "param"), f"paramètre inconnu « {written.param} »", code="unknown_name")
    return Condition(
        fact=written.fact, param=written.param, queue=written.queue, guard=written.guard, where=written.where,
        distinct=written.distinct, is_=written.is_, equals=written.equals, in_=written.in_, warn=written.warn,
        otherwise=written.else_, waiver=written.waiver,
        state=names.states(written.state, (*path, "state")) if written.state else (),
        count=part("count", "action"), since=part("since", "action"), apart_from=part("apart_from", "action"),
        deadline=part("deadline", "échéance"), documents=part("documents", "document"),
        any=nested("any"), all=nested("all"),
        at_least=bound("at_least"), at_most=bound("at_most"), above=bound("above"), below=bound("below"),
        when=None if written.when is None else condition(written.when, names, (*path, "when"), label),
    )  # fmt: skip
