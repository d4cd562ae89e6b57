"""One occurrence's dates: the arithmetic from an anchor, and nothing of how the anchor was found."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from .calendars import Calendar
from .case import Occurrence, Source
from .civil_dates import due, printed_last_day
from .conditions import setting
from .delay import Delay
from .errors import InputError
from .workflow import Cases, Deadline

NO_DELAY = Delay()


class Dating:
    """Dates occurrences with the settings and the calendar of a house, and the facts as they stand."""

    def __init__(self, parameters: Mapping[str, Any], calendar: Calendar, facts: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._calendar = calendar
        self._facts = facts

    def occurrence(
        self, name: str, rule: Deadline, base: date, source: Source, delay: Delay, *, key: str, k: int
    ) -> Occurrence:
        """Give the occurrence that a delay from a base makes."""
        written, legal, act_by = _reckoned(base, delay, rule.due.shift, rule.due.franc, self._calendar)
        most = setting(rule.due.most, self._parameters)
        last = most is not None and k - 1 >= int(most)
        lapses = self.lapse_day(rule, base, k) if rule.due.every is not None else None
        return Occurrence(name, key, k, base, source, written, legal, act_by, last=last, lapses_on=lapses)

    def delay(self, rule: Deadline, k: int) -> Delay | None:
        """Give the whole delay from the anchor to the k-th date, or nothing where a fact does not say which."""
        after = rule.due.after
        if isinstance(after, Cases):
            after = after.cases.get(str(self._facts.get(after.by)))
            if after is None:
                return None
        first = Delay.parse(str(setting(after, self._parameters))) if after is not None else None
        if rule.due.every is not None:
            period = Delay.parse(str(setting(rule.due.every, self._parameters)))
            return _nth(first, period, k)
        if rule.due.renewed_by:
            return (first or NO_DELAY).times(k)
        return first or NO_DELAY

    def lapse_day(self, rule: Deadline, base: date, k: int) -> date:
        """Give the first day that belongs to the next period: half-way, a rhythm's date gives way to the next."""
        here, after = self._raw(rule, base, k), self._raw(rule, base, k + 1)
        if after == date.max:
            return date.max
        return here + timedelta(days=(after - here).days // 2 + 1)

    def _raw(self, rule: Deadline, base: date, k: int) -> date:
        try:
            delay = self.delay(rule, k) or NO_DELAY
        except InputError:
            return date.max
        return _reckoned(base, delay, "aucun", False, self._calendar)[1]


@lru_cache(maxsize=4096)
def _reckoned(
    base: date, delay: Delay, shift: str, franc: bool, calendar: Calendar
) -> tuple[str, date, date]:
    """Give a delay as text, the legal date and the one to act by: the fold asks for the same at each act."""
    try:
        legal = due(base, delay, calendar=calendar, franc=franc)
        act_by = due(base, delay, shift=shift, calendar=calendar, franc=franc)
    except InputError:
        # A date beyond the calendar (an anchor of year 9998) is no reason to stop a case: it is simply far.
        legal = act_by = date.max
    return str(delay), legal, act_by


@lru_cache(maxsize=1024)
def _nth(first: Delay | None, period: Delay, k: int) -> Delay:
    return period.times(k) if first is None else first.plus(period.times(k - 1))


def printed_on(item: Occurrence) -> date:
    """Give the day that documents print as the last one (R13); a date written in full is printed as it is."""
    try:
        return printed_last_day(item.anchor_on, Delay.parse(item.delay))
    except InputError:
        return item.legal_on
