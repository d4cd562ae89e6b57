"""A notice as an e-mail: two parts that say the same, fixed headers, one deterministic identifier."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from functools import lru_cache
from typing import Any

from ..domain.errors import InputError
from ..domain.texts import ascii_domain, is_local_part

_POLICY = policy.SMTP


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it reads: its one-line subject, its text, and the same text as a page."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox and the name shown beside it; the domain may have accents.

    Raises InputError on an address that is none, and on a line break or control in either.
    """

    name: str
    email: str

    def __post_init__(self) -> None:
        _one_line("name", self.name)
        local, _, host = self.email.rpartition("@")
        if not is_local_part(local):
            raise InputError("not an e-mail address", part="local")
        ascii_domain(host)

    def header(self) -> HeaderAddress:
        """Return the address as a header writes it, its domain in ASCII."""
        local, _, host = self.email.rpartition("@")
        return HeaderAddress(self.name, local, ascii_domain(host))


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of the notice that has this unique key: always the same, and not the key."""
    digest = hashlib.sha256(b"jalon notice\0" + key.encode()).hexdigest()
    return f"<{digest[:32]}@{ascii_domain(domain)}>"


def build(
    rendered: Rendered,
    *,
    to: Address,
    sender: Address,
    message_id: str,
    date: datetime,
    reply_to: Address | None = None,
) -> EmailMessage:
    """Build the e-mail of one notice for one recipient; raises InputError on a header that would break."""
    if date.tzinfo is None:
        raise InputError("the date of a message is an aware instant")
    _one_line("subject", rendered.subject)
    if not re.fullmatch(r"<[!-;=?-~]+@[!-;=?-~]+>", message_id):
        raise InputError("not a Message-ID", part="message_id")
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox("From", sender)
    message["To"] = to.header()
    if reply_to is not None:
        message["Reply-To"] = _mailbox("Reply-To", reply_to)
    message["Subject"] = rendered.subject
    message["Date"] = date
    message["Message-ID"] = message_id
    # RFC 3834 and its Exchange counterpart: no out-of-office answer to a reminder
    message["Auto-Submitted"] = _fixed("Auto-Submitted", "auto-generated")
    message["X-Auto-Response-Suppress"] = _fixed("X-Auto-Response-Suppress", "All")
    # 7-bit on the wire, so that no relay needs 8BITMIME, and still legible in a mail folder
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    # a copy sent again is the same to the byte: the boundary is not left to chance, and no text holds it
    message.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:40]}")
    # last: a message that gains a second part gives its Content- headers to the first
    message["Content-Language"] = _fixed("Content-Language", "fr")
    return message


@lru_cache(maxsize=16)
def _mailbox(name: str, address: Address) -> Any:
    """Give the header of a mailbox that all messages bear: parsing it costs more than the rest of a message."""
    return _POLICY.header_factory(name, address.header())


@lru_cache(maxsize=16)
def _fixed(name: str, value: str) -> Any:
    return _POLICY.header_factory(name, value)


def _one_line(part: str, value: str) -> None:
    if not all(sign.isprintable() or sign in "\u00a0\u202f\u200c\u200d" for sign in value):
        raise InputError("a header is one line without controls", part=part)
