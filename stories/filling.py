"""Forms filled in for a story that does not say: one plausible value a type, always the same."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ..domain.workflow import Action, Fact, Workflow

CONTACT = {"name": "Le prescripteur", "email": "prescripteur@partenaire.example"}


def filled(
    workflow: Workflow,
    action: Action,
    facts: Mapping[str, Any],
    *,
    day: date,
    by: str,
    place: Callable[[], str],
    number: int,
) -> dict[str, Any]:
    """Give what an act is given: what the story says, then a value for each thing its form must have.

    `place` finds one for an act that asks for it; `number` tells the people of one case from those of another: the
    first is 1.
    """
    given = dict(facts)
    for name in action.form:
        if name not in given:
            given[name] = _plausible(workflow, name, workflow.facts[name], day, by, place, number)
    return given


def _plausible(
    workflow: Workflow, name: str, fact: Fact, day: date, by: str, place: Callable[[], str], number: int
) -> Any:
    if fact.type == "choice":
        return next(iter(fact.choices), None)
    if fact.type == "documents":
        return next(iter(workflow.documents), None)
    if fact.type == "place":
        return place()
    again = "" if number == 1 else str(number)
    return {
        "text": fact.label, "date": day.isoformat(), "time": "10:00", "instant": f"{day.isoformat()}T10:00",
        "number": 1, "money": "100.00", "yesno": True, "done": True, "contact": CONTACT, "actor": by, "actors": [by],
        "household": _people("Le ménage", "menage", again), "person": _people("La personne", "personne", again),
        "file": f"{name}.pdf",
    }.get(fact.type)  # fmt: skip


def _people(name: str, box: str, again: str) -> dict[str, str]:
    return {"name": f"{name} {again}".rstrip(), "email": f"{box}{again}@menage.example"}
