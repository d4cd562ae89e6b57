"""Two ways to do the same work, taken in turns; the figure is the ratio of their medians."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Work = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds that jalon and the limit take for the same thing, and what is asked of their ratio."""

    name: str
    ours: float
    limit: float
    ratio: float
    target: str = ""
    reached: bool | None = None

    def as_data(self) -> dict[str, Any]:
        """Give the figure as plain data."""
        return asdict(self)


def rate(name: str, measured: tuple[float, float], at_least: float | None = None) -> Figure:
    """Compare rates: the share of the limit's that jalon reaches; 1 would be as fast."""
    ours, limit = measured
    found = limit / ours
    if at_least is None:
        return Figure(name, ours, limit, found)
    return Figure(name, ours, limit, found, f"≥ {at_least:g}", found >= at_least)


def duration(name: str, measured: tuple[float, float], at_most: float | None = None) -> Figure:
    """Compare durations: how many times the limit's jalon takes."""
    ours, limit = measured
    found = ours / limit
    if at_most is None:
        return Figure(name, ours, limit, found)
    return Figure(name, ours, limit, found, f"≤ {at_most:g}", found <= at_most)


def in_turns(ours: Sequence[Work], limit: Sequence[Work], rounds: int, *, of: int = 1) -> tuple[float, float]:
    """Do the works of each in turns, A B A B; give the median seconds of one, `of` things a work.

    The first round warms up and is not counted.
    """
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for kept, works in zip(spent, (ours, limit), strict=True):
            durations = [_timed(work) / of for work in works]
            if turn:
                kept.extend(durations)
    return statistics.median(spent[0]), statistics.median(spent[1])


def _timed(work: Work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def progress(text: str) -> None:
    """Say on one line what is being measured; nothing to end it."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text and text + '…'}", end="", file=sys.stderr, flush=True)
    elif text:
        print(f"{text}…", file=sys.stderr, flush=True)
