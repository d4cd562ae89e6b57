"""Corrections put facts and days right; the dates that follow from them move, and history says from and to."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.engines import HOUSEHOLD, MONDAY, an_engine, at, dump, entered, opened, suivi, told

from jalon import ActionRefused, Engine
from jalon.persistence import schema


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _rungs(engine: Engine, deadline: str) -> list[tuple[str, int, str, str]]:
    """The rungs of a deadline: name, generation, day, status."""
    rungs, deadlines = schema.rungs, schema.deadlines
    statement = (
        sa.select(rungs.c.rung, rungs.c.generation, rungs.c.day, rungs.c.status)
        .join(deadlines, deadlines.c.id == rungs.c.deadline_id)
        .where(deadlines.c.name == deadline)
        .order_by(rungs.c.id)
    )
    with engine._world.database.read() as connection:
        return [
            (row.rung, row.generation, row.day.isoformat(), row.status)
            for row in connection.execute(statement)
        ]


def _refused(engine: Engine, **correction: Any) -> list[str]:
    before = dump(engine)
    given = {"case_id": 1, "facts": {}, "by": "gaia", "reason": "erreur", **correction}
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.correct(**given)
    assert dump(engine) == before
    return [reason.code for reason in refusal.value.reasons]


def _due(engine: Engine, case: int, name: str) -> date:
    return next(item.due_on for item in engine.cases.dates(case) if item.name == name)


def test_a_corrected_date_moves_the_rungs_that_have_not_fired(engine: Engine) -> None:
    case = opened(engine, {"rendez_vous_le": "2026-12-10"})
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-15"}, by="gaia", reason="mauvaise date")
    assert _due(engine, case.id, "rendez_vous") == date(2026, 12, 15)
    assert _rungs(engine, "rendez_vous") == [("-P2D:notice", 1, "2026-12-13", "pending")]
    line = engine.cases.history(case.id)[-1]
    assert (line.kind, line.action, line.actor) == ("correction", "correct", "gaia")
    assert line.body["changes"] == [
        {
            "deadline": "rendez_vous",
            "ordinal": 1,
            "change": "moved",
            "due_on": "2026-12-15",
            "from": "2026-12-10",
        }
    ]
    assert line.body["before"] == {"rendez_vous_le": "2026-12-10"}
    assert line.body["reason"] == "mauvaise date"
    (move,) = [
        move for move in engine.deadlines.explain(case.id, "rendez_vous").moves if move["change"] == "moved"
    ]
    assert (move["from"], move["due_on"], move["reason"]) == ("2026-12-10", "2026-12-15", "mauvaise date")


def test_a_corrected_day_of_effect_moves_what_counts_from_it(engine: Engine) -> None:
    at(engine, "2026-11-27")
    case = opened(engine)
    corrected = engine.cases.correct(case.id, by="gaia", on=date(2026, 11, 25), reason="reçu le 25")
    assert _due(engine, case.id, "reponse") == date(2026, 12, 5)
    assert (corrected.opened_on, corrected.state_since) == (date(2026, 11, 25), date(2026, 11, 25))
    assert engine.cases.get(case.id) == corrected
    line = engine.cases.history(case.id)[-1]
    assert (line.body["act"], line.body["from"], line.body["on"]) == (1, "2026-11-27", "2026-11-25")
    assert engine.verify().sound


def test_the_act_to_redate_is_named_by_its_number(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.document(case.id, "attestation", by="gaia")
    at(engine, "2026-11-30")  # a reminder is line 3
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    at(engine, "2026-12-02")
    engine.cases.perform(case.id, "visiter", by="gaia")
    corrected = engine.cases.correct(case.id, by="gaia", on=date(2026, 11, 26), act=4, reason="entrée le 26")
    assert corrected.state_since == date(2026, 11, 26)
    assert _due(engine, case.id, "sejour") == date(2027, 2, 26)
    assert corrected.opened_on == date.fromisoformat(MONDAY)


def test_a_message_that_left_leaves_again_only_for_a_later_date(engine: Engine) -> None:
    case = opened(engine, {"rendez_vous_le": "2026-11-30"})
    at(engine, "2026-11-28")
    engine.run_due()
    fired = [("-P2D:notice", 1, "2026-11-28", "fired")]
    assert _rungs(engine, "rendez_vous") == fired
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-11-29"}, by="gaia", reason="avancé")
    assert _rungs(engine, "rendez_vous") == fired
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-04"}, by="gaia", reason="reculé")
    assert _rungs(engine, "rendez_vous") == [*fired, ("-P2D:notice", 2, "2026-12-02", "pending")]
    at(engine, "2026-12-03")
    engine.run_due()
    engine.run_due()
    lines = [line for line in engine.cases.history(case.id) if line.body.get("deadline") == "rendez_vous"]
    assert [line.body.get("generation", 1) for line in lines] == [1, 2]
    sent = {notice.message_id for notice in engine.notices.outbox() if notice.rung == "-P2D:notice"}
    assert len(sent) == 2


def test_a_message_whose_moment_is_past_by_correction_is_skipped_and_its_act_is_not(engine: Engine) -> None:
    at(engine, "2026-12-02")
    case = opened(engine)
    engine.cases.correct(case.id, by="gaia", on=date(2026, 11, 20), reason="reçu bien avant")
    assert _rungs(engine, "reponse") == [
        ("-P3D:notice", 1, "2026-11-27", "skipped"), ("P0D:task", 1, "2026-11-30", "pending"),
        ("P1D:act", 1, "2026-12-01", "pending"),
    ]  # fmt: skip
    engine.run_due()
    assert engine.cases.get(case.id).state == "suspendu"
    assert engine.cases.history(case.id)[-1].effective_on == date(2026, 12, 1)
    assert told(engine) == []


def test_a_date_removed_with_its_fact_is_void_and_comes_back_with_it(engine: Engine) -> None:
    """Correcting a choice may take a deadline away; correcting it back resumes it."""
    anchored = "due: {anchor: rendez_vous_le}"
    engine.workflows.register(suivi(2, **{anchored: f"when: {{fact: mode, equals: a}}\n    {anchored}"}))
    case = opened(engine, {"rendez_vous_le": "2026-12-10"})
    for value, status in (("a", "open"), ("b", "void"), ("a", "open")):
        engine.cases.correct(case.id, {"mode": value}, by="gaia", reason="r")
        (found,) = [item for item in engine.cases.dates(case.id) if item.name == "rendez_vous"]
        assert (found.status, found.ordinal) == (status, 1)
    words = [
        change["change"] for line in engine.cases.history(case.id) for change in line.body.get("changes", ())
        if change["deadline"] == "rendez_vous"
    ]  # fmt: skip
    assert words == ["armed", "void", "resumed"]
    assert _rungs(engine, "rendez_vous") == [("-P2D:notice", 1, "2026-12-08", "pending")]


def test_what_was_met_keeps_the_date_it_had(engine: Engine) -> None:
    case = entered(engine)
    engine.cases.correct(case.id, by="gaia", on=date.fromisoformat(MONDAY) - timedelta(2), act=1, reason="r")
    reponse = next(item for item in engine.cases.dates(case.id) if item.name == "reponse")
    assert (reponse.status, reponse.due_on) == ("met", date(2026, 12, 3))


def test_a_personal_value_is_corrected_and_stays_beside_the_chain(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.correct(
        case.id, {"menage": {"name": "Aminata K.", "email": "a@menage.example"}}, by="gaia", reason="prénom"
    )
    assert engine.cases.get(case.id).facts["menage"]["name"] == "Aminata K."
    with engine._world.database.read() as connection:
        bodies = connection.execute(sa.select(schema.events.c.body)).scalars().all()
        beside = connection.execute(sa.select(schema.event_values.c.name, schema.event_values.c.value)).all()
    assert not any("Amina" in repr(body) or "prénom" in repr(body) for body in bodies)
    assert sorted(row.name for row in beside) == ["before", "menage", "menage", "reason"]
    assert engine.cases.history(case.id)[-1].body["before"] == {"menage": HOUSEHOLD}


def test_a_fact_that_no_act_had_set_is_set_by_its_correction(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-10"}, by="gaia", reason="oublié")
    assert _due(engine, case.id, "rendez_vous") == date(2026, 12, 10)
    assert engine.cases.get(case.id).facts["rendez_vous_le"] == date(2026, 12, 10)
    assert engine.verify().sound


def test_a_closed_case_may_still_be_corrected(engine: Engine) -> None:
    case = entered(engine)
    at(engine, "2026-11-30")
    engine.cases.perform(case.id, "clore", {"motif": "parti"}, by="gaia")
    corrected = engine.cases.correct(case.id, by="gaia", on=date(2026, 11, 27), reason="parti le 27")
    assert corrected.closed_on == corrected.state_since == date(2026, 11, 27)
    entered(engine, "A2")
    freed = engine.cases.correct(case.id, {"logement": "A2"}, by="gaia", reason="c’était A2")
    assert freed.facts["logement"] == "A2"  # nobody is housed twice: the unit was given back


def test_a_unit_entered_wrong_is_put_right(engine: Engine) -> None:
    case, other = entered(engine, "A1"), entered(engine, "A2")
    assert _refused(engine, case_id=case.id, facts={"logement": "A2"}) == ["place_taken"]
    engine.cases.correct(case.id, {"logement": "A3"}, by="gaia", reason="A3")
    newcomer = entered(engine, "A1")
    assert {one.facts["logement"] for one in engine.cases.find(state="actif")} == {"A1", "A2", "A3"}
    assert newcomer.id != other.id


@pytest.mark.parametrize(
    ("correction", "codes"),
    [
        ({"facts": {"inconnu": 1}}, ["fact_unknown"]),
        ({"facts": {"visites": 1}}, ["fact_unexpected"]),
        ({"facts": {"loyer": "x"}, "reason": " "}, ["fact_type", "reason_missing"]),
        ({"facts": {"note": "x"}, "reason": None}, ["reason_missing"]),
        ({}, ["nothing_to_correct"]),
        ({"facts": {"note": ""}}, ["nothing_to_correct"]),
        ({"on": date(2026, 12, 24)}, ["effective_future"]),
        ({"on": date(2026, 11, 20), "act": 9}, ["act_unknown"]),
        ({"on": date(2026, 11, 20), "act": 2}, ["act_unknown"]),  # a document is no act
        ({"on": date(2026, 11, 22)}, ["out_of_order"]),  # entered before it was opened
        ({"on": date(2026, 11, 24), "act": 1}, ["out_of_order"]),  # opened after it was entered
        ({"facts": {"note": "x"}, "by": "luc"}, ["role"]),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    engine: Engine, correction: dict[str, Any], codes: list[str]
) -> None:
    entered(engine)
    at(engine, "2026-11-25")
    assert _refused(engine, **correction) == codes
