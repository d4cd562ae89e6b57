"""A house lived in at random: cases open, people act, days pass, the service restarts; and nobody is left stuck.

What a generator does is what people may do: it asks for the options of someone, fills in a form and acts. At the end
it leads every case to its end, as its own graph of moves says; a case for which no way is found is told.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import Any

from ..domain.case import Case
from ..domain.civil import instant
from ..domain.errors import ActionRefused
from ..domain.workflow import SYSTEM, Workflow
from ..engine import Engine, Settings, VirtualClock
from ..engine.options import Option
from ..workflows.moves import Moves
from .casting import held_roles
from .chance import Chance
from .sandbox import HOUSE, Basket, a_folder

ZONE = "Europe/Paris"
_HOURS = (7, 9, 14, 22)
_SELDOM = 0.2  # messages have nowhere to go: they leave now and then, by the same way as everywhere
_LONG = 250
"""The longer a case lives, the likelier it is to end: surely, after so many tries."""
AFTER = 3
"""So many acts are still tried on a case that is over: a decision is notified, a bed emptied."""
_FRESH = 10  # rounds for which papers stay valid
ROUNDS = 60
"""So many rounds of ten days are given to a case to come to its end."""


@dataclass(slots=True)
class Lived:
    """What happened: the acts taken, why others were refused, the states reached, the cases that were left stuck."""

    cases: int = 0
    days: int = 0
    documents: int = 0
    restarts: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    stuck: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Span:
    """How long from which day, how many cases at once, how many places, and from which draw."""

    start: date
    days: int = 3 * 365
    cases: int = 12
    places: int = 6
    seed: int = 1


Watch = Callable[[Engine], object]
Progress = Callable[[int, int], None]


def live(
    workflow: Workflow, span: Span, *, url: str | None = None, watch: Watch | None = None,
    progress: Progress | None = None,
) -> Lived:  # fmt: skip
    """Live in a house of its own, or in the database of `url`, which is empty. Raises what the engine raises.

    `watch` looks at the engine before each restart and at the end; `progress` is told the days gone, and their number.
    """
    with a_folder() as folder:
        walk = Walk(workflow, span, url or f"sqlite:///{folder}/vie.db", watch or (lambda _: None), progress)
        try:
            return walk.live()
        finally:
            walk.engine.close()


class Walk:
    """One life, on one database."""

    def __init__(
        self, workflow: Workflow, span: Span, url: str, watch: Watch, progress: Progress | None
    ) -> None:
        self.workflow = workflow
        self.lived = Lived()
        self._span = span
        self._url = url
        self._watch = watch
        self._progress = progress
        self._random = Random(span.seed)  # noqa: S311 - a draw that can be made again
        self._chance = Chance(workflow, self._random, self.people, span.places)
        self._clock = VirtualClock(instant(span.start, time(8), ZONE))
        self._moves = Moves(workflow)
        self._today = span.start
        self._open: list[int] = []
        self._over: dict[int, int] = {}
        self._tries: Counter[int] = Counter()
        self._last: dict[int, Case] = {}  # each case as its last act left it: near enough to choose by
        self._opening = tuple(name for name in workflow.opening if workflow.actions[name].by != (SYSTEM,))
        self.engine = self._started()

    def _started(self) -> Engine:
        settings = Settings(database=self._url, create=True)
        return Engine(settings, clock=self._clock, transport=Basket())

    @property
    def people(self) -> Sequence[str]:
        """Name who acts: two people for each role, since one may have to leave to the other."""
        return [f"{role}_{number}" for role in held_roles(self.workflow) for number in (1, 2)]

    def _furnish(self) -> None:
        """Make the house, its people and its places: two of them share a room."""
        self.engine.establishments.add(HOUSE, "La maison")
        for person in self.people:
            self.engine.people.add(person, person.replace("_", " "), address=f"{person}@maison.example")
            self.engine.people.grant(person, person.rpartition("_")[0], HOUSE)
        self.engine.workflows.register(self.workflow)
        if self.workflow.place is not None:
            for name in self._chance.places:
                room = "Chambre double" if name in self._chance.places[-2:] else name
                self.engine.places.add(HOUSE, name, kind=self.workflow.place.kind, room=room)

    def live(self) -> Lived:
        """Live to the last day, then lead every case to its end."""
        self._furnish()
        last = self._span.start + timedelta(self._span.days)
        while self._today < last:
            self._step()
            if self._progress is not None:
                self._progress((self._today - self._span.start).days, self._span.days)
        self._lead_out()
        self._watch(self.engine)
        self._count_states()
        self.lived.days = (self._today - self._span.start).days
        return self.lived

    # -- what happens

    def _step(self) -> None:
        drawn = self._random.random()
        if drawn < 0.12 and len(self._open) < self._span.cases and self._opening:
            self._open_one()
        elif drawn < 0.17 and self._open:
            self._document(self._random.choice(self._open))
        elif drawn < 0.5 and (self._open or self._over):
            case = self._random.choice([*self._open, *self._over])
            for _ in range(self._random.randint(1, 5)):  # what one does calls for what another does
                self._act(case)
        elif drawn < 0.505:
            self._restart()
        else:
            self._wait(self._random.choice((0, 1, 1, 1, 2, 3, 6)))

    def _restart(self) -> None:
        self._watch(self.engine)
        self.engine.close()
        self.engine = self._started()
        self.lived.restarts += 1

    def _wait(self, days: int) -> None:
        self._today += timedelta(days)
        at = instant(self._today, time(self._random.choice(_HOURS)), ZONE)
        self._clock.set(max(at, self._clock.now()))
        self.engine.tick(deliver=self._random.random() < _SELDOM)

    def _open_one(self) -> None:
        action = self._random.choice(self._opening)
        facts = self._chance.form(action, self._today)
        case = self._tried(
            action,
            lambda: self.engine.cases.open(
                self.workflow.workflow, facts, by=self._who(action), establishment=HOUSE, action=action
            ),
        )
        if case is not None:
            self.lived.cases += 1
            self._open.append(case.id)
            self._note(case)

    def _who(self, action: str) -> str:
        """Name someone who may do an act, or enters it for who does."""
        by = self.workflow.actions[action].by
        able = {role for name in by for role in (name, *self.workflow.enterers(name))}
        return self._random.choice(
            [one for one in self.people if one.rpartition("_")[0] in able] or self.people
        )

    def _document(self, case: int) -> None:
        for kind in self.workflow.documents:
            if self._random.random() < 0.6:
                self._receive(case, kind)

    def _receive(self, case: int, kind: str) -> None:
        staff = next(
            one for one in self.people if self.workflow.roles[one.rpartition("_")[0]].kind == "staff"
        )
        try:
            self.engine.cases.document(case, kind, by=staff, received_on=self._today, signed_on=self._today)
        except ActionRefused as refusal:
            self.lived.refused.update(reason.code for reason in refusal.reasons)
        else:
            self.lived.documents += 1

    def _act(self, case: int) -> None:
        """Ask what someone may do, and do one of these things."""
        person = self._someone(case)
        found = self._worth(case, [one for one in self.engine.cases.options(case, by=person) if one.allowed])
        if not found:
            return
        # what was seldom done is done first, so that a life shows all that the workflow allows
        weights = [1 / (1 + self.lived.acts[one.action]) for one in found]
        option = self._random.choices(found, weights)[0]
        self._take(case, option, person)
        if case in self._over:
            self._over[case] -= 1
            if self._over[case] <= 0:
                del self._over[case]

    def _someone(self, case: int) -> str:
        """Name someone: of those whose turn it is, more often than not."""
        turn = self.workflow.states[self._last[case].state].turn
        able = {role for name in turn for role in (name, *self.workflow.enterers(name))}
        waited = [one for one in self.people if one.rpartition("_")[0] in able]
        return self._random.choice(waited if waited and self._random.random() < 0.7 else self.people)

    def _worth(self, case: int, found: Sequence[Option]) -> Sequence[Option]:
        """Keep the moves that end a case but rarely: lives are then long enough to be lived."""
        self._tries[case] += 1
        end = self._tries[case] / _LONG
        return [option for option in found if not self._ends(option) or self._random.random() < end]

    def _ends(self, option: Option) -> bool:
        state = self.workflow.states.get(option.target or "")
        return state is not None and state.terminal

    def _take(self, case: int, option: Option, person: str) -> bool:
        facts = self._chance.form(option.action, self._today, self._last[case].facts)
        done = self._tried(
            option.action, lambda: self.engine.cases.perform(case, option.action, facts, by=person)
        )
        if done is None:
            return False
        self._note(done)
        return True

    def _tried(self, action: str, verb: Callable[[], Any]) -> Any:
        try:
            done = verb()
        except ActionRefused as refusal:
            self.lived.refused.update(reason.code for reason in refusal.reasons)
            return None
        self.lived.acts[action] += 1
        return done

    def _count_states(self) -> None:
        """Count the states that the cases came to, by acts of the clock too."""
        for case in self.engine.cases.find(workflow=self.workflow.workflow):
            history = self.engine.cases.history(case.id)
            self.lived.states.update(event.target for event in history if event.target is not None)

    def _note(self, case: Case) -> None:
        self._last[case.id] = case
        if self.workflow.states[case.state].terminal and case.id in self._open:
            self._open.remove(case.id)
            self._over[case.id] = AFTER

    # -- everyone comes to the end

    def _lead_out(self) -> None:
        """Lead each case to its end by the shortest way, ten days at a time."""
        away = _distances(self.workflow)
        for number in range(ROUNDS):
            for case in list(self._open):
                self._nearer(case, away, number)
            self._open = [case for case in self._open if not self._is_over(case)]
            if not self._open:
                return
            self._wait(10)
        self.lived.stuck = list(self._open)

    def _is_over(self, case: int) -> bool:
        return self.workflow.states[self.engine.cases.get(case).state].terminal

    def _nearer(self, case: int, away: dict[str, int], number: int) -> None:
        """Take a move that leads nearer to an end; where none can be taken yet, do what can be done meanwhile."""
        for kind in self.workflow.documents if number % _FRESH == 0 else ():
            self._receive(case, kind)
        state = self.engine.cases.get(case).state
        for person in self._random.sample(self.people, len(self.people)):
            options = [option for option in self.engine.cases.options(case, by=person) if option.allowed]
            ways = [option for option in options if self._leads(option, away) < away[state]]
            for option in ways or self._random.sample(options, min(2, len(options))):
                if self._take(case, option, person) and option in ways:
                    return

    def _leads(self, option: Option, away: dict[str, int]) -> int:
        """Say how far from an end an act leads."""
        targets = self._moves.targets(option.action)
        return min((away.get(target, len(away)) for target in targets), default=len(away))


def _distances(workflow: Workflow) -> dict[str, int]:
    """Give the number of moves from each state to the nearest end."""
    away = {name: 0 for name, state in workflow.states.items() if state.terminal}
    moves = Moves(workflow)
    edges = list(moves.edges())
    while True:
        known = len(away)
        for sources, targets in edges:
            best = min((away[target] for target in targets if target in away), default=None)
            for source in sources:
                if best is not None and away.get(source, best + 2) > best + 1:
                    away[source] = best + 1
        if len(away) == known:
            return away
