"""What the checker asks of the steps of a rhythm: each falls before the next date takes the place of its own.

Only what can never be is refused: where a month, a season at rest or a closed day leaves a doubt, the step stays.
"""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from ..domain.deadline import Deadline, Due, Rung
from ..domain.delay import Delay
from ..domain.rhythms import Rhythm
from .checked import Checked, Fault, Rule
from .lengths import is_delay, is_rhythm

DATED_BY: Mapping[str, str] = {"due": "at", "legal": "legal"}
"""The keys of the steps that count from their date, by what they count from."""
_MOVED = 7
"""The days by which a date or a step may move back to a worked day, at most."""
_WORKED = 2
"""A working day comes within so many days, beside a week of closure."""
_GAPS = {"week": 7, "nth": 35, "day": 31, "end": 35}
"""The most days from a date of a rhythm to the next."""
_MONTH = 31
_PERIOD = "la date suivante prend la place dès le lendemain"
_NEAREST = "la date suivante prend la place à mi-chemin"
_INSTEAD = "(une échéance à part, comptée depuis le dernier acte, donne l’alerte)"


def _never(checked: Checked) -> Iterator[Fault]:
    """A step that falls in the next period, whenever it is, would never be taken; nor would its repetitions."""
    for name, rule, rung in checked.rungs():
        most = _days_left(checked, rule)
        delay = checked.first(rung.delay)
        if most is None or rung.base not in DATED_BY or not is_delay(delay):
            continue
        why = f"avec meets: {rule.meets}, {_PERIOD if rule.meets == 'period' else _NEAREST}"
        every = checked.first(rung.every)
        first = Delay.parse(delay)
        if _soonest(rule, rung, first) > most:
            path = checked.rung_path(name, rung, DATED_BY[rung.base])
            yield path, f"{why} : ce barreau ne se fait jamais {_INSTEAD}", "never_fires"
        elif is_delay(every) and _soonest(rule, rung, first, Delay.parse(every)) > most:
            path = checked.rung_path(name, rung, "every")
            yield path, f"{why} : ce barreau ne se répète jamais", "never_fires"


def _days_left(checked: Checked, rule: Deadline) -> float | None:
    """Give the most days that a date of a rhythm has before the next takes its place."""
    gap = _gap(checked.first(rule.due.every))
    if not gap or rule.meets in ("oldest", "all"):
        return None
    return 0 if rule.meets == "period" else (gap + _MONTH * len(rule.due.not_in)) / 2


def _gap(every: Any) -> float:
    if is_delay(every):
        delay = Delay.parse(every)
        # at most 31 days for one month, 184 for six, 366 for twelve
        months = 30.5 * delay.months + 1 if delay.months else 0
        worked = _WORKED * delay.working_days + _MOVED if delay.working_days else 0
        return months + delay.days + worked
    return _GAPS[Rhythm.parse(every).kind] if is_rhythm(every) else 0


def _soonest(rule: Deadline, rung: Rung, *delays: Delay) -> int:
    """Give the fewest days after its date at which a step may come."""
    hours = sum(delay.hours for delay in delays)
    by_the_hour = (hours + _hour(rule.due)) // 24 if hours else 0
    return sum(map(_fewest, delays)) + by_the_hour - (_MOVED if _may_come_sooner(rule, rung) else 0)


def _fewest(delay: Delay) -> int:
    """Give the fewest days that a delay may last, its hours left out."""
    months = 30 * delay.months - 2 if delay.months > 0 else _MONTH * delay.months
    return months + delay.days + delay.working_days


def _hour(due: Due) -> int:
    return time.fromisoformat(due.hour).hour if due.hour is not None else 0


def _may_come_sooner(rule: Deadline, rung: Rung) -> bool:
    """Say whether closed days may bring a step nearer to the period of its date."""
    if rung.shift == "precedent":
        return True
    if rung.base == "legal":
        return rule.due.shift == "suivant"
    return rule.due.shift == "precedent" and (rung.shift == "aucun" or rule.meets == "nearest")


RUNGS: tuple[Rule, ...] = (_never,)
