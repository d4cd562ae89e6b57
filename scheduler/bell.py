"""The bell: APScheduler rings it, and nothing more. What is due is a row, however late; a ring only looks.

The jobs live in memory: losing them loses nothing. A ring that was missed, or that comes while another is at
work, becomes one ring (`coalesce`, `max_instances`), and none is ever too late (`misfire_grace_time`).
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

_logger = logging.getLogger("jalon")

EVERY = timedelta(minutes=1)
AT_ONCE = "at-once"
AT_NEXT = "at-next"
ROUND = "round"


class Bell:
    """Calls `ring` at once, then every `every`, and at the instant that `next_due` names."""

    def __init__(
        self,
        ring: Callable[[], object],
        next_due: Callable[[], datetime | None],
        now: Callable[[], datetime],
        every: timedelta = EVERY,
    ) -> None:
        """Start nothing yet."""
        self._ring = ring
        self._next_due = next_due
        self._now = now
        self._every = every
        self._scheduler: Any = None
        self._stopped = threading.Event()

    def start(self) -> None:
        """Start ringing, in a thread of its own."""
        # Imported here: a program that only embeds the engine never loads it.
        from apscheduler.schedulers.background import BackgroundScheduler

        self._stopped.clear()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_job(
            self._round,
            "interval",
            seconds=self._every.total_seconds(),
            id=ROUND,
            next_run_time=datetime.now(UTC),
        )
        self._scheduler.start()

    def _round(self) -> None:
        try:
            self._ring()
            self._wake_at(self._next_due())
        except Exception:
            _logger.exception("a ring failed; the next one tries again")

    def _wake_at(self, due: datetime | None) -> None:
        """Ring at the next due instant, where it comes before the next round."""
        if due is None or self._stopped.is_set():
            return
        wait = due - self._now()
        if timedelta() < wait < self._every:
            self._scheduler.add_job(
                self._round, "date", run_date=datetime.now(UTC) + wait, id=AT_NEXT, replace_existing=True
            )

    def stop(self) -> None:
        """Stop ringing, once the ring at work has ended."""
        self._stopped.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until someone stops the bell; say whether it was stopped."""
        return self._stopped.wait(seconds)

    def ask_to_stop(self) -> None:
        """Let whoever waits go on, and stop: safe in a signal handler."""
        self._stopped.set()
