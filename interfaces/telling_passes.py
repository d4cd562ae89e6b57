"""What a pass did: what it fired and how late, and what it dropped after an outage and why."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from .. import Engine
from ..domain.explain_dates import long_date, long_delay
from .french import plural, short_date

MOST_LINES = 40
KINDS = (
    ("act", "acte automatique", "actes automatiques"),
    ("notice", "rappel", "rappels"),
    ("task", "tâche ouverte", "tâches ouvertes"),
    ("lapse", "fin de période", "fins de période"),
)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class _Labels:
    """The labels of deadlines, each workflow read once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._workflows: dict[int, Any] = {}

    def of(self, one: Any) -> str:
        if one.case_id not in self._workflows:
            case = self._engine.cases.get(one.case_id)
            self._workflows[one.case_id] = self._engine.workflows.get(case.workflow, case.version)
        label: str = self._workflows[one.case_id].deadlines[one.deadline].label
        return label


def fired_lines(engine: Engine, fired: Any) -> Iterator[str]:
    """Tell each rung that fired; beyond a screenful, how many others."""
    labels = _Labels(engine)
    for one in fired.fired[:MOST_LINES]:
        word = next(words[0] for kind, *words in KINDS if kind == one.kind)
        yield f"D-{one.case_id:04d}  {word} : {labels.of(one)}, du {long_date(one.day)}{_notes(one)}"
    if len(fired.fired) > MOST_LINES:
        yield f"… et {plural(len(fired.fired) - MOST_LINES, 'autre', 'autres')}"


def _notes(one: Any) -> str:
    late = f", en retard {lateness(one.late_by)}" if one.late else ""
    missed = f" ({plural(one.missed, 'manquée', 'manquées')})" if one.missed else ""
    waits = ", pas encore possible" if one.outcome == "waiting" else ""
    return f"{late}{missed}{waits}"


def dropped_lines(engine: Engine, fired: Any) -> Iterator[str]:
    """Tell what was dropped and why, one line for each deadline of a case; beyond a screenful, how many others."""
    labels = _Labels(engine)
    left = {(one.case_id, one.deadline) for one in fired.fired if one.kind == "notice"}
    groups: dict[tuple[int, str], list[Any]] = {}
    for one in fired.dropped:
        groups.setdefault((one.case_id, one.deadline), []).append(one)
    for key, group in list(groups.items())[:MOST_LINES]:
        first = group[0]
        why = why_dropped(first.why.partition(":")[2], first.within, left=key in left)
        days = between([one.day for one in group])
        yield f"D-{first.case_id:04d}  {how_many_dropped(len(group))} : {labels.of(first)}, {days} : {why}"
    if len(groups) > MOST_LINES:
        yield f"… et {plural(len(groups) - MOST_LINES, 'autre', 'autres')}"


def how_many_dropped(count: int) -> str:
    """Count messages that were dropped."""
    return plural(count, "rappel abandonné", "rappels abandonnés")


def between(days: Sequence[date]) -> str:
    """Say from which day to which, or which day where there is one."""
    first, last = min(days), max(days)
    return f"du {long_date(first)}" if first == last else f"du {short_date(first)} au {short_date(last)}"


def why_dropped(policy: str, within: str | None, *, left: bool) -> str:
    """Say why the rule of a deadline drops a late message; `left` says that a later one left in its place."""
    if policy == "latest":
        return "seul le dernier part" if left else "ce qu’il rappelait a changé entre-temps"
    if policy == "within" and within is not None:
        return f"en retard de plus {late_of(within)}"
    return "la règle ne rattrape pas"


def late_of(within: str) -> str:
    """Write a delay after `plus`: `d’un jour`, `de 3 jours`."""
    words = long_delay(within)
    return f"d’un {words[2:]}" if words.startswith("1 ") else f"de {words}"


def lateness(late_by: timedelta) -> str:
    """Say by how much something is late: `d’un jour`, `de 5 jours`, `de 3 h`."""
    return "d’un jour" if late_by.days == 1 else f"de {length(late_by)}"


def length(late_by: timedelta) -> str:
    """Say how late something is: in days, or in hours within a day."""
    if late_by >= _DAY:
        return plural(late_by.days, "jour", "jours")
    return f"{max(1, late_by // _HOUR)} h"
