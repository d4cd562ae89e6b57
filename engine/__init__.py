"""The one place where the parts meet: `Engine`, and what its verbs give back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from .clock import SystemClock, VirtualClock
from .settings import Settings
from .worker import Worker

if TYPE_CHECKING:  # what the verbs need is loaded by the first engine, the templates by the first message
    from ..domain.ports import Clock, Transport
    from .delivery import Delivery, DeliveryReport
    from .meetings import Meetings
    from .notices import Notices
    from .passes import PassReport
    from .verify import Verification
    from .world import Listener


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick did: the rungs it fired, and the messages it delivered if it was to."""

    fired: "PassReport"
    delivered: "DeliveryReport | None"


class Engine:
    """A workflow engine over one database, for any number of threads."""

    def __init__(
        self, settings: Settings, *, clock: "Clock | None" = None, transport: "Transport | str | None" = None
    ) -> None:
        """Open nothing yet. `transport` is an object that sends, or smtp://…, smtps://…, maildir:folder."""
        from .parts import assemble

        parts = assemble(settings, clock, transport)
        self._world = parts.world
        self._passes = parts.passes
        self._delivery: Delivery | None = None
        self._meetings: Meetings | None = None
        self.workflows = parts.workflows
        self.establishments = parts.establishments
        self.people = parts.people
        self.cases = parts.cases
        self.places = parts.places
        self.deadlines = parts.deadlines

    @property
    def _deliveries(self) -> "Delivery":
        if self._delivery is None:
            from .delivery import Delivery

            self._delivery = Delivery(self._world, self.workflows)
        return self._delivery

    @property
    def notices(self) -> "Notices":
        """The outbox."""
        from .notices import Notices

        return Notices(self._world, self._deliveries, self.workflows)

    @property
    def meetings(self) -> "Meetings":
        """Sessions: who waits for them, their agendas, and what is decided there."""
        if self._meetings is None:
            from .meetings import Meetings

            self._meetings = Meetings(self._world, self.workflows)
        return self._meetings

    def run_due(self, limit: int | None = None) -> "PassReport":
        """Fire everything that is due, however late, and stop."""
        return self._passes.run_due(limit)

    def deliver(self, limit: int | None = None) -> "DeliveryReport":
        """Send the messages that may leave, and stop."""
        return self._deliveries.deliver(limit)

    def tick(self, *, deliver: bool = True) -> Tick:
        """Fire what is due, then send what may leave unless told not to."""
        at = self.now()
        fired = self._passes.run_due(at=at)
        return Tick(fired, self._deliveries.deliver(at=at) if deliver else None)

    def next_due(self) -> datetime | None:
        """Give the instant at which something is next to be done."""
        return self._passes.next_due()

    def now(self) -> datetime:
        """Read the engine's clock."""
        return self._world.now()

    def worker(
        self, *, every: timedelta = timedelta(minutes=1), told: Callable[[Tick], object] | None = None
    ) -> Worker:
        """Make a worker that ticks at once, then `every`, and at the next due instant, until it is stopped."""
        return Worker(self, every=every, told=told)

    def verify(self, anchor: Mapping[int, tuple[int, str]] | None = None) -> "Verification":
        """Read every history back and say whether it is what was written."""
        from .verify import Verifier

        return Verifier(self._world, self.workflows).verify(anchor)

    def subscribe(self, listener: "Listener") -> None:
        """Call `listener` after each commit with each line of history written; its failure changes nothing."""
        self._world.listeners.append(listener)

    def status(self) -> Literal["missing", "older", "current", "newer"]:
        """Say whether the database has the tables of this jalon; nothing is written."""
        from ..persistence.migrate import status

        return status(self._world.database)

    def upgrade(self, *, sandbox: bool = False) -> None:
        """Bring the database to the tables of this jalon, and recognise the people of older cases. Raises TooRecent.

        A `sandbox` is a database in which time may be moved by hand; only one that holds no case becomes one.
        """
        from ..persistence.migrate import upgrade

        upgrade(self._world.database)
        from .persons_filled import fill_people

        fill_people(self._world)
        if sandbox:
            self._world.make_sandbox()

    @property
    def sandbox(self) -> bool:
        """Say whether time may be moved by hand in this database."""
        return self._world.is_sandbox()

    @property
    def written_until(self) -> datetime | None:
        """Give the instant of the last line of any history: in a sandbox it may be to come."""
        return self._world.written_until()

    def close(self) -> None:
        """Close the connections that are jalon's own."""
        self._world.database.close()


__all__ = [
    "Engine",
    "Settings",
    "SystemClock",
    "Tick",
    "VirtualClock",
]
