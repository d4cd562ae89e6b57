"""A workflow told to people: its path, who does what, what is dated and by which rule, what the house may set."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..dates import Delay
from ..domain.explain_dates import long_delay
from ..domain.workflow import SYSTEM, Action, Anchor, Deadline, Setting, Workflow
from .french import listed, plural

_SHIFTS = {"suivant": "au jour ouvré suivant", "precedent": "au jour ouvré précédent"}


def lines(workflow: Workflow) -> Iterator[str]:
    """Tell a workflow, one line an element, under a heading for each section."""
    yield f"{workflow.title} ({workflow.workflow}, version {workflow.version})"
    sections = (
        ("États", _states(workflow)),
        ("Actes", (_action(workflow, *one) for one in workflow.actions.items())),
        ("Échéances (* : réglage de la maison)", (_deadline(workflow, *one) for one in workflow.deadlines.items())),
        ("Pièces", _papers(workflow)),
        ("Réglages de la maison", _parameters(workflow)),
    )
    for heading, told in sections:
        found = list(told)
        if found:
            yield ""
            yield heading
            yield from (f"  {line}" for line in found)


def _states(workflow: Workflow) -> Iterator[str]:
    for name, state in workflow.states.items():
        if state.terminal:
            rest = "fin du parcours"
        else:
            rest = f"au tour de {_roles(workflow, state.turn)}" if state.turn else "personne n’est attendu"
        why = f" ; sans échéance : {state.sans_echeance}" if state.sans_echeance else ""
        yield f"{state.label} ({name}), {state.phase} : {rest}{why}"


def _action(workflow: Workflow, name: str, action: Action) -> str:
    who = _roles(workflow, action.by)
    return f"{action.label} ({name}) : {_path(workflow, action)} ; par {who}"


def _path(workflow: Workflow, action: Action) -> str:
    if action.opens:
        return f"ouvre un dossier → {_states_named(workflow, [action.target or ''])}"
    if action.target:
        target = "état précédent" if action.target == "previous" else _states_named(workflow, [action.target])
        return f"{_states_named(workflow, action.sources)} → {target}"
    if action.stays == ("any",):
        return "dans tous les états"
    return f"sans changer d’état, {_states_named(workflow, action.stays)}"


def _deadline(workflow: Workflow, name: str, rule: Deadline) -> str:
    shift = f", reporté {_SHIFTS[rule.due.shift]}" if rule.due.shift in _SHIFTS else ""
    rungs = f" ; {plural(len(rule.ladder), 'rappel', 'rappels')}" if rule.ladder else ""
    basis = f" [{rule.basis}]" if rule.basis else ""
    return f"{rule.label} ({name}) : {_due(workflow, rule)}{shift}{rungs}{basis}"


def _due(workflow: Workflow, rule: Deadline) -> str:
    start = listed((_anchor(workflow, anchor) for anchor in rule.due.anchors), "ou, à défaut,")
    franc = " francs" if rule.due.franc else ""
    first = "" if rule.due.after is None else f"{_delay(workflow, rule.due.after, franc)} {start}"
    if rule.due.every is None:
        return first or f"le jour même : {start}"
    rhythm = f"tous les {_length(workflow, rule.due.every).removeprefix('1 ')}"
    return f"{first}, puis {rhythm}" if first else f"{rhythm}, à compter de {start}"


def _delay(workflow: Workflow, value: Any, franc: str) -> str:
    if isinstance(value, str | Setting):
        side = "avant" if Delay.parse(_written(workflow, value)).backwards else "après"
        return f"{_length(workflow, value)}{franc} {side}"
    labels = workflow.facts[value.by].choices
    told = ", ".join(f"{labels[case].label} : {_length(workflow, length)}" for case, length in value.cases.items())
    return f"selon « {workflow.facts[value.by].label} » ({told}){franc}, après"


def _length(workflow: Workflow, value: str | Setting) -> str:
    star = "*" if isinstance(value, Setting) else ""
    return f"{long_delay(_written(workflow, value))}{star}"


def _written(workflow: Workflow, value: str | Setting) -> str:
    return str(workflow.parameters[value.param].default) if isinstance(value, Setting) else value


def _anchor(workflow: Workflow, anchor: Anchor) -> str:
    if anchor.kind == "entry":
        return "l’entrée dans l’état"
    tables: dict[str, Any] = {"fact": workflow.facts, "act": workflow.actions, "deadline": workflow.deadlines}
    labels = [f"« {tables[anchor.kind][name].label} »" for name in anchor.names]
    return listed(labels, "ou", most=None)


def _papers(workflow: Workflow) -> Iterator[str]:
    for name, paper in workflow.documents.items():
        marks = ["facultative"] if paper.optional else []
        marks += ["à signer"] if paper.signed else []
        marks += [f"valable {_length(workflow, paper.valid)}"] if paper.valid is not None else []
        yield f"{paper.label} ({name}){f' : {listed(marks)}' if marks else ''}"


def _parameters(workflow: Workflow) -> Iterator[str]:
    for name, parameter in workflow.parameters.items():
        default: Any = parameter.default
        if isinstance(default, bool):
            default = "oui" if default else "non"
        yield f"{name} = {default} : {parameter.label}"


def _roles(workflow: Workflow, names: Iterable[str]) -> str:
    labels = {SYSTEM: "Automatique"} | {name: role.label for name, role in workflow.roles.items()}
    return listed((labels.get(name, name) for name in names), "ou") or "personne"


def _states_named(workflow: Workflow, names: Iterable[str]) -> str:
    labels = (workflow.states[name].label if name in workflow.states else name for name in names)
    return listed(labels, "ou", most=None)
