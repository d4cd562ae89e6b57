"""The mail server: real ones, on this machine, that accept, refuse, hang up, stay silent or are away."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.errors import InputError
from jalon.domain.ports import ConnectionLost, PermanentFailure, TransientFailure
from jalon.notifications.smtp import Smtp
from jalon.notifications.smtp_url import server

PEM = Path(__file__).parent / "tls" / "localhost.pem"
GOOD, BAD = "claire@exemple.fr", "absent@exemple.fr"
Serve = Callable[..., Any]
Send = Callable[..., str]


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


@pytest.fixture
def smtp(serve: Serve) -> Smtp:
    return Smtp(f"smtp://127.0.0.1:{serve().port}", timeout=5)


# -- one connection, many messages


def test_many_messages_leave_on_one_connection_in_order(smtp: Smtp, postbox: Any, letter: Any) -> None:
    with smtp.session() as session:
        for number in range(20):
            session.send(letter(f"n{number}"))
    assert [text for text in range(20) if f"Notice n{text}." in postbox.received[text]] == list(range(20))
    assert len(postbox.connections) == 1


def test_nothing_is_connected_before_the_first_message(port: int) -> None:
    with Smtp(f"smtp://127.0.0.1:{port}").session():
        pass


def test_what_is_sent_is_what_was_built(smtp: Smtp, postbox: Any, letter: Any) -> None:
    message = letter()
    with smtp.session() as session:
        session.send(message)
    sent = [
        line
        for line in postbox.received[0].splitlines()
        if not line.startswith(("X-Peer", "X-Mail", "X-Rcpt"))
    ]
    assert sent == message.as_bytes().decode().splitlines()


# -- refusals


@pytest.mark.parametrize(
    ("place", "answer", "outcome"),
    [
        (f"rcpt {BAD}", "450 4.2.0 greylisted", "TransientFailure"),
        (f"rcpt {BAD}", "451 4.3.0 try again", "TransientFailure"),
        (f"rcpt {BAD}", "550 5.1.1 no such user", "PermanentFailure"),
        (f"data {BAD}", "452 4.3.1 full", "TransientFailure"),
        (f"data {BAD}", "554 5.7.1 spam", "PermanentFailure"),
        ("mail", "451 4.3.0 try again", "TransientFailure"),
        ("mail", "552 5.3.4 too big", "PermanentFailure"),
    ],
)
def test_a_refusal_concerns_its_message_and_no_other(
    smtp: Smtp, postbox: Any, letter: Any, send: Send, place: str, answer: str, outcome: str
) -> None:
    postbox.answers[place] = [answer]
    with smtp.session() as session:
        outcomes = [send(session, letter("un", to=BAD)), send(session, letter("deux"))]
    assert outcomes == [outcome, "accepted"]
    assert len(postbox.received) == 1
    assert len(postbox.connections) == 1


def test_a_refusal_says_its_code_and_the_words_of_the_server(smtp: Smtp, postbox: Any, letter: Any) -> None:
    postbox.answers[f"rcpt {BAD}"] = ["550 5.1.1 no such user"]
    with smtp.session() as session, pytest.raises(PermanentFailure, match="no such user") as caught:
        session.send(letter(to=BAD))
    assert caught.value.data["status"] == 550


def test_a_refused_sender_stops_the_pass(smtp: Smtp, postbox: Any, letter: Any) -> None:
    """The house's own settings are wrong: refusing every notice for good would lose them all."""
    postbox.answers["mail"] = ["550 5.7.1 sender rejected"]
    with smtp.session() as session, pytest.raises(ConnectionLost):
        session.send(letter())


# -- drops and outages


@pytest.mark.parametrize("place", ["mail", f"rcpt {GOOD}", f"data {GOOD}"])
def test_after_a_drop_the_message_leaves_on_a_new_connection(
    smtp: Smtp, postbox: Any, letter: Any, send: Send, place: str
) -> None:
    with smtp.session() as session:
        outcomes = [send(session, letter("un"))]
        postbox.answers[place] = ["drop"]
        outcomes += [send(session, letter("deux")), send(session, letter("trois"))]
    assert outcomes == ["accepted"] * 3
    assert len(postbox.received) == 3
    assert len(postbox.connections) == 2


def test_a_server_that_closes_the_connection_politely_is_called_again(
    smtp: Smtp, postbox: Any, letter: Any, send: Send
) -> None:
    """Some servers answer 421 after so many messages on one connection."""
    with smtp.session() as session:
        outcomes = [send(session, letter("un"))]
        postbox.answers[f"rcpt {GOOD}"] = ["421 4.7.0 too many messages"]
        outcomes += [send(session, letter("deux"))]
    assert outcomes == ["accepted", "accepted"]
    assert len(postbox.connections) == 2


def test_a_server_that_keeps_closing_stops_the_pass(
    smtp: Smtp, postbox: Any, letter: Any, send: Send
) -> None:
    postbox.answers[f"rcpt {GOOD}"] = ["421 4.3.2 shutting down"] * 2
    with smtp.session() as session:
        assert send(session, letter()) == "ConnectionLost"


def test_a_message_that_fells_every_connection_does_not_hold_up_the_others(
    smtp: Smtp, postbox: Any, letter: Any, send: Send
) -> None:
    postbox.answers[f"data {BAD}"] = ["drop", "drop"]
    with smtp.session() as session:
        assert send(session, letter("un", to=BAD)) == "TransientFailure"
        assert send(session, letter("deux")) == "accepted"


def test_a_server_that_goes_away_in_mid_session_stops_the_pass(serve: Serve, letter: Any, send: Send) -> None:
    controller = serve()
    with Smtp(f"smtp://127.0.0.1:{controller.port}", timeout=5).session() as session:
        assert send(session, letter("un")) == "accepted"
        controller.stop()
        assert send(session, letter("deux")) == "ConnectionLost"


def test_a_server_that_is_down_stops_the_pass(port: int, letter: Any, send: Send) -> None:
    with Smtp(f"smtp://127.0.0.1:{port}").session() as session:
        assert send(session, letter()) == "ConnectionLost"
        assert send(session, letter()) == "ConnectionLost"


def test_a_server_that_does_not_exist_stops_the_pass(letter: Any, send: Send) -> None:
    with Smtp("smtp://nowhere.invalid").session() as session:
        assert send(session, letter()) == "ConnectionLost"


@pytest.fixture
def mute() -> Iterator[int]:
    """A server that takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_silent_server_stops_the_pass_within_its_timeout(mute: int, letter: Any, send: Send) -> None:
    started = time.perf_counter()
    with Smtp(f"smtp://127.0.0.1:{mute}", timeout=0.2).session() as session:
        assert send(session, letter()) == "ConnectionLost"
    assert time.perf_counter() - started < 2


def test_a_server_that_is_no_mail_server_stops_the_pass(letter: Any, send: Send) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        with Smtp(f"smtp://127.0.0.1:{listener.getsockname()[1]}", timeout=5).session() as session:
            assert send(session, letter()) == "ConnectionLost"
        thread.join()


# -- encryption and passwords


def test_starttls_is_used_when_it_is_offered(serve: Serve, postbox: Any, letter: Any) -> None:
    """Opportunistic: the certificate of a local relay is its own, and still better than clear text."""
    controller = serve(tls_context=tls())
    with Smtp(f"smtp://127.0.0.1:{controller.port}", timeout=5).session() as session:
        session.send(letter("un"))
        session.send(letter("deux"))
    assert postbox.encrypted == [True, True]


def test_starttls_none_sends_in_clear(serve: Serve, postbox: Any, letter: Any) -> None:
    controller = serve(tls_context=tls())
    with Smtp(f"smtp://127.0.0.1:{controller.port}?starttls=none", timeout=5).session() as session:
        session.send(letter())
    assert postbox.encrypted == [False]


def test_starttls_required_checks_the_certificate(
    serve: Serve, postbox: Any, letter: Any, send: Send
) -> None:
    url = f"smtp://localhost:{serve(tls_context=tls()).port}?starttls=required"
    with Smtp(url, timeout=5).session() as session:
        assert send(session, letter()) == "ConnectionLost"
    with Smtp(f"{url}&ca={PEM}", timeout=5).session() as session:
        assert send(session, letter()) == "accepted"
    assert postbox.encrypted == [True]


def test_starttls_required_and_not_offered_sends_nothing(
    smtp: Smtp, postbox: Any, letter: Any, send: Send
) -> None:
    with Smtp(f"smtp://127.0.0.1:{smtp.server.port}?starttls=required", timeout=5).session() as session:
        assert send(session, letter()) == "ConnectionLost"
    assert postbox.received == []


def test_smtps_is_encrypted_from_the_first_byte(serve: Serve, letter: Any, send: Send) -> None:
    url = f"smtps://localhost:{serve(ssl_context=tls()).port}"
    with Smtp(f"{url}?ca={PEM}", timeout=5).session() as session:
        assert send(session, letter()) == "accepted"
    with Smtp(url, timeout=5).session() as session:
        assert send(session, letter()) == "ConnectionLost"


@pytest.mark.parametrize(
    ("password", "outcome"), [("s3cret", "accepted"), ("wrong", "ConnectionLost"), ("é", "ConnectionLost")]
)
def test_a_password_goes_through_starttls_only(
    serve: Serve, postbox: Any, letter: Any, send: Send, password: str, outcome: str
) -> None:
    controller = serve(tls_context=tls(), authenticator=postbox.authenticator, auth_require_tls=True)
    with Smtp(
        f"smtp://jalon:{password}@localhost:{controller.port}?ca={PEM}", timeout=5
    ).session() as session:
        assert send(session, letter()) == outcome
    assert all(postbox.encrypted)


def test_a_password_is_not_given_to_a_server_without_starttls(
    serve: Serve, postbox: Any, letter: Any, send: Send
) -> None:
    controller = serve(authenticator=postbox.authenticator, auth_require_tls=False)
    with Smtp(f"smtp://jalon:s3cret@127.0.0.1:{controller.port}", timeout=5).session() as session:
        assert send(session, letter()) == "ConnectionLost"
    assert postbox.logins == []


# -- the address of a server


def test_an_address_has_its_defaults() -> None:
    plain, login, secure = (server(url) for url in ("smtp://h", "smtp://u:p@h", "smtps://u:p@h"))
    assert (plain.port, plain.starttls) == (25, "opportunistic")
    assert (login.port, login.starttls, login.user, login.password) == (587, "required", "u", "p")
    assert (secure.port, secure.implicit_tls) == (465, True)
    assert server("smtp://u%40h:p%3A%2F@h:2525").password == "p:/"
    assert server("smtp://[::1]:2525").host == "::1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "h",
        "http://h",
        "smtp://",
        "smtp://h:port",
        "smtp://h:99999",
        "smtp://h/path",
        "smtp://h#x",
        "smtp://h?starttls=maybe",
        "smtp://h?starttls=none&starttls=required",
        "smtp://h?startls=none",
        "smtp://h?starttls",
        "smtps://h?starttls=none",
        "smtp://u:s3cret@h?starttls=none",
        "smtp://u:s3cret@h?starttls=opportunistic",
        "smtp://u:s3cret@h:x",
    ],
)
def test_an_address_amiss_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(InputError) as caught:
        Smtp(url)
    assert "s3cret" not in f"{caught.value} {caught.value.data} {caught.value.__cause__}"


def test_a_password_is_never_shown() -> None:
    assert "s3cret" not in repr(server("smtp://u:s3cret@h"))


def test_the_failures_are_told_apart() -> None:
    """The engine stops, waits or gives up on their types alone."""
    kinds = [ConnectionLost, PermanentFailure, TransientFailure]
    assert not any(issubclass(one, other) for one in kinds for other in kinds if one is not other)
