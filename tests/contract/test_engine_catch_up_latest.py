"""Of the late messages of a deadline the last one due leaves, whatever the clock does in between."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import Post, an_engine, at
from support.outage import EITHER, answers, left, lines, rows

from jalon import Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url, transport=Post()) as engine:
        yield engine


def test_latest_on_one_date_the_last_of_its_messages_leaves(engine: Engine) -> None:
    """No other date was missed: the message has nothing to say of others, the history tells what was dropped."""
    case = answers(engine, "latest", "- {at: [-P5D, -P3D, -P1D], shift: aucun}")
    at(engine, "2026-12-03")
    report = engine.run_due()
    assert [(one.rung, one.missed) for one in report.fired] == [("-P1D:notice", 0)]
    assert [one.rung for one in report.dropped] == ["-P5D:notice", "-P3D:notice"]
    (line,) = lines(engine, case, "reponse")
    assert [one["rung"] for one in line.body["dropped"]] == ["-P5D:notice", "-P3D:notice"]
    assert "manqué" not in left(engine, "rappel_echeance")[0]


def test_latest_a_message_of_the_day_takes_the_place_of_a_late_one(engine: Engine) -> None:
    answers(engine, "latest", "- {at: [-P3D, -P1D], shift: aucun}")
    at(engine, "2026-12-02")
    report = engine.run_due()
    assert [(one.rung, one.late) for one in report.fired] == [("-P1D:notice", False)]
    assert [one.rung for one in report.dropped] == ["-P3D:notice"]


def test_latest_a_message_that_repeats_goes_on(engine: Engine) -> None:
    """From 4 December, every week: of four late ones the last leaves, and the fifth is planned."""
    answers(engine, "latest", "- {at: P1D, every: P7D, notify: echeance_depassee, shift: aucun}")
    at(engine, "2026-12-26")
    report = engine.run_due()
    assert [one.day for one in report.fired] == [date(2026, 12, 25)]
    assert [one.day for one in report.dropped] == [date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 18)]
    assert engine.next_due() is not None
    assert [(row[1], row[2]) for row in rows(engine, "reponse")][-1] == (date(2027, 1, 1), "pending")
    assert engine.verify().sound


def test_a_clock_act_that_voids_the_date_proves_the_foresight_wrong(engine: Engine) -> None:
    """A message of the 8th was foreseen for that of the 30th; on the 4th the case is suspended: neither makes sense."""
    ladder = "- {at: [-P3D, P5D], shift: aucun}\n      - {at: P1D, perform: suspendre}"
    case = answers(engine, "latest", ladder)
    at(engine, "2026-12-20")
    report = engine.run_due()
    assert [one.kind for one in report.fired] == ["act"]
    assert [(one.rung, one.why) for one in report.dropped] == [("-P3D:notice", "late:latest")]
    line = engine.cases.history(case.id)[-1]
    assert (line.kind, line.body["policy"], line.body["dropped"]) == (
        "dropped", "latest", [{"ordinal": 1, "rung": "-P3D:notice", "day": "2026-11-30"}],
    )  # fmt: skip
    assert (rows(engine, "reponse")[0][2], rows(engine, "reponse")[0][4]) == ("dropped", line.seq)
    assert engine.verify().sound


def test_a_clock_act_that_stops_the_clock_leaves_the_last_message(engine: Engine) -> None:
    """Suspended on the 2nd: the message of the 8th no longer comes, that of the 30th leaves after all."""
    ladder = "- {at: [-P5D, -P3D, P5D], shift: aucun}\n      - {at: -P1D, perform: suspendre}"
    stops = "while: [ouvert, suspendu]\n    suspends: {while: suspendu, because: La maison est fermée.}"
    case = answers(engine, "latest", ladder, **EITHER, **{"while: [ouvert, suspendu]": stops})
    at(engine, "2026-12-20")
    report = engine.run_due()
    assert [(one.kind, one.rung) for one in report.fired] == [("act", "-P1D:act"), ("notice", "-P3D:notice")]
    assert [one.rung for one in report.dropped] == ["-P5D:notice"]
    (line,) = lines(engine, case, "reponse")
    assert [one["rung"] for one in line.body["dropped"]] == ["-P5D:notice"]
    assert [row[2] for row in rows(engine, "reponse")] == ["dropped", "fired", "cancelled"]
    assert engine.verify().sound


def test_a_clock_act_that_moves_the_date_leaves_no_message_about_the_day_it_was(engine: Engine) -> None:
    """On the 2nd the delay runs again: due on the 12th, to be reminded on the 7th and the 9th."""
    act = "suspendre: {label: Suspendre, from: ouvert, to: suspendu, by: systeme}"
    again = "relancer: {label: Relancer, in: ouvert, by: systeme}"
    case = answers(
        engine, "latest",
        "- {at: [-P5D, -P3D, P1D], shift: aucun}\n      - {at: -P1D, perform: relancer}"
        "\n      - {at: P90D, perform: suspendre}\n    interrupts: {by: relancer, because: Essai.}",
        **{act: f"{act}\n  {again}"},
    )  # fmt: skip
    at(engine, "2026-12-06")
    report = engine.run_due()
    assert [(one.kind, one.day) for one in report.fired] == [("act", date(2026, 12, 2))]
    assert [one.day for one in report.dropped] == [date(2026, 11, 28), date(2026, 11, 30)]
    assert engine.cases.history(case.id)[-1].kind == "dropped"
    at(engine, "2026-12-07")
    assert [(one.day, one.late) for one in engine.run_due().fired] == [(date(2026, 12, 7), False)]
    assert engine.verify().sound


def test_latest_two_messages_of_the_same_instant_are_both_the_last(engine: Engine) -> None:
    """They are not written to the same people: neither stands for the other. The first speaks for what came before."""
    ladder = (
        "- {at: -P3D, shift: aucun}\n      - {at: -P1D, shift: aucun, to: gardien}"
        "\n      - {at: -P1D, shift: aucun, to: chef, notify: echeance_depassee}"
    )
    case = answers(engine, "latest", ladder)
    at(engine, "2026-12-03")
    report = engine.run_due()
    assert [one.day for one in report.fired] == [date(2026, 12, 2)] * 2
    assert [one.day for one in report.dropped] == [date(2026, 11, 30)]
    assert ["dropped" in line.body for line in lines(engine, case, "reponse")] == [True, False]
    assert engine.verify().sound
