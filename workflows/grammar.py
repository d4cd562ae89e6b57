"""The language in which a workflow is written: every key, its type, its default.

These models read a document as its author wrote it, shorthands included; `compile.py` resolves the names.
`jalon workflows schema` exports them as JSON Schema, and docs/reference/workflow.md names every key.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from ..domain.workflow import FactType, PlaceMove, Shift

NAME = r"^[a-z][a-z0-9_]*$"


def _several(value: Any) -> Any:
    return [value] if not isinstance(value, list) else value


def _labelled(value: Any) -> Any:
    return {"label": value} if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    return [str(item) for item in _several(value)]


def _one_or_many(item: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item}]})


_STRING = {"type": "string"}
_SCALAR = {"type": ["string", "integer", "boolean"]}
Names = Annotated[tuple[str, ...], BeforeValidator(_several), _one_or_many(_STRING)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts), _one_or_many(_SCALAR)]
Values = Annotated[tuple[Any, ...], BeforeValidator(_several), _one_or_many(_SCALAR)]
Written = bool | int | str
"""A value as written: `2`, `P8D`, the name of a parameter, or a starred default of the house (`P8D*`)."""


class Part(BaseModel):
    """A part of a document; a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ParamRef(Part):
    """A value set by the establishment, under the name of its parameter."""

    param: str


Amount = Written | ParamRef


class RoleText(Part):
    """Who acts or is told."""

    label: str
    contact: str | None = Field(None, description="Le fait de type `contact` où trouver son adresse.")
    entered_by: Names = ()


class StateText(Part):
    """Where a case stands."""

    label: str
    turn: Names = ()
    terminal: bool = False
    queue: Names = ()
    sans_echeance: str | None = None
    row: Texts = ()


class ChoiceText(Part):
    """One value of a choice."""

    label: str
    counted: Literal["positif", "neutre", "negatif"] | None = None


class FactText(Part):
    """A typed piece of the case's data."""

    label: str
    type: FactType = "text"
    choices: dict[str, Annotated[ChoiceText, BeforeValidator(_labelled)]] = {}
    of: Names = ()
    role: str | None = None
    from_: Literal["today"] | None = Field(None, alias="from")
    until: Literal["today"] | None = None
    personal: bool = False
    sensitive: str | None = None
    missing: str | None = None
    row: Texts = ()


class ParameterText(Part):
    """A setting of the establishment, with its default."""

    label: str
    default: Written
    basis: str | None = None


class PaperText(Part):
    """A document that a file must or may hold."""

    label: str
    valid: Amount | None = None
    signed: bool = False
    optional: bool = False
    row: Texts = ()


class WaiverText(Part):
    """A written exception, granted by a role with its reason, used once."""

    label: str
    by: Names
    form: Names = ()
    row: Texts = ()


class TaskText(Part):
    """Something that a role must do."""

    label: str
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


class PlaceText(Part):
    """The kind of place a case takes, and the fact that names it."""

    kind: str
    fact: str


class ConditionText(Part):
    """A structured condition: one subject, what it must satisfy, and what to say otherwise."""

    fact: str | None = None
    param: str | None = None
    state: Names = ()
    count: Names = ()
    deadline: Names = ()
    documents: Names = ()
    queue: Literal["first"] | None = None
    apart_from: Names = ()
    guard: str | None = None
    any: tuple["ConditionText", ...] = ()
    all: tuple["ConditionText", ...] = ()
    where: dict[str, Values] = {}
    since: Names = ()
    distinct: str | None = None
    is_: bool | Literal["set", "unset", "passed", "open", "met", "reminded"] | None = Field(None, alias="is")
    equals: Any = None
    in_: Values = Field((), alias="in")
    at_least: Amount | None = None
    at_most: Amount | None = None
    above: Amount | None = None
    below: Amount | None = None
    when: "ConditionText | None" = None
    else_: str | None = Field(None, alias="else")
    warn: str | None = None
    waiver: str | None = None


class ActionText(Part):
    """What someone does."""

    label: str
    from_: Names = Field((), alias="from")
    to: str | None = None
    in_: Names = Field((), alias="in")
    by: Names
    form: Names = ()
    optional: Names = ()
    parties: Names = ()
    requires: Annotated[tuple[ConditionText, ...], BeforeValidator(_several)] = ()
    set: dict[str, Any] = {}
    place: PlaceMove | None = None
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


class DueText(Part):
    """How a due date follows from its anchor."""

    anchor: Annotated[tuple[str | AnchorText, ...], BeforeValidator(_several)] = ()
    after: Written | ParamRef | CasesText | None = None
    every: Amount | None = None
    renewed_by: Names = ()
    most: Amount | None = None
    decided: str | None = None
    franc: bool = False
    shift: Shift = "aucun"


class MeetText(Part):
    """An act that meets a deadline only with certain values."""

    act: str
    where: dict[str, Values] = {}


class RungText(Part):
    """One step of a ladder, or several alike."""

    at: Annotated[tuple[Amount, ...], BeforeValidator(_several)] = ()
    after: Annotated[tuple[Amount, ...], BeforeValidator(_several)] = ()
    perform: str | None = None
    notify: Names = ()
    task: str | None = None
    to: Names = ()
    only: Literal["last", "first"] | None = None
    when: ConditionText | None = None
    every: Amount | None = None
    shift: Shift | None = None
    hour: str | None = Field(None, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    late: Literal["skip", "send"] = "skip"


class DeadlineText(Part):
    """A rule that dates something."""

    label: str
    due: DueText
    while_: Names = Field((), alias="while")
    when: ConditionText | None = None
    who: Names = ()
    met_by: Annotated[tuple[str | MeetText, ...], BeforeValidator(_several)] = ()
    meets: Literal["nearest", "oldest", "all"] = "nearest"
    ladder: Annotated[tuple[str | RungText, ...], BeforeValidator(_several)] = ()
    informative: bool = False
    printed: Literal["eve"] | None = None
    basis: str | None = None
    row: Texts = ()


RoleLine = Annotated[RoleText, BeforeValidator(_labelled)]
Ladder = Annotated[tuple[RungText, ...], BeforeValidator(_several)]


class Sections(Part):
    """The sections that workflows and fragments share."""

    roles: dict[Literal["staff", "body", "partner", "household"], dict[str, RoleLine]] = {}
    groups: dict[str, Names] = {}
    states: dict[str, dict[str, StateText]] = {}
    parameters: dict[str, ParameterText] = {}
    documents: dict[str, PaperText] = {}
    facts: dict[str, FactText] = {}
    waivers: dict[str, WaiverText] = {}
    tasks: dict[str, TaskText] = {}
    notices: dict[str, NoticeText] = {}
    ladders: dict[str, Ladder] = {}
    actions: dict[str, ActionText] = {}
    deadlines: dict[str, DeadlineText] = {}


class WorkflowText(Sections):
    """A whole workflow document."""

    workflow: str = Field(pattern=NAME)
    version: int = Field(ge=1)
    title: str
    kind: Literal["parcours", "mesure", "demande", "reunion", "rendez_vous", "service"]
    family: str | None = None
    section: str | None = None
    origin: Names = ()
    include: Names = ()
    houses: Names = ()
    referent: str | None = None
    escalation: Names = ()
    place: PlaceText | None = None


class FragmentText(Sections):
    """A part shared by several workflows; `needs` names what it expects of them."""

    fragment: str = Field(pattern=NAME)
    title: str
    needs: dict[Literal["states", "roles", "facts", "actions"], Names] = {}


ConditionText.model_rebuild()
