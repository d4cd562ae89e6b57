"""What the values of a document may be: texts, names, numbers, settings; and their shorthands.

A list of one may be written without its brackets, a label alone in place of a table that holds only it.
"""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    StrictBool,
    StrictInt,
    WithJsonSchema,
)

NAME = r"^[a-z][a-z0-9_]*$"
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def several(value: Any) -> Any:
    """Put a value written alone in a list of one."""
    return tuple(value) if isinstance(value, list) else (value,)


def labelled(value: Any) -> Any:
    """Put a text written alone under `label`."""
    return {"label": value} if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    """Rows and sources are texts even where they look like numbers (`2.1`)."""
    return tuple(str(item) if type(item) in (int, float) else item for item in several(value))


def one_or_many(item: dict[str, Any]) -> WithJsonSchema:
    """Describe to editors a value that may be written alone or in a list."""
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item}]})


_STRING = {"type": "string"}
_SCALAR = {"type": ["string", "number", "boolean"]}

Text = Annotated[str, Field(pattern=r"\S")]
"""A text that says something."""
Scalar = StrictBool | StrictInt | FiniteFloat | str
Names = Annotated[tuple[str, ...], BeforeValidator(several), one_or_many(_STRING)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts), one_or_many(_SCALAR)]
Values = Annotated[tuple[Scalar, ...], BeforeValidator(several), one_or_many(_SCALAR)]
Written = StrictBool | StrictInt | str
"""A value as written: `2`, `P8D`, the name of a parameter, or a starred default of the house (`P8D*`)."""


class Part(BaseModel):
    """A part of a document; a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class ParamRef(Part):
    """A value set by the establishment, under the name of its parameter."""

    param: str


Amount = Written | ParamRef
