"""Forms filled in for a story that does not say: one plausible value a type, always the same."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..domain.workflow import Action, Fact, Workflow

HOUSEHOLD = {"name": "Le ménage", "email": "menage@menage.example"}
CONTACT = {"name": "Le prescripteur", "email": "prescripteur@partenaire.example"}


def filled(
    workflow: Workflow, action: Action, facts: Mapping[str, Any], *, day: date, by: str, place: str
) -> dict[str, Any]:
    """Give what an act is given: what the story says, then a value for each thing its form must have."""
    given = dict(facts)
    for name in action.form:
        if name not in given:
            given[name] = _plausible(workflow, name, workflow.facts[name], day, by, place)
    return given


def _plausible(workflow: Workflow, name: str, fact: Fact, day: date, by: str, place: str) -> Any:
    if fact.type == "choice":
        return next(iter(fact.choices), None)
    if fact.type == "documents":
        return next(iter(workflow.documents), None)
    return {
        "text": fact.label, "date": day.isoformat(), "time": "10:00", "number": 1, "money": "100.00", "yesno": True,
        "done": True, "household": HOUSEHOLD, "contact": CONTACT, "actor": by, "actors": [by], "place": place,
        "file": f"{name}.pdf",
    }.get(fact.type)  # fmt: skip
