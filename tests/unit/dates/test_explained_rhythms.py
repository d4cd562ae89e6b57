"""Rhythms of the calendar, explained as delays are."""

from datetime import date

import pytest

from jalon import InputError
from jalon.dates import Calendar, explain, series


def test_the_monthly_meeting_of_domain_s12():
    """Thursday 6 May 2027 is Ascension: the meeting moves to Friday, the next one does not."""
    found = series(date(2027, 4, 30), "premier jeudi", 2, shift="suivant")
    assert [told.due.isoformat() for told in found] == ["2027-05-07", "2027-06-03"]
    assert str(found[0]) == "vendredi 7 mai 2027 (reporté : jeudi 6 mai 2027, jeudi de l’Ascension (férié))"
    assert found[1].rule() == "chaque premier jeudi du mois, après le vendredi 30 avril 2027, 2ᵉ date"


def test_a_month_too_short_says_so():
    told = explain(date(2027, 2, 1), "le 31")
    assert (told.due, told.clamped) == (date(2027, 2, 28), True)
    assert told.reasons() == ("février 2027 est trop court, dernier jour du mois",)


def test_working_days_before_the_end_of_a_month_follow_the_calendar():
    found = series(date(2027, 5, 1), "P5B avant la fin du mois", 1)
    assert found[0].due == date(2027, 5, 24)
    closed = Calendar(closures=frozenset({date(2027, 5, 26)}))
    assert series(date(2027, 5, 1), "P5B avant la fin du mois", 1, calendar=closed)[0].due == date(
        2027, 5, 21
    )


@pytest.mark.parametrize("k", [0, -1, 10_001])
def test_the_rank_of_a_rhythm_is_counted_from_one(k):
    with pytest.raises(InputError):
        explain(date(2027, 1, 1), "lundi", k=k)


def test_a_rhythm_that_leaves_the_calendar_is_refused():
    with pytest.raises(InputError):
        explain(date(9999, 12, 1), "fin de mois", k=2)


@pytest.mark.parametrize("text", ["premier", "P", "lundi matin", ""])
def test_what_is_neither_a_delay_nor_a_rhythm_is_refused_as_a_delay(text):
    with pytest.raises(InputError) as error:
        explain(date(2027, 1, 1), text)
    assert error.value.data["argument"] == "delay"
