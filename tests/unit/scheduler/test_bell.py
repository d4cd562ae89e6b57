"""The bell rings at once, at the next due instant, and goes on after a ring that fails."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from jalon.scheduler.bell import Bell

LONG = timedelta(hours=1)
PATIENCE = 10.0


class Rings:
    """Counts rings, and lets a test wait for the n-th."""

    def __init__(self) -> None:
        self.times: list[datetime] = []
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.times.append(datetime.now(UTC))
            self._changed.notify_all()

    def reached(self, number: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.times) >= number, PATIENCE)


@pytest.fixture
def rings():
    return Rings()


def ringing(rings, next_due, every=LONG):
    return Bell(rings, next_due, lambda: datetime.now(UTC), every)


def test_it_rings_as_soon_as_it_starts(rings):
    """What came due while nobody was there is looked at without waiting for a round."""
    bell = ringing(rings, lambda: None)
    bell.start()
    try:
        assert rings.reached(1)
    finally:
        bell.stop()


def test_it_wakes_at_the_next_due_instant_before_the_round(rings):
    """Nothing waits for a poll: the next due instant rings by itself."""
    due = datetime.now(UTC) + timedelta(milliseconds=400)
    bell = ringing(rings, lambda: due)
    bell.start()
    try:
        assert rings.reached(2)
        assert rings.times[1] >= due - timedelta(milliseconds=5)
    finally:
        bell.stop()


def test_a_ring_that_fails_does_not_silence_the_bell(rings, caplog):
    """A database that is away for a minute is no reason to stop looking."""
    calls = []

    def failing() -> None:
        rings()
        calls.append(1)
        if len(calls) == 1:
            raise OSError("away")

    bell = Bell(failing, lambda: None, lambda: datetime.now(UTC), timedelta(milliseconds=200))
    bell.start()
    try:
        assert rings.reached(2)
    finally:
        bell.stop()
    assert "a ring failed" in caplog.text


def test_it_stops_when_asked(rings):
    """A signal handler only asks; whoever waits goes on."""
    bell = ringing(rings, lambda: None)
    bell.start()
    assert rings.reached(1)
    bell.ask_to_stop()
    assert bell.wait(PATIENCE)
    bell.stop()
    assert not any(thread.name.startswith("APScheduler") for thread in threading.enumerate())
