"""A value as people read it: each type of fact of the shipped workflows has its words."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from jalon import load
from jalon.interfaces.telling import Teller

TELLER = Teller(load("lhss"), {"ines": "Inès Moreau"}, "Europe/Paris", datetime(2028, 5, 24, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("absent_depuis", datetime(2027, 11, 2, 20, 0), "mardi 2 novembre 2027 à 20:00"),
        ("date_admission", date(2027, 11, 1), "lundi 1er novembre 2027"),
        ("isolement", True, "oui"),
        ("sens_avis", "favorable", "Favorable"),
        ("personne", {"anonymous": True}, "personne anonyme"),
    ],
)
def test_a_value_is_told_in_french(fact: str, value: Any, said: str) -> None:
    assert TELLER.value(fact, value) == said


def test_every_type_of_a_shipped_fact_can_be_told() -> None:
    """A type that nobody thought of would cut a history short."""
    values: dict[str, Any] = {
        "text": "x", "date": date(2027, 1, 1), "time": time(9), "instant": datetime(2027, 1, 1, 9), "number": 1.5,
        "money": Decimal("1.5"), "yesno": True, "done": True, "choice": "x", "count": 2, "household": {"name": "x"},
        "person": {"name": "x"}, "contact": {"email": "a@b.fr"}, "actor": "ines", "actors": ["ines", "Mme Roy"],
        "place": "Lit 1", "file": "x.pdf", "documents": ["dipc"],
    }  # fmt: skip
    for name in ("lhss", "chrs_insertion", "rs_temporaire", "asll_soliha", "relogement", "commission"):
        workflow = load(name)
        told = Teller(workflow, {}, "Europe/Paris", TELLER.now)
        assert all(told.value(fact, values[known.type]) for fact, known in workflow.facts.items())
