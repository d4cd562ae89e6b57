"""Two at once: cases that end each other, and a person who would enter two houses; nobody waits for ever."""

from collections.abc import Iterator

import pytest
from support.engines import MONDAY, paris
from support.liens import a_stay, an_engine, codes
from support.together import together

from jalon import ActionRefused, Engine, JalonError, Settings, VirtualClock

TRIES = 8


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _other(url: str) -> Engine:
    """Another process, as the database sees it."""
    return Engine(Settings(database=url), clock=VirtualClock(paris(MONDAY)))


def test_two_cases_that_end_each_other_at_the_same_time(engine: Engine, database_url: str) -> None:
    """Each end closes the other: one of the two acts ends both, the other finds its case ended."""
    other = _other(database_url)
    for _ in range(TRIES):
        first, second = (
            engine.cases.open("duo", {}, by="gaia", establishment="tilleuls").id for _ in range(2)
        )
        engine.cases.link(first, second, "autre", by="gaia")
        engine.cases.link(second, first, "autre", by="gaia")
        done = together(
            lambda case=first: engine.cases.perform(case, "finir", by="gaia"),
            lambda case=second: other.cases.perform(case, "finir", by="ines"),
        )
        lost = [one for one in done if isinstance(one, JalonError)]
        assert [type(one) for one in lost] == [ActionRefused]
        assert [reason.code for reason in lost[0].reasons] == ["state"]
        for case in (first, second):
            acts = [event.action for event in engine.cases.history(case) if event.kind == "act"]
            assert acts == ["ouvrir", "finir"]
    assert engine.verify().sound
    other.close()


def test_two_houses_that_take_the_same_person_at_the_same_time(engine: Engine, database_url: str) -> None:
    """One wins; the other is told in plain words that the person has a home, never of a constraint."""
    other = _other(database_url)
    for number in range(TRIES):
        facts = {"menage": {"name": f"Famille {number}", "persons": [
            {"name": f"Personne {number} {who}", "born": "1980-01-01", "ref": f"{number}-{who}"} for who in "abc"
        ]}}  # fmt: skip
        first = a_stay(engine, facts).id
        second = a_stay(engine, facts, house="lilas", by="luc").id
        done = together(
            lambda case=first: engine.cases.perform(case, "entrer", by="gaia"),
            lambda case=second: other.cases.perform(case, "entrer", by="luc"),
        )
        lost = [one for one in done if isinstance(one, JalonError)]
        assert [type(one) for one in lost] == [ActionRefused]
        assert [reason.code for reason in lost[0].reasons] == ["already_housed"]
        assert sorted(engine.cases.get(case).state for case in (first, second)) == ["actif", "demande"]
    assert engine.verify().sound
    other.close()


def test_the_constraint_has_the_last_word(engine: Engine) -> None:
    """The person came to live elsewhere after the look that found them free."""
    first, second = a_stay(engine).id, a_stay(engine, house="lilas", by="luc").id
    with engine._world.trying() as unit:  # as a transaction that looked before the other wrote
        from jalon.engine.casefile import open_file

        file = open_file(unit, engine.workflows, first)
        file.elsewhere = _Blind()
        engine_act(file, unit, engine, second)


class _Blind(dict):
    """Knows of nobody elsewhere, whoever is asked about."""

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: object) -> tuple[()]:
        return ()


def engine_act(file, unit, engine: Engine, second: int) -> None:
    from jalon.engine.acting import Command, act
    from jalon.engine.casefile import open_file, save
    from jalon.engine.people import actor_in

    at = paris(MONDAY)
    there = open_file(unit, engine.workflows, second)
    luc, gaia = (
        actor_in(unit.connection, who, house) for who, house in (("luc", "lilas"), ("gaia", "tilleuls"))
    )
    act(there, Command("entrer", {}, luc, file.civil_day(at), at, at))
    save(there)
    found = codes(lambda: act(file, Command("entrer", {}, gaia, file.civil_day(at), at, at)))
    assert found == ["already_housed"]


def test_a_link_made_while_the_case_ends_is_asked_or_refused_not_lost(
    engine: Engine, database_url: str
) -> None:
    """Either the link came first and its case is closed with the other, or it came after the end."""
    other = _other(database_url)
    for _ in range(TRIES):
        first, second = (
            engine.cases.open("duo", {}, by="gaia", establishment="tilleuls").id for _ in range(2)
        )
        together(
            lambda case=first: engine.cases.perform(case, "finir", by="gaia"),
            lambda ids=(second, first): other.cases.link(ids[1], ids[0], "autre", by="ines"),
        )
        told = [event.kind for event in engine.cases.history(first)]
        closed = engine.cases.get(second).state == "fini"
        assert closed is (told.index("link") < len(told) - 1)
    assert engine.verify().sound
    other.close()
