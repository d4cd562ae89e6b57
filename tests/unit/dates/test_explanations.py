"""Dates told to people: every move has its reason, in French."""

from datetime import date

import pytest

from jalon.dates import Calendar, explain, series
from jalon.domain.explain_dates import long_date, long_delay


def test_a_series_says_why_each_date_moved():
    """The four reviews of a stay that began on 31 December, opinions due before."""
    short = "le 31 février 2027 n’existe pas, dernier jour du mois"
    assert [str(told) for told in series(date(2026, 12, 31), "P2M", 4, shift="precedent")] == [
        "vendredi 26 février 2027 ("
        + short
        + " — avancé : dimanche 28 février 2027 ; samedi 27 février 2027)",
        "vendredi 30 avril 2027 (le 31 avril 2027 n’existe pas, dernier jour du mois)",
        "mercredi 30 juin 2027 (le 31 juin 2027 n’existe pas, dernier jour du mois)",
        "mardi 31 août 2027",
    ]


def test_moves_name_the_days_passed_in_order():
    told = explain(date(2026, 5, 6), "P1Y", k=2, shift="suivant")
    assert (told.raw, told.due, told.clamped) == (date(2028, 5, 6), date(2028, 5, 9), False)
    assert told.moves == (
        (date(2028, 5, 6), "samedi"),
        (date(2028, 5, 7), "dimanche"),
        (date(2028, 5, 8), "8 Mai (férié)"),
    )


def test_a_holiday_is_named_before_the_weekend_on_which_it_falls():
    moves = explain(date(2027, 4, 1), "P1M", shift="suivant").moves
    assert moves == ((date(2027, 5, 1), "1er Mai (férié)"), (date(2027, 5, 2), "dimanche"))


def test_two_holidays_on_one_date_are_both_named():
    (move,) = explain(date(2008, 5, 1), "P0D", shift="suivant").moves
    assert move.reason == "1er Mai et jeudi de l’Ascension (férié)"


def test_a_closure_of_the_house_is_said():
    house = Calendar(closures=frozenset({date(2027, 3, 30)}))
    told = explain(date(2027, 3, 1), "P14D", k=2, shift="suivant", calendar=house)
    assert told.moves == (
        (date(2027, 3, 29), "lundi de Pâques (férié)"),
        (date(2027, 3, 30), "fermeture de l’établissement"),
    )
    easter, closure = (
        "lundi 29 mars 2027, lundi de Pâques (férié)",
        "mardi 30 mars 2027, fermeture de l’établissement",
    )
    assert told.reasons() == (f"reporté : {easter} ; {closure}",)


def test_a_count_of_working_days_lists_the_holidays_left_out():
    told = explain(date(2026, 12, 23), "P10B")
    assert told.skipped == ((date(2026, 12, 25), "Noël (férié)"), (date(2027, 1, 1), "jour de l’An (férié)"))
    assert told.moves == ()


def test_the_starting_day_is_not_among_those_left_out():
    assert explain(date(2026, 12, 25), "P1B").skipped == ()


def test_a_delay_franc_says_its_extra_day():
    told = explain(date(2027, 2, 8), "P2M", franc=True, shift="suivant")
    assert str(told) == "vendredi 9 avril 2027 (délai franc, un jour de plus)"


@pytest.mark.parametrize(
    ("delay", "k", "rule"),
    [
        ("P2M", 1, "2 mois après le mardi 15 décembre 2026"),
        ("P1Y", 2, "2 ans après le mardi 15 décembre 2026"),
        ("-P3M14D", 1, "3 mois et 14 jours avant le mardi 15 décembre 2026"),
        ("P-1M7D", 1, "1 mois avant le mardi 15 décembre 2026, plus 7 jours"),
        ("P1M-2B", 1, "1 mois après le mardi 15 décembre 2026, moins 2 jours ouvrés"),
        ("P0D", 1, "le mardi 15 décembre 2026"),
    ],
)
def test_the_rule_is_said_in_words(delay, k, rule):
    assert explain(date(2026, 12, 15), delay, k=k).rule() == rule


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        ("P1Y", "1 an"), ("P18M", "18 mois"), ("P1D", "1 jour"), ("P5B", "5 jours ouvrés"),
        ("PT48H", "48 heures"),        ("P1M15D2B", "1 mois, 15 jours et 2 jours ouvrés"), ("P0D", "0 jour"),
    ],
)  # fmt: skip
def test_a_delay_is_said_in_words(delay, words):
    assert long_delay(delay) == words


def test_a_long_date_is_written_as_people_write_it():
    assert long_date(date(2027, 1, 15)) == "vendredi 15 janvier 2027"
    assert long_date(date(2027, 3, 1)) == "lundi 1er mars 2027"
