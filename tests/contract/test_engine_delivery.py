"""Messages leave once, in order, at the house's hours; what cannot leave is said, and nothing is lost."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from support.engines import Post, an_engine, at, dump, entered, paris

from jalon import ActionRefused, Engine
from jalon.domain.ports import PermanentFailure, TransientFailure

GAIA, AMINA = "gaia@maison.example", "amina@menage.example"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def engine(database_url: str, post: Post) -> Iterator[Engine]:
    with an_engine(database_url, transport=post) as engine:
        yield engine


def _visited(engine: Engine, *, on: str = "2026-12-21", hour: int = 9, cases: int = 1) -> list[int]:
    """Cases for which a reminder has just been written to gaia and to the household."""
    found = [entered(engine, f"A{number}").id for number in range(cases)]
    at(engine, on, hour)
    engine.run_due()
    return found


def _left(post: Post) -> list[str]:
    return [str(message["To"].addresses[0].addr_spec) for message in post.sent]


def _status(engine: Engine) -> list[str]:
    return [notice.status for notice in engine.notices.outbox()]


def test_messages_leave_once_each_in_the_order_in_which_they_were_written(engine: Engine, post: Post) -> None:
    _visited(engine, cases=3)
    report = engine.deliver()
    assert _left(post) == [GAIA, AMINA] * 3
    assert report.sent == [notice.id for notice in engine.notices.outbox()]
    assert post.ids == [notice.message_id for notice in engine.notices.outbox()]
    before = dump(engine)
    assert engine.deliver().sent == []
    assert dump(engine) == before
    assert len(post.sent) == 6


def test_what_left_is_kept_as_it_left(engine: Engine, post: Post) -> None:
    (case,) = _visited(engine)
    engine.deliver()
    notice = engine.notices.outbox()[1]
    assert (notice.address, notice.sent_at, notice.attempts) == (AMINA, paris("2026-12-21", 9), 1)
    assert notice.subject == post.sent[1]["Subject"]
    assert "Amina" not in notice.subject
    engine.cases.correct(case, {"menage": {"name": "Autre", "email": "x@y.example"}}, by="gaia", reason="r")
    read = engine.notices.read(notice.id)
    assert (read.subject, read.text) == (notice.subject, notice.body)


def test_a_limit_bounds_a_delivery(engine: Engine, post: Post) -> None:
    _visited(engine, cases=2)
    assert len(engine.deliver(limit=3).sent) == 3
    assert len(engine.deliver(limit=3).sent) == 1
    assert _left(post) == [GAIA, AMINA] * 2


def test_a_tick_delivers_unless_told_not_to(engine: Engine, post: Post) -> None:
    entered(engine)
    at(engine, "2026-12-21", 9)
    assert engine.tick(deliver=False).delivered is None
    assert post.sent == []
    assert len(engine.tick().delivered.sent) == 2


def test_without_a_transport_everything_waits(database_url: str) -> None:
    with an_engine(database_url) as engine:
        _visited(engine)
        assert engine.deliver().stopped == "no_transport"
        assert _status(engine) == ["waiting"] * 2


# -- the server


def test_a_server_that_is_down_keeps_everything_which_leaves_later_in_order_once(
    engine: Engine, post: Post
) -> None:
    _visited(engine, cases=2)
    post.down = True
    for hour in (9, 10, 11):
        at(engine, "2026-12-21", hour)
        report = engine.tick().delivered
        assert (report.sent, report.stopped) == ([], "nobody answers")
    assert _status(engine) == ["waiting"] * 4
    post.down = False
    at(engine, "2026-12-21", 14)
    assert len(engine.tick().delivered.sent) == 4
    assert post.ids == [notice.message_id for notice in engine.notices.outbox()]
    assert engine.tick().delivered.sent == []


def test_a_real_server_that_comes_back_gets_everything_once(database_url: str) -> None:
    received: list[Any] = []

    class Postbox:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            received.append(message_from_bytes(envelope.content))
            return "250 taken"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with an_engine(database_url, transport=f"smtp://127.0.0.1:{port}?starttls=none") as engine:
        _visited(engine)
        assert engine.deliver().stopped
        server = Controller(Postbox(), hostname="127.0.0.1", port=port)
        server.start()
        try:
            assert len(engine.deliver().sent) == 2
            assert engine.deliver().sent == []
        finally:
            server.stop()
        assert [message["Message-ID"] for message in received] == [
            notice.message_id for notice in engine.notices.outbox()
        ]


def test_a_message_refused_for_now_is_tried_again_later_and_the_others_leave(
    engine: Engine, post: Post
) -> None:
    _visited(engine)
    post.faults[GAIA] = TransientFailure("450 mailbox busy")
    instants = []
    for _ in range(3):
        engine.deliver()
        notice = engine.notices.outbox()[0]
        instants.append((notice.next_attempt_at - engine.now()).total_seconds() / 60)
        assert (notice.status, notice.error) == ("waiting", "450 mailbox busy")
        assert engine.deliver().put_off == []  # not before its time
        engine._world.clock.set(notice.next_attempt_at)
    assert instants == [1, 5, 15]
    assert _left(post) == [AMINA]
    post.faults.clear()
    engine.deliver()
    assert _left(post) == [AMINA, GAIA]
    assert engine.notices.outbox()[0].attempts == 4


def test_a_message_refused_for_good_is_shown_and_may_be_retried(engine: Engine, post: Post) -> None:
    (case,) = _visited(engine)
    post.faults[AMINA] = PermanentFailure("550 no such mailbox")
    assert len(engine.deliver().refused) == 1
    at(engine, "2026-12-22")
    assert engine.deliver().refused == []
    notice = engine.notices.outbox()[1]
    assert (notice.status, notice.error) == ("refused", "550 no such mailbox")
    (shown,) = [item for item in engine.deadlines.pending() if item.kind == "message"]
    assert (shown.name, shown.error, shown.case_id) == ("rappel_visite", "550 no such mailbox", case)
    post.faults.clear()
    engine.notices.retry(notice.id, by="gaia")
    assert engine.deliver().sent == [notice.id]
    with pytest.raises(ActionRefused, match="notice_status"):
        engine.notices.retry(notice.id)


def test_a_transport_that_fails_in_a_way_of_its_own_holds_up_one_message(engine: Engine, post: Post) -> None:
    _visited(engine, cases=2)
    post.faults[AMINA] = RuntimeError("a fault of the host's")
    report = engine.deliver()
    assert (len(report.sent), len(report.put_off)) == (2, 2)
    assert _left(post) == [GAIA, GAIA]
    post.faults.clear()
    at(engine, "2026-12-21", 10)
    assert len(engine.deliver().sent) == 2


# -- several at once


def test_two_deliveries_at_once_send_each_message_once(engine: Engine, post: Post, database_url: str) -> None:
    _visited(engine, cases=4)
    with an_engine(database_url, on="2026-12-21", bare=True, transport=post) as other:
        with ThreadPoolExecutor(4) as pool:
            reports = list(pool.map(lambda one: one.deliver(), [engine, other, engine, other]))
        engine.deliver()
    assert len(post.ids) == len(set(post.ids)) == 8
    assert sum(len(report.sent) for report in reports) <= 8
    assert {report.stopped for report in reports} <= {None, "busy"}
    assert _status(engine) == ["sent"] * 8


def test_cases_go_on_while_a_delivery_waits_for_the_server(engine: Engine, post: Post) -> None:
    """Nothing is locked while a message leaves."""
    (case,) = _visited(engine)
    send = post.send

    def slow(message: Any) -> None:
        engine.cases.perform(case, "noter", {"note": "pendant"}, by="gaia")
        send(message)

    post.send = slow  # type: ignore[method-assign]
    assert len(engine.deliver().sent) == 2
