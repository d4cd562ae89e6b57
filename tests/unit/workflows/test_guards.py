"""The named guards that are shipped, at their bounds."""

from datetime import date
from decimal import Decimal

import pytest
from support.documents import SMALL

from jalon import load, loads
from jalon.workflows.guards import (
    GUARDS,
    envoi_avant_reception,
    required_guards,
    seuil_resiliation_impaye,
    unknown_guards,
)
from jalon.workflows.load import examine


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        ({}, False),
        ({"redevance": Decimal("400.00")}, False),
        ({"termes_impayes": 3, "montant_du": Decimal("1.00")}, True),
        ({"termes_impayes": 2, "montant_du": Decimal("799.99"), "redevance": Decimal("400.00")}, False),
        ({"termes_impayes": 2, "montant_du": Decimal("800.00"), "redevance": Decimal("400.00")}, True),
        ({"termes_impayes": 0, "montant_du": Decimal("1000.00")}, False),
        ({"termes_impayes": 0, "montant_du": Decimal("0.00"), "redevance": Decimal("0.00")}, False),
        ({"montant_du": Decimal("900.00"), "redevance": Decimal("400.00")}, True),
        ({"termes_impayes": 4}, True),
    ],
)
def test_arrears_end_a_stay_from_three_whole_terms_or_twice_the_redevance(facts, allowed):
    reason = seuil_resiliation_impaye(None, None, facts)
    assert (reason is None) is allowed
    assert reason is None or reason.endswith(".")


def test_arrears_never_declared_are_said_so():
    assert "Aucun impayé n’a été déclaré" in seuil_resiliation_impaye(None, None, {})
    told = seuil_resiliation_impaye(None, None, {"montant_du": Decimal("799.99"), "redevance": Decimal(400)})
    assert "799,99 € dus pour une redevance de 400,00 €" in told


@pytest.mark.parametrize(
    ("sent", "received", "allowed"),
    [
        (date(2027, 3, 1), date(2027, 3, 1), True),
        (date(2027, 3, 1), date(2027, 3, 4), True),
        (date(2027, 3, 2), date(2027, 3, 1), False),
        (date(2027, 3, 1), None, True),
        (None, date(2027, 3, 1), True),
    ],
)
def test_a_letter_is_received_on_or_after_the_day_it_was_sent(sent, received, allowed):
    reason = envoi_avant_reception(None, None, {"date_envoi": sent, "date_reception": received})
    assert (reason is None) is allowed


def test_the_shipped_catalogue_names_only_guards_that_are_shipped():
    workflow = load("rs_temporaire")
    assert required_guards(workflow) == {
        "seuil_resiliation_impaye", "envoi_avant_reception", "recue_apres_decision",
    }  # fmt: skip
    assert unknown_guards(workflow, GUARDS) == ()


def test_a_guard_of_the_host_loads_and_is_told_where_it_is_named(tmp_path):
    text = SMALL.replace(
        "{fact: motif, equals: voeu, else:", "{any: [{guard: ma_garde}, {state: recu}], else:"
    )
    workflow = loads(text)
    assert unknown_guards(workflow, GUARDS) == ("ma_garde",)
    path = tmp_path / "essai.yaml"
    path.write_text(text, encoding="utf-8")
    assert examine(path)[1] == []
    (problem,) = examine(path, GUARDS)[1]
    line = text[: text.index("ma_garde")].count("\n") + 1
    assert (problem.line, problem.code) == (line, "guard")
    assert "garde inconnue « ma_garde »" in problem.text
