"""A workflow in its compiled form: every name resolved, every group expanded, nothing left to look up.

The authored form (fragments, groups, shorthands) lives in `workflows/grammar.py`; compiling it gives this
one, which the pure core reads and which is kept, as JSON, beside the cases that were opened with it.
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, Literal

from .beyond import LinkKind, MeetingKind, PlaceKind, PlaceMove
from .model import Model, Setting, parameters_in

START = "start"
PREVIOUS = "previous"
ANY = "any"
SYSTEM = "systeme"

FactType = Literal[
    "text", "date", "time", "instant", "number", "money", "yesno", "done", "choice", "count", "household", "person",
    "contact", "actor", "actors", "place", "file", "documents",
]  # fmt: skip
RoleKind = Literal["staff", "body", "partner", "household"]
Shift = Literal["aucun", "suivant", "precedent"]


class Cases(Model):
    """A delay chosen by the value of a fact."""

    by: str
    cases: dict[str, str | Setting]


class Dated(Model):
    """A delay that changed on a date: what began before keeps the old one.

    `until` gives the delays in force before each date (ISO, the date itself excluded), the earliest first; `then`
    the one in force since. The anchor of the occurrence decides.
    """

    until: dict[str, str | Setting]
    then: str | Setting

    @property
    def delays(self) -> tuple[str | Setting, ...]:
        """Give the delays there have been, the earliest first."""
        return (*self.until.values(), self.then)

    def version(self, day: date) -> int:
        """Say which of the delays was in force on a day."""
        ends = (date.fromisoformat(end) for end in self.until)
        return next((number for number, end in enumerate(ends) if day < end), len(self.until))


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
    """Who receives a template, and which facts some of them must not read."""

    to: tuple[str, ...]
    withhold: dict[str, tuple[str, ...]] = {}
    paper: tuple[str, ...] = ()
    row: tuple[str, ...] = ()


class Aged(Model):
    """Which members a condition counts: by their age in years, bounds included, on the day of a fact or of the act."""

    from_: Setting | int | None = None
    to: Setting | int | None = None
    on: str | None = None


class Condition(Model):
    """One structured condition. Exactly one of the subjects is set; the rest says what it must satisfy."""

    fact: str | None = None
    param: str | None = None
    state: tuple[str, ...] = ()
    count: tuple[str, ...] = ()
    deadline: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    queue: Literal["first"] | None = None
    season: str | None = None
    average: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    place: Literal["free", "none", "held"] | None = None
    linked: str | None = None
    others: tuple[str, ...] = ()
    members: str | None = None
    apart_from: tuple[str, ...] = ()
    guard: str | None = None
    any: tuple["Condition", ...] = ()
    all: tuple["Condition", ...] = ()
    of: dict[str, tuple[Any, ...]] = {}
    where: dict[str, tuple[Any, ...]] = {}
    aged: Aged | None = None
    since: tuple[str, ...] = ()
    distinct: str | None = None
    within: str | Setting | None = None
    per: Literal["mois"] | None = None
    is_: (
        bool
        | Literal[
            "set",
            "unset",
            "passed",
            "open",
            "closed",
            "met",
            "missed",
            "reminded",
            "capped",
            "inside",
            "outside",
        ]
        | None
    ) = None
    equals: Any = None
    in_: tuple[Any, ...] = ()
    at_least: Setting | int | str | None = None
    at_most: Setting | int | str | None = None
    above: Setting | int | str | None = None
    below: Setting | int | str | None = None
    when: "Condition | None" = None
    otherwise: str | None = None
    warn: str | None = None
    waiver: str | None = None


class Action(Model):
    """What someone does: it moves the case, or stays."""

    label: str
    sources: tuple[str, ...] = ()
    target: str | None = None
    stays: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
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


class Anchor(Model):
    """What starts a clock: a fact's date, an act, another deadline, or the entry into the span."""

    kind: Literal["fact", "act", "deadline", "entry"]
    names: tuple[str, ...] = ()
    first: bool = False
    each: bool = False
    since: tuple[str, ...] = ()
    when: Condition | None = None


class Due(Model):
    """How a due date follows from its anchor.

    `every` is a delay (`P14D`) or a rhythm of the calendar (`premier jeudi`, `le 15`, `fin de mois`, `lundi`);
    `not_in` the months (1 to 12) in which it rests; `until` the deadline beyond whose date it has no date.
    `taken_back_by` are the acts that take back the last renewal; `cap` is the longest that all renewals may last, from
    the anchor. `act_by` keeps the legal date and adds the working day by which to act. `hour` (or the time fact
    `hour_of`) makes the date an instant. `calendar` `continu` works every day of the year.
    """

    anchors: tuple[Anchor, ...]
    after: str | Setting | Cases | Dated | None = None
    every: str | Setting | None = None
    not_in: tuple[int, ...] = ()
    until: str | None = None
    renewed_by: tuple[str, ...] = ()
    taken_back_by: tuple[str, ...] = ()
    most: Setting | int | None = None
    cap: str | Setting | None = None
    decided: str | None = None
    franc: bool = False
    shift: Shift = "aucun"
    act_by: Literal["precedent"] | None = None
    not_before: str | None = None
    hour: str | None = None
    hour_of: str | None = None
    calendar: Literal["maison", "continu"] = "maison"

    @property
    def lengths(self) -> tuple[str | Setting, ...]:
        """Give every delay that `after` may be: one, or one for each case or date."""
        if isinstance(self.after, Cases):
            return tuple(self.after.cases.values())
        if isinstance(self.after, Dated):
            return self.after.delays
        return () if self.after is None else (self.after,)

    @cached_property
    def settled(self) -> bool:
        """Say whether the date hangs on its anchor alone: no fact and no other deadline changes it."""
        return not (isinstance(self.after, Cases) or self.hour_of or self.decided or self.until)


class Pause(Model):
    """States in which the clock stands still: the days spent there are added; what remained, remains."""

    states: tuple[str, ...]
    because: str


class Restart(Model):
    """An act that wipes out the time elapsed: the whole delay runs again from its day."""

    by: tuple[str, ...]
    because: str


class CatchUp(Model):
    """What an outage does to the messages of a deadline: acts, tasks and ends of periods are never dropped.

    `all` sends each of them late; `latest` only the last one; `none` nothing late by a day or more; `within` what is
    late by no more than a delay (from the civil day of the rung). What is dropped is said in the history.
    """

    mode: Literal["all", "latest", "none", "within"] = "all"
    within: str | Setting | None = None


class Meet(Model):
    """An act that meets a deadline, perhaps only with certain values."""

    act: str
    where: dict[str, tuple[Any, ...]] = {}


class Rung(Model):
    """One step of a ladder: a message, an act of the clock, or a task.

    `delay` counts from the `base`: the due date (shifted), the anchor, or the legal date before any shift; for
    `month` it is a day of the month of the due date (`le 15`, `premier lundi`). An act is `effective` on the day of
    its rung, or on the due date itself, which it is then played after: a silence counts as an answer on its last day.
    """

    id: str
    base: Literal["due", "anchor", "legal", "month"]
    delay: str | Setting
    kind: Literal["act", "notice", "task"]
    perform: str | None = None
    notify: tuple[str, ...] = ()
    task: str | None = None
    to: tuple[str, ...] = ()
    only: Literal["last", "first"] | None = None
    when: Condition | None = None
    every: str | Setting | None = None
    shift: Shift = "aucun"
    hour: str | None = None
    late: Literal["skip", "send"] = "skip"
    effective: Literal["rung", "due"] = "rung"


class Deadline(Model):
    """A rule that dates something: when it runs, what meets it, what leaves as it comes."""

    label: str
    due: Due
    span: tuple[str, ...] = ()
    when: Condition | None = None
    who: tuple[str, ...] = ()
    met_by: tuple[Meet, ...] = ()
    leaving: tuple[str, ...] = ()
    meets: Literal["nearest", "period", "oldest", "all"] = "nearest"
    pauses: tuple[Pause, ...] = ()
    restarts: tuple[Restart, ...] = ()
    catch_up: CatchUp = CatchUp()
    postponed_by: tuple[str, ...] = ()
    ladder: tuple[Rung, ...] = ()
    informative: bool = False
    printed: Literal["eve"] | None = None
    basis: str | None = None
    row: tuple[str, ...] = ()

    @cached_property
    def settings(self) -> frozenset[str]:
        """Name the parameters on which its dates hang, those of its ladder apart."""
        return parameters_in(self.due) | (frozenset() if self.when is None else parameters_in(self.when))

    @cached_property
    def by_the_hour(self) -> bool | None:
        """Say whether a delay from the anchor is in hours, so that its instant counts; None where a setting says it."""
        given = [*self.due.lengths, *(rung.delay for rung in self.ladder if rung.base == "anchor")]
        if any(isinstance(delay, str) and "T" in delay for delay in given):
            return True
        return None if any(isinstance(delay, Setting) for delay in given) else False


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
    referent: str | None = None
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
