"""Hands messages to a mail server: one connection for many, and one answer for each."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from ..domain.ports import ConnectionLost, PermanentFailure, TransientFailure
from .smtp_url import Server, server

_SERVICE_CLOSING = 421
_TOO_BIG = 552


class Smtp:
    """A mail server, by its address; `timeout` is in seconds. Raises InputError on an address amiss."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self.server = server(url)
        self.timeout = timeout

    @contextmanager
    def session(self) -> Iterator["SmtpSession"]:
        """Open a session, connected at its first message and closed politely at the end."""
        session = SmtpSession(self.server, self.timeout)
        try:
            yield session
        finally:
            session.close()


class SmtpSession:
    """One connection, opened when needed and opened again once after a drop."""

    def __init__(self, server: Server, timeout: float) -> None:
        self._server = server
        self._timeout = timeout
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Return once the server has accepted the message.

        A refusal of this message raises TransientFailure (4xx) or PermanentFailure (5xx). A server that is
        away, silent, or refuses us rather than the message raises ConnectionLost. A connection found
        closed is opened again; a message at which a fresh connection falls too is put off, so that it
        does not hold up the others.
        """
        sender, recipient, content = _envelope(message)
        for fresh in (False, True):
            smtp = self._connection()
            try:
                smtp.sendmail(sender, [recipient], content)
            except smtplib.SMTPServerDisconnected as fault:
                self._forget()
                if isinstance(fault.__context__, TimeoutError):
                    raise ConnectionLost("the mail server does not answer") from fault
            except OSError as fault:
                self._refused(fault, again=fresh)
            else:
                return
        raise TransientFailure("the mail server hangs up at this message")

    def close(self) -> None:
        """Say goodbye, whatever the state of the connection."""
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.quit()
        self._forget()

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = _connect(self._server, self._timeout)
        return self._smtp

    def _forget(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def _refused(self, fault: OSError, *, again: bool) -> None:
        """Raise what a refusal means; return when the server only closes this connection (a first 421)."""
        status, text = _answer(fault)
        if status == _SERVICE_CLOSING:
            self._forget()
            if not again:
                return
            raise ConnectionLost(f"the mail server is closing: {text}", status=status) from fault
        if isinstance(fault, smtplib.SMTPSenderRefused) and status >= 500 and status != _TOO_BIG:
            # it is we who are refused: marking every notice as refused for good would lose them all
            raise ConnectionLost(
                f"the mail server refuses the sender: {text}", status=status, answer=text
            ) from fault
        if 400 <= status < 500:
            raise TransientFailure(f"refused for now: {text}", status=status) from fault
        if status >= 500:
            raise PermanentFailure(f"refused: {text}", status=status) from fault
        self._forget()
        raise ConnectionLost(f"the mail server is lost: {type(fault).__name__}") from fault


def _envelope(message: EmailMessage) -> tuple[str, str, bytes]:
    try:
        [sender] = message["From"].addresses
        [recipient] = message["To"].addresses
        pair = (sender.addr_spec.encode("ascii").decode(), recipient.addr_spec.encode("ascii").decode())
        return *pair, message.as_bytes()
    except (AttributeError, TypeError, ValueError) as fault:
        raise PermanentFailure("a message has one sender and one recipient") from fault


def _answer(fault: Exception) -> tuple[int, str]:
    """Read the code and the text of a refusal; (0, "") when the server said nothing."""
    code, text = getattr(fault, "smtp_code", 0), getattr(fault, "smtp_error", b"")
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        [(code, text)] = fault.recipients.values()
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return code, f"{code} {shown}".strip()[:500]


def _connect(server: Server, timeout: float) -> smtplib.SMTP:
    try:
        smtp = _greeted(server, timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            _protect(smtp, server)
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
    except (OSError, ValueError) as fault:
        # ValueError: a user or a password that the protocol cannot carry
        status, text = _answer(fault)
        reason = text if status else type(fault).__name__
        data = {"status": status, "answer": text} if status else {"status": status}
        raise ConnectionLost(f"no mail server takes our messages: {reason}", **data) from fault
    return smtp


def _greeted(server: Server, timeout: float) -> smtplib.SMTP:
    if server.implicit_tls:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=_verified(server))
    return smtplib.SMTP(server.host, server.port, timeout=timeout)


def _protect(smtp: smtplib.SMTP, server: Server) -> None:
    if server.starttls == "none":
        return
    if smtp.has_extn("starttls"):
        smtp.starttls(context=_verified(server) if server.starttls == "required" else _unverified())
        smtp.ehlo_or_helo_if_needed()
    elif server.starttls == "required":
        raise ConnectionLost("the mail server offers no STARTTLS, and it is required")


def _verified(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca or None)


def _unverified() -> ssl.SSLContext:
    """Encrypt without checking the name (RFC 7435): a local relay's own certificate beats clear text."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
