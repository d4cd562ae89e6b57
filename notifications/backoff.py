"""When a message that did not leave is tried again."""

from datetime import datetime, timedelta

from ..domain.errors import InputError

_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)


def next_attempt(attempts: int, now: datetime) -> datetime:
    """Return when to try again after `attempts` failures: in a minute, then longer, twelve hours at most.

    The same arguments give the same instant: no chance is involved, one process delivers at a time.
    Raises InputError when nothing was attempted or the instant is naive.
    """
    if attempts < 1:
        raise InputError("no attempt has failed yet", attempts=attempts)
    if now.tzinfo is None:
        raise InputError("an attempt is an aware instant")
    return now + _WAITS[min(attempts, len(_WAITS)) - 1]
