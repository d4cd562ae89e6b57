"""The engine that a command works with: its database, its clock, its way out. Here the environment is read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from .. import Engine, InputError, Maildir, Settings, Smtp, VirtualClock
from .french import short_date
from .output import complain
from .reading import read_now


@dataclass(frozen=True, slots=True)
class Mail:
    """How messages are written and where they leave; what is not said comes from the environment."""

    smtp: str | None = None
    sender: str | None = None
    link: str | None = None
    templates: Path | None = None


@contextmanager
def opened(database: str, now: str | None = None, mail: Mail | None = None) -> Iterator[Engine]:
    """Give an engine over a database that exists, and close it at the end.

    `now` sets its clock, in a sandbox only. Raises NotInitialised, NeedsUpgrade, TooRecent, and InputError for
    an address that makes no sense or a clock that may not be moved.
    """
    clock = VirtualClock(read_now(now)) if now is not None else None
    engine = _engine(_settings(database, mail or Mail()), clock, mail.smtp if mail else None)
    try:
        if clock is not None and not engine.sandbox:
            raise InputError("this database is no sandbox: its clock is the machine's", problem="not_sandbox")
        yield engine
    finally:
        engine.close()


def warn_of_clock(engine: Engine, now: str | None) -> None:
    """Say that a sandbox has lines to come for the machine's clock: a reader meant to give theirs."""
    last = engine.written_until if now is None and engine.sandbox else None
    if last is not None and last > engine.now():
        complain(
            f"Attention : cette base d’essai va jusqu’au {short_date(last.date())}, après le jour de cette machine : "
            "choisissez le jour avec --now."
        )


@contextmanager
def unopened(database: str) -> Iterator[Engine]:
    """Give an engine over a database that may not exist yet."""
    engine = _engine(_settings(database, Mail()), None, None)
    try:
        yield engine
    finally:
        engine.close()


def database_url(text: str) -> str:
    """Give the URL of a database named by its URL or by the path of its file. Raises InputError."""
    if not text.strip():
        raise InputError("a database is wanted", argument="database", problem="form")
    return text if "://" in text else f"sqlite:///{Path(text).expanduser().absolute()}"


def _settings(database: str, mail: Mail) -> Settings:
    name, address = parseaddr(mail.sender or os.environ.get("JALON_SENDER", ""))
    folder = os.environ.get("JALON_TEMPLATES")
    given: dict[str, Any] = {"link": mail.link or os.environ.get("JALON_LINK", "")}
    given["templates"] = mail.templates or (Path(folder) if folder else None)
    if mail.sender or address:
        given.update(sender=address or str(mail.sender), sender_name=name or "jalon")
    return Settings(database=database_url(database), create=False, **given)


def _engine(settings: Settings, clock: Any, smtp: str | None) -> Engine:
    """Build the engine; an address is never repeated, for it may hold a password."""
    way_out = _transport(smtp)
    try:
        return Engine(settings, clock=clock, transport=way_out)
    except InputError as error:
        if error.data.get("argument") == "templates":
            raise
        if isinstance(error.__cause__, ModuleNotFoundError):
            raise InputError(str(error), problem="driver") from error
        raise InputError(str(error), argument="database", problem="form") from error


def _transport(address: str | None) -> Any:
    if address is None:
        return None
    scheme, _, rest = address.partition(":")
    if scheme == "maildir" and rest:
        return Maildir(Path(rest))
    if scheme not in ("smtp", "smtps"):
        raise InputError("not a way out", argument="smtp", problem="form")
    try:
        return Smtp(address)
    except InputError as error:
        raise InputError(str(error), argument="smtp", problem="form") from error
