"""What a house may set follows the places where its parameter is used."""

import pytest
from support.documents import spoiled
from support.timely import HORLOGES

from jalon import InputError, loads
from jalon.workflows.settings import checked_setting

TIMELY = HORLOGES.read_text(encoding="utf-8")
TEXT = spoiled("catch_up: {within: P1D}", "catch_up: {within: P1D*}", TIMELY)
TEXT = spoiled(
    "after: P6M, renewed_by: renouveler, taken_back_by: retirer, cap: P4Y",
    "after: P6M*, renewed_by: renouveler, taken_back_by: retirer, cap: P4Y*",
    TEXT,
)
HOUSE = loads(TEXT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("jour_reunion", "dernier vendredi"), ("jour_reunion", "P1M"), ("le_quinze.every", "lundi"),
        ("chaque_quinzaine.every", "le 15"), ("chaque_quinzaine.every", "P21D"), ("en_heures.after", "PT72H"),
        ("en_heures.after", "P1DT12H"), ("a_l_heure.catch_up.within", "P2B"), ("evaluer.within", "P1M"),
        ("avec_plafond.cap", "P3Y"), ("evaluer.at_most", 21),
    ],
)  # fmt: skip
def test_a_house_sets_what_each_place_takes(name, value):
    assert checked_setting(HOUSE, name, value) == value


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("jour_reunion", "premier jour", "form"), ("jour_reunion", "PT48H", "hours"),
        ("jour_reunion", "P0D", "forward"),
        ("chaque_quinzaine.every", "-P14D", "forward"), ("en_heures.after", "P2D", "days"),
        ("en_heures.after", "-PT4H", "sign"), ("en_heures.after", "P1BT4H", "mixed"),
        ("en_heures.after", "lundi", "form"),
        ("suspendue_et_reprise.after", "PT48H", "hours"), ("suspendue_et_reprise.after", "lundi", "form"),
        ("a_l_heure.catch_up.within", "P1M", "months"), ("a_l_heure.catch_up.within", "P0D", "forward"),
        ("evaluer.within", "-P1M", "forward"), ("avec_plafond.cap", "P0D", "forward"),
        ("avec_plafond.after", "P0D", "forward"),
        ("avec_plafond.cap", "P51Y", "length"), ("en_heures.after", "PT500000H", "length"),
        ("evaluer.at_most", -1, "range"),
    ],
)  # fmt: skip
def test_a_house_does_not_set_what_no_place_takes(name, value, problem):
    with pytest.raises(InputError) as caught:
        checked_setting(HOUSE, name, value)
    assert caught.value.data["problem"] == problem
    assert caught.value.data["value"] in (value, str(value))


def test_a_parameter_used_by_a_rhythm_and_by_a_delay_is_a_delay():
    text = spoiled(
        "{label: Jour de la réunion, default: premier jeudi}", "{label: Durée, default: P1M}", TIMELY
    )
    text = spoiled("due: {anchor: prendre, after: P2M*}", "due: {anchor: prendre, after: jour_reunion}", text)
    workflow = loads(text)
    assert checked_setting(workflow, "jour_reunion", "P2M") == "P2M"
    with pytest.raises(InputError):
        checked_setting(workflow, "jour_reunion", "premier jeudi")
