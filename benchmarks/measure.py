"""Two ways to do the same work, taken in turns; the figure is the ratio of their medians."""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the seconds that jalon and the limit take for one item, their ratio, and what is asked of it."""

    name: str
    item: str
    ours: float
    limit: float
    ratio: float
    target: str
    reached: bool | None
    note: str = ""


def share(name: str, item: str, ours: float, limit: float, at_least: float | None, note: str = "") -> Figure:
    """How much of the limit's rate is reached: 1 would be as fast."""
    ratio = limit / ours
    target = "" if at_least is None else f"≥ {at_least:g}"
    return Figure(name, item, ours, limit, ratio, target, None if at_least is None else ratio >= at_least, note)


def times(name: str, item: str, ours: float, limit: float, at_most: float | None, note: str = "") -> Figure:
    """How many times the limit's duration is taken."""
    ratio = ours / limit
    target = "" if at_most is None else f"≤ {at_most:g}"
    return Figure(name, item, ours, limit, ratio, target, None if at_most is None else ratio <= at_most, note)


def in_turns(ours: Callable[[], int], limit: Callable[[], int], rounds: int) -> tuple[float, float]:
    """Run both in turns, A B A B, and give the median seconds per item of each; the first round warms up."""
    measured: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for kept, work in zip(measured, (ours, limit), strict=True):
            begun = time.perf_counter()
            done = work()
            spent = time.perf_counter() - begun
            if turn:
                kept.append(spent / done)
    return statistics.median(measured[0]), statistics.median(measured[1])


def progress(text: str) -> None:
    """Say on one line what is being measured."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}…" if text else "\r\033[K", end="", file=sys.stderr, flush=True)
    elif text:
        print(f"{text}…", file=sys.stderr, flush=True)
