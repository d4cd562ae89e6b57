"""R13: documents print the eve of the anniversary, or the day itself where the anniversary does not exist."""

from datetime import date

import pytest

from jalon.domain.case import Occurrence, Source
from jalon.domain.dating import printed_on


@pytest.mark.parametrize(
    ("anchor", "delay", "legal", "printed"),
    [
        (date(2026, 12, 15), "P1Y", date(2027, 12, 15), date(2027, 12, 14)),
        (date(2028, 2, 29), "P1Y", date(2029, 2, 28), date(2029, 2, 28)),
        (date(2027, 3, 31), "P0D", date(2027, 3, 31), date(2027, 3, 31)),  # written in full by a decision
    ],
)
def test_the_last_day_is_printed_as_the_usage_has_it(anchor, delay, legal, printed):
    item = Occurrence("echeance", "f1.1", 1, anchor, Source("fact", "date_effet", 1), delay, legal, legal)
    assert printed_on(item) == printed
