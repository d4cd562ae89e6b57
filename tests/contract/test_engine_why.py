"""Why a date is what it is, as the library tells it: its origin, its notes, what waits and why; on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
from support import house
from support.engines import an_engine, at, entered, opened, suivi

from jalon import Engine, NotFound


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def test_an_anchor_names_the_line_that_set_it_and_those_that_put_it_right(engine: Engine) -> None:
    """The appointment was given by the opening, then corrected: the line, its author and the reason are told."""
    case = opened(engine, {"rendez_vous_le": date(2026, 12, 10)})
    engine.cases.correct(
        case.id, {"rendez_vous_le": date(2026, 12, 11)}, reason="Le 11 et non le 10.", by="chloe"
    )
    why = engine.deadlines.explain(case.id, "rendez_vous")
    assert (why.item.due_on, why.source_label) == (date(2026, 12, 11), "Rendez-vous")
    assert (why.origin.kind, why.origin.seq, why.origin.action, why.origin.actor) == (
        "fact",
        1,
        "ouvrir",
        "gaia",
    )
    assert [(one.seq, one.actor, one.reason) for one in why.origin.corrected] == [
        (2, "chloe", "Le 11 et non le 10.")
    ]
    assert [(move["change"], move.get("from"), move["due_on"], move["kind"]) for move in why.moves] == [
        ("armed", None, "2026-12-10", "act"), ("moved", "2026-12-10", "2026-12-11", "correction"),
    ]  # fmt: skip
    assert engine.deadlines.explain(case.id, "reponse").origin.corrected == ()


def test_a_rhythm_says_which_of_its_dates_it_is(engine: Engine) -> None:
    """The third monthly visit since 23 November 2026 is of 23 February 2027."""
    case = entered(engine)
    at(engine, "2027-02-10")
    engine.run_due()
    why = engine.deadlines.explain(case.id, "visite")
    assert why.arithmetic is not None
    assert (why.item.due_on, why.arithmetic.raw) == (date(2027, 2, 23), date(2027, 2, 23))
    assert [(note.code, note.data) for note in why.notes] == [
        ("rhythm", {"every": "P1M", "k": 3, "not_in": []})
    ]


def test_an_occurrence_is_explained_by_its_number(engine: Engine) -> None:
    case = opened(engine)
    by_name = engine.deadlines.explain(case.id, "reponse")
    assert engine.deadlines.explain(by_name.id) == by_name
    for unknown in (10_000, 0, "reponse", None, True):
        with pytest.raises(NotFound) as told:
            engine.deadlines.explain(unknown)
        assert told.value.data["kind"] == "occurrence"


def test_an_act_of_the_clock_that_waits_says_what_stands_in_its_way(engine: Engine) -> None:
    """The clock may only resume what was stopped, which this case was not: on the eleventh day it waits."""
    stopped = "  arreter: {label: Arrêter, from: ouvert, to: suspendu, by: gardien}\n"
    odd = suivi(2, **{
        "  suspendre: {label: Suspendre, from: ouvert, to: suspendu, by: systeme}\n":
            "  suspendre: {label: Reprendre, from: suspendu, to: ouvert, by: systeme}\n" + stopped,
        "label: Répondre\n    while: ouvert": "label: Répondre\n    while: [ouvert, suspendu]",
    })  # fmt: skip
    engine.workflows.register(odd)
    case = opened(engine)
    at(engine, "2026-12-05")
    engine.run_due()
    (rung,) = [rung for rung in engine.deadlines.explain(case.id, "reponse").ladder if rung.kind == "act"]
    assert (rung.status, [reason.code for reason in rung.reasons]) == ("waiting", ["state"])
    (waits,) = [item for item in engine.deadlines.forecast(date(2027, 1, 1)).items if item.kind == "act"]
    assert (waits.waiting, waits.armed, waits.day) == (True, True, date(2026, 12, 4))


def test_a_date_that_hangs_on_another_names_it(database_url: str) -> None:
    """The last useful day of a notice follows the first date of the end of the stay."""
    engine = house.an_engine(database_url, on="2026-12-15")
    try:
        case = house.a_case(engine, "en_sejour").case
        origin = engine.deadlines.explain(case.id, "preavis_conditions").origin
        assert (origin.kind, origin.name, origin.ordinal, origin.on, origin.seq) == (
            "deadline", "echeance_sejour", 1, date(2027, 12, 15), None,
        )  # fmt: skip
    finally:
        engine.close()


def test_an_alert_that_would_repeat_for_ten_years_is_cut(database_url: str) -> None:
    """In overstay since 16 December 2027, an alert a week: some 510 by the end of 2037."""
    engine = house.an_engine(database_url, on="2026-12-15")
    try:
        case = house.a_case(engine, "depassement", passes=False).case
        found = engine.deadlines.forecast(date(2037, 12, 1), case=case.id)
        assert [cut.deadline for cut in found.truncated] == ["decision_depassement"]
        alerts = [item for item in found.items if item.deadline == "decision_depassement" and not item.armed]
        assert {one.code for item in alerts for one in item.assumptions} == {"state_remains"}
        assert len(alerts) <= 400
    finally:
        engine.close()
