"""The seams a host may fill: the clock and the mail transport.

JalonError
└── DeliveryError        a message did not leave
    ├── TransientFailure   not now: this message waits, the next one is tried
    ├── PermanentFailure   never: this message is refused for good
    └── ConnectionLost     nothing can leave: the pass stops and everything waits
"""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from .errors import JalonError

if TYPE_CHECKING:  # the mail library is loaded by the first message
    from email.message import EmailMessage


class Clock(Protocol):
    """Tells the time; the engine reads it once per public call."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


class DeliveryError(JalonError):
    """A message did not leave; `.data["status"]` holds the server's code when it gave one.

    Where the server refuses us rather than the message, `.data["answer"]` holds the code and the words.
    """

    code = "delivery"


class TransientFailure(DeliveryError):
    """The message is refused for now: try this one later, go on with the others."""

    code = "delivery_transient"


class PermanentFailure(DeliveryError):
    """The message is refused for good: record the reason, do not try again."""

    code = "delivery_permanent"


class ConnectionLost(DeliveryError):
    """No message can leave: stop the pass, everything waits."""

    code = "connection_lost"


class Session(Protocol):
    """One connection, for many messages."""

    def send(self, message: "EmailMessage") -> None:
        """Return once the message is accepted; raise TransientFailure, PermanentFailure or ConnectionLost."""
        ...


class Transport(Protocol):
    """A way out for messages."""

    def session(self) -> AbstractContextManager[Session]:
        """Open a session; nothing is connected before its first message."""
        ...
