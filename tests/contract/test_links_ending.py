"""What becomes of the linked cases when one ends: they go on, are asked about, or are closed; and back again."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import at, dump
from support.liens import a_stay, an_engine, codes, programme, refused

from jalon import Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _tasks(engine: Engine, case: int) -> list[tuple[str, date]]:
    return [(item.name, item.due_on) for item in engine.deadlines.pending(case=case) if item.kind == "task"]


def _with_measure(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"}, housed=True)
    engine.cases.perform(1, "engager", by="chloe")


def test_a_link_that_asks_opens_a_task_there_with_a_line_that_says_why(engine: Engine) -> None:
    """Wednesday 25 November; five working days later is Wednesday 2 December."""
    _with_measure(engine)
    at(engine, "2026-11-25")
    engine.cases.perform(1, "partir", by="gaia")
    assert _tasks(engine, 2) == [("suite_du_lien", date(2026, 12, 2))]
    assert engine.cases.history(1)[-1].body["ended"] == [{"link": "mesure", "case": 2, "how": "asked"}]
    line = engine.cases.history(2)[-1]
    assert (line.kind, line.actor, line.effective_on) == ("link", "gaia", date(2026, 11, 25))
    assert line.body == {"change": "asked", "link": "mesure", "label": "Mesure", "case": 1, "side": "from",
                         "task": "suite_du_lien", "due_on": "2026-12-02"}  # fmt: skip
    assert engine.cases.get(2).state == "ouverte"
    engine.cases.perform(2, "decider_suite", {"suite": "La mesure continue au nouveau logement."}, by="gaia")
    assert _tasks(engine, 2) == []
    assert engine.verify().sound


def test_a_link_that_closes_lets_the_system_act_there_the_same_day(engine: Engine) -> None:
    a_stay(engine, housed=True)
    engine.cases.perform(1, "aider", by="gaia")
    at(engine, "2026-11-27")
    engine.cases.perform(1, "partir", by="gaia", on=date(2026, 11, 26))
    closed = engine.cases.get(2)
    assert (closed.state, closed.closed_on) == ("arretee", date(2026, 11, 26))
    line = engine.cases.history(2)[-1]
    assert (line.action, line.actor, line.effective_on) == ("arreter", "lien:aide", date(2026, 11, 26))
    assert engine.cases.history(1)[-1].body["ended"] == [{"link": "aide", "case": 2, "how": "closed"}]
    assert engine.verify().sound


def test_an_act_refused_there_asks_instead_and_says_why(engine: Engine) -> None:
    a_stay(engine, housed=True)
    engine.cases.perform(1, "aider", by="gaia")
    engine.cases.perform(2, "bloquer", {"bloquee": True}, by="gaia")
    engine.cases.perform(1, "partir", by="gaia")
    assert engine.cases.get(2).state == "en_cours"
    assert engine.cases.history(2)[-1].body["because"] == ["fact_condition"]
    assert engine.cases.history(1)[-1].body["ended"][0]["because"] == ["fact_condition"]
    assert [name for name, _ in _tasks(engine, 2)] == ["suite_du_lien"]


def test_nobody_is_put_out_of_where_they_live_by_a_link(engine: Engine) -> None:
    a_stay(engine)
    for _ in range(2):
        engine.cases.open("soins", {"personne": {"name": "Autre P."}}, by="gaia", establishment="tilleuls")
    engine.cases.perform(2, "coucher", by="gaia")
    engine.cases.link(1, 2, "soins", by="gaia")
    engine.cases.link(1, 3, "soins", by="gaia")
    engine.cases.perform(1, "partir", by="gaia")
    assert [engine.cases.get(number).state for number in (2, 3)] == ["alite", "sorti"]
    assert engine.cases.history(2)[-1].body["because"] == ["houses"]
    assert [name for name, _ in _tasks(engine, 2)] == ["suite_du_lien"]


def test_a_link_that_continues_does_nothing_there(engine: Engine) -> None:
    a_stay(engine)
    engine.cases.open(
        "mesure", {"menage": {"name": "X"}, "echeance": "2027-01-04"}, by="chloe", establishment="tilleuls",
        action="ouvrir",
    )  # fmt: skip
    engine.cases.link(1, 2, "suivi", by="gaia")
    before = engine.cases.get(2)
    engine.cases.perform(1, "partir", by="gaia")
    assert engine.cases.get(2) == before


def test_a_linked_case_that_is_over_is_left_alone(engine: Engine) -> None:
    _with_measure(engine)
    engine.cases.perform(2, "finir", by="gaia")
    before = engine.cases.history(2)
    engine.cases.perform(1, "partir", by="gaia")
    assert engine.cases.history(2) == before
    assert "ended" not in engine.cases.history(1)[-1].body


def test_a_link_that_was_ended_is_left_alone(engine: Engine) -> None:
    _with_measure(engine)
    engine.cases.unlink(1, 2, "mesure", by="gaia", reason="Mauvais dossier.")
    before = engine.cases.history(2)
    engine.cases.perform(1, "partir", by="gaia")
    assert engine.cases.history(2) == before


def test_what_was_due_there_is_played_before_it_is_closed(engine: Engine) -> None:
    """The measure's reminder of 22 February, a week before its term, was due when the stay ends on the 23rd."""
    _with_measure(engine)
    at(engine, "2027-02-23")
    engine.cases.perform(1, "partir", by="gaia")
    assert [event.kind for event in engine.cases.history(2)] == ["act", "notice", "link"]


def test_two_cases_that_end_each_other_end_once(engine: Engine) -> None:
    for _ in range(2):
        engine.cases.open("duo", {}, by="gaia", establishment="tilleuls")
    engine.cases.link(1, 2, "autre", by="gaia")
    engine.cases.link(2, 1, "autre", by="gaia")
    engine.cases.perform(2, "finir", by="gaia")
    assert [engine.cases.get(number).state for number in (1, 2)] == ["fini", "fini"]
    assert [event.action for event in engine.cases.history(1) if event.kind == "act"] == ["ouvrir", "finir"]
    assert engine.cases.history(1)[-1].body.get("ended") is None
    assert engine.verify().sound


def test_a_chain_of_ends_goes_to_its_end(engine: Engine) -> None:
    for _ in range(4):
        engine.cases.open("duo", {}, by="gaia", establishment="tilleuls")
    for number in (1, 2, 3):
        engine.cases.link(number, number + 1, "autre", by="gaia")
    engine.cases.perform(1, "finir", by="gaia")
    assert {engine.cases.get(number).state for number in (1, 2, 3, 4)} == {"fini"}
    assert engine.verify().sound


def test_a_pass_that_ends_a_case_ends_those_linked_to_it_as_of_its_day(engine: Engine) -> None:
    """The last was opened on Monday 23: five days and one, the clock ends all on Sunday 29, however late the pass."""
    clock = {
        "facts:\n  mot": "parameters:\n  seul: {label: Finir seul, default: false}\nfacts:\n  mot",
        ", sans_echeance: Il attend l'autre.": "",
        "actions:\n  ouvrir": "deadlines:\n  fin: {label: Fin, while: ouvert, due: {after: P5D}, basis: essai, ladder: "
        "[{at: P0D}, {at: P1D, perform: finir, when: {param: seul, is: true}}]}\nactions:\n  ouvrir",
    }
    engine.workflows.register(programme("duo", 2, **clock))
    engine.establishments.set_parameter("tilleuls", "duo", "seul", True)
    at(engine, "2026-11-25")
    for day in (date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 23)):
        engine.cases.open("duo", {}, by="gaia", establishment="tilleuls", on=day)
    for pair in ((3, 1), (1, 3), (3, 2)):
        engine.cases.link(*pair, "autre", by="gaia")
    at(engine, "2026-12-15")
    report = engine.run_due()
    assert report.failed == []
    assert {engine.cases.get(number).closed_on for number in (1, 2, 3)} == {date(2026, 11, 29)}
    acts = [
        [event.actor for event in engine.cases.history(number) if event.kind == "act"] for number in (1, 2, 3)
    ]
    assert [actors[-1] for actors in acts] == ["lien:autre", "lien:autre", "echeance:fin"]
    assert [len(actors) for actors in acts] == [2, 2, 2]
    assert engine.verify().sound


def test_a_pass_reports_what_it_played_on_the_cases_that_it_reached(engine: Engine) -> None:
    """Opened on the 23rd, one ends on the 30th with the other, opened on the 24th: its reminder of the 29th was due."""
    clock = {
        "facts:\n  mot": "parameters:\n  seul: {label: Finir seul, default: false}\nfacts:\n  mot",
        ", sans_echeance: Il attend l'autre.": "",
        "actions:\n  ouvrir": "deadlines:\n  fin: {label: Fin, while: ouvert, due: {after: P5D}, basis: essai, ladder: "
        "[{at: P0D, shift: aucun}, {at: P2D, perform: finir, when: {param: seul, is: true}}]}\nactions:\n  ouvrir",
    }
    engine.workflows.register(programme("duo", 2, **clock))
    engine.establishments.set_parameter("tilleuls", "duo", "seul", True)
    at(engine, "2026-11-25")
    for day in (date(2026, 11, 23), date(2026, 11, 24)):
        engine.cases.open("duo", {}, by="gaia", establishment="tilleuls", on=day)
    engine.cases.link(1, 2, "autre", by="gaia")
    at(engine, "2026-12-15")
    report = engine.run_due()
    assert [engine.cases.get(number).closed_on for number in (1, 2)] == [date(2026, 11, 30)] * 2
    assert sorted((one.case_id, one.rung, one.day) for one in report.fired) == [
        (1, "P0D:notice", date(2026, 11, 28)), (1, "P2D:act", date(2026, 11, 30)),
        (2, "P0D:notice", date(2026, 11, 29)),
    ]  # fmt: skip


def test_a_preview_says_what_would_become_of_the_linked_cases(engine: Engine) -> None:
    _with_measure(engine)
    before = dump(engine)
    assert engine.cases.preview(1, "partir", by="gaia").ended == [
        {"link": "mesure", "case": 2, "how": "asked"}
    ]
    assert dump(engine) == before


# -- annulled


def test_an_end_annulled_takes_back_what_it_asked(engine: Engine) -> None:
    _with_measure(engine)
    engine.cases.perform(1, "partir", by="gaia")
    engine.cases.annul(1, by="gaia", reason="Mauvais dossier.")
    assert engine.cases.get(1).state == "actif"
    assert _tasks(engine, 2) == []
    line = engine.cases.history(2)[-1]
    assert (line.kind, line.body["change"]) == ("link", "resumed")
    assert line.body["changes"] == [{"task": "suite_du_lien", "change": "void", "due_on": "2026-11-30"}]
    assert engine.verify().sound


def test_an_end_annulled_says_what_stays_closed(engine: Engine) -> None:
    a_stay(engine, housed=True)
    engine.cases.perform(1, "aider", by="gaia")
    engine.cases.perform(1, "partir", by="gaia")
    engine.cases.annul(1, by="gaia", reason="Mauvais dossier.")
    assert engine.cases.history(1)[-1].body["stay_closed"] == [{"link": "aide", "case": 2}]
    assert engine.cases.get(2).state == "arretee"


def test_what_a_link_did_there_is_not_annulled_there(engine: Engine) -> None:
    a_stay(engine, housed=True)
    engine.cases.perform(1, "aider", by="gaia")
    engine.cases.perform(1, "partir", by="gaia")
    assert "annul_clock" in codes(lambda: engine.cases.annul(2, by="chloe", reason="Non."))


def test_an_act_that_opened_a_case_is_annulled_only_once_that_one_is_closed(engine: Engine) -> None:
    _with_measure(engine)
    ((code, data),) = refused(lambda: engine.cases.annul(1, by="chloe", reason="Erreur."))
    assert (code, data["cases"], data["labels"]) == ("annul_linked", ["D-0002"], ["Mesure d'accompagnement"])
    engine.cases.perform(2, "finir", by="gaia")
    engine.cases.annul(1, by="chloe", reason="Erreur.")
    (link,) = engine.cases.links(1)
    assert link.ended_on == date(2026, 11, 23)
    assert engine.verify().sound


def test_an_act_that_opened_a_case_is_annulled_once_they_are_parted(engine: Engine) -> None:
    _with_measure(engine)
    engine.cases.unlink(1, 2, "mesure", by="gaia", reason="Ouverte par erreur.")
    engine.cases.annul(1, by="chloe", reason="Erreur.")
    assert engine.verify().sound


def test_a_task_of_the_workflow_may_be_the_one_that_is_opened(engine: Engine) -> None:
    """Where the linked programme has no such task, the line says all the same that the other case has ended."""
    text = {"follows: true, ends: ask": "follows: true, ends: ask, task: relire"}
    engine.workflows.register(programme("sejour", 2, **text))
    _with_measure(engine)
    engine.cases.perform(1, "partir", by="gaia")
    line = engine.cases.history(2)[-1]
    assert (line.body["change"], "task" in line.body) == ("asked", False)
    assert engine.verify().sound
