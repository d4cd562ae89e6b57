"""A house of beds to test in: one establishment, two people, and a small programme whose cases take beds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jalon import ActionRefused, Case, Engine, Settings, VirtualClock, loads
from jalon.domain.workflow import Workflow
from jalon.interfaces.words import reason_words

MONDAY = "2027-02-01"
HOUSE, NURSE, HEAD = "lhss", "ines", "didier"
ALONE = "Lit 1", "Lit 2", "Lit 3", "Lit 4"
DOUBLE = "Lit 5", "Lit 6"
TEXT = (Path(__file__).parent / "lits.yaml").read_text("utf-8")


@cache
def lits(**changes: str) -> Workflow:
    """The workflow of these tests; `changes` replaces words of its text."""
    text = TEXT
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return loads(text, "lits.yaml")


def paris(day: date | str, hour: int = 10) -> datetime:
    """An instant of the civil day in Paris."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(known, time(hour), ZoneInfo("Europe/Paris")).astimezone(UTC)


@contextmanager
def an_engine(url: Any, *, on: str = MONDAY, beds: bool = True, furnished: bool = True) -> Iterator[Engine]:
    """An engine with its house: six beds of which one double room, unless the house is to list none."""
    engine = Engine(Settings(database=url), clock=VirtualClock(paris(on)))
    try:
        if furnished:
            furnish(engine, beds=beds)
        yield engine
    finally:
        engine.close()


def furnish(engine: Engine, *, beds: bool = True) -> None:
    """Give an engine its house, its people, its programme and its beds."""
    engine.establishments.add(HOUSE, "Lits halte")
    for person, role in ((NURSE, "infirmiere"), (HEAD, "directeur")):
        engine.people.add(person, person.title(), address=f"{person}@lhss.example")
        engine.people.grant(person, role, HOUSE)
    engine.workflows.register(lits())
    if beds:
        for name in ALONE:
            engine.places.add(HOUSE, name, kind="lit", unit="Étage", attributes={"pmr": name == "Lit 1"})
        for name in DOUBLE:
            engine.places.add(HOUSE, name, kind="lit", unit="Étage", room="Chambre double")


def to(engine: Engine, day: str, hour: int = 10) -> None:
    """Move the engine's clock."""
    engine._world.clock.set(paris(day, hour))


def asked(engine: Engine, genre: str = "femme", **facts: Any) -> Case:
    """Someone who asks for a bed."""
    given = {"personne": {"name": "A. K."}, "genre": genre, **facts}
    return engine.cases.open("lits", given, by=HEAD, establishment=HOUSE)


def do(engine: Engine, case: Case, action: str, lit: str | None = None, **options: Any) -> Case:
    """One act, by whom it is for."""
    by = options.pop("by", NURSE if action in NURSED else HEAD)
    facts = {**({"lit": lit} if lit else {}), **options.pop("facts", {})}
    return engine.cases.perform(case.id, action, facts, by=by, **options)


NURSED = ("installer", "changer", "hospitaliser", "revenir", "preparer", "sortir")


def promised(engine: Engine, lit: str | None = None, genre: str = "femme", **facts: Any) -> Case:
    """Someone to whom a bed is promised."""
    return do(engine, asked(engine, genre, **facts), "promettre", lit)


def housed(engine: Engine, lit: str | None = None, genre: str = "femme", **facts: Any) -> Case:
    """Someone who has come in."""
    return do(engine, promised(engine, lit, genre, **facts), "installer")


def refusal(
    engine: Engine, case: Case, action: str, lit: str | None = None, **options: Any
) -> list[tuple[str, str]]:
    """The codes and sentences for which an act is refused; nothing is written then."""
    before = engine.cases.get(case.id)
    with pytest.raises(ActionRefused) as told:
        do(engine, case, action, lit, **options)
    assert engine.cases.get(case.id) == before
    return [(reason.code, reason_words(reason)) for reason in told.value.reasons]


def states(engine: Engine, on: str | None = None, **filters: Any) -> dict[str, Any]:
    """What is not free on a day: the state of each bed, and the case that holds it."""
    day = None if on is None else date.fromisoformat(on)
    found = engine.places.occupancy(HOUSE, on=day, **filters).places
    return {one.name: (one.state, one.case_id) for one in found if one.state != "free"}


def sound(engine: Engine) -> None:
    """The rows are those that the histories tell."""
    assert engine.verify().faults == ()
