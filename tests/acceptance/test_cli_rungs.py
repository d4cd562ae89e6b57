"""A reminder moved off a closed day is told as it was: so many days before, wherever it is told."""

from pathlib import Path

import pytest
from support.cli import jalon
from support.seances import a_house, programmed

SUNDAY, FRIDAY = "2026-12-13", "2026-12-11"
MOVED = "2 jours avant l’échéance"


@pytest.fixture
def session(tmp_path: Path) -> tuple[str, str]:
    """A session on a Sunday, and the database where it is."""
    path = str(tmp_path / "seances.db")
    engine = a_house(f"sqlite:///{path}", sandbox=True)
    number = programmed(engine, SUNDAY)
    engine.close()
    return path, str(number)


def said(path: str, *words: str, now: str) -> list[str]:
    answer = jalon(*words, "--now", now, "--database", path)
    assert answer.code == 0, answer.err
    return answer.out.splitlines()


def test_the_history_says_how_many_days_before(session: tuple[str, str]) -> None:
    path, number = session
    said(path, "tick", now=f"{FRIDAY}T09:00")
    told = said(path, "history", number, now=f"{FRIDAY}T09:00")
    (reminder,) = (line for line in told if "Rappel : Tenir la séance" in line)
    assert reminder.endswith(f"Rappel : Tenir la séance, {MOVED}")


def test_what_happened_before_an_act_and_why_say_the_same(session: tuple[str, str]) -> None:
    path, number = session
    held = ("-f", "membres=diane", "-f", "secretaire=claire", "--by", "diane")
    assert f"  11/12/2026  Rappel : Tenir la séance, {MOVED}" in said(
        path, "perform", number, "tenir", *held, now=f"{SUNDAY}T14:00"
    )
    why = said(path, "why", number, "seance", now=f"{SUNDAY}T15:00")
    steps = [line.strip().partition(" : ")[0] for line in why if "l’échéance : " in line]
    assert steps == [
        f"vendredi 11 décembre 2026, {MOVED}",
        "lundi 14 décembre 2026, 1 jour après l’échéance",
    ]


def test_a_date_that_moved_since_does_not_change_what_was_said(session: tuple[str, str]) -> None:
    """The reminder came two days before the date of then."""
    path, number = session
    said(path, "tick", now=f"{FRIDAY}T09:00")
    moved = ("-f", "date_seance=2026-12-21", "-f", "motif_report=Absences", "--by", "diane")
    said(path, "perform", number, "deplacer", *moved, now=f"{FRIDAY}T10:00")
    said(path, "tick", now="2026-12-21T09:00")
    told = said(path, "history", number, now="2026-12-21T10:00")
    assert [line.partition("séance, ")[2] for line in told if "Rappel : Tenir la séance" in line] == [
        MOVED, "le jour de l’échéance",
    ]  # fmt: skip
