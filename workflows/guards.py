"""The named guards of the shipped catalogue: what a structured condition cannot say in one line.

A guard sees the case, the frozen context and the values given; it gives a French reason, or nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from ..domain.case import Case
from ..domain.condition import Condition
from ..domain.context import Context
from ..domain.question import Guard
from ..domain.workflow import Workflow

UNPAID_TERMS = 3
OWED_TIMES = 2


def seuil_resiliation_impaye(_case: Case, _context: Context, facts: Mapping[str, Any]) -> str | None:
    """Allow a termination for arrears from three whole monthly terms in a row, or twice the redevance owed.

    CCH R633-3 II a. Redevance and amount owed are euros; the redevance is the monthly one of the contract.
    """
    terms, owed, monthly = (
        _number(facts.get(name)) for name in ("termes_impayes", "montant_du", "redevance")
    )
    if terms is None and owed is None:
        return (
            "Aucun impayé n’a été déclaré dans ce dossier : le déclarer d’abord (termes impayés, montant dû)."
        )
    if terms is not None and terms >= UNPAID_TERMS:
        return None
    if owed is not None and monthly is not None and monthly > 0 and owed >= OWED_TIMES * monthly:
        return None
    known = f" (ici {owed:.2f} € dus pour une redevance de {monthly:.2f} €)" if owed and monthly else ""
    return (
        "Le seuil de la résiliation pour impayé n’est pas atteint : il faut trois termes mensuels consécutifs "
        f"entièrement impayés, ou au moins deux fois la redevance mensuelle{known.replace('.', ',')}."
    )


def envoi_avant_reception(_case: Case, _context: Context, facts: Mapping[str, Any]) -> str | None:
    """Refuse a letter said to be received before it was sent; the same day is possible, by hand."""
    sent, received = facts.get("date_envoi"), facts.get("date_reception")
    if isinstance(sent, date) and isinstance(received, date) and received < sent:
        return "La notification ne peut pas avoir été reçue avant d’avoir été envoyée."
    return None


def recue_apres_decision(_case: Case, _context: Context, facts: Mapping[str, Any]) -> str | None:
    """Refuse a decision said to be received before it was taken: the delay of appeal counts from that day."""
    decided, received = facts.get("date_commission"), facts.get("decision_recue_le")
    if isinstance(decided, date) and isinstance(received, date) and received < decided:
        return "La décision ne peut pas avoir été reçue avant d’avoir été prise."
    return None


def _number(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        guard.__name__: guard
        for guard in (seuil_resiliation_impaye, envoi_avant_reception, recue_apres_decision)
    }
)
"""The guards that come with jalon, by name."""


def required_guards(workflow: Workflow) -> frozenset[str]:
    """Name every guard that the conditions of a workflow ask for."""
    return frozenset(
        part.guard
        for action in workflow.actions.values()
        for condition in action.requires
        for part in _parts(condition)
        if part.guard is not None
    )


def unknown_guards(workflow: Workflow, names: Iterable[str]) -> tuple[str, ...]:
    """Name, in order, the guards that a workflow asks for and that are not among these."""
    return tuple(sorted(required_guards(workflow) - frozenset(names)))


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    for inner in (*condition.any, *condition.all, *((condition.when,) if condition.when else ())):
        yield from _parts(inner)
