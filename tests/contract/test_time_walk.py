"""People, houses and clocks do anything, in any order: what must hold of dates and rungs holds after each step."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from support.engines import Post, paris
from support.lives import FACTS, MONDAY, SETS, STATES
from support.temps import begin, house, nothing_twice, seen, sound, temps

from jalon import ActionRefused, Calendar, Engine
from jalon.domain.schedule import schedule
from jalon.domain.timeline import timeline
from jalon.engine.casefile import postponements, settings_changed

STEPS = 60
CHOICES: tuple[tuple[str, list[Any]], ...] = (
    ("fin.after", ["P1M", "P3M", "P1Y"]), ("visite.every", ["P14D", "P1M"]), ("quinzaine.every", ["P7D", "P21D"]),
    ("tardive.after", ["P21D", "P45D"]), ("mesure.after", ["P1M", "P3M"]), ("prolongations", [1, 3]),
)  # fmt: skip
POSTPONED = {"due: {after: P10D*, shift: suivant}\n": "due: {after: P10D*, shift: suivant}\n    postponed_by: chef\n",
             "due: {anchor: [visiter, entrer], after: P45D*}\n":
             "due: {anchor: [visiter, entrer], after: P45D*}\n    postponed_by: chef\n"}  # fmt: skip


class Walk:
    """One case, and whoever has to do with it, at random."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.chance = Random(seed)
        self.today = MONDAY
        self.done: Counter[str] = Counter()
        self.case = begin(engine, {"signe_le": "2026-11-20", "rdv_le": "2026-12-10"})

    def step(self) -> None:
        """Do one thing; it may be refused, and then leaves no trace."""
        verbs: list[Callable[[], Any]] = [
            self.act, self.act, self.act, self.correct, self.redate, self.annul, self.postpone, self.setting,
            self.calendar, self.days, self.days, self.days,
        ]  # fmt: skip
        verb = self.chance.choice(verbs)
        before = None
        try:
            self.engine.run_due()
            before = self.engine.cases.get(self.case)
            verb()
        except ActionRefused:
            self.done["refused"] += 1
            assert self.engine.cases.get(self.case) == before
        else:
            self.done[verb.__name__] += 1

    def near(self, back: int, ahead: int) -> date:
        return self.today + timedelta(self.chance.randint(-back, ahead))

    def act(self) -> None:
        state = self.engine.cases.get(self.case).state
        known = [name for name, (sources, _) in STATES.items() if state in sources and name != "clore"]
        action = self.chance.choice(known or ["noter"])
        facts = {name: self.value(name) for name in SETS.get(action, ()) if self.chance.random() < 0.7}
        on = self.today if self.chance.random() < 0.6 else self.near(9, 0)
        self.engine.cases.perform(self.case, action, facts, by="ana", on=on)

    def value(self, name: str) -> Any:
        return self.chance.choice(["court", "long"]) if name == "mode" else self.near(30, 60)

    def correct(self) -> None:
        name = self.chance.choice(FACTS)
        self.engine.cases.correct(self.case, {name: self.value(name)}, by="ana", reason="une erreur")

    def redate(self) -> None:
        acts = timeline(self.engine.cases.history(self.case))
        act = self.chance.choice(acts)
        on = min(act.on + timedelta(self.chance.randint(-9, 9)), self.today)
        self.engine.cases.correct(self.case, by="ana", on=on, act=act.seq, reason="le bon jour")

    def annul(self) -> None:
        self.engine.cases.annul(self.case, by="chloe", reason="saisi par erreur")

    def postpone(self) -> None:
        opened = [item.name for item in self.engine.cases.dates(self.case) if item.status == "open"]
        name = self.chance.choice([name for name in ("reponse", "tardive") if name in opened] or ["fin"])
        if name not in opened:
            return
        self.engine.deadlines.postpone(
            case=self.case, deadline=name, to=self.near(0, 40), by="chloe", reason="la personne est absente"
        )

    def setting(self) -> None:
        name, values = self.chance.choice(CHOICES)
        self.engine.establishments.set_parameter("tilleuls", "temps", name, self.chance.choice(values))

    def calendar(self) -> None:
        first = self.near(5, 40)
        closures = {first + timedelta(number) for number in range(self.chance.randint(0, 4))}
        self.engine.establishments.add("tilleuls", "Tilleuls", phone="01 23 45 67 89", closures=closures)

    def days(self) -> None:
        self.today += timedelta(self.chance.choice([1, 1, 2, 6, 13, 35]))
        self.engine._world.clock.set(paris(self.today, self.chance.choice([7, 9, 23])))
        if self.chance.random() < 0.7:
            self.engine.tick()

    def rows_are_derived(self) -> None:
        """What is open in the rows is what the whole history gives, derived from nothing."""
        self.engine.run_due()
        workflow = temps(1, **POSTPONED)
        known = self.engine.establishments.get("tilleuls")
        parameters = {
            one.name: one.value for one in self.engine.establishments.parameters("tilleuls", "temps")
        }
        events = self.engine.cases.history(self.case)
        wanted = schedule(
            workflow, timeline(events), self.today, parameters, Calendar(closures=known.closures),
            postponed=postponements(events), changed=settings_changed(events),
        )  # fmt: skip
        rows = self.engine.cases.dates(self.case)
        assert Counter(seen(item) for item in rows if item.status == "open") == Counter(
            seen(item) for item in wanted if item.status == "open"
        )


def walked(url: str, seed: int) -> Counter[str]:
    """Walk, looking at the rows after each step."""
    post = Post()
    with house(url, on=MONDAY.isoformat(), transport=post, workflow=temps(1, **POSTPONED)) as engine:
        walk = Walk(engine, seed)
        for _ in range(STEPS):
            walk.step()
            sound(engine, walk.case)
            walk.rows_are_derived()
        nothing_twice(engine)
        assert not post.ids or max(Counter(post.ids).values()) == 1
        assert engine.verify().sound
        return walk.done


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_the_dates_stay_sound(seed: int, sqlite_url: str) -> None:
    done = walked(sqlite_url, seed)
    assert done["act"] > 5
    assert done["refused"]


def test_whatever_is_done_the_dates_stay_sound_on_postgresql(postgres_url: str) -> None:
    walked(postgres_url, 99)
