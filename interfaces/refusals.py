"""Reasons in the words of the workflow: the labels of acts, deadlines and facts in place of their names."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from .. import ActionRefused, Reason
from .french import listed, quoted
from .telling import Teller
from .words import reason_words

UNKNOWN = "action_unknown"


@contextmanager
def in_words_of(told: Teller) -> Iterator[None]:
    """Let a refusal speak of a case in the words of its workflow."""
    try:
        yield
    except ActionRefused as refusal:
        known = told.workflow.actions.get(refusal.action)
        name = known.label if known else refusal.action
        reasons = [labelled(told, reason) for reason in refusal.reasons]
        raise ActionRefused(name, reasons) from refusal


def labelled(told: Teller, reason: Reason) -> Reason:
    """Give a reason the labels that its sentence needs, and the written exception that would lift it."""
    if "linked" in reason.data:
        return reason  # of another workflow: its own names say more than ours
    data = {**reason.data, **_labels(told, reason.code, reason.data)}
    text = reason.text
    if reason.code == UNKNOWN:
        text = unknown_act(told, str(data.get("action")))
    if reason.code == "fact_missing":
        said = (text or reason_words(Reason(reason.code, data))).removesuffix(".")
        text = f"{said} (--fact {data.get('fact')}=…)."
    waiver = told.workflow.waivers.get(str(data.get("waiver", "")))
    if waiver is not None:
        plain = text or reason_words(Reason(reason.code, data))
        act = f"deroger_{data['waiver']}"
        text = f"{plain} Dérogation possible par {told.roles(waiver.by)} ({act})."
    return Reason(reason.code, data, text)


def unknown_act(told: Teller, name: str) -> str:
    """Say that an act does not exist, and which ones have a name close to it."""
    close = get_close_matches(name, list(told.workflow.actions), n=3)
    hint = f" ; vouliez-vous dire {listed(map(quoted, close), 'ou')} ?" if close else "."
    return f"L’acte {quoted(name)} n’existe pas dans ce programme{hint}"


def _labels(told: Teller, code: str, data: Mapping[str, Any]) -> dict[str, Any]:
    workflow = told.workflow
    match code:
        case "count":
            return {"labels": _named(workflow.actions, data.get("actions", ()))}
        case "deadline_condition":
            return {"labels": _named(workflow.deadlines, data.get("deadlines", ()))}
        case "role":
            return {"actor": told.person(data.get("actor"))}
        case "fact_condition":
            return {"label": told.fact(str(data.get("fact")))}
        case "parameter":
            return {"label": _named(workflow.parameters, [data.get("parameter")])[0]}
        case "state_condition":
            return {"label": _named(workflow.states, [data.get("state")])[0]}
        case "same_person" | "out_of_order":
            found: dict[str, Any] = {"action": _named(workflow.actions, [data.get("action")])[0]}
            return {**found, "actor": told.person(data.get("actor"))} if data.get("actor") else found
    return {}


def _named(table: Mapping[str, Any], names: Sequence[Any]) -> list[str]:
    return [table[name].label if name in table else str(name) for name in names]
