"""The language in which a workflow is written: every key, its type, its default.

These models read a document as its author wrote it, shorthands included; `compile.py` resolves the names.
`jalon workflows schema` exports them as JSON Schema, and docs/reference/workflow.md names every key.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from ..domain.beyond import ASKED, Ending, PlaceMove
from ..domain.workflow import FactType, Shift
from .values import HOUR, MONTH_DAY, NAME, Labelled, Names, Scalar, Several, Text, Texts, Values, Written

Is = (
    StrictBool
    | Literal[
        "set", "unset", "passed", "open", "closed", "met", "missed", "reminded", "capped", "inside", "outside"
    ]
)


class Part(BaseModel):
    """A part of a document; a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ParamRef(Part):
    """A value set by the establishment, under the name of its parameter."""

    param: str


Amount = Written | ParamRef


class RoleText(Part):
    """Who acts or is told."""

    label: Text
    contact: str | None = None
    entered_by: Names = ()
    paper: StrictBool = False


class StateText(Part):
    """Where a case stands."""

    label: Text
    turn: Names = ()
    terminal: StrictBool = False
    queue: Names = ()
    sans_echeance: Text | None = None
    row: Texts = ()


class ChoiceText(Part):
    """One value of a choice."""

    label: Text
    counted: Literal["positif", "neutre", "negatif"] | None = None


class FactText(Part):
    """A typed piece of the case's data."""

    label: Text
    type: FactType = "text"
    choices: dict[str, Annotated[ChoiceText, Labelled()]] = {}
    of: Names = ()
    from_: Literal["today"] | None = Field(None, alias="from")
    until: Literal["today"] | None = None
    personal: StrictBool = False
    sensitive: str | None = None
    referent: StrictBool = False
    missing: Text | None = None
    row: Texts = ()


class ParameterText(Part):
    """A setting of the establishment, with its default."""

    label: Text
    default: Written
    basis: Text | None = None


class PaperText(Part):
    """A document that a file must or may hold."""

    label: Text
    valid: Amount | None = None
    signed: StrictBool = False
    optional: StrictBool = False
    row: Texts = ()


class WaiverText(Part):
    """A written exception, granted by a role with its reason, used once."""

    label: Text
    by: Names
    form: Names = ()
    row: Texts = ()


class TaskText(Part):
    """Something that a role must do."""

    label: Text
    who: Names
    due: Amount
    closed_by: Names
    row: Texts = ()


class NoticeText(Part):
    """Who receives a template."""

    to: Names
    withhold: dict[str, Names] = {}
    paper: Names = ()
    row: Texts = ()


class SeasonText(Part):
    """A part of every year, both days included."""

    label: Text
    from_: str = Field(alias="from", pattern=MONTH_DAY)
    to: str = Field(pattern=MONTH_DAY)
    basis: Text


class FitText(Part):
    """One thing that makes a free place compatible."""

    fact: str
    attribute: str | None = None
    shared: Literal["same", "alone"] | None = None
    unless: str | None = None
    else_: Text = Field(alias="else")


class PlaceText(Part):
    """The kind of place a case takes, the fact that names it, and what fits."""

    kind: str = Field(pattern=NAME)
    fact: str
    fits: Annotated[tuple[FitText, ...], Several()] = ()
    leaves: Names = ()


class LinkText(Part):
    """A role under which other cases are linked to this one."""

    label: Text
    workflow: Names
    opens_by: str | None = None
    gives: dict[str, str] = {}
    follows: StrictBool = False
    ends: Ending = "continue"
    closed_by: str | None = None
    task: str = ASKED
    reverse: str | None = None
    row: Texts = ()


class MeetingText(Part):
    """What makes a case a session."""

    body: str
    date: str
    members: str | None = None
    agenda: str


class AgedText(Part):
    """Which members are counted, by age."""

    from_: Written | ParamRef | None = Field(None, alias="from")
    to: Written | ParamRef | None = None
    on: str | None = None


class ConditionText(Part):
    """A structured condition: one subject, what it must satisfy, and what to say otherwise."""

    fact: str | None = None
    param: str | None = None
    state: Names = ()
    count: Names = ()
    deadline: Names = ()
    documents: Names = ()
    queue: Literal["first"] | None = None
    season: str | None = None
    average: Names = ()
    last: Names = ()
    between: Names = ()
    place: Literal["free", "none", "held"] | None = None
    linked: str | None = None
    others: Names = ()
    members: str | None = None
    apart_from: Names = ()
    guard: str | None = None
    any: Annotated[tuple["ConditionText", ...], Several()] = ()
    all: Annotated[tuple["ConditionText", ...], Several()] = ()
    of: dict[str, Values] = {}
    where: dict[str, Values] = {}
    aged: AgedText | None = None
    since: Names = ()
    distinct: str | None = None
    within: Amount | None = None
    per: Literal["mois"] | None = None
    is_: Is | None = Field(None, alias="is")
    equals: Scalar | None = None
    in_: Values = Field((), alias="in")
    at_least: Amount | None = None
    at_most: Amount | None = None
    above: Amount | None = None
    below: Amount | None = None
    when: "ConditionText | None" = None
    else_: Text | None = Field(None, alias="else")
    warn: Text | None = None
    waiver: str | None = None


class ActionText(Part):
    """What someone does."""

    label: Text
    from_: Names = Field((), alias="from")
    to: str | None = None
    in_: Names = Field((), alias="in")
    by: Names
    form: Names = ()
    optional: Names = ()
    parties: Names = ()
    requires: Annotated[tuple[ConditionText, ...], Several()] = ()
    set: dict[str, Scalar] = {}
    place: PlaceMove | None = None
    opens: Names = ()
    task: Names = ()
    notify: Names = ()
    row: Texts = ()


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


RoleLine = Annotated[RoleText, Labelled()]
Ladder = Annotated[tuple[RungText, ...], Several()]


class Sections(Part):
    """The sections that workflows and fragments share."""

    roles: dict[Literal["staff", "body", "partner", "household"], dict[str, RoleLine]] = {}
    groups: dict[str, Names] = {}
    states: dict[str, dict[str, StateText]] = {}
    parameters: dict[str, ParameterText] = {}
    documents: dict[str, PaperText] = {}
    facts: dict[str, FactText] = {}
    seasons: dict[str, SeasonText] = {}
    waivers: dict[str, WaiverText] = {}
    links: dict[str, LinkText] = {}
    tasks: dict[str, TaskText] = {}
    notices: dict[str, NoticeText] = {}
    ladders: dict[str, Ladder] = {}
    actions: dict[str, ActionText] = {}
    deadlines: dict[str, DeadlineText] = {}


class WorkflowText(Sections):
    """A whole workflow document."""

    workflow: str = Field(pattern=NAME)
    version: StrictInt = Field(ge=1, le=999_999)
    title: Text
    kind: Literal["parcours", "mesure", "demande", "reunion", "rendez_vous", "service"]
    family: str | None = None
    section: str | None = None
    origin: Names = ()
    include: Names = ()
    houses: Names = ()
    referent: str | None = None
    escalation: Names = ()
    place: PlaceText | None = None
    meeting: MeetingText | None = None


class FragmentText(Sections):
    """A part shared by several workflows; `needs` names what it expects of them."""

    fragment: str = Field(pattern=NAME)
    title: Text
    needs: dict[Literal["states", "roles", "facts", "actions"], Names] = {}


ConditionText.model_rebuild()
