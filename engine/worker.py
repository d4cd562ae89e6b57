"""A worker: the engine's passes, rung by a bell until it is asked to stop."""

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import Engine, Tick

EVERY = timedelta(minutes=1)


class Worker:
    """Ticks an engine: at once, every minute, and at the next due instant."""

    def __init__(
        self, engine: "Engine", *, every: timedelta = EVERY, told: "Callable[[Tick], object] | None" = None
    ) -> None:
        """Start nothing yet; `told` hears of every tick."""
        from ..scheduler.bell import Bell

        self._engine = engine
        self._told = told
        self._bell = Bell(self._tick, engine.next_due, engine.now, every)

    def _tick(self) -> None:
        tick = self._engine.tick()
        if self._told is not None:
            self._told(tick)

    def start(self) -> None:
        """Start in a thread of its own and return."""
        self._bell.start()

    def stop(self) -> None:
        """Stop, once the tick at work has ended."""
        self._bell.stop()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then stop cleanly."""
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: self._bell.ask_to_stop())
        self.start()
        try:
            while not self._bell.wait(1.0):
                pass
        finally:
            self.stop()
