"""A silence that counts as an answer: effective on its last day, played after it, whenever it is known."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import Post, at, paris

from jalon import ActionRefused, Engine, Settings, VirtualClock, loads

TEXT = """
workflow: demande
version: 1
title: Une demande
kind: demande
roles:
  staff: {agent: Agent}
states:
  demande:
    envoyee: {label: Envoyée, turn: agent}
    suivie:  {label: Suivie, turn: agent}
    close:   {label: Close, terminal: true}
groups: {en_cours: [envoyee, suivie]}
facts:
  recu_le: {type: date, label: Reçue le, until: today}
  accord:  {type: yesno, label: Accord}
actions:
  envoyer: {label: Envoyer, from: start, to: envoyee, by: agent}
  suivre:  {label: Suivre, from: envoyee, to: suivie, by: agent}
  noter:   {label: Noter la réception, in: en_cours, by: agent, form: recu_le}
  accuser: {label: Noter la réception de son jour, in: en_cours, by: agent, form: recu_le, effective: recu_le}
  taire:   {label: Constater le silence, in: en_cours, by: systeme, set: {accord: true}}
  clore:   {label: Clore, from: en_cours, to: close, by: agent}
deadlines:
  attente:
    label: Suivre
    while: en_cours
    due: {after: P1Y*}
    met_by: clore
  silence:
    label: Réponse
    while: en_cours
    due: {anchor: recu_le, after: P1M}
    who: agent
    met_by: taire
    ladder: {at: P1D, perform: taire, effective: due}
    basis: law:un mois
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = Engine(
        Settings(database=database_url), clock=VirtualClock(paris("2027-01-11")), transport=Post()
    )
    engine.workflows.register(loads(TEXT, "demande.yaml"))
    engine.establishments.add("foyer", "Foyer")
    engine.people.add("nadia", "Nadia")
    engine.people.grant("nadia", "agent", "foyer")
    engine.cases.open("demande", by="nadia", establishment="foyer")
    yield engine
    engine.close()


def _silence(engine: Engine) -> tuple[str, date | None]:
    (item,) = [one for one in engine.cases.dates(1) if one.name == "silence"]
    return item.status, item.closed_on


def _noted(engine: Engine, day: str, received: str) -> None:
    at(engine, day)
    engine.cases.perform(1, "noter", {"recu_le": received}, by="nadia")


def _told(engine: Engine, day: str, received: str) -> None:
    at(engine, day)
    engine.cases.perform(1, "accuser", {"recu_le": received}, by="nadia")


def _passed(engine: Engine, day: str) -> tuple[date, bool]:
    """Let the pass of a day play; give the day on which the silence took effect, and whether the history is sound."""
    at(engine, day)
    engine.run_due()
    (line,) = [event for event in engine.cases.history(1) if event.action == "taire"]
    return line.effective_on, engine.verify().sound


def test_a_month_of_silence_answers_on_its_last_day_and_is_played_after_it(engine: Engine) -> None:
    _noted(engine, "2027-01-12", "2027-01-12")
    at(engine, "2027-02-12", 23, 59)
    assert engine.run_due().fired == []
    assert _passed(engine, "2027-02-13") == (date(2027, 2, 12), True)
    assert _silence(engine) == ("met", date(2027, 2, 12))


def test_a_receipt_learnt_after_the_month_is_answered_on_the_day_it_is_known(engine: Engine) -> None:
    """Nothing follows from a date before it was told: else the answer would come before its question."""
    _noted(engine, "2027-04-01", "2027-01-12")
    assert _passed(engine, "2027-04-02") == (date(2027, 4, 1), True)
    assert _silence(engine) == ("met", date(2027, 4, 1))


def test_a_month_over_before_the_last_change_of_state_is_still_an_answer(engine: Engine) -> None:
    at(engine, "2027-03-01")
    engine.cases.perform(1, "suivre", by="nadia")
    _noted(engine, "2027-04-01", "2027-01-12")
    assert _passed(engine, "2027-04-02") == (date(2027, 4, 1), True)
    assert _silence(engine) == ("met", date(2027, 4, 1))


def test_a_receipt_that_is_of_its_day_is_answered_on_the_last_of_its_month(engine: Engine) -> None:
    """However late it is typed: what counts is the day on which it was received."""
    at(engine, "2027-04-01")
    preview = engine.cases.preview(1, "accuser", {"recu_le": "2027-01-12"}, by="nadia")
    assert [(one["deadline"], one["due_on"]) for one in preview.changes] == [("silence", "2027-02-12")]
    _told(engine, "2027-04-01", "2027-01-12")
    line = engine.cases.history(1)[-1]
    assert (line.action, line.effective_on, line.at.date()) == (
        "accuser",
        date(2027, 1, 12),
        date(2027, 4, 1),
    )
    assert _passed(engine, "2027-04-01") == (date(2027, 2, 12), True)
    assert _silence(engine) == ("met", date(2027, 2, 12))


def test_a_receipt_of_its_day_does_not_pass_the_last_change_of_state(engine: Engine) -> None:
    at(engine, "2027-03-01")
    engine.cases.perform(1, "suivre", by="nadia")
    _told(engine, "2027-04-01", "2027-01-12")
    assert engine.cases.history(1)[-1].effective_on == date(2027, 3, 1)
    assert _passed(engine, "2027-04-02") == (date(2027, 3, 1), True)
    assert _silence(engine) == ("met", date(2027, 3, 1))


def test_someone_may_give_another_day_to_a_receipt(engine: Engine) -> None:
    at(engine, "2027-04-01")
    engine.cases.perform(1, "accuser", {"recu_le": "2027-01-12"}, by="nadia", on=date(2027, 3, 3))
    assert engine.cases.history(1)[-1].effective_on == date(2027, 3, 3)
    engine.cases.correct(1, {"recu_le": "2027-02-15"}, by="nadia", reason="Cachet de la poste.")
    assert [one["action"] for one in engine.cases.history(1)[-1].body["followed"]] == ["taire"]
    assert _silence(engine) == ("met", date(2027, 3, 15))


@pytest.mark.parametrize("received", ["2027-02-30", "demain", "2027-04-02", None])
def test_a_receipt_without_a_day_is_refused_as_before(engine: Engine, received: str | None) -> None:
    at(engine, "2027-04-01")
    facts = {} if received is None else {"recu_le": received}
    with pytest.raises(ActionRefused) as caught:
        engine.cases.perform(1, "accuser", facts, by="nadia")
    assert [reason.code for reason in caught.value.reasons] == [
        "fact_missing" if received is None else "fact_future" if received == "2027-04-02" else "fact_type"
    ]  # fmt: skip


def test_an_act_follows_the_day_that_its_form_told_as_it_is_put_right(engine: Engine) -> None:
    """Typed in April as received in March, received in January: the receipt and its silence are of winter."""
    _told(engine, "2027-04-01", "2027-03-10")
    told = engine.cases.history(1)[-1].seq
    engine.cases.correct(1, {"recu_le": "2027-01-15"}, by="nadia", reason="Cachet de la poste.")
    assert engine.cases.history(1)[-1].body["followed"] == [
        {"act": told, "action": "accuser", "on": "2027-01-15", "from": "2027-03-10"}
    ]  # fmt: skip
    assert _passed(engine, "2027-04-02") == (date(2027, 2, 15), True)
    engine.cases.correct(1, {"recu_le": "2027-01-20"}, by="nadia", reason="Le tampon.")
    body = engine.cases.history(1)[-1].body
    assert [(one["action"], one["on"]) for one in body["followed"]] == [
        ("accuser", "2027-01-20"), ("taire", "2027-02-20"),
    ]  # fmt: skip
    assert _silence(engine) == ("met", date(2027, 2, 20))
    assert engine.verify().sound


LIMIT = """
workflow: sejour
version: 1
title: Un séjour
kind: demande
roles:
  staff: {agent: Agent}
states:
  sejour:
    en_sejour: {label: En séjour, turn: agent}
    demandee:  {label: Demandée, turn: agent}
    depasse:   {label: Dépassé, turn: agent}
    sorti:     {label: Sorti, terminal: true}
groups: {present: [en_sejour, demandee, depasse]}
facts:
  recu_le: {type: date, label: Reçue le, until: today}
actions:
  entrer:    {label: Entrer, from: start, to: en_sejour, by: agent}
  demander:  {label: Demander, from: [en_sejour, depasse], to: demandee, by: agent}
  accuser:   {label: Noter la réception, in: demandee, by: agent, form: recu_le, effective: recu_le}
  prolonger: {label: Prolonger par silence, from: [demandee, depasse], to: en_sejour, by: systeme}
  depasser:  {label: Constater le dépassement, from: [en_sejour, demandee], to: depasse, by: systeme}
  sortir:    {label: Sortir, from: present, to: sorti, by: agent}
deadlines:
  fin:
    label: Fin
    while: present
    due: {anchor: entrer, after: P6M*, renewed_by: prolonger}
    who: agent
    met_by: sortir
    ladder: {at: P1D, perform: depasser}
  reponse:
    label: Réponse
    while: [demandee, depasse]
    due: {anchor: recu_le, after: P1M*}
    who: agent
    met_by: prolonger
    ladder: {at: P1D, perform: prolonger, effective: due}
"""


@pytest.mark.parametrize(
    "passes", [["2027-07-12", "2027-07-13"], ["2027-07-20"], ["2027-07-11", "2027-09-01"]]
)
@pytest.mark.parametrize(
    ("received", "played"),
    [
        ("2027-06-10", [("prolonger", "2027-07-10")]),
        ("2027-06-11", [("prolonger", "2027-07-11")]),
        ("2027-06-12", [("depasser", "2027-07-12"), ("prolonger", "2027-07-12")]),
    ],
)
def test_a_silence_of_the_last_day_is_played_before_what_begins_the_next(
    engine: Engine, received: str, played: list[tuple[str, str]], passes: list[str]
) -> None:
    """Entered on 11 January for six months, the answer given by silence on the last of them: nothing is overrun."""
    engine.workflows.register(loads(LIMIT, "sejour.yaml"))
    case = engine.cases.open("sejour", by="nadia", establishment="foyer").id
    at(engine, received)
    engine.cases.perform(case, "demander", by="nadia")
    engine.cases.perform(case, "accuser", {"recu_le": received}, by="nadia")
    foreseen = {
        (one.data["action"], one.data["on"])
        for day in engine.deadlines.forecast(date(2028, 2, 1), case=case).items for one in day.assumptions
        if one.code == "clock_acts"
    }  # fmt: skip
    for day in passes:
        at(engine, day)
        engine.run_due()
    acts = [line for line in engine.cases.history(case) if line.action in ("prolonger", "depasser")]
    assert [(line.action, line.effective_on.isoformat()) for line in acts] == played
    assert foreseen == {played[-1]}
    assert engine.verify().sound


def test_of_two_receipts_the_one_that_was_told_last_holds(engine: Engine) -> None:
    _told(engine, "2027-02-08", "2027-02-08")
    _told(engine, "2027-02-10", "2027-02-03")
    assert engine.cases.history(1)[-1].effective_on == date(2027, 2, 8)
    assert engine.cases.get(1).facts["recu_le"] == date(2027, 2, 3)
    assert _passed(engine, "2027-04-01") == (date(2027, 3, 3), True)


def test_a_receipt_held_at_a_change_of_state_follows_it_as_it_is_put_right(engine: Engine) -> None:
    """Typed in any order, the days end where they would be had they been typed right the first time."""
    at(engine, "2027-03-20")
    engine.cases.perform(1, "suivre", by="nadia")
    line = engine.cases.history(1)[-1].seq
    _told(engine, "2027-03-25", "2027-01-31")
    assert _passed(engine, "2027-03-26") == (date(2027, 3, 20), True)
    engine.cases.correct(1, by="nadia", reason="Suivie en janvier.", on=date(2027, 1, 15), act=line)
    assert [(one["action"], one["on"]) for one in engine.cases.history(1)[-1].body["followed"]] == [
        ("accuser", "2027-01-31"), ("taire", "2027-02-28"),
    ]  # fmt: skip
    assert _silence(engine) == ("met", date(2027, 2, 28))
    assert engine.verify().sound
