"""The waiting list is not jumped by a case that is not in it."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.lits import ALONE, DOUBLE, HEAD, HOUSE, an_engine, asked, do, housed, lits, refusal, sound, to

from jalon import Case, Engine

LONGER = "Une autre personne attend depuis plus longtemps."


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A house whose programme asks everyone whether somebody waits before."""
    with an_engine(database_url) as engine:
        engine.workflows.register(lits(**{"version: 1": "version: 2", "when: {state: liste_attente}, ": ""}))
        yield engine
        sound(engine)


def _full(engine: Engine) -> list[Case]:
    """Six women: two of them in the double room, the last."""
    return [housed(engine, name) for name in (*ALONE, *DOUBLE)]


def test_who_does_not_wait_does_not_pass_before_who_does(engine: Engine) -> None:
    first, *_ = _full(engine)
    waits = do(engine, asked(engine), "attendre")
    to(engine, "2027-02-03")
    do(engine, first, "sortir")
    newcomer = asked(engine)
    said = f"{LONGER} Le dossier {waits.number} attend depuis le lundi 1er février 2027 et pourrait prendre « Lit 1 »."
    assert refusal(engine, newcomer, "promettre") == [("queue", said)]
    assert refusal(engine, newcomer, "promettre", "Lit 1") == [("queue", said)]
    assert do(engine, waits, "promettre").facts["lit"] == "Lit 1"


def test_who_can_take_nothing_of_what_is_free_is_in_nobodys_way(engine: Engine) -> None:
    """A man waits; what is free is beside a woman."""
    *_, last = _full(engine)
    do(engine, asked(engine, "homme"), "attendre")
    do(engine, last, "sortir")
    assert do(engine, asked(engine), "promettre").facts["lit"] == "Lit 6"


def test_a_place_that_is_named_is_asked_of_those_who_could_take_it(engine: Engine) -> None:
    """Lit 1 and Lit 6 are free: the man who waits could take the first only."""
    full = _full(engine)
    man = do(engine, asked(engine, "homme"), "attendre")
    for case in (full[0], full[5]):
        do(engine, case, "sortir")
    woman = asked(engine)
    assert [code for code, _ in refusal(engine, woman, "promettre")] == ["queue"]
    assert [code for code, _ in refusal(engine, woman, "promettre", "Lit 1")] == ["queue"]
    assert do(engine, woman, "promettre", "Lit 6").facts["lit"] == "Lit 6"
    assert do(engine, man, "promettre").facts["lit"] == "Lit 1"


def test_nothing_is_in_the_way_where_nobody_waits(engine: Engine) -> None:
    assert do(engine, asked(engine), "promettre").facts["lit"] == "Lit 1"


def test_in_the_list_its_order_goes_on_deciding(engine: Engine) -> None:
    first, *_ = _full(engine)
    early, late = (do(engine, asked(engine, priorite=rank), "attendre") for rank in (1, 2))
    do(engine, first, "sortir")
    assert refusal(engine, late, "promettre") == [("queue", LONGER)]
    assert do(engine, early, "promettre").state == "admis"


def test_where_no_place_is_listed_everyone_who_waits_is_before(database_url: str) -> None:
    with an_engine(database_url, beds=False) as engine:
        engine.workflows.register(
            lits(
                **{
                    "version: 1": "version: 2",
                    "when: {state: liste_attente}, ": "",
                    "requires: {place: none, else: Un lit qui convient est libre.}": "optional: priorite",
                }
            )
        )
        waits = do(engine, asked(engine), "attendre")
        newcomer = asked(engine)
        said = f"{LONGER} Le dossier {waits.number} attend depuis le lundi 1er février 2027."
        assert refusal(engine, newcomer, "promettre", "Canapé") == [("queue", said)]
        assert do(engine, waits, "promettre", "Canapé").state == "admis"
        assert do(engine, newcomer, "promettre", "Matelas").state == "admis"


def test_an_option_says_that_somebody_waits(engine: Engine) -> None:
    first, *_ = _full(engine)
    waits = do(engine, asked(engine), "attendre")
    do(engine, first, "sortir")
    found = {one.action: one for one in engine.cases.options(asked(engine).id, by=HEAD)}
    (reason,) = found["promettre"].reasons
    assert (reason.code, reason.data["case"], reason.data["place"]) == ("queue", waits.id, "Lit 1")
    assert reason.data["since"] == date(2027, 2, 1).isoformat()
    assert engine.places.waiting(HOUSE)[0].case_id == waits.id
