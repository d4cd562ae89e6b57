"""Civil time as French law counts it: delays, holidays, working days, hours. Pure, no clock."""

from .domain.calendars import ZONES, Calendar, holidays, is_working_day
from .domain.civil import instant
from .domain.civil_dates import due, printed_last_day
from .domain.delay import Delay
from .domain.explain_dates import explain, long_date, series

__all__ = [
    "ZONES",
    "Calendar",
    "Delay",
    "due",
    "explain",
    "holidays",
    "instant",
    "is_working_day",
    "long_date",
    "printed_last_day",
    "series",
]
