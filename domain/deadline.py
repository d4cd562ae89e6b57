"""A deadline in its compiled form: what starts it, how its date follows, what meets it, what leaves as it comes."""

from datetime import date
from functools import cached_property
from typing import Any, Literal

from .condition import Condition
from .model import Model, Setting, parameters_in

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
    reopened_by: tuple[str, ...] = ()
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
