"""The last act is annulled by a new line: everything is given back, until something has followed that cannot be."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from support import house
from support.engines import HOUSEHOLD, Post, an_engine, at, dump, entered, opened, suivi, told

from jalon import ActionRefused, Engine, KeyReused, NotFound, StaleCase
from jalon.persistence import schema


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url, transport=Post()) as engine:
        yield engine


def _annul(engine: Engine, case: int = 1, **options: Any) -> Any:
    return engine.cases.annul(case, **{"by": "gaia", "reason": "mauvais dossier", **options})


def _reasons(engine: Engine, case: int = 1, **options: Any) -> list[tuple[str, Mapping[str, Any]]]:
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        _annul(engine, case, **options)
    assert refusal.value.action == "annul"
    assert dump(engine) == before
    return [(reason.code, reason.data) for reason in refusal.value.reasons]


def _refused(engine: Engine, case: int = 1, **options: Any) -> list[str]:
    return [code for code, _ in _reasons(engine, case, **options)]


def _standing(engine: Engine, case: int) -> dict[str, Any]:
    """All that an annulment gives back: the case, its dates and their steps, its open tasks, its place."""
    now = engine.cases.get(case)
    with engine._world.database.read() as connection:
        places = connection.execute(
            sa.select(schema.occupancies).where(
                schema.occupancies.c.case_id == case, schema.occupancies.c.freed_on.is_(None)
            )
        ).all()
    dates = [item for item in engine.cases.dates(case) if item.status != "void"]
    return {
        "case": (now.state, dict(now.facts), now.opened_on, now.state_since, now.closed_on),
        "dates": sorted((item.name, item.due_on, item.status, item.closed_on) for item in dates),
        "steps": sorted(
            (item.name, rung.rung, rung.generation, rung.day, rung.status)
            for item in dates
            for rung in engine.deadlines.explain(case, item.name, ordinal=item.ordinal).ladder
        ),
        "tasks": sorted((one.name, one.due_on) for one in engine.deadlines.pending(case=case) if one.kind == "task"),
        "places": [(row.place, row.status, row.since) for row in places],
    }  # fmt: skip


def test_a_death_declared_on_the_wrong_person_gives_everything_back(database_url: str) -> None:
    engine = house.an_engine(database_url, on="2026-12-15")
    story = house.a_case(engine, "en_sejour")
    case = story.case.id
    house.clock_of(engine).set(house.paris("2027-01-20"))
    engine.run_due()  # the visit of 15 January was reminded
    before, seen = _standing(engine, case), engine.cases.get(case)
    story.do("2027-01-20", "declarer_deces", {"date_deces": "2027-01-19"}, by="victor")
    dead = _standing(engine, case)
    assert (dead["case"][0], dead["places"][0][1]) == ("decede", "to_free")
    assert {name for name, _ in dead["tasks"]} >= {"tenir_veille_deces"}
    with pytest.raises(ActionRefused) as told:
        engine.cases.annul(case, by="victor", reason="Homonyme : la personne est vivante.")
    assert [reason.code for reason in told.value.reasons] == ["annul_linked"]
    [succession] = engine.cases.find(workflow="succession")
    engine.cases.perform(succession.id, "classer", {"raison": "Homonyme."}, by="gaston")
    after = engine.cases.annul(case, by="victor", reason="Homonyme : la personne est vivante.")
    assert _standing(engine, case) == before
    assert (after.state, after.closed_on, after.revision) == ("en_sejour", None, seen.revision + 2)
    line = engine.cases.history(case)[-1]
    assert (line.kind, line.source, line.target, line.actor) == ("annulment", "decede", "en_sejour", "victor")
    assert (line.body["annulled"], line.body["reason"]) == (
        "declarer_deces",
        "Homonyme : la personne est vivante.",
    )
    tasks = {(one["task"], one["change"]) for one in line.body["changes"] if "task" in one}
    assert tasks == {("tenir_veille_deces", "void")}
    assert engine.verify().sound
    story.do("2027-01-21", "consigner_visite", {"compte_rendu_visite": "Tout va bien."})
    assert engine.verify().sound
    engine.close()


def test_entering_annulled_frees_the_place_and_opens_again_what_it_closed(engine: Engine) -> None:
    """The task of the last day, done by the entry, is to be done again; the place may be given to another."""
    changes = {"      - {at: P1D, perform: suspendre}": "      - {at: P9D, perform: suspendre}"}
    engine.workflows.register(suivi(2, **changes))
    case = opened(engine)
    engine.cases.document(case.id, "attestation", by="gaia")
    at(engine, "2026-12-03")
    engine.run_due()
    before = _standing(engine, case.id)
    assert before["tasks"] == [("rappeler", date(2026, 12, 7))]
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    assert _standing(engine, case.id)["places"] == [("A1", "occupied", date(2026, 12, 3))]
    _annul(engine)
    assert _standing(engine, case.id) == before
    words = {
        (one.get("task") or one["deadline"], one["change"])
        for one in engine.cases.history(1)[-1].body["changes"]
    }
    assert words == {("rappeler", "resumed"), ("reponse", "resumed"), ("sejour", "void"), ("visite", "void")}
    assert entered(engine, "A1").facts["logement"] == "A1"
    assert engine.verify().sound


def test_a_place_that_was_freed_is_given_back_unless_another_has_it(engine: Engine) -> None:
    case = entered(engine, "A1")
    before = _standing(engine, case.id)
    engine.cases.perform(case.id, "clore", {"motif": "parti"}, by="gaia")
    _annul(engine)
    assert _standing(engine, case.id) == before
    engine.cases.perform(case.id, "clore", {"motif": "parti"}, by="gaia")
    entered(engine, "A1")
    assert _reasons(engine) == [("annul_place", {"place": "A1", "fact": "logement"})]
    assert engine.verify().sound


def test_a_place_that_was_changed_is_changed_back(engine: Engine) -> None:
    moving = "  visiter: {label: Visiter, in: actif, by: gardien, optional: note}"
    engine.workflows.register(
        suivi(
            2,
            **{
                moving: f"{moving}\n  muter: {{label: Muter, in: actif, by: chef, form: logement, place: occupy}}"
            },
        )
    )
    case = entered(engine, "A1")
    before = _standing(engine, case.id)
    engine.cases.perform(case.id, "muter", {"logement": "A2"}, by="chloe")
    assert [place[0] for place in _standing(engine, case.id)["places"]] == ["A2"]
    _annul(engine, by="chloe")
    assert _standing(engine, case.id) == before


def test_reminders_that_had_not_left_leave_after_all(engine: Engine) -> None:
    """The reminder written before the act was dropped by it; the date is open again, and it leaves."""
    case = opened(engine)
    engine.cases.document(case.id, "attestation", by="gaia")
    at(engine, "2026-11-30")
    engine.run_due()
    assert told(engine) == [("rappel_echeance", "actor:gaia", "waiting")]
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    assert told(engine) == [("rappel_echeance", "actor:gaia", "dropped")]
    _annul(engine)
    assert told(engine) == [("rappel_echeance", "actor:gaia", "waiting")]
    engine.deliver()
    assert told(engine) == [("rappel_echeance", "actor:gaia", "sent")]
    assert engine.verify().sound


NOTIFYING = {
    "  visiter: {label: Visiter, in: actif, by: gardien, optional: note": (
        "  visiter: {label: Visiter, in: actif, by: gardien, optional: note, notify: absence_entretien"
    ),
    "  rappel_visite: {to": "  absence_entretien: {to: [gardien, famille]}\n  rappel_visite: {to",
}


def test_its_messages_are_dropped_and_once_one_has_left_it_stands(engine: Engine) -> None:
    engine.workflows.register(suivi(2, **NOTIFYING))
    entered(engine)
    engine.cases.perform(1, "visiter", by="gaia")
    _annul(engine)
    assert [(notice.status, notice.error) for notice in engine.notices.outbox()] == [
        ("dropped", "annulled")
    ] * 2
    engine.cases.perform(1, "visiter", by="gaia")
    engine.deliver()
    sent = [notice.id for notice in engine.notices.outbox() if notice.status == "sent"]
    assert _reasons(engine) == [
        ("annul_sent", {"act": 6, "action": "visiter", "notices": sent, "templates": ["absence_entretien"]})
    ]
    assert engine.verify().sound


def test_a_message_handed_over_has_left(engine: Engine) -> None:
    engine.workflows.register(suivi(2, **NOTIFYING))
    opened(engine)
    engine.cases.correct(1, {"menage": {"name": "Amina K."}}, by="gaia", reason="pas d’adresse")
    engine.cases.document(1, "attestation", by="gaia")
    engine.cases.perform(1, "entrer", {"logement": "A1"}, by="gaia")
    engine.cases.perform(1, "visiter", by="gaia")
    (paper,) = engine.notices.outbox(status=["paper"])
    engine.notices.handed_over(paper.id, by="gaia")
    assert _refused(engine) == ["annul_sent"]


def test_a_reminder_of_a_date_that_it_alone_gave_has_left(engine: Engine) -> None:
    """The first visit was reminded on 21 December: the entry that gave its date is no longer annulled."""
    entered(engine)
    at(engine, "2026-12-21")
    engine.run_due()
    with engine._world.database.read() as connection:
        statuses = connection.execute(sa.select(schema.notices.c.status)).scalars().all()
    assert statuses == ["waiting", "waiting"]
    before = dump(engine)
    with engine._world.database.engine.connect() as connection:  # as long as it has not, it may be
        assert _annul(engine, session=connection).state == "ouvert"
        connection.rollback()
    assert dump(engine) == before
    engine.deliver()
    assert _refused(engine) == ["annul_sent"]


def test_only_the_last_act_is_annulled_and_the_one_that_followed_is_named(engine: Engine) -> None:
    entered(engine)
    engine.cases.perform(1, "visiter", by="gaia")
    (found,) = _reasons(engine, act=3)
    assert found[0] == "annul_followed"
    assert {name: found[1][name] for name in ("act", "action", "later", "later_action", "later_actor")} == {
        "act": 3, "action": "entrer", "later": 4, "later_action": "visiter", "later_actor": "gaia",
    }  # fmt: skip
    _annul(engine, act=4)
    assert _refused(engine, act=4) == ["annul_already"]
    assert _refused(engine, act=9) == ["act_unknown"]
    assert _refused(engine, act=2) == ["act_unknown"]  # a document is no act


def test_an_act_of_the_clock_is_not_annulled_nor_what_it_followed(engine: Engine) -> None:
    opened(engine)
    engine.cases.perform(1, "noter", {"note": "x"}, by="gaia")
    at(engine, "2026-12-04")
    engine.run_due()
    assert engine.cases.get(1).state == "suspendu"
    assert _refused(engine) == ["annul_clock"]
    (found,) = _reasons(engine, act=2)
    assert (found[0], found[1]["later_actor"]) == ("annul_followed", "echeance:reponse")


def test_annulling_twice_annuls_the_act_before_and_never_the_opening(engine: Engine) -> None:
    case = opened(engine)
    before = _standing(engine, case.id)
    engine.cases.perform(1, "noter", {"note": "un", "rendez_vous_le": "2026-12-10"}, by="gaia")
    between = _standing(engine, case.id)
    engine.cases.perform(1, "noter", {"note": "deux", "rendez_vous_le": "2026-12-17"}, by="chloe")
    _annul(engine)
    assert _standing(engine, case.id) == between
    _annul(engine)
    assert _standing(engine, case.id) == before
    assert _refused(engine) == ["annul_opening"]
    assert engine.verify().sound


def test_what_was_put_right_before_stays_right(engine: Engine) -> None:
    """A correction of an earlier act stands; one of the act itself goes with it."""
    opened(engine, {"note": "un"})
    engine.cases.correct(1, {"note": "une"}, by="gaia", reason="faute")
    before = _standing(engine, 1)
    engine.cases.perform(1, "noter", {"loyer": "400"}, by="gaia")
    engine.cases.correct(1, {"loyer": "410"}, by="gaia", reason="faute")
    _annul(engine)
    assert _standing(engine, 1) == before
    assert engine.cases.get(1).facts == {"menage": HOUSEHOLD, "note": "une"} | {
        name: value for name, value in engine.cases.get(1).facts.items() if name == "visites"
    }
    assert engine.verify().sound


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"by": "nina"}, ["role"]),
        ({"reason": ""}, ["reason_missing"]),
        ({"reason": None, "by": "nina"}, ["reason_missing", "role"]),
        ({"by": "chloe"}, []),  # matters are escalated to her
    ],
)
def test_who_may_take_the_act_may_annul_it_and_says_why(
    engine: Engine, asked: dict[str, Any], codes: list[str]
) -> None:
    engine.people.grant("nina", "mairie", "tilleuls")
    entered(engine)
    engine.cases.perform(1, "visiter", by="gaia")
    if codes:
        assert _refused(engine, **asked) == codes
    else:
        assert _annul(engine, **asked).revision == 5


def test_a_retried_annulment_gives_the_first_answer(engine: Engine) -> None:
    case = entered(engine)
    closed = engine.cases.perform(1, "clore", {"motif": "parti"}, by="gaia", key="clos")
    first = _annul(engine, key="k")
    before = dump(engine)
    assert _annul(engine, key="k") == first
    assert engine.cases.perform(1, "clore", {"motif": "parti"}, by="gaia", key="clos") == closed
    with pytest.raises(KeyReused):
        _annul(engine, reason="autre", key="k")
    with pytest.raises(StaleCase):
        _annul(engine, revision=case.revision)
    with pytest.raises(NotFound):
        _annul(engine, 99)
    assert dump(engine) == before


def test_an_annulment_is_part_of_the_transaction_of_the_host(engine: Engine) -> None:
    entered(engine)
    before = dump(engine)
    with engine._world.database.engine.connect() as connection:
        _annul(engine, session=connection)
        connection.rollback()
    assert dump(engine) == before
