"""(d) A date with its shift, warm, beside one addition of dateutil's relativedelta."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from measure import Figure, duration, in_turns

from jalon.dates import due

DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(1000)]
ROUNDS = 15


def measure() -> Figure:
    """Date a thousand days."""
    months = relativedelta(months=2)

    def ours() -> None:
        for day in DAYS:
            due(day, "P2M", shift="suivant")

    def limit() -> None:
        for day in DAYS:
            day + months

    measured = in_turns([ours], [limit], ROUNDS, of=len(DAYS))
    return duration("`due` with a shift, to one `relativedelta` addition", measured, 3)
