"""Dates and numbers as people type them."""

from datetime import date

import pytest

from jalon import InputError
from jalon.interfaces.reading import read_date, read_whole


@pytest.mark.parametrize("text", ["2026-12-31", "31/12/2026"])
def test_a_date_is_typed_as_in_a_program_or_as_in_france(text):
    assert read_date(text, "anchor") == date(2026, 12, 31)


def test_a_french_date_may_leave_out_its_zeros():
    assert read_date("5/1/2027", "anchor") == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-02-30", "no_day"),
        ("31/04/2026", "no_day"),
        ("0000-01-01", "no_day"),
        ("demain", "date"),
        ("12/31/26", "date"),
        ("2026-12-31T10:00", "date"),
        ("20261231", "date"),
        ("", "date"),
    ],
)
def test_what_is_no_date_is_refused(text, problem):
    with pytest.raises(InputError) as refusal:
        read_date(text, "anchor")
    assert refusal.value.data == {"argument": "anchor", "value": text, "problem": problem}


@pytest.mark.parametrize("text", ["", "1.5", "deux", "1e3", "9" * 5000])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(InputError):
        read_whole(text, "k")


def test_a_whole_number_may_be_negative():
    assert read_whole("-3", "k") == -3
