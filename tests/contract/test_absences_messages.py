"""What would go to someone away goes to their deputy, whether it was written before or during the absence."""

from collections.abc import Iterator

import pytest
from support.engines import Post, an_engine, at, opened
from support.staff import away, followed, hire, readers, reminded

from jalon import Engine

SAMIR, ROSA, GAIA = "actor:samir", "actor:rosa", "actor:gaia"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def engine(database_url: str, post: Post) -> Iterator[Engine]:
    with an_engine(database_url, transport=post) as engine:
        hire(engine)
        yield engine


def sent_to(post: Post) -> list[str]:
    return [str(message["To"].addresses[0].addr_spec) for message in post.sent]


def stands(engine: Engine) -> list[tuple[int, str, str]]:
    """What never changes of a message: its row, its Message-ID, whom it is for."""
    return [(one.id, one.message_id, one.recipient) for one in engine.notices.outbox()]


def test_what_is_written_during_an_absence_goes_to_the_deputy(engine: Engine, post: Post) -> None:
    case = followed(engine)
    away(engine, "samir", "2026-11-30", "2026-12-04", "lea")
    reminded(engine)
    assert readers(engine) == [(SAMIR, "lea", "waiting")]
    before = stands(engine)
    engine.deliver()
    assert sent_to(post) == ["lea@maison.example"]
    assert "Bonjour Lea," in post.sent[0].get_body(("plain",)).get_content()
    assert stands(engine) == before
    (notice,) = engine.notices.outbox()
    assert (notice.deputy, notice.address, notice.status) == ("lea", "lea@maison.example", "sent")
    assert post.ids == [notice.message_id]
    assert engine.cases.history(case.id)[-1].body["notices"] == ["rappel_echeance:gardien"]
    assert engine.verify().sound


def test_what_waits_since_before_the_absence_leaves_during_it_to_the_deputy(
    engine: Engine, post: Post
) -> None:
    """Written on Monday at 9, held up by the mail server until Tuesday, when samir is away."""
    followed(engine)
    reminded(engine)
    assert readers(engine) == [(SAMIR, None, "waiting")]
    before = stands(engine)
    away(engine, "samir", "2026-12-01", None, "lea")
    assert readers(engine) == [(SAMIR, None, "waiting")]  # it may leave today, and samir is there today
    at(engine, "2026-12-01", 7)
    assert readers(engine) == [(SAMIR, "lea", "waiting")]
    at(engine, "2026-12-01")
    engine.deliver()
    assert sent_to(post) == ["lea@maison.example"]
    assert stands(engine) == before
    assert readers(engine) == [(SAMIR, "lea", "sent")]
    engine.people.back("samir", engine.people.absences()[0].since)
    assert readers(engine) == [(SAMIR, "lea", "sent")]  # what was read by lea stays so


def test_what_was_written_during_the_absence_and_leaves_after_it_goes_to_the_person(
    engine: Engine, post: Post
) -> None:
    followed(engine)
    away(engine, "samir", "2026-11-30", "2026-11-30", "lea")
    reminded(engine)
    assert readers(engine) == [(SAMIR, "lea", "waiting")]
    before = stands(engine)
    at(engine, "2026-12-01")
    engine.deliver()
    assert (sent_to(post), stands(engine)) == (["samir@maison.example"], before)
    assert readers(engine) == [(SAMIR, None, "sent")]


def test_the_day_that_counts_is_the_one_on_which_the_message_may_leave(engine: Engine) -> None:
    """On Monday evening the house is closed: what waits for Tuesday goes to whoever is there on Tuesday."""
    followed(engine)
    at(engine, "2026-11-30", 21)  # Monday evening: the reminder of the morning was missed
    engine.run_due()
    engine.deliver()
    away(engine, "samir", "2026-12-01", None, "lea")
    (notice,) = engine.notices.outbox()
    assert (notice.status, notice.next_attempt_at.isoformat()) == ("waiting", "2026-12-01T07:00:00+00:00")
    assert notice.deputy == "lea"


@pytest.mark.parametrize(
    ("away_too", "read"),
    [
        ((), [(GAIA, None), (ROSA, None)]), (("gaia",), [(ROSA, None)]),
        (("gaia", "rosa"), [("actor:chloe", None)]), (("gaia", "rosa", "chloe"), [(SAMIR, None)]),
    ],
)  # fmt: skip
def test_without_a_deputy_the_others_of_the_role_are_told_then_those_who_supervise(
    engine: Engine, post: Post, away_too: tuple[str, ...], read: list[tuple[str, str | None]]
) -> None:
    engine.people.grant("rosa", "gardien", "tilleuls")
    followed(engine)
    for person in ("samir", *away_too):
        away(engine, person, "2026-11-30")
    reminded(engine)
    assert [(recipient, deputy) for recipient, deputy, _ in readers(engine)] == read
    engine.deliver()
    assert sent_to(post) == [f"{recipient.removeprefix('actor:')}@maison.example" for recipient, _ in read]


def test_another_of_the_role_who_is_away_has_their_deputy_told(engine: Engine) -> None:
    followed(engine)
    away(engine, "samir", "2026-11-30")
    away(engine, "gaia", "2026-11-30", None, "lea")
    reminded(engine)
    assert readers(engine) == [(GAIA, "lea", "waiting")]


@pytest.mark.parametrize(("rosa_there", "address"), [(True, "gaia"), (False, "gaia")])
def test_what_waits_for_someone_away_without_a_deputy_goes_to_one_of_the_others(
    engine: Engine, post: Post, rosa_there: bool, address: str
) -> None:
    """One row is one message: the first of the others reads it."""
    if rosa_there:
        engine.people.grant("rosa", "gardien", "tilleuls")
    followed(engine)
    reminded(engine)
    away(engine, "samir", "2026-12-01")
    at(engine, "2026-12-01")
    engine.deliver()
    assert sent_to(post) == [f"{address}@maison.example"]
    assert readers(engine) == [(SAMIR, address, "sent")]


def test_what_waits_goes_to_who_supervises_where_nobody_else_holds_the_role(
    engine: Engine, post: Post
) -> None:
    engine.people.revoke("gaia", "gardien", "tilleuls")
    followed(engine, by="samir")
    reminded(engine)
    away(engine, "samir", "2026-12-01")
    at(engine, "2026-12-01")
    engine.deliver()
    assert (sent_to(post), readers(engine)) == (["chloe@maison.example"], [(SAMIR, "chloe", "sent")])


def test_a_deputy_who_is_told_for_themself_is_told_once(engine: Engine, post: Post) -> None:
    """The case has no referent: both wardens are told, and gaia stands in for samir."""
    opened(engine)
    away(engine, "samir", "2026-11-30", None, "gaia")
    reminded(engine)
    assert readers(engine) == [(GAIA, None, "waiting")]


def test_a_deputy_who_has_the_message_already_gets_no_second(engine: Engine, post: Post) -> None:
    opened(engine)
    reminded(engine)
    assert readers(engine) == [(GAIA, None, "waiting"), (SAMIR, None, "waiting")]
    away(engine, "samir", "2026-12-01", None, "gaia")
    at(engine, "2026-12-01")
    report = engine.deliver()
    assert sent_to(post) == ["gaia@maison.example"]
    (dropped,) = engine.notices.outbox(status=["dropped"])
    assert (report.dropped, dropped.error) == ([dropped.id], "already_told")
    assert engine.verify().sound


def test_two_who_are_away_with_one_deputy_tell_them_once(engine: Engine) -> None:
    opened(engine)
    for person in ("gaia", "samir"):
        away(engine, person, "2026-11-30", None, "lea")
    reminded(engine)
    assert readers(engine) == [(GAIA, "lea", "waiting")]


def test_a_chain_of_deputies_is_followed_to_its_end(engine: Engine, post: Post) -> None:
    followed(engine)
    away(engine, "samir", "2026-11-30", None, "lea")
    away(engine, "lea", "2026-11-30", None, "ines")
    reminded(engine)
    engine.deliver()
    assert (readers(engine), sent_to(post)) == ([(SAMIR, "ines", "sent")], ["ines@maison.example"])


def test_a_chain_that_ends_with_nobody_is_no_deputy(engine: Engine) -> None:
    followed(engine)
    away(engine, "samir", "2026-11-30", None, "lea")
    away(engine, "lea", "2026-11-30")
    reminded(engine)
    assert readers(engine) == [(GAIA, None, "waiting")]


def test_a_deputy_who_acts_no_more_is_no_deputy(engine: Engine) -> None:
    followed(engine)
    away(engine, "samir", "2026-11-30", None, "lea")
    engine.people.add("lea", "Lea", active=False)
    reminded(engine)
    assert readers(engine) == [(GAIA, None, "waiting")]


@pytest.mark.parametrize("change", [{"address": None}, {"address": "lea@maison.example", "consent": False}])
def test_a_deputy_who_cannot_be_written_to_is_told_on_paper(
    engine: Engine, change: dict[str, object]
) -> None:
    followed(engine)
    engine.people.add("lea", "Lea", **change)
    away(engine, "samir", "2026-11-30", None, "lea")
    reminded(engine)
    engine.deliver()
    (notice,) = engine.notices.outbox()
    assert (notice.status, notice.deputy, notice.address) == ("paper", "lea", None)
    assert "Bonjour Lea," in (notice.body or "")


def test_what_waits_turns_to_paper_for_a_deputy_without_an_address(engine: Engine) -> None:
    followed(engine)
    reminded(engine)
    engine.people.add("lea", "Lea")
    away(engine, "samir", "2026-12-01", None, "lea")
    at(engine, "2026-12-01")
    engine.deliver()
    assert readers(engine) == [(SAMIR, "lea", "paper")]
    engine.deliver()
    assert "Bonjour Lea," in (engine.notices.outbox()[0].body or "")


def test_a_pass_over_many_cases_tells_deputies_as_a_pass_over_one(engine: Engine, post: Post) -> None:
    cases = [followed(engine).id for _ in range(3)]
    away(engine, "samir", "2026-11-30", None, "lea")
    reminded(engine)
    assert readers(engine) == [(SAMIR, "lea", "waiting")] * len(cases)
    engine.deliver()
    assert sent_to(post) == ["lea@maison.example"] * len(cases)


def test_a_late_pass_writes_as_of_its_day_and_sends_as_of_today(engine: Engine, post: Post) -> None:
    """The reminder of Monday is written on Wednesday: samir was away on Monday, and is back."""
    followed(engine)
    away(engine, "samir", "2026-11-30", "2026-12-01", "lea")
    reminded(engine, "2026-12-02")
    assert readers(engine) == [(SAMIR, None, "waiting")]
    engine.deliver()
    assert sent_to(post) == ["samir@maison.example"]
