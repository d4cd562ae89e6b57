"""The engine against a small model of the same house: people and the clock act at random, on both databases.

The model knows what the programme means (states, facts, who holds which unit, which date is awaited), by a few lines
of its own; it shares no code with the engine.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support.databases import PostgresServer
from support.engines import MONDAY, Post, an_engine, at, dump, opened, suivi
from support.model import Model

from jalon import ActionRefused
from jalon.domain.calendars import Calendar
from jalon.domain.context import House
from jalon.domain.ladder import plan
from jalon.domain.schedule import schedule
from jalon.domain.timeline import facts_of, state_of, timeline
from jalon.persistence import schema

CASES, PLACES = st.integers(0, 2), st.sampled_from(["A1", "A2"])
BACK, DAYS = st.integers(0, 6), st.integers(1, 25)
HOUSE = House("tilleuls", "Tilleuls", Calendar())


Fresh = Callable[[], AbstractContextManager[str]]


class Neighbours(RuleBasedStateMachine):
    """People act in any order, wrongly too, and days pass."""

    fresh: Fresh

    def __init__(self) -> None:
        super().__init__()
        self.stack, self.post = ExitStack(), Post()
        url = self.stack.enter_context(self.fresh())
        self.engine = self.stack.enter_context(an_engine(url, transport=self.post))
        self.today = date.fromisoformat(MONDAY)
        self.cases: list[Model] = []

    @initialize(ahead=st.integers(0, 20), back=BACK)
    def two_cases(self, ahead: int, back: int) -> None:
        self.open(back, ahead, "gaia")
        self.open(back, None, "gaia")
        self.document(1)
        self.enter(1, "A1", back)

    def teardown(self) -> None:
        self.stack.close()

    def _do(self, allowed: bool, act: Callable[[], Any]) -> bool:
        """Act, and see it refused without a trace where it is not allowed."""
        if allowed:
            act()
            return True
        self.run_due()  # what was due is not the doing of the act that is refused
        before = dump(self.engine)
        with pytest.raises(ActionRefused):
            act()
        assert dump(self.engine) == before
        return False

    def _chosen(self, number: int) -> tuple[int, Model]:
        """A case, as it stands once what is due on it was played."""
        number %= len(self.cases)
        model = self.cases[number]
        model.play(self.today)
        return number + 1, model

    def _perform(
        self, case: int, action: str, facts: Any = None, *, by: str = "gaia", on: date | None = None
    ):
        return self.engine.cases.perform(case, action, facts, by=by, on=on)

    @precondition(lambda self: len(self.cases) < 3)
    @rule(back=BACK, ahead=st.none() | st.integers(0, 20), by=st.sampled_from(["gaia", "gaia", "luc"]))
    def open(self, back: int, ahead: int | None, by: str) -> None:
        on = self.today - timedelta(back)
        rendez_vous = None if ahead is None else self.today + timedelta(ahead)
        if self._do(by == "gaia", lambda: opened(self.engine, {"rendez_vous_le": rendez_vous}, on=on, by=by)):
            model = Model(on, on, self.today, rendez_vous)
            model.days.append(("ouvrir", on))
            self.cases.append(model)

    @precondition(lambda self: self.cases)
    @rule(number=CASES, place=PLACES, back=BACK)
    def enter(self, number: int, place: str, back: int) -> None:
        case, model = self._chosen(number)
        on = self.today - timedelta(back)
        taken = any(other.place == place and other.state == "actif" for other in self.cases)
        allowed = model.state in ("ouvert", "suspendu") and model.attested and not taken and on >= model.since
        if self._do(allowed, lambda: self._perform(case, "entrer", {"logement": place}, on=on)):
            model.enter(place, on)

    @precondition(lambda self: self.cases)
    @rule(number=CASES, back=BACK)
    def visit(self, number: int, back: int) -> None:
        case, model = self._chosen(number)
        on = self.today - timedelta(back)
        allowed = model.state == "actif" and on >= model.since
        if self._do(allowed, lambda: self._perform(case, "visiter", on=on)):
            model.visits.append(on)
            model.acted("visiter", on)

    @precondition(lambda self: self.cases)
    @rule(number=CASES, by=st.sampled_from(["chloe", "chloe", "gaia"]))
    def renew(self, number: int, by: str) -> None:
        case, model = self._chosen(number)
        allowed = model.state == "actif" and model.renewals == 0 and by == "chloe"
        if self._do(allowed, lambda: self._perform(case, "prolonger", {"motif": "suite"}, by=by)):
            model.renewals += 1
            model.acted("prolonger", self.today)

    @precondition(lambda self: self.cases)
    @rule(number=CASES)
    def close(self, number: int) -> None:
        case, model = self._chosen(number)
        if self._do(model.state != "clos", lambda: self._perform(case, "clore", {"motif": "fin"})):
            model.close(self.today)

    @precondition(lambda self: self.cases)
    @rule(number=CASES, ahead=st.integers(-3, 20), note=st.sampled_from(["un", "deux"]), right=st.booleans())
    def note(self, number: int, ahead: int, note: str, right: bool) -> None:
        case, model = self._chosen(number)
        rendez_vous = self.today + timedelta(ahead)
        facts = {"rendez_vous_le": rendez_vous, "note": note, **({} if right else {"loyer": "beaucoup"})}
        if self._do(right, lambda: self._perform(case, "noter", facts)):
            model.rendez_vous, model.note = rendez_vous, note
            model.acted("noter", self.today)

    @precondition(lambda self: self.cases)
    @rule(number=CASES)
    def document(self, number: int) -> None:
        case, model = self._chosen(number)
        self.engine.cases.document(case, "attestation", by="gaia", valid_until=date(2035, 1, 1))
        model.attested = True
        model.revision += 1

    @precondition(lambda self: any(model.rendez_vous for model in self.cases))
    @rule(number=CASES, ahead=st.integers(-10, 20), reason=st.sampled_from(["faute", "faute", " "]))
    def correct_a_fact(self, number: int, ahead: int, reason: str) -> None:
        if self.cases[number % len(self.cases)].rendez_vous is None:
            return
        case, model = self._chosen(number)
        rendez_vous = self.today + timedelta(ahead)
        if self._do(
            reason != " ",
            lambda: self.engine.cases.correct(
                case, {"rendez_vous_le": rendez_vous}, by="gaia", reason=reason
            ),
        ):
            model.rendez_vous = rendez_vous
            model.revision += 1

    @precondition(lambda self: any(model.days[-1][0] == "entrer" for model in self.cases))
    @rule(number=CASES, back=st.integers(-2, 12))
    def correct_the_day_of_the_entry(self, number: int, back: int) -> None:
        if self.cases[number % len(self.cases)].days[-1][0] != "entrer":
            return
        case, model = self._chosen(number)
        on = self.today - timedelta(back)
        allowed = (
            on <= self.today
            and all(  # what came before it still does, what came after too
                (day <= on) == (day <= model.entered) for _, day in model.days[:-1]
            )
        )
        if self._do(allowed, lambda: self.engine.cases.correct(case, by="gaia", on=on, reason="le bon jour")):
            model.entered = model.since = on
            model.days[-1] = ("entrer", on)
            model.revision += 1

    @rule(days=DAYS)
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days)
        at(self.engine, self.today)

    @rule(days=st.integers(1, 60))
    def mornings_pass(self, days: int) -> None:
        self.post.down = False
        for _ in range(0, days, 6):
            self.today += timedelta(6)
            at(self.engine, self.today, 9)
            self.engine.tick()
        for model in self.cases:
            model.play(self.today)

    @rule()
    def run_due(self) -> None:
        report = self.engine.run_due()
        assert report.failed == []
        assert self.engine.run_due().fired == []
        for model in self.cases:
            model.play(self.today)

    @rule(down=st.booleans())
    def deliver(self, down: bool) -> None:
        self.post.down = down
        before = len(self.post.sent)
        report = self.engine.deliver()
        assert len(report.sent) == len(self.post.sent) - before
        assert (report.failed, report.refused) == ([], [])
        assert not (down and report.sent)

    # -- what always holds

    @invariant()
    def the_case_is_what_the_model_says(self) -> None:
        for number, model in enumerate(self.cases, start=1):
            case = self.engine.cases.get(number)
            assert (case.state, case.revision, case.opened_on) == (model.state, model.revision, model.opened)
            assert case.state_since == model.since
            assert (case.closed_on is not None) == (model.state == "clos")
            facts = {name: case.facts.get(name) for name in ("rendez_vous_le", "note", "logement", "visites")}
            assert facts == {
                "rendez_vous_le": model.rendez_vous, "note": model.note, "logement": model.place,
                "visites": len(model.visits),
            }  # fmt: skip
            found = {
                item.name: item.due_on for item in self.engine.cases.dates(number) if item.status == "open"
            }
            assert found == model.open_dates()

    @invariant()
    def histories_are_sound_and_say_the_state(self) -> None:
        assert self.engine.verify().sound
        for number, model in enumerate(self.cases, start=1):
            acts = timeline(self.engine.cases.history(number))
            assert state_of(acts) == model.state
            assert facts_of(acts).get("note") == model.note

    @invariant()
    def dates_armed_step_by_step_are_those_armed_from_nothing(self) -> None:
        workflow = suivi()
        parameters = {name: parameter.default for name, parameter in workflow.parameters.items()}
        for number, model in enumerate(self.cases, start=1):
            acts = timeline(self.engine.cases.history(number))
            wanted = schedule(workflow, acts, model.seen, parameters, HOUSE.calendar)
            assert wanted == schedule(workflow, acts, model.seen, parameters, HOUSE.calendar)
            kept = {(item.name, item.key): item for item in self.engine.cases.dates(number)}
            for item in wanted:
                row = kept.pop((item.name, item.key))
                assert row.status == item.status
                if item.status == "open":
                    assert (row.due_on, row.legal_on, row.k) == (item.due_on, item.legal_on, item.k)
            assert all(row.status != "open" for row in kept.values())
            planned = {
                (item.name, item.key, step.id): step.fire_at
                for item in wanted if item.status == "open"
                for step in plan(workflow.deadlines[item.name], item, HOUSE, parameters, model.seen)
            }  # fmt: skip
            pending = self._pending(number)
            assert pending.items() <= planned.items()

    def _pending(self, number: int) -> dict[tuple[str, str, str], Any]:
        rungs, deadlines = schema.rungs, schema.deadlines
        statement = (
            sa.select(deadlines.c.name, deadlines.c.key, rungs.c.rung, rungs.c.fire_at)
            .join(deadlines, deadlines.c.id == rungs.c.deadline_id)
            .where(rungs.c.case_id == number, rungs.c.status == "pending")
        )
        with self.engine._world.database.read() as connection:
            found = connection.execute(statement).all()
        return {(row.name, row.key, row.rung): row.fire_at for row in found}

    @invariant()
    def each_message_is_written_once_and_leaves_once(self) -> None:
        notices = self.engine.notices.outbox()
        written = Counter((one.case_id, one.seq, one.recipient, one.template) for one in notices)
        assert not written or max(written.values()) == 1
        fired = {
            (number, line.seq)
            for number in range(1, len(self.cases) + 1)
            for line in self.engine.cases.history(number)
            if line.kind == "notice"
        }
        assert {(one.case_id, one.seq) for one in notices} == fired
        sent = [one.message_id for one in notices if one.status == "sent"]
        assert sorted(sent) == sorted(self.post.ids)


# A failing run is told as it is: to shrink it would take minutes, and its steps can be read as they are.
STEPS = {
    database: settings(
        max_examples=examples, stateful_step_count=20, derandomize=True, deadline=None, database=None,
        phases=[Phase.generate], report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
    )
    for database, examples in (("sqlite", 20), ("postgresql", 10))
}  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_engine_does_what_the_model_says(
    database: str, sqlite_template: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    @contextmanager
    def file() -> Iterator[str]:
        copied = Path(shutil.copy(sqlite_template, tmp_path / "model.db"))
        yield f"sqlite:///{copied}"
        for path in tmp_path.glob("model.db*"):
            path.unlink()

    if database == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        Neighbours.fresh = staticmethod(server.database)
    else:
        Neighbours.fresh = staticmethod(file)
    run_state_machine_as_test(Neighbours, settings=STEPS[database])
