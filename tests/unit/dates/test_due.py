"""The dates that the domain reference gives, one line each: anchor, delay, options, expected."""

from datetime import date

import pytest

from jalon.dates import Calendar, Delay, due, printed_last_day


def d(text):
    return date.fromisoformat(text)


RULES = [
    ("R2 the day of the event does not count", "2027-12-20", "P8D", {}, "2027-12-28"),
    ("R3 last day of a short month", "2026-12-31", "P2M", {}, "2027-02-28"),
    ("R3 29 February plus a year", "2028-02-29", "P1Y", {}, "2029-02-28"),
    ("R3 29 January plus a month", "2027-01-29", "P1M", {}, "2027-02-28"),
    ("R3 the target is a leap year", "2027-12-31", "P2M", {}, "2028-02-29"),
    ("R3 2100 is not a leap year", "2099-12-31", "P2M", {}, "2100-02-28"),
    ("R3 2000 is a leap year", "1999-12-31", "P2M", {}, "2000-02-29"),
    ("R3b franc", "2027-02-08", "P2M", {"franc": True, "shift": "suivant"}, "2027-04-09"),
    ("R3b franc, clamped first", "2026-12-31", "P2M", {"franc": True}, "2027-03-01"),
    ("R3b franc backwards is one day earlier", "2027-03-10", "-P5D", {"franc": True}, "2027-03-04"),
    ("R3b franc counts one day once, whatever k", "2027-02-08", "P1M", {"franc": True, "k": 2}, "2027-04-09"),
    ("R4 months first, then days", "2027-01-31", "P1M1D", {}, "2027-03-01"),
    ("R4 months first, backwards", "2027-12-15", "-P3M14D", {}, "2027-09-01"),
    ("R4 working days last", "2027-01-29", "P1M15D2B", {}, "2027-03-17"),
    ("R6 runs to the next working day", "2027-04-30", "P1D", {"shift": "suivant"}, "2027-05-03"),
    ("R8 k = 1", "2026-12-31", "P2M", {"k": 1}, "2027-02-28"),
    ("R8 k = 2 comes from the anchor", "2026-12-31", "P2M", {"k": 2}, "2027-04-30"),
    ("R8 k = 3", "2026-12-31", "P2M", {"k": 3}, "2027-06-30"),
    ("R8 k = 4", "2026-12-31", "P2M", {"k": 4}, "2027-08-31"),
    ("R8 k = 0 is the anchor", "2026-12-31", "P2M", {"k": 0}, "2026-12-31"),
    ("R8 k < 0 goes back", "2026-12-31", "P1M", {"k": -1}, "2026-11-30"),
    ("R8 k multiplies each part", "2027-01-04", "P1M1D1B", {"k": 2}, "2027-03-09"),
    ("R10 a fortnight is fourteen days", "2027-03-01", "P14D", {"k": 2}, "2027-03-29"),
    ("R11 aucun", "2026-12-31", "P2M", {"shift": "aucun"}, "2027-02-28"),
    ("R11 precedent", "2026-12-31", "P2M", {"shift": "precedent"}, "2027-02-26"),
    ("R12 the shifted one", "2027-03-01", "P14D", {"k": 2, "shift": "suivant"}, "2027-03-30"),
    ("R12 the next is not moved", "2027-03-01", "P14D", {"k": 3, "shift": "suivant"}, "2027-04-12"),
    ("R15 a reminder on a Sunday holiday", "2027-12-15", "-P4M", {"shift": "precedent"}, "2027-08-13"),
    ("weeks", "2027-01-04", "P6W", {}, "2027-02-15"),
    ("no move", "2027-05-01", "P0D", {}, "2027-05-01"),
    ("no working day is no move", "2027-05-01", "P0B", {}, "2027-05-01"),
    ("working days from a Saturday", "2027-05-01", "P1B", {}, "2027-05-03"),
    ("working days back from a Sunday", "2027-02-28", "-P2B", {}, "2027-02-25"),
    ("working days over a year", "2026-12-30", "P5B", {}, "2027-01-07"),
]  # fmt: skip

STORIES = [
    ("S1 contact", "2026-11-24", "P8D", {}, "2026-12-02"),
    ("S1 notification", "2026-12-10", "P5B", {}, "2026-12-17"),
    ("S1 acceptance", "2026-12-11", "P8D", {"shift": "suivant"}, "2026-12-21"),
    ("S1 feedback", "2026-12-15", "P5B", {}, "2026-12-22"),
    ("S1 E1", "2026-12-15", "P1Y", {}, "2027-12-15"),
    ("S1 E2", "2026-12-15", "P1Y", {"k": 2}, "2028-12-15"),
    ("S1 E2 - 4 m, Assumption", "2028-12-15", "-P4M", {"shift": "precedent"}, "2028-08-14"),
    ("S1 E2 - 2 m, Sunday", "2028-12-15", "-P2M", {"shift": "precedent"}, "2028-10-13"),
    ("S1 leaves the active base", "2028-09-20", "P2Y", {"shift": "suivant"}, "2030-09-20"),
    ("S4 Ascension", "2026-05-06", "P1Y", {"k": 1, "shift": "suivant"}, "2027-05-07"),
    ("S4 Saturday, then a holiday", "2026-05-06", "P1Y", {"k": 2, "shift": "suivant"}, "2028-05-09"),
    ("S4 Sunday", "2026-05-06", "P1Y", {"k": 3, "shift": "suivant"}, "2029-05-07"),
    ("S5 E1 - 15", "2027-02-28", "-P15D", {"shift": "precedent"}, "2027-02-12"),
    ("S5 E1 - 7", "2027-02-28", "-P7D", {"shift": "precedent"}, "2027-02-19"),
    ("S5 escalation after a holiday", "2027-04-30", "P1D", {"shift": "suivant"}, "2027-05-03"),
    ("S7 extension limit", "2028-01-11", "-P1M", {"shift": "precedent"}, "2027-12-10"),
    ("S9 end", "2027-02-22", "P4M", {}, "2027-06-22"),
    ("S9 E - 1 m", "2027-06-22", "-P1M", {"shift": "precedent"}, "2027-05-21"),
    ("S10 six months to February", "2026-08-31", "P6M", {}, "2027-02-28"),
    ("S10 six months to April", "2026-10-30", "P6M", {}, "2027-04-30"),
    ("S12 urgent meeting over Ascension", "2027-05-04", "P2B", {}, "2027-05-07"),
    ("S12 urgent minutes over 8 May", "2027-05-05", "P2B", {}, "2027-05-10"),
    ("S12 minutes", "2027-05-07", "P5B", {}, "2027-05-14"),
    ("S13 transmit over 1 January", "2026-12-30", "P5B", {}, "2027-01-07"),
    ("S13 one month", "2027-01-29", "P1M", {"shift": "suivant"}, "2027-03-01"),
    ("S13 plan before a holiday", "2027-01-01", "P0D", {"shift": "precedent"}, "2026-12-31"),
    ("S13 appeal", "2027-03-01", "P2M", {"franc": True, "shift": "suivant"}, "2027-05-03"),
    ("S15 linen on Christmas", "2026-12-11", "P14D", {"k": 1, "shift": "suivant"}, "2026-12-28"),
    ("S15 linen after it", "2026-12-11", "P14D", {"k": 2, "shift": "suivant"}, "2027-01-08"),
    ("S15 acknowledgement", "2026-12-23", "P2B", {}, "2026-12-28"),
    ("S15 answer", "2026-12-23", "P10B", {}, "2027-01-08"),
    ("S15 guest", "2027-11-30", "P3M", {}, "2028-02-29"),
    ("S16 notice", "2029-01-15", "P3M", {"shift": "suivant"}, "2029-04-16"),
    ("A4 fifteen days drift", "2027-03-01", "P15D", {"k": 5}, "2027-05-15"),
]  # fmt: skip


@pytest.mark.parametrize(("anchor", "delay", "options", "expected"), [r[1:] for r in RULES + STORIES],
                         ids=[r[0] for r in RULES + STORIES])  # fmt: skip
def test_the_reference_gives_this_date(anchor, delay, options, expected):
    assert due(d(anchor), delay, **options) == d(expected)
    assert due(d(anchor), Delay.parse(delay), **options) == d(expected)


def test_five_working_days_before_month_end_skip_easter_monday():
    """The reminder of a March without contact leaves five working days before its last day."""
    assert due(date(2027, 3, 31), "-P5B") == date(2027, 3, 23)


def test_the_zone_changes_the_date():
    """Abolition is a holiday in Mayotte only; 26 December in Alsace-Moselle only."""
    assert due(date(2027, 4, 26), "P1D", shift="suivant", calendar="mayotte") == date(2027, 4, 28)
    assert due(date(2027, 4, 26), "P1D", shift="suivant") == date(2027, 4, 27)
    assert due(date(2028, 12, 24), "P1B", calendar="alsace-moselle") == date(2028, 12, 27)
    assert due(date(2028, 12, 24), "P1B") == date(2028, 12, 26)


def test_a_house_closes_and_opens_when_it_says():
    house = Calendar(
        "metropole", closures=frozenset({date(2027, 3, 30)}), extra_days=frozenset({date(2027, 4, 3)})
    )
    assert due(date(2027, 3, 29), "P0D", shift="suivant", calendar=house) == date(2027, 3, 31)
    assert due(date(2027, 4, 2), "P1B", calendar=house) == date(2027, 4, 3)


@pytest.mark.parametrize(
    ("anchor", "delay", "k", "expected"),
    [
        ("2026-12-15", "P1Y", 1, "2027-12-14"),
        ("2026-12-15", "P1Y", 2, "2028-12-14"),
        ("2028-02-29", "P1Y", 1, "2029-02-28"),
        ("2028-02-29", "P1Y", 4, "2032-02-28"),
        ("2027-02-22", "P4M", 1, "2027-06-21"),
        ("2027-03-01", "P14D", 1, "2027-03-14"),
        ("2027-03-01", "P1D", 1, "2027-03-01"),
        ("2027-01-31", "P1M", 1, "2027-02-28"),
        ("2027-01-31", "P1M", 2, "2027-03-30"),
    ],
)
def test_documents_print_the_eve_or_the_clamped_day(anchor, delay, k, expected):
    assert printed_last_day(d(anchor), delay, k) == d(expected)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("P1Y", "P1Y"), ("P24M", "P2Y"), ("P18M", "P18M"), ("P1Y6M", "P18M"), ("P2W", "P14D"),
        ("P2W3D", "P17D"),
        ("P1M15D2B", "P1M15D2B"),
        ("-P4M", "-P4M"), ("-P3M14D", "-P3M14D"), ("-P2B", "-P2B"), ("P0D", "P0D"),
        ("-P0D", "P0D"), ("P0B", "P0D"), ("PT48H", "PT48H"), ("P1DT2H", "P1DT2H"), ("P007D", "P7D"),
        ("P-1M7D", "P-1M7D"), ("P1M-7D", "P1M-7D"),
    ],
)  # fmt: skip
def test_a_delay_has_one_canonical_text(text, canonical):
    assert str(Delay.parse(text)) == canonical
    assert Delay.parse(canonical) == Delay.parse(text)


def test_delays_add_and_multiply_part_by_part():
    """Three months, then every six: the k-th review is P3M plus k - 1 times P6M."""
    first, period = Delay.parse("P3M"), Delay.parse("P6M")
    dates = [due(date(2026, 8, 31), first.plus(period.times(k - 1))) for k in (1, 2, 3)]
    assert dates == [date(2026, 11, 30), date(2027, 5, 31), date(2027, 11, 30)]
    assert Delay.parse("P1M2D3B").times(-2) == Delay(-2, -4, -6)
    assert Delay.parse("PT24H").times(2).hours == 48
    assert str(Delay.parse("-P1M").plus("P1W")) == "P-1M7D"


def test_a_delay_of_both_signs_counts_months_before_days():
    """One month before the date, then a reminder every week from there."""
    assert due(date(2027, 3, 31), Delay.parse("-P1M").plus("P7D")) == date(2027, 3, 7)
