"""Cases of every shipped workflow lived at random for three years: no dead end, no exception, no limit exceeded."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from support.partage import PARTAGE

from jalon import Engine, load
from jalon.domain.model import Setting
from jalon.domain.workflow import SYSTEM, Workflow
from jalon.stories.chance import Chance
from jalon.stories.walking import Lived, Span, live
from jalon.workflows.load import catalogue

TUESDAY = date(2026, 11, 24)
PLACES = 6
LIVED = [
    name for name in catalogue()
    if any(load(name).actions[act].by != (SYSTEM,) for act in load(name).opening)
]  # fmt: skip


class Watch:
    """Looks at the whole house before each restart of the service, and at the end."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.looks = 0

    def __call__(self, engine: Engine) -> None:
        self.looks += 1
        assert engine.verify().sound, "what is stored is what the histories say"
        for case in engine.cases.find(workflow=self.workflow.workflow):
            self._within_limits(engine, case)
        self._never_over(engine)

    def _within_limits(self, engine: Engine, case: Any) -> None:
        """No date is renewed more often than its rule allows, unless someone granted an exception in writing."""
        acts = Counter(event.action for event in engine.cases.history(case.id) if event.kind == "act")
        waived = sum(number for name, number in acts.items() if name and name.startswith("deroger_"))
        for name, rule in self.workflow.deadlines.items():
            if rule.due.most is not None:
                done = sum(acts[act] for act in rule.due.renewed_by)
                assert done <= self._setting(rule.due.most) + waived, (case.number, name, done)

    def _setting(self, value: Any) -> int:
        return self.workflow.parameters[value.param].default if isinstance(value, Setting) else value

    def _never_over(self, engine: Engine) -> None:
        if self.workflow.place is None:
            return
        found = engine.places.occupancy("maison")
        held = [place.case_id for place in found.places if place.case_id is not None]
        assert len(found.places) == PLACES
        assert len(held) == len(set(held)) <= PLACES


def lived(workflow: Workflow, url: str | None = None, **span: Any) -> Lived:
    """Live, and look at what must hold whatever happened."""
    watch = Watch(workflow)
    found = live(workflow, Span(TUESDAY, places=PLACES, **span), url=url, watch=watch)
    assert not found.stuck, "every case comes to its end"
    assert watch.looks == found.restarts + 1 > 1
    assert found.days >= span.get("days", 3 * 365)
    return found


@pytest.mark.parametrize("name", LIVED)
def test_three_years_of_a_workflow_leave_nobody_stuck(name: str) -> None:
    found = lived(load(name))
    assert found.cases > 10
    assert sum(found.acts.values()) > 100


@pytest.mark.parametrize("name", LIVED)
def test_half_a_year_on_postgresql_too(name: str, postgres_url: str) -> None:
    lived(load(name), postgres_url, days=180, cases=6, seed=7)


def test_a_life_can_be_lived_again() -> None:
    first, again = (live(load("rs_temporaire"), Span(TUESDAY, days=120, seed=3)) for _ in range(2))
    assert first == again
    assert first != live(load("rs_temporaire"), Span(TUESDAY, days=120, seed=4))


def test_a_workflow_without_a_way_out_is_found() -> None:
    """The last act that ends the case asks for a linked one that nobody opens."""
    text = PARTAGE.read_text(encoding="utf-8")
    never = text.replace("{linked: suite, is: open, at_most: 0,", "{linked: suite, is: set, at_least: 99,")
    assert never != text
    from jalon import loads

    found = live(loads(never), Span(TUESDAY, days=30, cases=3))
    assert found.stuck


def test_a_draw_gives_the_values_that_each_fact_takes() -> None:
    from random import Random

    workflow = load("rs_temporaire")
    chance = Chance(workflow, Random(1), ["ana_1", "ana_2"], PLACES)
    for action in workflow.actions:
        form = chance.form(action, TUESDAY)
        assert set(workflow.actions[action].form) <= set(form)
