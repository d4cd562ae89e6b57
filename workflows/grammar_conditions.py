"""The conditions of the language, as an author writes them, and what every part of a document is."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from .values import Names, Scalar, Several, Text, Values, Written

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
    franc: StrictBool | None = None
    shift: Literal["suivant", "precedent"] | None = None
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
