"""A correction and a silence already counted: its day follows the date, or the history says why it cannot."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.engines import Post, at, paris

from jalon import Engine, Settings, VirtualClock, loads

TEXT = """
workflow: recours
version: 1
title: Un recours
kind: demande
roles:
  staff: {agent: Agent}
states:
  attente:
    prete:   {label: Prête, turn: agent}
    deposee: {label: Déposée, turn: agent}
  suite:
    rejetee: {label: Rejetée, turn: agent}
    jugee:   {label: Jugée, turn: agent}
    close:   {label: Close, terminal: true}
groups: {en_cours: [deposee, rejetee, jugee]}
facts:
  recu_le: {type: date, label: Reçu le, until: today}
actions:
  ouvrir:  {label: Ouvrir, from: start, to: prete, by: agent}
  deposer: {label: Déposer, from: prete, to: deposee, by: agent, form: recu_le}
  taire:   {label: Constater le silence, from: deposee, to: rejetee, by: systeme}
  noter:   {label: Noter, in: en_cours, by: agent}
  relire:  {label: Relire, in: rejetee, by: agent}
  juger:   {label: Juger, from: rejetee, to: jugee, by: agent}
  clore:   {label: Clore, from: [prete, en_cours], to: close, by: agent}
deadlines:
  duree:
    label: Clore
    while: [prete, en_cours]
    due: {after: P2Y*}
    met_by: clore
  reponse:
    label: Réponse
    while: deposee
    due: {anchor: recu_le, after: P3M}
    who: agent
    met_by: taire
    ladder: {at: P1D, perform: taire, effective: due}
    basis: law:trois mois
  tribunal:
    label: Saisir le tribunal
    while: rejetee
    due: {anchor: taire, after: P2M, franc: true}
    who: agent
    met_by: juger
    basis: law:deux mois
"""
OPENED = "2027-06-01"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = Engine(Settings(database=database_url), clock=VirtualClock(paris(OPENED)), transport=Post())
    engine.workflows.register(loads(TEXT, "recours.yaml"))
    engine.establishments.add("foyer", "Foyer")
    engine.people.add("nadia", "Nadia")
    engine.people.grant("nadia", "agent", "foyer")
    engine.cases.open("recours", by="nadia", establishment="foyer")
    yield engine
    engine.close()


def _counted(engine: Engine, received: str = "2027-07-15", on: str = "2027-10-20") -> int:
    """File on 15 July, let the silence be counted by a day, and give its line."""
    at(engine, "2027-07-15")
    engine.cases.perform(1, "deposer", {"recu_le": received}, by="nadia")
    at(engine, on)
    engine.run_due()
    (line,) = [event for event in engine.cases.history(1) if event.action == "taire"]
    return line.seq


def _corrected(engine: Engine, received: str | None = None, **more: Any) -> dict[str, Any]:
    """Correct the receipt, and give what the line of history holds; the rows stay those of the history."""
    facts = {"recu_le": received} if received else {}
    engine.cases.correct(1, facts, by="nadia", reason="Accusé de réception.", **more)
    assert engine.verify().sound
    return dict(engine.cases.history(1)[-1].body)


def _date(engine: Engine, name: str) -> tuple[date, str]:
    (item,) = [one for one in engine.cases.dates(1) if one.name == name]
    return item.due_on, item.status


def _silence(engine: Engine) -> date | None:
    """Give the day of the silence, as what counts from it starts."""
    return engine.deadlines.explain(1, "tribunal").origin.on


def test_a_silence_follows_the_date_that_a_correction_moves_back(engine: Engine) -> None:
    """Received on 1 July and not on the 15th: rejected on 1 October, and the court is asked by 2 December."""
    line = _counted(engine)
    assert _date(engine, "tribunal") == (date(2027, 12, 16), "open")
    body = _corrected(engine, "2027-07-01")
    assert body["followed"] == [
        {"act": line, "action": "taire", "deadline": "reponse", "on": "2027-10-01", "from": "2027-10-15"}
    ]
    assert "warnings" not in body
    assert [(one["deadline"], one["from"], one["due_on"]) for one in body["changes"]] == [
        ("reponse", "2027-10-15", "2027-10-01"), ("tribunal", "2027-12-16", "2027-12-02"),
    ]  # fmt: skip
    assert _date(engine, "reponse") == (date(2027, 10, 1), "met")
    why = engine.deadlines.explain(1, "tribunal")
    assert (why.item.due_on, why.origin.on, [one.reason for one in why.origin.corrected]) == (
        date(2027, 12, 2), date(2027, 10, 1), ["Accusé de réception."],
    )  # fmt: skip
    assert engine.cases.get(1).state_since == date(2027, 10, 1)


def test_a_silence_follows_the_date_forward_and_back_to_where_it_was(engine: Engine) -> None:
    _counted(engine)
    _corrected(engine, "2027-07-18")
    assert (_silence(engine), _date(engine, "tribunal")) == (date(2027, 10, 18), (date(2027, 12, 19), "open"))
    _corrected(engine, "2027-07-15")
    assert (_silence(engine), _date(engine, "tribunal")) == (date(2027, 10, 15), (date(2027, 12, 16), "open"))


@pytest.mark.parametrize("received", ["2027-07-20", "2027-07-31"])
def test_a_silence_that_is_not_acquired_any_more_is_said(engine: Engine, received: str) -> None:
    """On 20 October, three months since 20 July are not over: the day itself still counts."""
    line = _counted(engine)
    body = _corrected(engine, received)
    due = date.fromisoformat(received).replace(month=10)
    assert body["warnings"] == ["clock_to_come"]
    assert body["kept"] == [
        {"act": line, "action": "taire", "deadline": "reponse", "on": "2027-10-15", "due_on": due.isoformat(),
         "why": "clock_to_come"}
    ]  # fmt: skip
    assert "followed" not in body
    assert (_silence(engine), _date(engine, "reponse")) == (date(2027, 10, 15), (due, "met"))


def test_what_the_warning_says_to_do_once_the_day_is_over_is_possible(engine: Engine) -> None:
    line = _counted(engine)
    _corrected(engine, "2027-07-31")
    at(engine, "2027-11-02")
    body = _corrected(engine, on=date(2027, 10, 31), act=line)
    assert "warnings" not in body
    assert (_silence(engine), _date(engine, "tribunal")) == (date(2027, 10, 31), (date(2028, 1, 1), "open"))


def test_a_date_put_right_twice_before_it_is_over_ends_where_it_should(engine: Engine) -> None:
    _counted(engine)
    assert _corrected(engine, "2027-07-31")["warnings"] == ["clock_to_come"]
    assert "warnings" not in _corrected(engine, "2027-07-17")
    assert _silence(engine) == date(2027, 10, 17)


def test_a_silence_does_not_pass_an_act_that_it_made_possible(engine: Engine) -> None:
    """Noting is possible before as after a silence; reading it again is not."""
    _counted(engine, on="2027-10-16")
    engine.cases.perform(1, "noter", by="nadia")
    at(engine, "2027-10-20")
    engine.cases.perform(1, "relire", by="nadia", on=date(2027, 10, 17))
    assert "warnings" not in _corrected(engine, "2027-07-17")
    assert _silence(engine) == date(2027, 10, 17)
    body = _corrected(engine, "2027-07-18")
    assert (body["warnings"], body["kept"][0]["on"], body["kept"][0]["due_on"]) == (
        ["clock_out_of_order"], "2027-10-17", "2027-10-18",
    )  # fmt: skip
    assert _silence(engine) == date(2027, 10, 17)


def test_a_silence_does_not_precede_the_act_that_led_there_until_its_day_is_right(engine: Engine) -> None:
    """Filed on the 15th of July: a delay over in June says that the filing itself is older."""
    _counted(engine)
    body = _corrected(engine, "2027-03-20")
    assert (body["followed"][0]["on"], body["warnings"], body["kept"][0]["due_on"]) == (
        "2027-07-15", ["clock_too_early"], "2027-06-20",
    )  # fmt: skip
    again = _corrected(engine, "2027-03-10")
    assert ("followed" in again, again["warnings"], again["kept"][0]["on"]) == (
        False, ["clock_too_early"], "2027-07-15",
    )  # fmt: skip
    filed = next(event.seq for event in engine.cases.history(1) if event.action == "deposer")
    body = _corrected(engine, on=date(2027, 6, 5), act=filed)
    assert (body["followed"][0]["on"], "warnings" in body) == ("2027-06-10", False)
    assert _silence(engine) == date(2027, 6, 10)


def test_the_day_that_someone_gives_to_a_silence_is_theirs(engine: Engine) -> None:
    line = _counted(engine)
    body = _corrected(engine, "2027-07-01", on=date(2027, 10, 12), act=line)
    assert ("followed" in body, _silence(engine)) == (False, date(2027, 10, 12))
    _corrected(engine, on=date(2027, 7, 14), act=line - 1)
    assert _silence(engine) == date(2027, 10, 12)
