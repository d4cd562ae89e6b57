"""What someone may do with a case now: every action, allowed or with every reason against it, and its form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ..domain.case import Actor
from ..domain.context import Context
from ..domain.errors import Reason
from ..domain.workflow import SYSTEM, Workflow
from .casefile import CaseFile

Beyond = Callable[[str], tuple[Sequence[Reason], Sequence[Reason]]]
"""Gives, of an action, the reasons against it that lie beyond the case, and what is only worth saying."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: the fact it fills, its type, whether it must be filled, and its choices."""

    name: str
    label: str
    type: str
    required: bool
    choices: dict[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One action as someone may take it, or not."""

    action: str
    label: str
    allowed: bool
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    form: tuple[Field, ...]
    target: str | None


def options_of(
    file: CaseFile, actor: Actor, day: date, context: Callable[[str], Context], beyond: Beyond
) -> tuple[Option, ...]:
    """Judge every action that people may take; what a form has yet to tell is left open."""
    from ..workflows.decide import judge

    found: list[Option] = []
    for name, rule in file.workflow.actions.items():
        if rule.is_opening or rule.by == (SYSTEM,):
            continue
        verdict = judge(file.rules, file.case, name, {}, actor, day, context(name), asked=False)
        against, warnings = beyond(name)
        reasons = (*verdict.reasons, *against)
        found.append(
            Option(
                name, rule.label, not reasons, reasons, (*verdict.warnings, *warnings),
                form_of(file.workflow, name), rule.target,
            )
        )  # fmt: skip
    return tuple(found)


def form_of(workflow: Workflow, action: str) -> tuple[Field, ...]:
    """Give the form of an action, mandatory fields first."""
    rule = workflow.actions[action]
    return tuple(
        Field(
            name, workflow.facts[name].label, workflow.facts[name].type, name in rule.form,
            {value: choice.label for value, choice in workflow.facts[name].choices.items()},
        )
        for name in (*rule.form, *rule.optional)
    )  # fmt: skip
