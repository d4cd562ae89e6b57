"""The language in which a workflow is written: every key, its type, its default.

These models read a document as its author wrote it, shorthands included; `compile.py` resolves the names.
`jalon workflows schema` exports them as JSON Schema, and docs/reference/workflow.md names every key.
"""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from ..domain.beyond import ASKED, Ending, PlaceMove
from ..domain.workflow import FactType
from .grammar_conditions import Amount, ConditionText, Part
from .grammar_dates import DeadlineText, Ladder
from .values import MONTH_DAY, NAME, Labelled, Names, Scalar, Several, Text, Texts, Written


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
    about: str | None = None
    urgent: StrictBool = False
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
    effective: str | None = None
    requires: Annotated[tuple[ConditionText, ...], Several()] = ()
    set: dict[str, Scalar] = {}
    place: PlaceMove | None = None
    opens: Names = ()
    task: Names = ()
    notify: Names = ()
    row: Texts = ()


RoleLine = Annotated[RoleText, Labelled()]


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
    referent: Names = ()
    escalation: Names = ()
    place: PlaceText | None = None
    meeting: MeetingText | None = None


class FragmentText(Sections):
    """A part shared by several workflows; `needs` names what it expects of them."""

    fragment: str = Field(pattern=NAME)
    title: Text
    needs: dict[Literal["states", "roles", "facts", "actions"], Names] = {}


ConditionText.model_rebuild()
