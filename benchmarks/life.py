"""A house lived in at random, beside the acts alone: what choosing, waiting and restarting cost."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from measure import Figure, rate

from jalon import load
from jalon.stories.walking import Span, Walk

SPAN = Span(date(2027, 1, 4), days=365)


class Timed(Walk):
    """A life that counts the time spent in the acts themselves."""

    acting = 0.0

    def _tried(self, action: str, verb: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        try:
            return super()._tried(action, verb)
        finally:
            self.acting += time.perf_counter() - begun


def measure(folder: Path, at_least: float) -> Figure:
    """Live a year of the longest path; give the seconds of a line that people wrote, and those of an act alone."""
    life = Timed(load("rs_temporaire"), SPAN, f"sqlite:///{folder / 'vie.db'}", lambda _: None, None)
    begun = time.perf_counter()
    lived = life.live()
    whole = time.perf_counter() - begun
    life.engine.close()
    acts = sum(lived.acts.values())
    measured = (whole / (acts + lived.documents), life.acting / acts)
    return rate("a life at random, to its acts alone, SQLite", measured, at_least)
