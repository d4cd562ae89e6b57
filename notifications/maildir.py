"""Writes messages into a mail folder (Maildir), each once: for trials, and houses without a server."""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from ..domain.ports import ConnectionLost, PermanentFailure

_FOLDERS = ("tmp", "new", "cur")


class Maildir:
    """A mail folder; it is created at the first message, closed to other users (0700, files 0600)."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @contextmanager
    def session(self) -> Iterator["MaildirSession"]:
        """Open a session; a folder needs no connection."""
        yield MaildirSession(self.path)


class MaildirSession:
    """Writes each message under a name drawn from its Message-ID, so that sending it again adds nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, message: EmailMessage) -> None:
        """Return once the message is on the disk; raises PermanentFailure or ConnectionLost."""
        name = _name(message)
        content = message.as_bytes()
        try:
            _make(self._path)
            if not self._holds(name):
                self._write(name, content)
        except OSError as fault:
            raise ConnectionLost(f"the mail folder cannot be written: {fault.strerror}") from fault

    def _holds(self, name: str) -> bool:
        # a reader moves what was seen to cur/, with flags after a colon
        return (self._path / "new" / name).exists() or any((self._path / "cur").glob(f"{name}*"))

    def _write(self, name: str, content: bytes) -> None:
        draft = self._path / "tmp" / f"{name}.{os.getpid()}.{threading.get_ident()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path / "new" / name)
        _sync(self._path / "new")


def _name(message: EmailMessage) -> str:
    identifier = str(message["Message-ID"] or "").strip()
    if not identifier:
        raise PermanentFailure("a message has a Message-ID")
    return f"{hashlib.sha256(identifier.encode()).hexdigest()[:32]}.jalon"


def _make(path: Path) -> None:
    if not path.exists():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in _FOLDERS:
        (path / name).mkdir(mode=0o700, exist_ok=True)


def _sync(folder: Path) -> None:
    """Make the folder's new entry survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
