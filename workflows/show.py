"""A workflow described as plain data, its rules in French words: for `jalon workflows show` and its JSON."""

from collections.abc import Mapping
from typing import Any

from ..domain.deadline import Rung
from ..domain.workflow import Workflow
from .words import Words
from .words_conditions import NOTHING

Data = dict[str, Any]


def describe(workflow: Workflow, others: Mapping[str, Workflow] = NOTHING) -> Data:
    """Describe a workflow: who, its states, acts, dates and settings; lists keep the document's order.

    `others` are the workflows to which it is linked, where they are known: their states then bear their labels.
    """
    words = Words(workflow, others)
    return {
        "workflow": workflow.workflow, "version": workflow.version, "title": workflow.title, "kind": workflow.kind,
        "family": workflow.family, "section": workflow.section, "origin": list(workflow.origin),
        "digest": workflow.digest, "referent": list(workflow.referent), "escalation": list(workflow.escalation),
        "place": _place(workflow), "links": _links(workflow),
        "meeting": None if workflow.meeting is None else workflow.meeting.model_dump(),
        "roles": _roles(workflow), "phases": _phases(workflow), "states": _states(workflow, words),
        "actions": _actions(workflow, words), "deadlines": _deadlines(workflow, words),
        "parameters": _parameters(workflow), "documents": _documents(workflow, words), "facts": _facts(workflow),
        "seasons": _seasons(workflow),
        "waivers": _waivers(workflow), "tasks": _tasks(workflow, words), "notices": _notices(workflow, words),
    }  # fmt: skip


def _place(workflow: Workflow) -> Data | None:
    place = workflow.place
    if place is None:
        return None
    fits = [
        {"fact": fit.fact, "attribute": fit.attribute, "shared": fit.shared, "unless": fit.unless,
         "refusal": fit.otherwise}
        for fit in place.fits
    ]  # fmt: skip
    return {"kind": place.kind, "fact": place.fact, "fits": fits, "leaves": list(place.leaves)}


def _links(workflow: Workflow) -> list[Data]:
    return [
        {"name": name, "label": link.label, "workflow": list(link.workflow), "opens_by": link.opens_by,
         "gives": dict(link.gives), "follows": link.follows, "ends": link.ends, "closed_by": link.closed_by,
         "reverse": link.reverse, "row": list(link.row)}
        for name, link in workflow.links.items()
    ]  # fmt: skip


def _roles(workflow: Workflow) -> list[Data]:
    return [
        {"name": name, "label": role.label, "kind": role.kind, "contact": role.contact,
         "entered_by": list(role.entered_by)}
        for name, role in workflow.roles.items()
    ]  # fmt: skip


def _phases(workflow: Workflow) -> list[Data]:
    found: dict[str, list[str]] = {}
    for name, state in workflow.states.items():
        found.setdefault(state.phase, []).append(name)
    return [{"name": phase, "states": states} for phase, states in found.items()]


def _states(workflow: Workflow, words: Words) -> list[Data]:
    return [
        {
            "name": name, "label": state.label, "phase": state.phase, "turn": list(state.turn),
            "turn_labels": [workflow.roles[role].label for role in state.turn if role in workflow.roles],
            "terminal": state.terminal, "houses": name in workflow.houses, "queue": list(state.queue),
            "sans_echeance": state.sans_echeance, "row": list(state.row),
            "deadlines": [key for key, rule in workflow.deadlines.items() if name in rule.span],
            "moves": [key for key, action in workflow.actions.items() if name in action.sources],
            "acts": [key for key, action in workflow.actions.items() if name in action.stays],
            "queue_labels": [words.label("facts", fact) for fact in state.queue],
        }
        for name, state in workflow.states.items()
    ]  # fmt: skip


def _actions(workflow: Workflow, words: Words) -> list[Data]:
    return [
        {
            "name": name, "label": action.label, "by": list(action.by),
            "by_labels": [_role(workflow, role) for role in action.by],
            "from": list(action.sources), "to": action.target, "in": list(action.stays),
            "form": _form(workflow, action.form, required=True) + _form(workflow, action.optional, required=False),
            "effective": action.effective, "effective_label": words.label("facts", action.effective or ""),
            "conditions": [_condition(part, words) for part in action.requires],
            "set": dict(action.set), "place": action.place, "opens": list(action.opens),
            "task": list(action.task), "notify": list(action.notify),
            "waives": action.waives, "row": list(action.row),
        }
        for name, action in workflow.actions.items()
    ]  # fmt: skip


def _role(workflow: Workflow, name: str) -> str:
    known = workflow.roles.get(name)
    return known.label if known else "Automatique"


def _form(workflow: Workflow, names: tuple[str, ...], *, required: bool) -> list[Data]:
    return [
        {"fact": name, "label": workflow.facts[name].label, "type": workflow.facts[name].type, "required": required}
        for name in names
    ]  # fmt: skip


def _condition(part: Any, words: Words) -> Data:
    return {
        "asks": words.condition(part),
        "refusal": part.otherwise,
        "warning": part.warn,
        "waiver": part.waiver,
        "guard": part.guard,
    }


def _deadlines(workflow: Workflow, words: Words) -> list[Data]:
    return [
        {
            "name": name, "label": rule.label, "rule": words.due(rule.due, rule.span), "states": list(rule.span),
            "clauses": list(words.clauses(rule)), "catch_up": rule.catch_up.mode, "meets": rule.meets,
            "postponed_by": list(rule.postponed_by),
            "when": None if rule.when is None else words.condition(rule.when),
            "who": list(rule.who), "met_by": [_meet(meet, words) for meet in rule.met_by],
            "reopened_by": list(rule.reopened_by), "met_by_leaving": list(rule.leaving),
            "renewed_by": list(rule.due.renewed_by), "taken_back_by": list(rule.due.taken_back_by),
            "ladder": [_rung(rung, words) for rung in rule.ladder],
            "informative": rule.informative, "basis": rule.basis, "row": list(rule.row),
        }
        for name, rule in workflow.deadlines.items()
    ]  # fmt: skip


def _meet(meet: Any, words: Words) -> Data:
    return {"act": meet.act, "where": words.where(meet.where) if meet.where else None}


def _parameters(workflow: Workflow) -> list[Data]:
    return [
        {"name": name, "label": one.label, "default": one.default, "basis": one.basis}
        for name, one in workflow.parameters.items()
    ]


def _documents(workflow: Workflow, words: Words) -> list[Data]:
    return [
        {"name": name, "label": one.label, "valid": None if one.valid is None else words.delay(one.valid),
         "signed": one.signed, "optional": one.optional, "row": list(one.row)}
        for name, one in workflow.documents.items()
    ]  # fmt: skip


def _facts(workflow: Workflow) -> list[Data]:
    return [
        {"name": name, "label": one.label, "type": one.type,
         "choices": [{"name": key, "label": choice.label, "counted": choice.counted}
                     for key, choice in one.choices.items()],
         "of": list(one.of), "personal": one.personal, "sensitive": one.sensitive, "row": list(one.row)}
        for name, one in workflow.facts.items()
    ]  # fmt: skip


def _seasons(workflow: Workflow) -> list[Data]:
    return [
        {"name": name, "label": one.label, "from": one.start, "to": one.end, "basis": one.basis}
        for name, one in workflow.seasons.items()
    ]


def _waivers(workflow: Workflow) -> list[Data]:
    return [
        {"name": name, "label": one.label, "by": list(one.by), "form": list(one.form), "row": list(one.row)}
        for name, one in workflow.waivers.items()
    ]


def _rung(rung: Rung, words: Words) -> Data:
    return {"id": rung.id, "kind": rung.kind, "when": words.when(rung), "says": words.rung(rung)}


def _tasks(workflow: Workflow, words: Words) -> list[Data]:
    return [
        {"name": name, "label": one.label, "who": list(one.who), "due": words.delay(one.due),
         "closed_by": list(one.closed_by), "row": list(one.row)}
        for name, one in workflow.tasks.items()
    ]  # fmt: skip


def _notices(workflow: Workflow, words: Words) -> list[Data]:
    return [
        {"name": name, "to": list(one.to), "to_labels": [words.recipient(role) for role in one.to], "about": one.about,
         "urgent": one.urgent,
         "withhold": {role: list(facts) for role, facts in one.withhold.items()}, "paper": list(one.paper),
         "row": list(one.row)}
        for name, one in workflow.notices.items()
    ]  # fmt: skip
