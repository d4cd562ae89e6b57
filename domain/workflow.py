"""A workflow in its compiled form: every name resolved, every group expanded, nothing left to look up.

The authored form (fragments, groups, shorthands) lives in `workflows/grammar.py`; compiling it gives this
one, which the pure core reads and which is kept, as JSON, beside the cases that were opened with it.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal

from pydantic import field_serializer, field_validator

from .beyond import LinkKind, MeetingKind, PlaceKind, PlaceMove
from .condition import Condition
from .deadline import Deadline
from .model import Model, Setting

START = "start"
PREVIOUS = "previous"
ANY = "any"
SYSTEM = "systeme"

FactType = Literal[
    "text", "date", "time", "instant", "number", "money", "yesno", "done", "choice", "count", "household", "person",
    "contact", "actor", "actors", "place", "file", "documents",
]  # fmt: skip
RoleKind = Literal["staff", "body", "partner", "household"]


class Season(Model):
    """A part of every year, from a day to a day (`MM-DD`, both included), in which something may not happen."""

    label: str
    start: str
    end: str
    basis: str


class Role(Model):
    """Who acts or is told: staff of the house, a deciding body, a partner, or the household; perhaps on paper only."""

    label: str
    kind: RoleKind
    contact: str | None = None
    entered_by: tuple[str, ...] = ()
    paper: bool = False


class State(Model):
    """Where a case stands, in one of the phases shared by all programmes."""

    label: str
    phase: str
    turn: tuple[str, ...] = ()
    terminal: bool = False
    queue: tuple[str, ...] = ()
    sans_echeance: str | None = None
    row: tuple[str, ...] = ()


class Choice(Model):
    """One value of a choice, and how a report counts it."""

    label: str
    counted: str | None = None


class Fact(Model):
    """A typed piece of a case's data."""

    label: str
    type: FactType = "text"
    choices: dict[str, Choice] = {}
    of: tuple[str, ...] = ()
    from_today: bool = False
    until_today: bool = False
    personal: bool = False
    sensitive: str | None = None
    referent: bool = False
    missing: str | None = None
    row: tuple[str, ...] = ()


class Parameter(Model):
    """A number, a delay or a choice of the establishment, with its visible default."""

    label: str
    default: bool | int | str
    basis: str | None = None


class Paper(Model):
    """A document that a file must or may hold."""

    label: str
    valid: str | Setting | None = None
    signed: bool = False
    optional: bool = False
    row: tuple[str, ...] = ()


class Waiver(Model):
    """A written exception that a named role may grant, used once."""

    label: str
    by: tuple[str, ...]
    form: tuple[str, ...] = ()
    row: tuple[str, ...] = ()


class TaskKind(Model):
    """Something that a role must do, with the delay it has."""

    label: str
    who: tuple[str, ...]
    due: str | Setting
    closed_by: tuple[str, ...]
    row: tuple[str, ...] = ()


class NoticeKind(Model):
    """Who receives a template, which facts some of them must not read, and the date of an appointment it tells.

    An urgent one leaves at any hour, on any day, for those who work there.
    """

    to: tuple[str, ...]
    about: str | None = None
    urgent: bool = False
    withhold: dict[str, tuple[str, ...]] = {}
    paper: tuple[str, ...] = ()
    row: tuple[str, ...] = ()


class Action(Model):
    """What someone does: it moves the case, or stays; `effective` is the fact that gives the day of which it is."""

    label: str
    sources: tuple[str, ...] = ()
    target: str | None = None
    stays: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    effective: str | None = None
    requires: tuple[Condition, ...] = ()
    set: dict[str, Any] = {}
    place: PlaceMove | None = None
    opens: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    waives: str | None = None
    row: tuple[str, ...] = ()

    @property
    def is_opening(self) -> bool:
        """Say whether the action opens a case of this workflow."""
        return START in self.sources


class Workflow(Model):
    """A versioned, checked programme: what can happen to a case, by whom, and by when."""

    workflow: str
    version: int
    title: str
    kind: str
    digest: str = ""
    family: str | None = None
    section: str | None = None
    origin: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()
    referent: tuple[str, ...] = ()
    escalation: tuple[str, ...] = ()
    roles: dict[str, Role]
    groups: dict[str, tuple[str, ...]] = {}
    states: dict[str, State]
    parameters: dict[str, Parameter] = {}
    documents: dict[str, Paper] = {}
    facts: dict[str, Fact] = {}
    seasons: dict[str, Season] = {}
    waivers: dict[str, Waiver] = {}
    tasks: dict[str, TaskKind] = {}
    notices: dict[str, NoticeKind] = {}
    place: PlaceKind | None = None
    links: dict[str, LinkKind] = {}
    meeting: MeetingKind | None = None
    actions: dict[str, Action]
    deadlines: dict[str, Deadline] = {}

    @field_validator("referent", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_serializer("referent")
    def _one_is_written_alone(self, value: tuple[str, ...]) -> str | tuple[str, ...]:
        # What was kept when there was only one reads the same, and keeps its digest.
        return value[0] if len(value) == 1 else value

    @cached_property
    def opening(self) -> tuple[str, ...]:
        """Name the actions that open a case."""
        return tuple(name for name, action in self.actions.items() if action.is_opening)

    @cached_property
    def deadline_order(self) -> tuple[str, ...]:
        """Name the deadlines, each after the ones it is anchored on; a cycle, which `check` refuses, is cut."""
        ordered: dict[str, None] = {}
        begun: set[str] = set()
        todo = list(reversed(self.deadlines))
        while todo:
            name = todo[-1]
            parents = () if name in begun else self._parents(name)
            begun.add(name)
            waiting = [parent for parent in parents if parent not in begun]
            if waiting:
                todo += reversed(waiting)
            else:
                ordered[todo.pop()] = None
        return tuple(ordered)

    @cached_property
    def housing(self) -> bool:
        """Say whether someone has their home there: a health bed shelters without being one."""
        return bool(self.houses) and self.family != "soin"

    def enterers(self, role: str) -> tuple[str, ...]:
        """Name who of the house enters what the household or a partner does; nobody does for the others."""
        known = self.roles.get(role)
        if known is None or known.kind not in ("household", "partner"):
            return ()
        return known.entered_by or tuple(name for name, one in self.roles.items() if one.kind == "staff")

    @cached_property
    def followers(self) -> dict[str, tuple[str, ...]]:
        """Name, for each rhythm, the deadlines that hang on it, near or far, in the order of `deadline_order`."""
        return {
            name: tuple(self._hanging_on(name))
            for name, rule in self.deadlines.items()
            if rule.due.every is not None
        }

    def _hanging_on(self, name: str) -> Iterator[str]:
        heads = {name}
        for other in self.deadline_order:
            anchors = self.deadlines[other].due.anchors
            if any(anchor.kind == "deadline" and heads.intersection(anchor.names) for anchor in anchors):
                heads.add(other)
                yield other

    def _parents(self, name: str) -> tuple[str, ...]:
        """Name the deadlines on which one is anchored, and the one that ends it."""
        if name not in self.deadlines:
            return ()
        due = self.deadlines[name].due
        parents = tuple(
            parent for anchor in due.anchors if anchor.kind == "deadline" for parent in anchor.names
        )
        return (*parents, due.until) if due.until is not None else parents


Condition.model_rebuild()
