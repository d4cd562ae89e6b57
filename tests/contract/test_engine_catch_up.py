"""After an outage the rule of each deadline says which messages leave late; what is dropped is told, never lost."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import Post, an_engine, at, paris, written
from support.outage import DAYS, EITHER, REMINDER, TENTH, answers, fortnights, left, lines, rows

from jalon import Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url, transport=Post()) as engine:
        yield engine


def test_all_ten_missed_fortnights_are_ten_messages(engine: Engine) -> None:
    """Their periods are over but the tenth: they leave all the same."""
    case = fortnights(engine, "all")
    at(engine, TENTH)
    report = engine.run_due()
    visits = [one for one in report.fired if (one.deadline, one.kind) == ("visite", "notice")]
    assert [one.day.isoformat() for one in visits] == list(DAYS)
    assert all(one.late and one.missed == 0 for one in visits)
    assert report.dropped == []
    assert len(left(engine, "rappel_visite")) == 10
    assert [line.body.keys() & {"missed", "dropped"} for line in lines(engine, case, "visite")] == [
        set()
    ] * 10
    assert engine.verify().sound


def test_latest_the_last_leaves_and_says_how_many_were_missed(engine: Engine) -> None:
    case = fortnights(engine, "latest")
    at(engine, TENTH)
    report = engine.run_due()
    (fired,) = [one for one in report.fired if (one.deadline, one.kind) == ("visite", "notice")]
    assert (fired.ordinal, fired.day, fired.late, fired.missed) == (10, date(2027, 4, 10), True, 9)
    assert [(one.ordinal, one.rung, one.day.isoformat(), one.why) for one in report.dropped] == [
        (number, REMINDER, day, "late:latest") for number, day in enumerate(DAYS[:9], start=1)
    ]
    assert report.dropped[0].late_by == paris(TENTH) - paris("2026-12-05", 8)
    (line,) = lines(engine, case, "visite")
    assert (line.kind, line.effective_on, line.body["ordinal"], line.body["missed"]) == (
        "notice", date(2027, 4, 10), 10, 9,
    )  # fmt: skip
    assert line.body["dropped"] == [
        {"ordinal": number, "rung": REMINDER, "day": day} for number, day in enumerate(DAYS[:9], start=1)
    ]
    found = rows(engine, "visite")
    assert [(row[2], row[3], row[4]) for row in found[:9]] == [("dropped", "late:latest", line.seq)] * 9
    assert found[9][2:] == ("fired", None, line.seq)
    assert engine.verify().sound


def test_the_message_that_speaks_for_others_says_so_in_text_and_in_html(engine: Engine) -> None:
    fortnights(engine, "latest")
    at(engine, TENTH)
    engine.tick()
    sent = [
        message for message in engine._world.transport.sent if "Visite à domicile" in str(message["Subject"])
    ]
    (message,) = sent
    said = "9\u00a0manquées, dont les rappels n’ont pas pu partir."
    assert said in message.get_body(("plain",)).get_content()
    assert said in message.get_body(("html",)).get_content()


def test_two_missed_fortnights_leave_one_message_that_says_one(engine: Engine) -> None:
    fortnights(engine, "latest")
    at(engine, "2026-12-21")
    engine.run_due()
    (text,) = left(engine, "rappel_visite")
    assert "1\u00a0manquée, dont le rappel n’a pas pu partir." in text


def test_a_message_that_speaks_for_none_says_nothing(engine: Engine) -> None:
    fortnights(engine, "latest")
    at(engine, "2026-12-07")
    (fired,) = engine.run_due().fired
    assert (fired.late, fired.missed) == (True, 0)
    (text,) = left(engine, "rappel_visite")
    assert "manqué" not in text


def test_none_nothing_late_leaves_and_one_line_tells_it(engine: Engine) -> None:
    case = fortnights(engine, "none")
    at(engine, TENTH)
    report = engine.run_due()
    assert [one for one in report.fired if (one.deadline, one.kind) == ("visite", "notice")] == []
    assert [one.why for one in report.dropped] == ["late:none"] * 10
    (line,) = lines(engine, case, "visite")
    assert (line.kind, line.actor, line.effective_on) == ("dropped", "echeance:visite", date(2027, 4, 12))
    assert line.body == {
        "deadline": "visite", "policy": "none",
        "dropped": [{"ordinal": number, "rung": REMINDER, "day": day} for number, day in enumerate(DAYS, start=1)],
    }  # fmt: skip
    assert [row[2:] for row in rows(engine, "visite")[:10]] == [("dropped", "late:none", line.seq)] * 10
    at(engine, "2027-04-24")  # on its day
    (fired,) = [one for one in engine.run_due().fired if one.kind == "notice"]
    assert (fired.ordinal, fired.late) == (11, False)
    assert engine.verify().sound


def test_none_nothing_is_dropped_on_its_own_day(engine: Engine) -> None:
    """At 23:59 a reminder of the day leaves; one minute later it does not."""
    fortnights(engine, "none")
    at(engine, "2026-12-05", 23, 59)
    assert [one.rung for one in engine.run_due().fired] == [REMINDER]
    at(engine, "2026-12-20", 0, 0)
    assert [(one.day, one.why) for one in engine.run_due().dropped] == [(date(2026, 12, 19), "late:none")]


@pytest.mark.parametrize(
    ("within", "day", "leaves"),
    [
        ("P3D", "2026-12-08", True), ("P3D", "2026-12-09", False),
        # from Saturday the 5th, one working day is Monday the 7th
        ("P1B", "2026-12-07", True), ("P1B", "2026-12-08", False),
        ("prolongations", "2026-12-06", True), ("prolongations", "2026-12-07", False),
    ],
)  # fmt: skip
def test_within_a_delay_it_leaves_and_beyond_it_does_not(
    engine: Engine, within: str, day: str, leaves: bool
) -> None:
    """The delay may be a setting of the house."""
    changes = {"default: 1,": "default: P1D,"} if within == "prolongations" else {}
    case = fortnights(engine, f"{{within: {within}}}", **changes, **_free(within))
    at(engine, day)
    report = engine.run_due()
    assert [one.day for one in report.fired] == ([date(2026, 12, 5)] if leaves else [])
    assert [(one.why, one.within) for one in report.dropped] == (
        [] if leaves else [("late:within", "P1D" if within == "prolongations" else within)]
    )
    assert [line.kind for line in lines(engine, case, "visite")] == ["notice" if leaves else "dropped"]
    assert engine.verify().sound


def _free(within: str) -> dict[str, str]:
    """Where the setting is a delay, nothing may count with it."""
    if within != "prolongations":
        return {}
    return {
        ", most: prolongations": "",
        "requires: [{count: prolonger, below: prolongations, else: Le séjour a déjà été prolongé.}]": "",
    }


def test_the_act_of_a_rung_is_done_and_its_message_is_dropped(engine: Engine) -> None:
    """The date stands whether the case is suspended or not."""
    ladder = "- {at: P1D, perform: suspendre, notify: rappel_visite, shift: aucun}"
    case = answers(engine, "none", ladder, **EITHER)
    at(engine, "2026-12-20")
    report = engine.run_due()
    assert [(one.kind, one.outcome) for one in report.fired] == [("act", "fired")]
    assert engine.cases.get(case.id).state == "suspendu"
    assert engine.cases.get(case.id).state_since == date(2026, 12, 4)
    (line,) = lines(engine, case, "reponse")
    assert (line.kind, line.body["dropped"]) == (
        "dropped", [{"ordinal": 1, "rung": "P1D:notice", "day": "2026-12-04"}],
    )  # fmt: skip
    assert engine.verify().sound


def test_a_task_and_the_end_of_a_period_are_never_dropped(engine: Engine) -> None:
    answers(engine, "none", "- {at: P0D, task: rappeler, notify: rappel_echeance, shift: aucun}")
    at(engine, "2027-03-01")
    report = engine.run_due()
    assert [(one.kind, one.late) for one in report.fired] == [("task", True)]
    assert [one.rung for one in report.dropped] == ["P0D:notice"]


def test_a_message_to_be_sent_however_late_is_never_dropped(engine: Engine) -> None:
    """An entry that is put down late is no outage: what is marked to be sent then leaves."""
    case = answers(engine, "none", "- {at: -P3D, shift: aucun, late: send}")
    at(engine, "2026-12-20")
    report = engine.run_due()
    assert ([one.rung for one in report.fired], report.dropped) == ([REMINDER.replace("2", "3")], [])
    assert [line.kind for line in lines(engine, case, "reponse")] == ["notice"]


@pytest.mark.parametrize("policy", ["latest", "none"])
def test_a_message_dropped_without_a_line_that_tells_it_is_found(engine: Engine, policy: str) -> None:
    """What is dropped is checked as what is fired is: rows and history say the same."""
    fortnights(engine, policy)
    at(engine, TENTH)
    engine.run_due()
    assert engine.verify().sound
    written(
        engine,
        "UPDATE jalon_rungs SET status = 'dropped', fired_seq = 1"
        " WHERE id = (SELECT max(id) FROM jalon_rungs WHERE status = 'pending')",
    )
    assert [one.what for one in engine.verify().faults] == ["rungs"]
