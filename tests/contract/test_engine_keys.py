"""A retried command gives the first answer, and a key serves once in the whole database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from support.engines import HOUSEHOLD, an_engine, at, dump, entered, opened

from jalon import ActionRefused, Engine, KeyReused


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def test_an_opening_retried_gives_the_first_case(engine: Engine) -> None:
    first = opened(engine, key="k")
    engine.cases.perform(first.id, "noter", {"note": "x"}, by="gaia")
    before = dump(engine)
    assert opened(engine, key="k") == first
    assert dump(engine) == before


def test_an_act_retried_gives_the_first_answer_even_after_others(engine: Engine) -> None:
    case = opened(engine)
    first = engine.cases.perform(case.id, "noter", {"note": "un"}, by="gaia", key="k", revision=1)
    engine.cases.document(case.id, "attestation", by="gaia")
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    engine.cases.correct(case.id, {"note": "deux"}, by="gaia", reason="faute")
    engine.cases.perform(case.id, "clore", {"motif": "fin"}, by="gaia")
    before = dump(engine)
    again = engine.cases.perform(f"D-{case.id:04d}", "noter", {"note": "un"}, by="gaia", key="k", revision=1)
    assert again == first
    assert dump(engine) == before


def test_the_act_that_closed_the_case_gives_it_closed(engine: Engine) -> None:
    case = opened(engine)
    first = engine.cases.perform(case.id, "clore", {"motif": "fin"}, by="gaia", key="k")
    assert first.closed_on is not None
    assert engine.cases.perform(case.id, "clore", {"motif": "fin"}, by="gaia", key="k") == first


def test_a_correction_retried_gives_the_first_answer(engine: Engine) -> None:
    case = opened(engine, {"note": "un"})
    first = engine.cases.correct(case.id, {"note": "deux"}, by="gaia", reason="faute", key="k")
    engine.cases.correct(case.id, {"note": "trois"}, by="gaia", reason="faute")
    assert engine.cases.correct(case.id, {"note": "deux"}, by="gaia", reason="faute", key="k") == first


def test_a_refused_command_leaves_its_key_free(engine: Engine) -> None:
    case = opened(engine)
    with pytest.raises(ActionRefused):
        engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia", key="k")
    engine.cases.document(case.id, "attestation", by="gaia")
    assert engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia", key="k").state == "actif"


@pytest.mark.parametrize("other", ["facts", "author", "action", "day", "case", "verb", "opening"])
def test_the_same_key_with_other_content_is_refused(engine: Engine, other: str) -> None:
    case, second = entered(engine), entered(engine, "A2")
    at(engine, "2026-11-24")
    engine.cases.perform(case.id, "visiter", {"note": "un"}, by="gaia", key="k")
    before = dump(engine)
    given = {"case_id": case.id, "action": "visiter", "facts": {"note": "un"}, "by": "gaia", "key": "k"}
    changes = {
        "facts": {"facts": {"note": "deux"}}, "author": {"by": "chloe"}, "action": {"action": "noter"},
        "day": {"on": date(2026, 11, 23)}, "case": {"case_id": second.id},
    }  # fmt: skip
    acts = {
        "verb": lambda: engine.cases.correct(case.id, {"note": "un"}, by="gaia", reason="r", key="k"),
        "opening": lambda: opened(engine, key="k"),
    }
    act = acts.get(other, lambda: engine.cases.perform(**{**given, **changes[other]}))
    with pytest.raises(KeyReused) as refusal:
        act()
    assert refusal.value.data == {"key": "k"}
    assert dump(engine) == before


@pytest.mark.parametrize("other", ["establishment", "facts", "day", "referent", "author"])
def test_an_opening_with_other_content_under_the_same_key_is_refused(engine: Engine, other: str) -> None:
    at(engine, "2026-11-24")
    engine.people.grant("luc", "gardien", "tilleuls")
    opened(engine, key="k")
    changes = {
        "establishment": {"establishment": "lilas"}, "facts": {"facts": {"note": "x"}},
        "day": {"on": date(2026, 11, 23)}, "referent": {"referent": "gaia"}, "author": {"by": "luc"},
    }  # fmt: skip
    with pytest.raises(KeyReused):
        opened(engine, key="k", **changes[other])
    assert len(engine.cases.find()) == 1


def test_a_value_written_otherwise_is_the_same_value(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.perform(case.id, "noter", {"rendez_vous_le": date(2026, 12, 1)}, by="gaia", key="k")
    engine.cases.perform(case.id, "noter", {"rendez_vous_le": "2026-12-01"}, by="gaia", key="k")
    assert len(engine.cases.history(case.id)) == 2


def test_one_key_asked_by_many_threads_is_answered_once(engine: Engine) -> None:
    case = opened(engine)
    together = Barrier(4)

    def ask(kind: str):
        together.wait()
        if kind == "open":
            return engine.cases.open(
                "suivi", {"menage": HOUSEHOLD}, by="gaia", establishment="tilleuls", key="ouverture"
            )
        return engine.cases.perform(case.id, "noter", {"note": "un"}, by="gaia", key="acte")

    with ThreadPoolExecutor(4) as pool:
        for kind in ("open", "perform"):
            answers = list(pool.map(ask, [kind] * 4))
            assert all(answer == answers[0] for answer in answers)
    assert len(engine.cases.find()) == 2
    assert len(engine.cases.history(case.id)) == 2
    assert replace(engine.cases.get(case.id)) == answers[0]
