"""Corrections put facts and days right; the dates that follow from them move, and history says from and to."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from support.engines import HOUSEHOLD, MONDAY, an_engine, at, dump, entered, opened, suivi, told

from jalon import ActionRefused, Engine, InputError
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


def test_what_was_met_follows_what_is_put_right(engine: Engine) -> None:
    """A date that is over is counted from the right day too, and history says so."""
    case = entered(engine)
    engine.cases.correct(case.id, by="gaia", on=date.fromisoformat(MONDAY) - timedelta(2), act=1, reason="r")
    reponse = next(item for item in engine.cases.dates(case.id) if item.name == "reponse")
    assert (reponse.status, reponse.due_on) == ("met", date(2026, 12, 1))
    assert engine.cases.history(case.id)[-1].body["changes"] == [
        {"deadline": "reponse", "ordinal": 1, "change": "moved", "due_on": "2026-12-01", "from": "2026-12-03",
         "status": "met"}
    ]  # fmt: skip
    assert engine.verify().sound


def test_what_was_met_stays_where_nothing_of_it_is_put_right(engine: Engine) -> None:
    """A setting changes what is to come; a correction of something else does not bring it to what is over."""
    case = entered(engine)
    engine.establishments.set_parameter("tilleuls", "suivi", "reponse.after", "P20D")
    engine.cases.correct(case.id, {"note": "x"}, by="gaia", reason="oubli")
    assert "changes" not in engine.cases.history(case.id)[-1].body
    assert _due(engine, case.id, "reponse") == date(2026, 12, 3)


LADDER = {"ladder: {at: -P2D, shift: aucun}": "ladder: {at: [-P7D, -P5D, -P2D], shift: aucun}"}


def _reminders(engine: Engine) -> list[tuple[int, str, str]]:
    return [(generation, day[5:], status) for _, generation, day, status in _rungs(engine, "rendez_vous")]


def test_a_date_put_right_moves_its_reminders_and_sends_again_only_what_is_later(engine: Engine) -> None:
    """Two reminders of three have left when the date goes later, earlier, then back."""
    engine.workflows.register(suivi(2, **LADDER))
    case = opened(engine, {"rendez_vous_le": "2026-12-08"})
    at(engine, "2026-12-03")
    engine.run_due()
    left = [(1, "12-01", "fired"), (1, "12-03", "fired")]
    later = [*left, (1, "12-11", "pending"), (2, "12-06", "pending"), (2, "12-08", "pending")]
    assert _reminders(engine) == [*left, (1, "12-06", "pending")]
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-13"}, by="gaia", reason="r")
    assert _reminders(engine) == later
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-07"}, by="gaia", reason="r")
    assert _reminders(engine) == [
        *left, (1, "12-05", "pending"), (2, "12-06", "cancelled"), (2, "12-08", "cancelled"),
    ]  # fmt: skip
    assert engine.verify().sound
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-12-13"}, by="gaia", reason="r")
    assert _reminders(engine) == later
    assert engine.verify().sound


def test_a_date_written_in_a_decision_and_corrected_moves_the_end_of_the_stay(engine: Engine) -> None:
    """R9: the date that someone decided is the new anchor; put right, it moves with its reminders."""
    decided = {
        "most: prolongations}": "most: prolongations, decided: fin_decidee}",
        "    by: chef\n    form: motif\n": "    by: chef\n    form: [motif, fin_decidee]\n",
        "  note: {label: Note}": "  note: {label: Note}\n  fin_decidee: {type: date, label: Fin décidée}",
    }
    engine.workflows.register(suivi(2, **decided))
    case = entered(engine)
    engine.cases.perform(case.id, "prolonger", {"motif": "r", "fin_decidee": "2027-05-10"}, by="chloe")
    assert [(item.due_on, item.status) for item in engine.cases.dates(case.id) if item.name == "sejour"] == [
        (date(2027, 2, 23), "met"), (date(2027, 5, 10), "open"),
    ]  # fmt: skip
    engine.cases.correct(case.id, {"fin_decidee": "2027-05-20"}, by="chloe", reason="le 20")
    assert engine.cases.history(case.id)[-1].body["changes"] == [
        {
            "deadline": "sejour",
            "ordinal": 2,
            "change": "moved",
            "due_on": "2027-05-20",
            "from": "2027-05-10",
            "k": 2,
        }
    ]
    pending = [(rung, day) for rung, _, day, status in _rungs(engine, "sejour") if status == "pending"]
    assert pending == [("-P1M:notice", "2027-04-20"), ("P1D:notice", "2027-05-21")]


def _tasks(engine: Engine, case: int) -> list[tuple[str, date]]:
    found = engine.deadlines.pending(case=case)
    return [(item.name, item.due_on) for item in found if item.kind == "task"]


def test_a_task_follows_the_rung_that_opened_it(engine: Engine) -> None:
    """The task of the last day is due two working days later; the day moves, and it is not opened twice."""
    case = opened(engine)
    at(engine, "2026-12-03")
    engine.run_due()
    assert _tasks(engine, case.id) == [("rappeler", date(2026, 12, 7))]
    engine.cases.correct(case.id, by="gaia", on=date(2026, 11, 25), reason="reçu le 25")
    assert engine.cases.history(case.id)[-1].body["changes"] == [
        {
            "deadline": "reponse",
            "ordinal": 1,
            "change": "moved",
            "due_on": "2026-12-05",
            "from": "2026-12-03",
        },
        {"task": "rappeler", "change": "moved", "due_on": "2026-12-08", "from": "2026-12-07"},
    ]
    at(engine, "2026-12-05")
    engine.run_due()
    assert _tasks(engine, case.id) == [("rappeler", date(2026, 12, 8))]
    assert engine.verify().sound


def test_a_task_follows_the_act_that_opened_it(engine: Engine) -> None:
    visiting = "  visiter: {label: Visiter, in: actif, by: gardien, optional: note"
    engine.workflows.register(suivi(2, **{visiting: f"{visiting}, task: rappeler"}))
    case = entered(engine)
    at(engine, "2026-12-01")
    engine.cases.perform(case.id, "visiter", by="gaia")
    assert _tasks(engine, case.id) == [("rappeler", date(2026, 12, 3))]
    engine.cases.correct(case.id, by="gaia", on=date(2026, 11, 27), reason="vendredi")
    assert _tasks(engine, case.id) == [("rappeler", date(2026, 12, 1))]
    told_task = engine.cases.history(case.id)[-1].body["changes"][-1]
    assert told_task == {"task": "rappeler", "change": "moved", "due_on": "2026-12-01", "from": "2026-12-03"}


RIGHT = {"opened": "2026-11-24", "entered": "2026-11-27", "visited": "2026-12-22", "day": "2026-12-10"}
WRONG = {"opened": "2026-11-25", "entered": "2026-11-28", "visited": "2026-12-26", "day": "2026-12-17"}


def _story(engine: Engine, said: dict[str, str], place: str) -> int:
    """A stay entered day by day, with the days that are said; a visit is missed in February."""
    at(engine, "2026-11-25")
    case = opened(engine, {"rendez_vous_le": said["day"]}, on=date.fromisoformat(said["opened"])).id
    at(engine, "2026-11-28")
    engine.cases.document(case, "attestation", by="gaia")
    engine.cases.perform(
        case, "entrer", {"logement": place}, by="gaia", on=date.fromisoformat(said["entered"])
    )
    at(engine, "2026-12-28")
    engine.cases.perform(case, "visiter", by="gaia", on=date.fromisoformat(said["visited"]))
    return case


def _standing(engine: Engine, case: int) -> list[tuple[Any, ...]]:
    return sorted(
        (item.name, item.anchor_on, item.legal_on, item.due_on, item.status, item.closed_on)
        for item in engine.cases.dates(case) if item.status != "void"
    )  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_corrections_in_any_order_end_where_the_right_days_would(
    engine: Engine, order: tuple[int, ...]
) -> None:
    right = _story(engine, RIGHT, "A1")
    wrong = _story(engine, WRONG, "A2")
    at(engine, "2027-03-02")
    engine.run_due()
    acts = {event.action: event.seq for event in engine.cases.history(wrong) if event.kind == "act"}
    corrections: list[dict[str, Any]] = [
        {"act": acts["ouvrir"], "on": date(2026, 11, 24)}, {"act": acts["entrer"], "on": date(2026, 11, 27)},
        {"act": acts["visiter"], "on": date(2026, 12, 22)}, {"facts": {"rendez_vous_le": "2026-12-10"}},
    ]  # fmt: skip
    for number in order:
        engine.cases.correct(wrong, by="gaia", reason="r", **corrections[number])
    assert _standing(engine, wrong) == _standing(engine, right)
    assert {item[4] for item in _standing(engine, right)} == {"open", "met", "missed"}
    assert engine.verify().sound


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
        ({"facts": {"note": "x"}, "by": "nina"}, ["role"]),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    engine: Engine, correction: dict[str, Any], codes: list[str]
) -> None:
    engine.people.grant("nina", "mairie", "tilleuls")
    entered(engine)
    at(engine, "2026-11-25")
    assert _refused(engine, **correction) == codes


def test_an_act_is_named_with_the_day_that_is_put_right(engine: Engine) -> None:
    """A fact is put right where it was given last: to name another act for it would be to be misread."""
    case = opened(engine)
    with pytest.raises(InputError) as caught:
        engine.cases.correct(case.id, {"rendez_vous_le": "2026-11-27"}, by="gaia", reason="r", act=1)
    assert caught.value.data["argument"] == "act"
    assert engine.cases.get(case.id).revision == case.revision
