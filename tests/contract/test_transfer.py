"""All the cases of someone, handed over to another: which, which not and why, and what goes with them."""

import logging
from collections.abc import Iterator

import pytest
from support.engines import HOUSEHOLD, Post, an_engine, at, dump, opened, written
from support.staff import TOOK_OVER, away, followed, hire, readers, reminded

from jalon import ActionRefused, Engine, InputError, NotFound
from jalon.engine import transferring
from jalon.interfaces.words import reason_words


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url, transport=Post()) as engine:
        hire(engine)
        yield engine


def hand(engine: Engine, person: str = "samir", to: str = "gaia", **asked: object) -> transferring.Transfer:
    return engine.people.transfer(person, to, **{"by": "chloe", "reason": TOOK_OVER, **asked})


def referents(engine: Engine) -> dict[int, str | None]:
    return {case.id: case.referent for case in engine.cases.find()}


def test_every_active_case_of_someone_is_handed_over_each_with_its_line(engine: Engine) -> None:
    mine = [followed(engine).id for _ in range(3)]
    closed = followed(engine).id
    engine.cases.perform(closed, "clore", {"motif": "Départ."}, by="gaia")
    other = followed(engine, "gaia").id
    found = hand(engine)
    assert (found.person, found.to, found.cases, found.kept, found.notices) == ("samir", "gaia", mine, [], 0)
    assert referents(engine) == {**dict.fromkeys(mine, "gaia"), closed: "samir", other: "gaia"}
    for case in mine:
        line = engine.cases.history(case)[-1]
        assert (line.kind, line.actor, line.body["from"], line.body["to"], line.body["reason"]) == (
            "referent", "chloe", "samir", "gaia", TOOK_OVER,
        )  # fmt: skip
        assert line.effective_on.isoformat() == "2026-11-23"
    assert engine.verify().sound
    assert hand(engine).cases == []


def test_only_the_cases_of_a_house_or_of_a_workflow_where_asked(engine: Engine) -> None:
    engine.people.grant("samir", "gardien", "lilas")
    engine.people.grant("gaia", "gardien", "lilas")
    engine.people.grant("chloe", "chef", "lilas")
    here = followed(engine).id
    there = engine.cases.open(
        "suivi", {"menage": HOUSEHOLD}, by="luc", establishment="lilas", referent="samir"
    ).id
    assert hand(engine, establishment="lilas", workflow="suivi").cases == [there]
    assert referents(engine) == {here: "samir", there: "gaia"}
    assert hand(engine, workflow="suivi").cases == [here]


def test_a_house_in_which_the_new_one_holds_no_such_role_keeps_its_cases(engine: Engine) -> None:
    """Gaia is a warden in the first house only; the cases of the second stay, and it is said before all else."""
    engine.people.grant("samir", "gardien", "lilas")
    engine.people.grant("chloe", "chef", "lilas")
    here = followed(engine).id
    there = engine.cases.open(
        "suivi", {"menage": HOUSEHOLD}, by="luc", establishment="lilas", referent="samir"
    ).id
    found = hand(engine)
    assert found.cases == [here]
    ((kept),) = found.kept
    assert (kept.establishment, kept.workflow, kept.cases, kept.reason.code) == (
        "lilas",
        "suivi",
        (there,),
        "role",
    )
    assert (kept.reason.data["actor"], kept.reason.data["roles"]) == ("gaia", ["gardien"])
    assert len(engine.cases.history(there)) == 1


def test_who_asks_must_be_of_the_house(engine: Engine) -> None:
    """nina sees nothing of it, then sees it as a partner, then holds the role of chloe."""
    case = followed(engine).id
    found = hand(engine, by="nina")
    assert (found.cases, found.kept) == ([], [])
    with pytest.raises(NotFound):
        hand(engine, by="nina", establishment="tilleuls")
    engine.people.grant("nina", "mairie", "tilleuls")
    (kept,) = hand(engine, by="nina").kept
    assert (kept.cases, kept.reason.data["actor"]) == ((case,), "nina")
    away(engine, "chloe", "2026-11-23", None, "nina")
    assert hand(engine, by="nina").cases == [case]
    assert engine.cases.history(case)[-1].body["deputy_for"] == ["chloe"]


def test_messages_that_wait_for_the_referent_go_with_the_case(engine: Engine) -> None:
    case = followed(engine).id
    reminded(engine)
    (before,) = engine.notices.outbox()
    found = hand(engine)
    assert (found.cases, found.notices) == ([case], 1)
    assert readers(engine) == [("actor:gaia", None, "waiting")]
    engine.deliver()
    (after,) = engine.notices.outbox()
    assert (after.id, after.message_id, after.address) == (
        before.id,
        before.message_id,
        "gaia@maison.example",
    )
    assert engine.verify().sound


def test_what_is_due_is_played_first(engine: Engine) -> None:
    case = followed(engine).id
    at(engine, "2026-12-04")
    assert hand(engine).cases == [case]
    kinds = [(line.kind, line.effective_on.isoformat()) for line in engine.cases.history(case)]
    assert kinds == [
        ("act", "2026-11-23"), ("notice", "2026-11-30"), ("task", "2026-12-03"), ("act", "2026-12-04"),
        ("referent", "2026-12-04"),
    ]  # fmt: skip
    assert engine.verify().sound


def test_someone_who_acts_no_more_gives_their_cases_and_takes_none(engine: Engine) -> None:
    case = followed(engine).id
    engine.people.add("samir", "Samir", active=False)
    assert hand(engine).cases == [case]
    with pytest.raises(NotFound):
        hand(engine, "gaia", "samir")
    assert referents(engine) == {case: "gaia"}


def test_what_makes_no_sense_is_refused_before_anything_is_written(engine: Engine) -> None:
    followed(engine)
    before = dump(engine)
    for asked, error in (
        ({"person": "nul"}, NotFound), ({"to": "nul"}, NotFound), ({"by": "nul"}, NotFound), ({"to": None}, NotFound),
        ({"establishment": "nul"}, NotFound), ({"workflow": "nul"}, NotFound), ({"workflow": 3}, NotFound),
        ({"reason": 3}, InputError), ({"reason": "\0"}, InputError), ({"reason": " "}, ActionRefused),
        ({"reason": None}, ActionRefused), ({"to": "samir"}, ActionRefused),
    ):  # fmt: skip
        with pytest.raises(error) as refusal:
            hand(engine, **asked)
        if isinstance(refusal.value, ActionRefused):
            assert all("Une condition" not in reason_words(one) for one in refusal.value.reasons)
    assert dump(engine) == before


def test_one_case_that_cannot_be_read_stays_and_the_others_go(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    cases = [followed(engine).id for _ in range(3)]
    written(
        engine, 'UPDATE jalon_cases SET facts = \'{"rendez_vous_le":"jamais"}\' WHERE id = :id', id=cases[1]
    )
    heard: list[int] = []
    engine.subscribe(lambda happening: heard.append(happening.case_id))
    with caplog.at_level(logging.CRITICAL):
        found = hand(engine)
    assert found.cases == [cases[0], cases[2]] == heard
    ((kept),) = found.kept
    assert (kept.cases, kept.reason.code) == ((cases[1],), "transfer_failed")
    assert "Une condition" not in reason_words(kept.reason)


def test_many_cases_go_batch_by_batch_and_the_host_is_told_how_far(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transferring, "BATCH", 2)
    cases = [followed(engine).id for _ in range(5)]
    told: list[tuple[int, int]] = []
    found = hand(engine, told=lambda done, total: told.append((done, total)))
    assert (found.cases, told) == (cases, [(2, 5), (4, 5), (5, 5)])


def test_a_transfer_in_the_transaction_of_the_host_goes_with_it(engine: Engine) -> None:
    case = followed(engine).id
    before = dump(engine)
    with engine._world.database.engine.connect() as connection:
        assert hand(engine, session=connection).cases == [case]
        connection.rollback()
    assert dump(engine) == before


def test_a_case_given_to_another_meanwhile_is_left_alone(engine: Engine) -> None:
    first, second = followed(engine).id, followed(engine).id
    engine.people.grant("rosa", "gardien", "tilleuls")
    engine.cases.assign(second, "rosa", by="chloe")
    assert hand(engine).cases == [first]
    assert referents(engine) == {first: "gaia", second: "rosa"}
    assert opened(engine).referent is None
