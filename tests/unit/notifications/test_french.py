"""French for letters: what people read."""

import time as clock
from datetime import UTC, date, datetime, time

import pytest

from jalon.notifications import french

NB, THIN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2027, 1, 15), "vendredi 15 janvier 2027"),
        (date(2027, 1, 1), "vendredi 1er janvier 2027"),
        (date(2028, 2, 29), "mardi 29 février 2028"),
        (date(2026, 12, 8), "mardi 8 décembre 2026"),
        (date(2026, 8, 2), "dimanche 2 août 2026"),
    ],
)
def test_a_long_date_names_its_day_and_the_first_of_a_month_is_1er(day: date, written: str) -> None:
    assert french.date_longue(day) == written


def test_a_short_date_has_two_digits_everywhere() -> None:
    assert french.date_courte(date(2027, 1, 5)) == "05/01/2027"


def test_a_date_that_has_an_hour_is_written_with_it() -> None:
    day = french.Timed.at(date(2027, 3, 3), "20:00")
    assert french.date_longue(day) == f"mercredi 3 mars 2027 à 20{NB}h"
    assert french.date_courte(day) == f"03/03/2027 à 20{NB}h"
    assert day == date(2027, 3, 3)


@pytest.mark.parametrize("value", ["2027-01-15", datetime(2027, 1, 15, tzinfo=UTC), None, 3])
def test_only_a_civil_date_is_written_as_a_date(value: object) -> None:
    """An instant has no civil date until someone says in which zone."""
    with pytest.raises(TypeError):
        french.date_longue(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "written"),
    [("14:30", "14 h 30"), ("09:00", "9 h"), ("00:05:00", "0 h 05"), (time(8, 5), "8 h 05")],
)
def test_hours_are_written_over_24(value: str | time, written: str) -> None:
    assert french.heure(value) == written.replace(" ", NB)


def test_a_wrong_hour_is_refused_without_being_repeated() -> None:
    """What a template receives may be personal: no error repeats it."""
    with pytest.raises(ValueError, match="ISO time") as caught:
        french.heure("chez Mme Martin")
    assert "Martin" not in str(caught.value)


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 jour"), (1, "1 jour"), (2, "2 jours"), (-1, "-1 jour"), (40, "40 jours")]
)
def test_the_plural_begins_at_two(count: int, written: str) -> None:
    assert french.pluriel(count, "jour", "jours") == written.replace(" ", NB)


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (30, f"dans 30{NB}jours"),
        (1, "demain"),
        (0, "aujourd’hui"),
        (-1, "hier"),
        (-3, f"il y a 3{NB}jours"),
    ],
)
def test_a_distance_in_days_is_said_as_people_say_it(days: int, written: str) -> None:
    assert french.relatif(days) == written


def test_a_list_shows_seven_items_then_counts_the_others() -> None:
    assert french.liste([]) == ""
    assert french.liste(["le bail"]) == "- le bail."
    assert french.liste(["a", "b"]) == f"- a{THIN};\n- b."
    assert french.liste(list("abcdefg")).count("\n") == 6
    assert french.liste(list("abcdefgh")).endswith(f"- g{THIN};\n- et 1 autre.")
    assert french.liste(list("abcdefghijkl")).endswith(f"- g{THIN};\n- et 5 autres.")


@pytest.mark.parametrize("value", ["abc", None, 3, [1]])
def test_only_a_list_of_texts_is_written_as_a_list(value: object) -> None:
    with pytest.raises(TypeError):
        french.liste(value)  # type: ignore[arg-type]


def test_typography_sets_apostrophes_and_no_break_spaces() -> None:
    assert french.typographie("l'avis : « dû » ; n° 3 !") == f"l’avis{NB}: «{NB}dû{NB}»{THIN}; n°{NB}3{THIN}!"


def test_typography_leaves_addresses_alone_and_adds_nothing() -> None:
    text = "https://exemple.fr/l'acces?a=1;b=2 à 14:30"
    assert french.typographie(text) == text


@pytest.mark.parametrize("text", [" " * 40_000 + "x", "x" * 40_000, "'" * 40_000, "a'" * 20_000])
def test_typography_reads_a_hostile_text_once(text: str) -> None:
    started = clock.process_time()
    french.typographie(text)
    assert clock.process_time() - started < 1
