"""One step, decided: what an act does to a case, or every reason why it may not be done. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..domain.arguments import EARLIEST
from ..domain.beyond import PlaceMove
from ..domain.case import Actor, Case
from ..domain.condition import Condition
from ..domain.conditions import fault
from ..domain.context import Context
from ..domain.errors import ActionRefused, Reason
from ..domain.facts import out_of_range, read_facts
from ..domain.places import Places
from ..domain.question import Guard, Question
from ..domain.texts import place_key
from ..domain.timeline import previous_state
from ..domain.workflow import SYSTEM, Action, Workflow
from .rulebook import Rulebook

ANYWHERE = ("any",)


@dataclass(frozen=True, slots=True)
class Rules:
    """A workflow ready to decide: its rulebook and its named guards."""

    workflow: Workflow
    rulebook: Rulebook
    guards: Mapping[str, Guard] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a step does: nothing is done yet."""

    action: str
    source: str
    target: str | None
    facts: Mapping[str, Any]
    on_behalf: str | None = None
    waived: tuple[str, ...] = ()
    warnings: tuple[Reason, ...] = ()
    notices: tuple[str, ...] = ()
    tasks_opened: tuple[str, ...] = ()
    tasks_closed: tuple[str, ...] = ()
    place: PlaceMove | None = None

    def state(self, case: Case) -> str:
        """Give the state in which the step leaves the case."""
        return self.target or case.state


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything found about one action: the reasons against it, and what is only worth saying."""

    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    facts: Mapping[str, Any]
    on_behalf: str | None
    waived: tuple[str, ...]


def decide(
    rules: Rules,
    case: Case,
    action: str,
    facts: Mapping[str, Any],
    actor: Actor,
    effective_on: date,
    context: Context,
) -> Decision:
    """Decide one step from a frozen picture; the same picture always gives the same decision.

    Raises ActionRefused with every reason at once.
    """
    if action not in rules.workflow.actions:
        raise ActionRefused(action, [Reason("action_unknown", {"action": action})])
    verdict = judge(rules, case, action, facts, actor, effective_on, context)
    rule = rules.workflow.actions[action]
    previous = previous_state(context.acts)
    target = rules.rulebook.try_move(case.state, action, previous, refused=bool(verdict.reasons))
    if verdict.reasons:
        raise ActionRefused(action, verdict.reasons)
    closed = tuple(name for name, task in rules.workflow.tasks.items() if action in task.closed_by)
    return Decision(
        action, case.state, target, verdict.facts, verdict.on_behalf, verdict.waived, verdict.warnings,
        rule.notify, rule.task, closed, rule.place,
    )  # fmt: skip


def judge(
    rules: Rules, case: Case, action: str, facts: Mapping[str, Any], actor: Actor, effective_on: date, context: Context,
    *, asked: bool = True,
) -> Verdict:  # fmt: skip
    """Find everything that can be said of an action; with `asked` false the form is not yet filled in."""
    rule = rules.workflow.actions[action]
    on_behalf, reasons = _role(rules.workflow, rule, actor)
    reasons += _place_in_path(rules, case, action, rule, context)
    reasons += _when(case, effective_on, context)
    values, faults = read_facts(rules.workflow, facts, (*rule.form, *rule.optional)) if asked else ({}, [])
    reasons += faults
    if asked:
        reasons += _form(rules.workflow, rule, facts, values, effective_on, context)
    given = {**values, **rule.set}
    question = Question(rules.workflow, case, {**case.facts, **given}, given, context, rules.guards)
    against, warnings, waived = _guards(rule, question, asked=asked)
    reasons += against + _place(rules.workflow, rule, question, asked=asked)
    reasons += _caps(rules.workflow, action, values, context)
    reasons += _shortened(rules.workflow, action, values, context)
    given |= _chosen(rules.workflow, rule, question)
    return Verdict(tuple(reasons), tuple(warnings), given, on_behalf, waived)


def _role(workflow: Workflow, rule: Action, actor: Actor) -> tuple[str | None, list[Reason]]:
    """A role is held in the establishment; staff may also enter what the household or a partner does."""
    if actor.roles & set(rule.by):
        return None, []
    for name in rule.by:
        if actor.roles & set(workflow.enterers(name)):
            return name, []
    labels = [workflow.roles[name].label for name in rule.by if name in workflow.roles]
    return None, [Reason("role", {"actor": actor.id, "roles": list(rule.by), "labels": labels})]


def _place_in_path(rules: Rules, case: Case, action: str, rule: Action, context: Context) -> list[Reason]:
    """Say whether the case stands where the action can be taken."""
    if rule.stays == ANYWHERE or case.state in rule.stays:
        return []
    if rules.rulebook.look(case.state, action, previous_state(context.acts)) is not None:
        return []
    state = rules.workflow.states.get(case.state)
    return [Reason("state", {"state": case.state, "label": state.label if state else case.state})]


def _when(case: Case, effective_on: date, context: Context) -> list[Reason]:
    """An act takes effect between the last change of state and today; earlier errors are mended by a correction."""
    if effective_on > context.today:
        return [
            Reason("effective_future", {"on": effective_on.isoformat(), "today": context.today.isoformat()})
        ]
    if effective_on < EARLIEST:
        return [Reason("effective_too_old", {"on": effective_on.isoformat()})]
    if SYSTEM not in context.actor.roles and effective_on < case.state_since:
        data = {"on": effective_on.isoformat(), "since": case.state_since.isoformat()}
        return [Reason("effective_before_change", data)]
    return []


def _form(
    workflow: Workflow,
    rule: Action,
    raw: Mapping[str, Any],
    values: Mapping[str, Any],
    on: date,
    context: Context,
) -> list[Reason]:
    reasons: list[Reason] = []
    for name in (*rule.form, *rule.optional):
        fact = workflow.facts[name]
        data = {"fact": name, "label": fact.label}
        value = values.get(name)
        missing = name not in values or (fact.type == "done" and value is False)
        if missing and name in rule.form and (name in values or not _given(raw, name)):
            reasons.append(Reason("fact_missing", data, fact.missing or ""))
        else:
            wrong = out_of_range(name, fact, value, since=on, today=context.today)
            reasons += [wrong] if wrong is not None else []
    return reasons


def _given(raw: Mapping[str, Any], name: str) -> bool:
    """Say whether something was written, so that a value of the wrong type is not also called missing."""
    value = raw.get(name)
    return (
        value is not None and value not in ("", [], {}) and not (isinstance(value, str) and not value.strip())
    )


def _guards(
    rule: Action, question: Question, *, asked: bool
) -> tuple[list[Reason], list[Reason], tuple[str, ...]]:
    against: list[Reason] = []
    warnings: list[Reason] = []
    waived: list[str] = []
    for condition in rule.requires:
        if not asked and _hangs_on_form(condition, rule):
            continue
        reason = fault(condition, question)
        if reason is None:
            continue
        if condition.warn:
            warnings.append(reason)
        elif condition.waiver and granted(condition.waiver, question.context):
            waived.append(condition.waiver)
        else:
            extra = {"waiver": condition.waiver} if condition.waiver else {}
            against.append(Reason(reason.code, {**reason.data, **extra}, reason.text))
    return against, warnings, tuple(waived)


def _hangs_on_form(condition: Condition, rule: Action) -> bool:
    """Say whether a condition asks, in any of its parts, about something that the form has yet to tell."""
    parts = (*condition.any, *condition.all, *((condition.when,) if condition.when else ()))
    aged_on = condition.aged.on if condition.aged is not None else None
    named = {condition.fact, condition.members, aged_on, *condition.between}
    return not named.isdisjoint((*rule.form, *rule.optional)) or any(
        _hangs_on_form(part, rule) for part in parts
    )


def _caps(workflow: Workflow, action: str, values: Mapping[str, Any], context: Context) -> list[Reason]:
    """Nothing is renewed beyond the longest that all renewals may last, not even by a date written in full."""
    reasons: list[Reason] = []
    for item in context.occurrences:
        due = workflow.deadlines[item.name].due
        if item.status != "open" or item.cap_on is None:
            continue
        data = {
            "deadline": item.name,
            "label": workflow.deadlines[item.name].label,
            "cap": item.cap_on.isoformat(),
        }
        decided = values.get(due.decided or "")
        if isinstance(decided, date) and decided > item.cap_on:
            reasons.append(Reason("beyond_cap", {**data, "on": decided.isoformat()}))
        elif action in due.renewed_by and item.legal_on >= item.cap_on:
            reasons.append(Reason("cap_reached", data))
    return reasons


def _shortened(workflow: Workflow, action: str, values: Mapping[str, Any], context: Context) -> list[Reason]:
    """A renewal does not end before what it renews, whatever date is written; an act that renews nothing may."""
    reasons: list[Reason] = []
    for item in context.occurrences:
        rule = workflow.deadlines[item.name]
        decided = values.get(rule.due.decided or "")
        if item.status != "open" or action not in rule.due.renewed_by or not isinstance(decided, date):
            continue
        end = item.legal_on if item.postponed_from is None else item.due_on
        if decided < end:
            data = {"deadline": item.name, "label": rule.label, "end": end.isoformat()}
            reasons.append(Reason("renewal_shortens", {**data, "on": decided.isoformat()}))
    return reasons


def granted(waiver: str, context: Context) -> bool:
    """Say whether a waiver was granted and has not been used since."""
    last_grant = last_use = 0
    for act in context.acts:
        if act.action == f"deroger_{waiver}":
            last_grant = max(last_grant, act.seq)
        if waiver in act.waived:
            last_use = max(last_use, act.seq)
    return last_grant > last_use


def _place(workflow: Workflow, rule: Action, question: Question, *, asked: bool) -> list[Reason]:
    """A place is taken by one case, and suits it. Where the house has listed none, any name is one."""
    if rule.place not in ("promise", "occupy") or workflow.place is None:
        return []
    fact, seen = workflow.place.fact, question.context.places
    data = {"fact": fact, "label": workflow.facts[fact].label}
    place = question.facts.get(fact)
    if seen is not None and seen.declared:
        # A form that is yet to be filled in may name another.
        return _suitable(seen, data, open_=not asked and fact in (*rule.form, *rule.optional))
    if place is None:
        if not asked or fact in rule.form:
            return []
        return [Reason("place_missing", data)]
    if question.context.place_taken_by is not None:
        return [Reason("place_taken", {"place": place, "fact": fact})]
    return []


def _suitable(seen: Places, data: dict[str, Any], *, open_: bool) -> list[Reason]:
    """Say why a listed place cannot be taken; where none is asked for, why none can."""
    if seen.wanted is None or open_:
        found = bool(seen.free) or seen.held is not None
        return [] if found else [Reason("place_none_free", {**data, "why": seen.closed_ways()})]
    named = place_key(seen.wanted)
    if named in seen.why:
        return [seen.why[named]]
    if named in seen.free or (seen.held is not None and seen.held.place == named):
        return []
    return [Reason("place_unknown", {**data, "place": seen.wanted})]


def _chosen(workflow: Workflow, rule: Action, question: Question) -> dict[str, Any]:
    """Name the place that is taken as the house does: the one asked for, else the best of those that suit the case."""
    seen = question.context.places
    if rule.place not in ("promise", "occupy") or workflow.place is None or seen is None or not seen.declared:
        return {}
    fact = workflow.place.fact
    taken = seen.wanted if seen.wanted is not None else next(iter(seen.free.values()), None)
    known = seen.held is not None and taken is not None and seen.held.place == place_key(taken)
    if taken is None or (fact not in question.given and (known or fact in rule.form)):
        return {}
    return {fact: taken}
