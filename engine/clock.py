"""Clocks: the system's, and one that a test or a sandbox moves by hand."""

from datetime import UTC, datetime

from ..domain.errors import InputError


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Give the present instant, in UTC."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is set: for tests, demonstrations and sandboxes."""

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def now(self) -> datetime:
        """Give the instant to which the clock was last set."""
        return self._now

    def set(self, now: datetime) -> None:
        """Set the clock. Raises InputError for an instant that does not say its zone."""
        if now.tzinfo is None:
            raise InputError("an instant says its zone", argument="now", value=now.isoformat())
        self._now = now.astimezone(UTC)
