"""What `jalon forecast --json` writes."""

from typing import Any

from .. import Expected, Forecast
from .data import Data, day, instant
from .telling_forecast import assumption_words


def forecast_data(found: Forecast) -> Data:
    """Describe what is to come, and where the list was cut."""
    return {
        "until": day(found.until), "cases": found.cases, "items": [_item(item) for item in found.items],
        "truncated": [
            {"case": cut.case_id, "number": cut.number, "deadline": cut.deadline, "label": cut.label}
            for cut in found.truncated
        ],
    }  # fmt: skip


def _item(item: Expected) -> Data:
    return {
        "kind": item.kind, "armed": item.armed, "case": item.case_id, "number": item.number,
        "establishment": item.establishment, "workflow": item.workflow, "state": item.state,
        "state_label": item.state_label, "deadline": item.deadline, "label": item.label, "id": item.id,
        "occurrence": item.ordinal, "k": item.k, "last": item.last, "day": day(item.day), "at": instant(item.at),
        "due_on": day(item.due_on), "legal_on": day(item.legal_on), "act_by": day(item.act_by), "rung": item.rung,
        "waiting": item.waiting, "suspended_on": day(item.suspended_on), "does": list(item.does),
        "does_labels": list(item.does_labels), "who": list(item.who), "who_labels": list(item.who_labels),
        "assumptions": [_assumption(one) for one in item.assumptions],
    }  # fmt: skip


def _assumption(one: Any) -> Data:
    return {"code": one.code, "data": dict(one.data), "text": assumption_words(one)}
