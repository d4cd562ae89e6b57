"""A clock that goes back, by an hour, a day or a month: nothing is done, written or sent twice."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copy

import pytest
from support import engines, temps
from support.engines import Post, paris

from jalon import ActionRefused, Engine

MONDAY = date(2026, 11, 23)
JUMPS = (timedelta(hours=1), timedelta(days=1), timedelta(days=31))
Act = Callable[[Engine, int], object]
ACTS: tuple[tuple[int, Act], ...] = (
    (9, lambda engine, case: engine.cases.perform(case, "entrer", by="ana")),
    (10, lambda engine, case: engine.cases.perform(case, "choisir", {"mode": "court"}, by="ana")),
    (30, lambda engine, case: engine.cases.perform(case, "visiter", by="ana")),
    (31, lambda engine, case: engine.cases.perform(case, "decider", by="ana")),
    (52, lambda engine, case: engine.cases.perform(case, "prolonger", {"terme": "2027-06-15"}, by="ana")),
    (70, lambda engine, case: engine.cases.perform(case, "convoquer", {"rdv_le": "2027-02-20"}, by="ana")),
    (101, lambda engine, case: engine.cases.correct(
        case, {"rdv_le": date(2027, 3, 20)}, by="ana", reason="une erreur")),
    (120, lambda engine, case: engine.cases.perform(case, "notifier", by="ana")),
)  # fmt: skip


def straight(engine: Engine, until: int) -> None:
    """A clock that only goes forward, with a pass each morning."""
    case = temps.begin(engine)
    script = dict(ACTS)
    for number in range(1, until + 1):
        engine._world.clock.set(paris(MONDAY + timedelta(number), 9))
        engine.tick()
        engine._world.clock.set(paris(MONDAY + timedelta(number)))
        if number in script:
            script[number](engine, case)


def crooked(engine: Engine, until: int, chance: Random) -> int:
    """The same, but between two acts the clock goes back at random, and passes run then too; count the jumps."""
    case = temps.begin(engine)
    script = dict(ACTS)
    clock, jumps = engine._world.clock, 0

    def back(now: datetime) -> None:
        nonlocal jumps
        for _ in range(chance.randrange(3)):
            jumps += 1
            clock.set(now - chance.choice(JUMPS))
            engine.tick()
            clock.set(clock.now() + timedelta(hours=chance.randrange(1, 30)))
            if clock.now() < now:
                engine.tick()

    for number in range(1, until + 1):
        now = paris(MONDAY + timedelta(number), 9)
        clock.set(now)
        engine.tick()
        back(now)
        clock.set(paris(MONDAY + timedelta(number)))
        if number in script:
            script[number](engine, case)
            back(paris(MONDAY + timedelta(number)))
    clock.set(paris(MONDAY + timedelta(until)))
    return jumps


def once(engine: Engine, post: Post) -> None:
    """Nothing fired, written or sent twice."""
    temps.nothing_twice(engine)
    assert max(Counter(post.ids).values()) == 1
    assert sorted(one.message_id for one in engine.notices.outbox() if one.status == "sent") == sorted(
        post.ids
    )
    assert engine.verify().sound


def told(engine: Engine) -> tuple[list[object], list[object]]:
    """The dates of the case and what fired, without when it was written."""
    found = [
        (line.kind, line.effective_on, line.action, line.body.get("deadline"), line.body.get("rung"))
        for line in engine.cases.history(1)
    ]
    return sorted(map(temps.seen, engine.cases.dates(1)), key=repr), found


@pytest.mark.parametrize("seed", range(3))
def test_passes_of_a_clock_that_goes_back_change_nothing(
    seed: int, sqlite_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    other = f"sqlite:///{copy(sqlite_template, tmp_path / 'straight.db')}"
    there, here = Post(), Post()
    with (
        temps.house(other, on=MONDAY.isoformat(), transport=there) as forward,
        temps.house(sqlite_url, on=MONDAY.isoformat(), transport=here) as back,
    ):
        straight(forward, 150)
        assert crooked(back, 150, Random(seed)) > 100
        for engine, post in ((forward, there), (back, here)):
            once(engine, post)
            temps.sound(engine, 1)
        assert told(back) == told(forward)
        assert len(here.ids) == len(there.ids) > 20


def test_people_act_while_the_clock_is_wrong(database_url: str) -> None:
    """Some of what they do is then refused; whatever is done, is done once, and the rows stay sound."""
    post, chance = Post(), Random(11)
    with engines.an_engine(database_url, transport=post) as engine:
        cases = [engines.entered(engine, f"A{number}").id for number in range(3)]
        cases.append(engines.opened(engine, {"rendez_vous_le": "2026-12-04"}).id)
        now, refused = paris(MONDAY), 0
        for _ in range(70):
            now += timedelta(hours=chance.randrange(1, 140))
            engine._world.clock.set(now)
            engine.tick()
            case = chance.choice(cases)
            for wrong in [timedelta(), *chance.sample(JUMPS, chance.randrange(3))]:
                engine._world.clock.set(now - wrong)
                action, by = chance.choice([("visiter", "gaia"), ("noter", "gaia"), ("prolonger", "chloe")])
                facts = {"motif": "suite"} if action == "prolonger" else {}
                try:
                    engine.cases.perform(case, action, facts, by=by)
                except ActionRefused:
                    refused += 1
                engine.tick()
        assert refused
        once(engine, post)
        for case in cases:
            temps.sound(engine, case, frozenset())
