"""Histories are read back: the first bad row is named for each way of tampering, and erasing is no tampering."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.engines import an_engine, at, dump, entered, opened, written

from jalon import Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Two cases: the second is the one that is tampered with."""
    with an_engine(database_url) as engine:
        opened(engine)
        entered(engine)
        engine.cases.correct(2, {"note": "x"}, by="gaia", reason="oubli")
        at(engine, "2027-01-20")
        engine.run_due()
        yield engine


def _fault(engine: Engine) -> tuple[int, int | None, str]:
    verified = engine.verify()
    assert not verified.sound
    (fault,) = verified.faults
    return fault.case_id, fault.seq, fault.what


def test_a_history_as_it_was_written_is_sound(engine: Engine) -> None:
    before = dump(engine)
    verified = engine.verify()
    assert verified.sound
    assert (verified.cases, verified.events) == (
        2,
        len(engine.cases.history(1)) + len(engine.cases.history(2)),
    )
    assert verified.heads == {
        case: (engine.cases.get(case).seq, engine.cases.get(case).head) for case in (1, 2)
    }
    assert engine.verify().digest == verified.digest
    assert dump(engine) == before


@pytest.mark.parametrize(
    ("statement", "seq", "what"),
    [
        ("UPDATE jalon_events SET body = '{}' WHERE case_id = 2 AND seq = 3", 3, "digest"),
        ("UPDATE jalon_events SET actor_id = 'luc' WHERE case_id = 2 AND seq = 4", 4, "digest"),
        ("UPDATE jalon_events SET effective_on = '2026-11-20' WHERE case_id = 2 AND seq = 1", 1, "digest"),
        ("UPDATE jalon_events SET at = '2026-11-20T09:00:00.000000Z' WHERE case_id = 2 AND seq = 1", 1, "digest"),
        ("UPDATE jalon_events SET target = 'clos' WHERE case_id = 2 AND seq = 3", 3, "digest"),
        ("UPDATE jalon_events SET digest = 'x' WHERE case_id = 2 AND seq = 3", 3, "digest"),
        ("UPDATE jalon_events SET seq = 99 WHERE case_id = 2 AND seq = 2", 2, "line_missing"),
        ("DELETE FROM jalon_events WHERE case_id = 2 AND seq = 2", 2, "line_missing"),
        ("UPDATE jalon_events SET body = 'nothing' WHERE case_id = 2 AND seq = 2", None, "unreadable"),
        ("UPDATE jalon_event_values SET value = '{\"name\":\"B\"}' WHERE case_id = 2 AND name = 'menage'", 1, "value"),
        ("UPDATE jalon_event_values SET value = '\"autre\"' WHERE case_id = 2 AND name = 'reason'", 4, "value"),
        ("UPDATE jalon_event_values SET salt = '00' WHERE case_id = 2 AND seq = 1", 1, "value"),
        ("UPDATE jalon_cases SET head = 'x' WHERE id = 2", None, "head"),
        ("UPDATE jalon_cases SET seq = seq + 1 WHERE id = 2", None, "head"),
        ("UPDATE jalon_cases SET state = 'clos' WHERE id = 2", None, "state"),
        ("UPDATE jalon_cases SET facts = '{\"logement\":\"A9\"}' WHERE id = 2", None, "facts"),
        ("UPDATE jalon_cases SET facts = 'nothing' WHERE id = 2", None, "unreadable"),
    ],
)  # fmt: skip
def test_the_first_bad_row_is_named(engine: Engine, statement: str, seq: int | None, what: str) -> None:
    length = engine.cases.get(2).seq
    written(engine, statement, triggers=False)
    if what == "head":
        seq = length + 1 if "seq" in statement else length
    assert _fault(engine) == (2, seq, what)


def test_the_last_line_taken_away_is_missed(engine: Engine) -> None:
    length = engine.cases.get(2).seq
    written(engine, f"DELETE FROM jalon_events WHERE case_id = 2 AND seq = {length}", triggers=False)
    assert _fault(engine) == (2, length, "head")


def test_a_history_written_anew_is_known_by_its_anchor(engine: Engine) -> None:
    """Whoever rewrites a whole chain, head included, does not rewrite what was noted elsewhere."""
    anchor = dict(engine.verify().heads)
    seq, head = anchor[2]
    engine.cases.perform(2, "noter", {"note": "plus tard"}, by="gaia")
    assert engine.verify(anchor).sound  # histories go on
    for kept, fault in (
        ({2: (seq, "0" * 64)}, (2, seq, "anchor")),
        ({2: (seq + 50, head)}, (2, seq + 50, "anchor")),
        ({7: (1, head)}, (7, None, "case_missing")),
    ):
        (found,) = engine.verify(kept).faults
        assert (found.case_id, found.seq, found.what) == fault


def test_the_digest_over_all_heads_moves_with_any_of_them(engine: Engine) -> None:
    before = engine.verify().digest
    engine.cases.perform(1, "noter", {"note": "x"}, by="gaia")
    assert engine.verify().digest != before


def test_the_database_refuses_to_change_a_line(engine: Engine) -> None:
    for statement in ("UPDATE jalon_events SET actor_id = 'luc'", "DELETE FROM jalon_events"):
        with pytest.raises(Exception, match="append-only"):
            written(engine, statement)
    assert engine.verify().sound


def test_personal_values_are_erased_and_the_chain_stays_sound(engine: Engine) -> None:
    written(engine, "DELETE FROM jalon_event_values WHERE case_id = 2")
    written(engine, "UPDATE jalon_cases SET facts = '{}' WHERE id = 2")
    assert engine.verify().sound
    first, *_ = engine.cases.history(2)
    assert (first.facts, first.erased) == ({}, frozenset({"menage"}))
    engine.cases.perform(2, "visiter", by="gaia")  # the case may go on without them
    assert "menage" not in engine.cases.get(2).facts
    assert engine.cases.get(2).facts["logement"] == "A1"
    assert engine.verify().sound


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE jalon_cases SET revision = revision + 1 WHERE id = 2", "revision"),
        ("UPDATE jalon_cases SET opened_on = '2026-11-20' WHERE id = 2", "opened_on"),
        ("UPDATE jalon_cases SET state_since = '2026-11-20' WHERE id = 2", "state_since"),
        ("UPDATE jalon_cases SET closed_on = '2026-11-24' WHERE id = 2", "closed_on"),
        ("UPDATE jalon_cases SET establishment_id = 'lilas' WHERE id = 2", "establishment"),
        ("UPDATE jalon_documents SET valid_until = '2030-01-01' WHERE case_id = 2", "documents"),
        ("UPDATE jalon_documents SET not_applicable = 'rien' WHERE case_id = 2", "documents"),
        ("DELETE FROM jalon_documents WHERE case_id = 2", "documents"),
        ("UPDATE jalon_deadlines SET due_on = '2030-01-01' WHERE case_id = 2 AND name = 'sejour'", "deadlines"),
        ("UPDATE jalon_deadlines SET status = 'met' WHERE case_id = 2 AND status = 'open'", "deadlines"),
        ("UPDATE jalon_rungs SET status = 'fired' WHERE case_id = 2 AND status = 'pending'", "rungs"),
        ("UPDATE jalon_rungs SET status = 'cancelled' WHERE case_id = 2 AND status = 'pending'", "rungs"),
        ("UPDATE jalon_rungs SET status = 'skipped' WHERE case_id = 2 AND status = 'pending'", "rungs"),
        ("UPDATE jalon_rungs SET status = 'pending' WHERE case_id = 2 AND status = 'fired'", "rungs"),
        ("UPDATE jalon_rungs SET fire_at = '2030-01-01T07:00:00Z' WHERE case_id = 2 AND status = 'pending'", "rungs"),
        ("DELETE FROM jalon_rungs WHERE case_id = 2 AND status = 'pending'", "rungs"),
        ("DELETE FROM jalon_rungs WHERE case_id = 2 AND status = 'fired'", "rungs"),
        ("DELETE FROM jalon_notices WHERE case_id = 2", "notices"),
        ("UPDATE jalon_notices SET status = 'sent' WHERE case_id = 2", "notices"),
        ("UPDATE jalon_notices SET seq = 1 WHERE case_id = 2", "notices"),
    ],
)  # fmt: skip
def test_a_row_that_its_history_does_not_tell_is_named(engine: Engine, statement: str, what: str) -> None:
    written(engine, statement)
    assert _fault(engine) == (2, None, what)


def test_dates_taken_away_are_missed(engine: Engine) -> None:
    for statement in (
        "DELETE FROM jalon_notices WHERE case_id = 2",
        "DELETE FROM jalon_rungs WHERE case_id = 2",
        "DELETE FROM jalon_deadlines WHERE case_id = 2",
    ):
        written(engine, statement)
    assert _fault(engine) == (2, None, "deadlines")


def test_a_history_whose_case_is_taken_away_is_missed(tmp_path: Path) -> None:
    """Whoever takes a case away puts the keys that hold it away first."""
    place = tmp_path / "maison.db"
    with an_engine(f"sqlite:///{place}") as engine:
        opened(engine)
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            assert connection.execute("DELETE FROM jalon_cases").rowcount == 1
        assert engine.verify().cases == 0
        assert _fault(engine) == (1, None, "case_missing")


def test_a_house_that_changes_its_days_and_hours_is_no_fault(engine: Engine) -> None:
    """Its dates move at the next step of each case; until then they are those that were written."""
    engine.establishments.add(
        "tilleuls", "Les Tilleuls", timezone="Indian/Reunion", opens="10:00", closes="18:00"
    )
    assert engine.verify().faults == ()


def test_values_erased_are_counted(engine: Engine) -> None:
    assert engine.verify().erased == 0
    written(engine, "DELETE FROM jalon_event_values WHERE case_id = 2 AND seq = 1")
    verified = engine.verify()
    assert (verified.erased, verified.faults) == (1, ())
