"""Who follows a case: told by its history, warned of where nobody does, and the list of what someone follows."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import HOUSEHOLD, Post, an_engine, at, opened, written
from support.staff import away, followed, hire, readers, reminded

from jalon import ActionRefused, Engine, InputError, NotFound, Pending


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url, transport=Post()) as engine:
        hire(engine)
        yield engine


def warnings(engine: Engine, **asked: object) -> list[Pending]:
    return [item for item in engine.deadlines.pending(**asked) if item.kind == "warning"]


# -- told by the history


def test_the_history_says_who_follows_a_case_from_whom_and_why(engine: Engine) -> None:
    case = followed(engine)
    engine.cases.assign(case.id, "gaia", by="chloe", reason="Samir change de service.")
    engine.cases.assign(case.id, "samir", by="chloe")
    first, *lines = engine.cases.history(case.id)
    assert first.body["referent"] == "samir"
    assert [(line.kind, line.actor, line.body["from"], line.body["to"]) for line in lines] == [
        ("referent", "chloe", "samir", "gaia"), ("referent", "chloe", "gaia", "samir"),
    ]  # fmt: skip
    assert (lines[0].body["reason"], "reason" in lines[1].body) == ("Samir change de service.", False)
    found = engine.cases.get(case.id)
    assert (found.referent, found.revision) == ("samir", case.revision)
    assert engine.verify().sound


def test_a_case_given_to_who_follows_it_already_says_nothing(engine: Engine) -> None:
    case = followed(engine)
    engine.cases.assign(case.id, "samir", by="chloe", reason="x")
    assert len(engine.cases.history(case.id)) == 1


def test_a_reason_is_a_text(engine: Engine) -> None:
    case = followed(engine)
    for reason in (3, "\0"):
        with pytest.raises(InputError):
            engine.cases.assign(case.id, "gaia", by="chloe", reason=reason)
    assert engine.cases.get(case.id).referent == "samir"


@pytest.mark.parametrize("assigned", [False, True])
def test_verify_sees_a_referent_that_no_line_gave(engine: Engine, assigned: bool) -> None:
    case = opened(engine)
    if assigned:
        engine.cases.assign(case.id, "samir", by="chloe")
    assert engine.verify().sound
    written(engine, "UPDATE jalon_cases SET referent_id = 'rosa' WHERE id = :id", id=case.id)
    assert [fault.what for fault in engine.verify().faults] == ["referent"]


def test_what_waits_for_the_referent_goes_to_the_new_one(engine: Engine) -> None:
    case = followed(engine)
    reminded(engine)
    (before,) = engine.notices.outbox()
    engine.cases.assign(case.id, "gaia", by="chloe")
    (after,) = engine.notices.outbox()
    assert (before.recipient, after.recipient) == ("actor:samir", "actor:gaia")
    assert (after.id, after.message_id) == (before.id, before.message_id)
    engine.deliver()
    assert [one.address for one in engine.notices.outbox()] == ["gaia@maison.example"]
    engine.cases.assign(case.id, "samir", by="chloe")
    assert readers(engine) == [("actor:gaia", None, "sent")]  # what has left stays where it went
    assert engine.verify().sound


def test_what_a_new_referent_has_already_is_not_sent_to_them_again(engine: Engine) -> None:
    """The case had no referent: both wardens were told, then it is given to one, and to the other."""
    case = opened(engine)
    reminded(engine)
    assert readers(engine) == [("actor:gaia", None, "waiting"), ("actor:samir", None, "waiting")]
    engine.cases.assign(case.id, "samir", by="chloe")
    assert readers(engine) == [("actor:gaia", None, "waiting"), ("actor:samir", None, "waiting")]
    engine.cases.assign(case.id, "gaia", by="chloe")
    assert readers(engine) == [("actor:gaia", None, "waiting"), ("actor:samir", None, "dropped")]


# -- nobody follows it


def test_a_case_that_nobody_follows_is_todays_to_mend_by_who_supervises(engine: Engine) -> None:
    case = opened(engine)
    (line,) = warnings(engine)
    assert (line.case_id, line.name, line.label) == (
        case.id, "sans_referent", "Dossier sans référent : personne ne le suit",
    )  # fmt: skip
    assert (line.who, line.who_labels, line.bucket, line.days, line.actions) == (
        ("chef",),
        ("Chef",),
        "today",
        0,
        (),
    )
    assert (line.due_on, line.day, line.id, line.referent) == (
        date(2026, 11, 23),
        date(2026, 11, 23),
        None,
        None,
    )
    assert warnings(engine, role="chef") == warnings(engine, case=case.id) == [line]
    assert warnings(engine, role="gardien") == []
    engine.cases.assign(case.id, "samir", by="chloe")
    assert warnings(engine) == []


def test_a_warning_comes_after_what_is_late_and_before_what_is_to_come(engine: Engine) -> None:
    opened(engine, {"rendez_vous_le": "2026-11-27"})
    at(engine, "2026-11-30")
    assert [(item.name, item.bucket) for item in engine.deadlines.pending()] == [
        ("rendez_vous", "late"), ("sans_referent", "today"), ("reponse", "week"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "label"),
    [
        ("inactive", "Samir n’agit plus"),
        ("revoked", "Samir n’a plus la fonction « Gardien » ici"),
        ("away", "Samir n’est pas là jusqu’au vendredi 27 novembre 2026, sans remplaçant"),
        ("gone", "Samir n’est pas là depuis le lundi 23 novembre 2026, sans remplaçant"),
        ("unreplaced", "Samir n’est pas là jusqu’au vendredi 27 novembre 2026, sans remplaçant"),
    ],
)  # fmt: skip
def test_a_referent_who_cannot_follow_is_said(engine: Engine, what: str, label: str) -> None:
    followed(engine)
    followed(engine, "gaia")
    if what == "inactive":
        engine.people.add("samir", "Samir", active=False)
    elif what == "revoked":
        engine.people.revoke("samir", "gardien", "tilleuls")
    else:
        away(
            engine,
            "samir",
            "2026-11-23",
            None if what == "gone" else "2026-11-27",
            "lea" if what == "unreplaced" else None,
        )
        if what == "unreplaced":
            engine.people.add("lea", "Lea", active=False)
    (line,) = warnings(engine)
    assert (line.case_id, line.label, line.referent) == (1, f"Dossier sans référent : {label}", "samir")


def test_what_is_over_and_what_has_no_referent_warns_of_nothing(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.perform(case.id, "clore", {"motif": "Départ."}, by="gaia")
    assert warnings(engine) == []


def test_someone_sees_the_warnings_of_their_houses(engine: Engine) -> None:
    opened(engine)
    engine.cases.open("suivi", {"menage": HOUSEHOLD}, by="luc", establishment="lilas")
    assert [item.establishment for item in warnings(engine)] == ["tilleuls", "lilas"]
    assert [item.establishment for item in warnings(engine, by="luc")] == ["lilas"]
    assert [item.establishment for item in warnings(engine, establishment="tilleuls")] == ["tilleuls"]
    assert warnings(engine, until=date(2026, 11, 22)) == []


# -- who is away, and what someone follows


def test_the_lines_of_a_case_say_that_its_referent_is_away_and_who_stands_in(engine: Engine) -> None:
    followed(engine)
    away(engine, "samir", "2026-11-24", "2026-11-27", "lea")
    (line,) = engine.deadlines.pending()
    assert (line.referent_absent_since, line.referent_absent_until, line.deputy) == (None, None, None)
    at(engine, "2026-11-24")
    (line,) = engine.deadlines.pending()
    assert (line.referent, line.referent_absent_since, line.referent_absent_until, line.deputy) == (
        "samir", date(2026, 11, 24), date(2026, 11, 27), "lea",
    )  # fmt: skip
    at(engine, "2026-12-05")
    assert {(item.kind, item.referent_absent_since) for item in engine.deadlines.pending()} == {
        ("deadline", None)
    }


def test_someones_list_holds_the_cases_they_follow_and_those_of_whom_they_stand_in_for(
    engine: Engine,
) -> None:
    mine, theirs = followed(engine, "gaia").id, followed(engine).id
    opened(engine)
    away(engine, "samir", "2026-11-24", "2026-11-24", "gaia")

    def listed(person: str) -> set[int]:
        return {item.case_id for item in engine.deadlines.pending(referent=person)}

    assert (listed("gaia"), listed("samir"), listed("lea")) == ({mine}, {theirs}, set())
    at(engine, "2026-11-24")
    assert (listed("gaia"), listed("samir")) == ({mine, theirs}, {theirs})
    at(engine, "2026-11-25")
    assert listed("gaia") == {mine}
    with pytest.raises(NotFound):
        engine.deadlines.pending(referent="nul")


def test_each_kind_of_line_is_kept_or_left_by_its_referent(engine: Engine) -> None:
    """A date, a task and a message in failure of one case; none of them in the list of another person."""
    case = followed(engine)
    at(engine, "2026-12-03")
    engine.run_due()
    written(engine, "UPDATE jalon_notices SET status = 'failed', error = 'panne'")
    kinds = {"deadline", "task", "message"}
    assert {item.kind for item in engine.deadlines.pending(referent="samir")} == kinds
    assert {
        item.kind for item in engine.deadlines.pending(referent="samir", by="gaia", case=case.id)
    } == kinds
    assert engine.deadlines.pending(referent="gaia") == ()


def test_someone_made_inactive_still_follows_so_many_cases(engine: Engine) -> None:
    followed(engine)
    closed = followed(engine)
    engine.cases.perform(closed.id, "clore", {"motif": "Départ."}, by="gaia")
    assert engine.people.add("samir", "Samir").following is None
    assert engine.people.add("samir", "Samir", active=False).following == 1
    assert engine.people.add("rosa", "Rosa", active=False).following == 0


def test_who_follows_must_be_of_the_house(engine: Engine) -> None:
    case = followed(engine)
    away(engine, "samir", "2026-11-23", None, "lea")
    with pytest.raises(ActionRefused):
        engine.cases.assign(case.id, "lea", by="chloe")  # she holds the role only in his place
    assert engine.cases.get(case.id).referent == "samir"
