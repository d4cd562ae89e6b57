"""What the house does beside the acts of its workflows, done; and what is found in the house itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.errors import InputError
from ..domain.workflow import Workflow
from ..engine import Engine
from .casting import staff_roles
from .comparing import Gap
from .doing import OF_THE_HOUSE
from .expecting import STATES
from .looking import last_linked
from .programmes import UNDER
from .sandbox import HOUSE
from .story import Act, Expected, Path, Story
from .telling import shown


class Beside:
    """Does on an engine what a story says beside acts; `cases` are those that it has opened, by name."""

    def __init__(self, engine: Engine, story: Story, cases: Mapping[str, int]) -> None:
        self._engine = engine
        self._story = story
        self._cases = cases

    def case(self, name: str) -> int | None:
        """Give the case of a name; `dossier/relogement` is the last one linked to `dossier` under that role."""
        if name in self._cases:
            return self._cases[name]
        head, under, role = name.rpartition(UNDER)
        holder = self.case(head) if under else None
        return None if holder is None else last_linked(self._engine, holder, role)

    def staff(self, workflow: Workflow) -> str:
        """Name someone of the house's own people."""
        roles = set(staff_roles(workflow))
        people = self._story.given.people
        return next((member.id for member in people if roles & set(member.roles)), people[0].id)

    def place(self, workflow: Workflow, number: int) -> str:
        """Name the place that the case of a rank takes where the story does not say: a free one of those given."""
        kind = workflow.place.kind if workflow.place is not None else ""
        if any(place["kind"] == kind for place in self._story.given.places):
            for one in self._engine.places.occupancy(HOUSE, kind=kind).places:
                if one.state == "free" and (not one.programmes or workflow.workflow in one.programmes):
                    return one.name
        return f"A-{number}"

    def do(self, act: Act, case: int, workflow: Workflow) -> None:
        """Do what an act beside those of the workflow says. Raises JalonError."""
        by = act.by or self.staff(workflow)
        if act.kind in OF_THE_HOUSE:
            self._in_house(act, workflow, by)
        else:
            self._on_case(act, case, by)

    def _on_case(self, act: Act, case: int, by: str) -> None:
        cases, more = self._engine.cases, dict(act.more)
        if act.kind == "documents":
            for kind, days in more["kinds"].items():
                cases.document(case, kind, by=by, **days)
        elif act.kind == "correct":
            cases.correct(
                case, act.facts, by=by, reason=more["reason"] or "Rectifié.", on=more["effective"],
                act=self._line_of(case, more["act"]),
            )  # fmt: skip
        elif act.kind == "annul":
            cases.annul(case, by=by, reason=more["reason"] or "Fait par erreur.")
        elif act.kind == "postpone":
            self._engine.deadlines.postpone(
                to=more["to"],
                reason=more["reason"] or "Reporté.",
                by=by,
                case=case,
                deadline=more["deadline"],
            )
        elif act.kind == "assign":
            cases.assign(case, more["person"], by=by)
        else:
            self._tie(act, case, by)

    def _tie(self, act: Act, case: int, by: str) -> None:
        """Link a case of the story under a role, or end that link."""
        for role, name in act.more["cases"].items():
            other = self.case(name)
            if other is None:
                raise InputError("this case is not open", argument="case", value=name[:80], problem="unknown")
            if act.kind == "link":
                self._engine.cases.link(case, other, role, by=by)
            else:
                self._engine.cases.unlink(
                    case, other, role, by=by, reason=act.more["reason"] or "Lié par erreur."
                )

    def _in_house(self, act: Act, workflow: Workflow, by: str) -> None:
        engine, more = self._engine, dict(act.more)
        if act.kind == "set":
            for name, value in more["parameters"].items():
                engine.establishments.set_parameter(HOUSE, workflow.workflow, name, value)
        elif act.kind == "closed":
            self._close(more["days"])
        elif act.kind == "absent":
            since = more["since"] or self._today()
            engine.people.absent(more["person"], since, more["until"], deputy=more["deputy"], by=by)
        elif act.kind == "transfer":
            engine.people.transfer(
                more["from"], more["to"], by=by, reason=more["reason"] or "Changement de référent."
            )
        else:
            self._of_place(act, more["place"], more["since"] or self._today())

    def _of_place(self, act: Act, name: str, day: date) -> None:
        places, more = self._engine.places, act.more
        kind = next((place["kind"] for place in self._story.given.places if place["name"] == name), "")
        if act.kind == "place_out":
            reason = more["reason"] or "Travaux."
            places.out_of_use(HOUSE, kind, name, since=day, until=more["until"], reason=reason)
        elif act.kind == "place_back":
            places.back(HOUSE, kind, name, on=day)
        else:
            places.close(HOUSE, kind, name, on=day)

    def _today(self) -> date:
        return self._engine.now().astimezone(ZoneInfo(self._story.given.timezone)).date()

    def _close(self, days: Any) -> None:
        house = self._engine.establishments.get(HOUSE)
        self._engine.establishments.add(
            HOUSE, house.name, zone=house.zone, timezone=house.timezone, opens=house.opens, closes=house.closes,
            closures=house.closures | set(days), extra_days=house.extra_days,
        )  # fmt: skip

    def _line_of(self, case: int, action: str | None) -> int | None:
        """Give the line of the last act of a name."""
        if action is None:
            return None
        lines = [event.seq for event in self._engine.cases.history(case) if event.action == action]
        return lines[-1] if lines else None

    def occupancy(self, expected: Expected) -> Gap | None:
        """Compare how many places are in each state: of the house, or of a unit or a kind that is named."""
        places = self._engine.places.occupancy(HOUSE).places
        for name, wanted in expected.value.items():
            if name in STATES:
                gap = _counted(expected, (name,), places, {name: wanted})
            else:
                some = [one for one in places if name in (one.unit, one.kind)]
                gap = _counted(expected, (name,), some, wanted)
            if gap is not None:
                return gap
        return None


def _counted(expected: Expected, path: Path, places: Iterable[Any], wanted: Mapping[str, int]) -> Gap | None:
    found = Counter(one.state for one in places)
    held = {word: found[STATES[word]] for word in wanted}
    if held == wanted:
        return None
    about = " › ".join(("occupancy", *map(str, path)))
    return Gap((*expected.path, *path), about, shown(dict(wanted)), shown(held))
