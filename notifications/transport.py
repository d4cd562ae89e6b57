"""Chooses a way out from its address; loads the one that is asked for, and no other."""

from pathlib import Path

from ..domain.errors import InputError
from ..domain.ports import Transport


def transport(url: str) -> Transport:
    """Return the transport of an address: `smtp://…`, `smtps://…` or `maildir:folder`; raises InputError."""
    # imported here: smtplib and ssl are loaded only where mail leaves that way
    scheme, _, rest = url.partition(":")
    if scheme in {"smtp", "smtps"}:
        from .smtp import Smtp

        return Smtp(url)
    if scheme == "maildir" and rest:
        from .maildir import Maildir

        return Maildir(Path(rest))
    raise InputError("a transport is smtp://host, smtps://host or maildir:folder")
