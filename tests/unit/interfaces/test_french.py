"""French for the command line."""

from datetime import date

import pytest

from jalon.interfaces.french import how_far, listed, plural, short_date, typeset

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(("count", "said"), [(0, "0 jour"), (1, "1 jour"), (2, "2 jours")])
def test_zero_and_one_are_singular(count, said):
    assert plural(count, "jour", "jours") == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (22, "en retard de 2 jours"),
        (23, "en retard d’un jour"),
        (24, "aujourd’hui"),
        (25, "demain"),
        (27, "dans 3 jours"),
    ],
)
def test_a_due_date_is_said_from_today(day, said):
    assert how_far(date(2026, 11, day), TODAY) == said


def test_a_list_reads_as_in_a_sentence():
    assert [listed([]), listed(["a"]), listed("ab"), listed("abc", "ou")] == ["", "a", "a et b", "a, b ou c"]


def test_a_long_list_counts_the_others():
    assert listed("abcdefghi") == "a, b, c, d, e, f, g et 2 autres"
    assert listed("abcdefgh") == "a, b, c, d, e, f, g et 1 autre"
    assert listed("abcdefghi", most=None).endswith("h et i")


def test_a_date_in_figures_is_written_as_in_france():
    assert short_date(date(2027, 1, 5)) == "05/01/2027"


def test_a_screen_gets_no_break_spaces():
    assert typeset("Refusé : « a » ; b ?") == "Refusé\u00a0: «\u00a0a\u00a0»\u202f; b\u202f?"
    assert typeset("fichier.yaml:3:1: faute") == "fichier.yaml:3:1: faute"
