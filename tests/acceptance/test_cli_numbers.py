"""Numbers as the command line writes them: with a comma, wherever a case, its history or its rank is told."""

from pathlib import Path

import pytest
from support import lits
from support.cli import jalon


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = str(tmp_path / "lits.db")
    with lits.an_engine(f"sqlite:///{path}", furnished=False) as engine:
        engine.upgrade(sandbox=True)
        lits.furnish(engine)
        for place in (*lits.ALONE, *lits.DOUBLE):
            lits.housed(engine, place)
        for priority in (1.5, 2.5):
            case = lits.asked(engine, priorite=priority)
            lits.do(engine, case, "attendre")
        engine.cases.correct(case.id, {"priorite": 3.0}, by=lits.HEAD, reason="Une faute de frappe")
    return path


def said(database: str, *words: str) -> str:
    answer = jalon(*words, "--now", lits.MONDAY, "--database", database)
    assert answer.code == 0, answer.err
    return answer.out


def test_a_number_has_a_comma_wherever_it_is_told(database: str) -> None:
    assert "Priorité (priorite) : 1,5\n" in said(database, "show", "7")
    history = said(database, "history", "8")
    assert "Priorité : 2,5\n" in history
    assert "Priorité : 3 (avant : 2,5)\n" in history
    assert "Après D-0007 : « Priorité », 3 ; avant lui, 1,5." in said(
        database, "places", "waiting", "-e", "lhss"
    )


def test_a_program_reads_a_number_as_before(database: str) -> None:
    assert '"priorite": 1.5' in said(database, "show", "7", "--json")
