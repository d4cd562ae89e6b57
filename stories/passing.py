"""Time that passes between two steps, with the passes of the house."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ..domain.civil import instant
from .sandbox import Sandbox
from .story import Step, Story

_HOUR = timedelta(hours=1)


class Passing:
    """Moves the clock of a sandbox from step to step; once `stirred`, the house changed: the next pass counts."""

    def __init__(self, sandbox: Sandbox, story: Story) -> None:
        self._sandbox = sandbox
        self._story = story
        self._zone = ZoneInfo(story.given.timezone)
        self.stirred = False

    def to(self, step: Step) -> None:
        """Let the passes happen that come before a step; one at which nothing is due would write nothing."""
        clock, engine = self._sandbox.clock, self._sandbox.engine
        while clock.now() < step.at:
            at = self._next_pass(step)
            if at is None or at > step.at:
                break
            clock.set(at)
            engine.tick()
            self.stirred = False
        clock.set(step.at)

    def _next_pass(self, step: Step) -> datetime | None:
        """Give the next pass at which there is something to do."""
        if self._story.ticks == "never":
            return None
        now = self._sandbox.clock.now()
        if step.outage:
            back = instant(step.day, self._story.pass_at, self._story.given.timezone)
            return back if back > now else None
        due = now if self.stirred else self._sandbox.engine.next_due()
        return None if due is None else self._pass_from(due, now)

    def _pass_from(self, due: datetime, now: datetime) -> datetime:
        """Give the first pass after now that is not before what is due."""
        if self._story.ticks == "hourly":
            wanted = max(due, now + timedelta(microseconds=1))
            whole = wanted.replace(minute=0, second=0, microsecond=0)
            return whole if whole == wanted else whole + _HOUR
        day = max(due, now).astimezone(self._zone).date()
        while True:
            at = instant(day, self._story.pass_at, self._story.given.timezone)
            if at > now and at >= due:
                return at
            day += timedelta(days=1)
