"""The address of a mail server, read once and checked before anything is sent."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from ..domain.errors import InputError

_STARTTLS = ("required", "opportunistic", "none")
_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, and under which protection; the password is never shown."""

    host: str
    port: int
    implicit_tls: bool = False
    starttls: str = "opportunistic"
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""


def server(url: str) -> Server:
    """Read `smtp://[user:password@]host[:port][?starttls=required|opportunistic|none&ca=file.pem]`, or `smtps://…`.

    With a user, STARTTLS is required and the port is 587; a password in clear is refused. Raises InputError,
    which never repeats the address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError as fault:
        raise InputError("not the address of a mail server") from fault
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise InputError("not the address of a mail server")
    if asked.keys() - {"starttls", "ca"} or any(len(values) > 1 for values in asked.values()):
        raise InputError("a mail server takes starttls and ca, once each", keys=sorted(asked))
    user = unquote(parts.username or "")
    implicit = parts.scheme == "smtps"
    return Server(
        host=parts.hostname,
        port=port or (587 if user and not implicit else _PORTS[parts.scheme]),
        implicit_tls=implicit,
        starttls=_protection(asked.get("starttls", [""])[0], implicit=implicit, user=user),
        user=user,
        password=unquote(parts.password or ""),
        ca=asked.get("ca", [""])[0],
    )


def _protection(asked: str, *, implicit: bool, user: str) -> str:
    if implicit:
        if asked:
            raise InputError("smtps:// is encrypted from the first byte: it takes no starttls")
        return "none"
    chosen = asked or ("required" if user else "opportunistic")
    if chosen not in _STARTTLS:
        raise InputError("starttls is required, opportunistic or none", starttls=chosen)
    if user and chosen != "required":
        raise InputError("a password is never sent in clear: starttls=required, or smtps://", starttls=chosen)
    return chosen
