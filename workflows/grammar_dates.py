"""The dates of the language, as an author writes them: what starts a clock, how a date follows, its ladder."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from ..domain.deadline import Shift
from .grammar_conditions import Amount, ConditionText, ParamRef, Part
from .values import HOUR, Names, Several, Text, Texts, Values, Written


class AnchorText(Part):
    """What starts a clock, said at length."""

    is_: str | None = Field(None, alias="is")
    first: str | None = None
    each: Names = ()
    since: Names = ()
    when: ConditionText | None = None


class CasesText(Part):
    """A delay chosen by the value of a fact."""

    by: str
    cases: dict[str, Written]


class DatedText(Part):
    """A delay that changed on a date; what began before keeps the old one."""

    until: dict[str, Written]
    then: Written


class DueText(Part):
    """How a due date follows from its anchor."""

    anchor: Annotated[tuple[str | AnchorText, ...], Several()] = ()
    after: Written | ParamRef | CasesText | DatedText | None = None
    every: Amount | None = None
    not_in: Names = ()
    until: str | None = None
    renewed_by: Names = ()
    taken_back_by: Names = ()
    most: Amount | None = None
    cap: Amount | None = None
    decided: str | None = None
    franc: StrictBool = False
    shift: Shift = "aucun"
    act_by: Literal["precedent"] | None = None
    not_before: str | None = None
    hour: str | None = None
    calendar: Literal["maison", "continu"] = "maison"


class PauseText(Part):
    """States in which the clock stands still; what remained, remains."""

    while_: Names = Field(alias="while")
    because: Text


class RestartText(Part):
    """An act that makes the whole delay run again from its day."""

    by: Names
    because: Text


class WithinText(Part):
    """Late messages leave within a delay only."""

    within: Amount


class MeetText(Part):
    """An act that meets a deadline only with certain values."""

    act: str
    where: dict[str, Values] = {}


class RungText(Part):
    """One step of a ladder, or several alike."""

    at: Annotated[tuple[Amount, ...], Several()] = ()
    after: Annotated[tuple[Amount, ...], Several()] = ()
    legal: Annotated[tuple[Amount, ...], Several()] = ()
    month: Annotated[tuple[str, ...], Several()] = ()
    perform: str | None = None
    effective: Literal["rung", "due"] = "rung"
    notify: Names = ()
    task: str | None = None
    to: Names = ()
    only: Literal["last", "first"] | None = None
    when: ConditionText | None = None
    every: Amount | None = None
    shift: Shift | None = None
    hour: str | None = Field(None, pattern=HOUR)
    late: Literal["skip", "send"] = "skip"


class DeadlineText(Part):
    """A rule that dates something."""

    label: Text
    due: DueText
    while_: Names = Field((), alias="while")
    when: ConditionText | None = None
    who: Names = ()
    met_by: Annotated[tuple[str | MeetText, ...], Several()] = ()
    reopened_by: Names = ()
    meets: Literal["nearest", "period", "oldest", "all"] = "nearest"
    suspends: Annotated[tuple[PauseText, ...], Several()] = ()
    interrupts: Annotated[tuple[RestartText, ...], Several()] = ()
    catch_up: Literal["all", "latest", "none"] | WithinText = "all"
    postponed_by: Names = ()
    ladder: Annotated[tuple[str | RungText, ...], Several()] = ()
    informative: StrictBool = False
    printed: Literal["eve"] | None = None
    basis: Text | None = None
    row: Texts = ()


Ladder = Annotated[tuple[RungText, ...], Several()]
