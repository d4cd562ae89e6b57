"""One occurrence's dates: the arithmetic from an anchor, and nothing of how the anchor was found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from .calendars import FIRST_YEAR, Calendar, as_shift, count_worked, counted_by, step, worked
from .case import Occurrence, Source
from .civil import MIDNIGHT, instant
from .civil_dates import printed_last_day, unshifted
from .deadline import Cases, Dated, Deadline
from .delay import Delay
from .errors import InputError
from .model import Setting
from .question import setting
from .rhythms import Rhythm, kept
from .seasons import first_outside, inside
from .workflow import Season, Workflow

NO_DELAY = Delay()
_FEWEST = 16  # dates of a rhythm that are reckoned together


@dataclass(frozen=True, slots=True)
class Start:
    """From where a clock runs: the day, its instant where it is known, and what set it.

    `since` is the first anchor, where a written date (R9) has taken its place; `pauses` the days, from one to
    another, during which the clock stood still, the last one perhaps still open; `stopped_on` the day on which
    the clock of the deadline it hangs on stopped; `restarted` the act by which it runs again.
    """

    on: date
    source: Source
    at: datetime | None = None
    since: date | None = None
    pauses: Sequence[tuple[date, date | None]] = ()
    stopped_on: date | None = None
    restarted: str | None = None


class Dating:
    """Dates occurrences with the settings and the calendar of a house, and the facts as they stand."""

    def __init__(
        self, workflow: Workflow, parameters: Mapping[str, Any], calendar: Calendar, facts: Mapping[str, Any],
        timezone: str, postponed: Mapping[tuple[str, str], date],
    ) -> None:  # fmt: skip
        self._seasons = workflow.seasons
        self._parameters = parameters
        self._calendar = calendar
        self._facts = facts
        self._timezone = timezone
        self._postponed = postponed

    def occurrence(
        self, name: str, rule: Deadline, start: Start, delay: Delay | None, *, key: str, k: int
    ) -> Occurrence:
        """Give the occurrence that a delay from a start makes; a rhythm needs none, `k` counts its dates.

        The legal date is found first: the delay, what suspensions add, the cap, the season to wait for. The shift
        then moves it off closed days, and someone may have postponed it.
        """
        due, calendar, ends = rule.due, self.calendar(rule), None
        if due.every is not None:
            written, legal = self._every(rule), self.nth(rule, start.on, k)
        elif delay is not None and delay.hours:
            written, ends = str(delay), self._by_the_hour(start, delay, due.franc, calendar)
            legal = ends.date() if ends is not None else date.max
        else:
            written, legal = _reckoned(start.on, delay or NO_DELAY, due.franc, calendar)
        paused, stopped_on = (0, start.stopped_on) if not start.pauses else _paused(legal, start)
        legal = _later(legal, paused)
        last, cap = self._last(rule, k), None
        if due.cap is not None:
            cap = self._cap(due.cap, start.since or start.on)
            legal, last = (cap, True) if legal >= cap else (legal, last)
        if due.not_before is None:
            shifted = due_on = _shifted(legal, due.shift, calendar)
        else:
            legal, shifted = _out_of_season(self._seasons[due.not_before], legal, due.shift, calendar)
            due_on = shifted
        postponed = self._postponed.get((name, key)) if self._postponed else None
        if postponed is not None and postponed > shifted:
            due_on = max(_shifted(postponed, due.shift, calendar), shifted)
        return Occurrence(
            name, key, k, start.on, start.source, written, legal, due_on, last=last,
            lapses_on=None if due.every is None else self._lapses_on(rule, start.on, k, due_on),
            anchor_at=start.at, due_at=self._due_at(rule, due_on, ends),
            act_by=None if due.act_by is None else _shifted(due_on, due.act_by, calendar),
            suspended_on=stopped_on, paused=paused, restarted=start.restarted,
            postponed_from=shifted if due_on != shifted else None, cap_on=cap,
        )  # fmt: skip

    def _by_the_hour(self, start: Start, delay: Delay, franc: bool, calendar: Calendar) -> datetime | None:
        """Count months and days on the calendar, then hours as they pass, whatever the clock change between."""
        try:
            at = start.at or instant(start.on, MIDNIGHT, self._timezone)
            local = at.astimezone(ZoneInfo(self._timezone))
            whole = Delay(delay.months, delay.days, delay.working_days)
            if any(whole.parts):
                day = unshifted(local.date(), whole, calendar, franc=franc)
                at = instant(day, local.time(), self._timezone)
            return (at + timedelta(hours=delay.hours)).astimezone(ZoneInfo(self._timezone))
        except (InputError, OverflowError):
            return None

    def _due_at(self, rule: Deadline, due_on: date, ends: datetime | None) -> datetime | None:
        """Give the instant of a date that has an hour, kept when a shift or a person moves its day."""
        if ends is not None and ends.date() == due_on:
            return ends.astimezone(UTC)
        hour = self._hour(rule) if ends is None else ends.time()
        if hour is None or due_on == date.max:
            return None
        try:
            return instant(due_on, hour, self._timezone)
        except InputError:
            return None

    def calendar(self, rule: Deadline) -> Calendar:
        """Give the calendar by which a deadline counts."""
        return counted_by(rule.due.calendar, self._calendar)

    def delay(self, rule: Deadline, k: int, since: date) -> Delay | None:
        """Give the whole delay from an anchor to the k-th date, or nothing where a fact does not say which.

        `since` is the day of the anchor, which decides between the delays of a rule that changed.
        """
        after = rule.due.after
        if isinstance(after, Cases):
            after = after.cases.get(str(self._facts.get(after.by)))
            if after is None:
                return None
        elif isinstance(after, Dated):
            after = after.delays[after.version(since)]
        first = Delay.parse(str(setting(after, self._parameters))) if after is not None else NO_DELAY
        return first.times(k) if rule.due.renewed_by else first

    def _cap(self, cap: str | Setting, since: date) -> date:
        """Give the day beyond which no renewal goes, counted from the first anchor."""
        return _reckoned(since, Delay.parse(str(setting(cap, self._parameters))), False, self._calendar)[1]

    def _last(self, rule: Deadline, k: int) -> bool:
        most = setting(rule.due.most, self._parameters)
        return most is not None and k - 1 >= int(most)

    def _hour(self, rule: Deadline) -> time | None:
        if rule.due.hour is not None:
            return time.fromisoformat(rule.due.hour)
        if rule.due.hour_of is None:
            return None
        found = self._facts.get(rule.due.hour_of)
        return found if isinstance(found, time) else None

    # -- rhythms

    def _every(self, rule: Deadline) -> str:
        return str(setting(rule.due.every, self._parameters))

    def nth(self, rule: Deadline, base: date, k: int) -> date:
        """Give the legal date of a rhythm's k-th occurrence from a base."""
        first = None if rule.due.after is None else self.delay(rule, 1, base)
        return _nth(base, first, self._every(rule), rule.due.not_in, self.calendar(rule), k)

    def lapse_day(self, rule: Deadline, base: date, k: int) -> date:
        """Give the first day that belongs to the next period of a rhythm.

        By its period, an act belongs to the first date on or after its day; else half-way, a date gives way.
        """
        here = self.nth(rule, base, k)
        if rule.meets == "period":
            due_on = _shifted(here, rule.due.shift, self.calendar(rule))
            return _sure(lambda: step(max(here, due_on), 1))
        after = self.nth(rule, base, k + 1)
        if after == date.max:
            return date.max
        return here + timedelta(days=(after - here).days // 2 + 1)

    def _lapses_on(self, rule: Deadline, base: date, k: int, due_on: date) -> date:
        """Say when an occurrence gives way to the next: not before its date is over."""
        return max(self.lapse_day(rule, base, k), _later(due_on, 1))


def _paused(legal: date, start: Start) -> tuple[int, date | None]:
    """Count the days during which the clock stood still, and say since when it does.

    A delay that had already ended is not lengthened.
    """
    added = 0
    for began, ended in start.pauses:
        here = max(began, start.on)
        if here > _later(legal, added):
            break
        if ended is None:
            return added, here
        added += max((ended - here).days, 0)
    return added, start.stopped_on


def _later(day: date, days: int) -> date:
    return _sure(lambda: step(day, days)) if days else day


def _out_of_season(season: Season, legal: date, shift: str, calendar: Calendar) -> tuple[date, date]:
    """Give a legal date and the date that counts, neither in a season, whichever way closed days would move it."""
    legal = _after_season(season, legal)
    shifted = _shifted(legal, shift, calendar)
    if shifted == date.max or not inside(season, shifted):
        return legal, shifted
    return legal, _shifted(_after_season(season, max(legal, shifted)), "suivant", calendar)


def _after_season(season: Season, day: date) -> date:
    return _sure(lambda: first_outside(season, day))


def _sure(reckon: Any) -> date:
    """Take a date beyond the calendar (an anchor of year 9998) as simply far: it is no reason to stop a case."""
    try:
        found: date = reckon()
    except InputError:
        return date.max
    return found


@lru_cache(maxsize=4096)
def _reckoned(base: date, delay: Delay, franc: bool, calendar: Calendar) -> tuple[str, date]:
    """Give a delay as text and the legal date: the fold asks for the same at each act."""
    return str(delay), _sure(lambda: unshifted(base, delay, calendar, franc=franc))


@lru_cache(maxsize=4096)
def _shifted(day: date, shift: str, calendar: Calendar) -> date:
    """Move a date off closed days; one older than the calendar of holidays (a slip of the pen) stays as it is."""
    if day == date.max or day.year < FIRST_YEAR:
        return day
    return _sure(lambda: worked(day, as_shift(shift), calendar))


def _nth(
    base: date, first: Delay | None, every: str, not_in: tuple[int, ...], calendar: Calendar, k: int
) -> date:
    """Give the k-th date of a rhythm: a delay repeated, or dates of the calendar; always from the base (R8, R12)."""
    period = _period(every)
    if isinstance(period, Delay) and not not_in and not period.working_days:
        return _repeated(base, first, period, k, calendar)
    firsts = _firsts(base, first, every, not_in, calendar, max(_FEWEST, 1 << (k - 1).bit_length()))
    return firsts[k - 1] if k <= len(firsts) else date.max


@lru_cache(maxsize=512)
def _firsts(
    base: date, first: Delay | None, every: str, not_in: tuple[int, ...], calendar: Calendar, size: int
) -> tuple[date, ...]:
    """Give the first dates of a rhythm, found one after another; fewer where the calendar ends."""
    period = _period(every)
    if isinstance(period, Rhythm):
        since = base if first is None else _sure(lambda: step(unshifted(base, first, calendar), -1))
        dates = period.after(since, calendar)
    elif period.working_days and not (period.months or period.days):
        dates = _worked(_repeated(base, first, period, 1, calendar), period, calendar)
    else:
        reckoned = (_repeated(base, first, period, k, calendar) for k in count(1))
        dates = takewhile(lambda day: day != date.max, reckoned)
    return tuple(islice(kept(dates, not_in), size))


def _counted(day: date, number: int, calendar: Calendar) -> date:
    return _sure(lambda: count_worked(day, number, calendar))


def _worked(start: date, period: Delay, calendar: Calendar) -> Iterator[date]:
    """Count a rhythm in working days from one date to the next: a worked day is reached, so that they add up."""
    day = start
    while day != date.max:
        yield day
        day = _counted(day, period.working_days, calendar)


@lru_cache(maxsize=256)
def _period(every: str) -> Delay | Rhythm:
    try:
        return Delay.parse(every)
    except InputError:
        return Rhythm.parse(every)


@lru_cache(maxsize=4096)
def _repeated(base: date, first: Delay | None, period: Delay, k: int, calendar: Calendar) -> date:
    def reckon() -> date:
        whole = period.times(k) if first is None else first.plus(period.times(k - 1))
        return unshifted(base, whole, calendar)

    return _sure(reckon)


def printed_on(item: Occurrence) -> date:
    """Give the day that documents print as the last one (R13); a date written in full is printed as it is."""
    try:
        return printed_last_day(item.anchor_on, Delay.parse(item.delay))
    except InputError:
        return item.legal_on
