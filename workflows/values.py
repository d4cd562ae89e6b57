"""What the values of a document may be: texts, names, numbers, settings; and their shorthands.

A list of one may be written without its brackets, a label alone in place of a table that holds only it.
"""

from typing import Annotated, Any

from pydantic import Field, FiniteFloat, GetCoreSchemaHandler, GetJsonSchemaHandler, StrictBool, StrictInt
from pydantic_core import CoreSchema, core_schema

NAME = r"^[a-z][a-z0-9_]*$"
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
MONTH_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class Several:
    """Takes a value written alone as a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the shorthand before the list."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell editors that both are written."""
        drawn = handler(schema)
        return {"anyOf": [drawn["items"], drawn]}

    def read(self, value: Any) -> Any:
        """Give the list."""
        return tuple(value) if isinstance(value, list) else (value,)


class Rows(Several):
    """Takes numbers as texts: a row or a source is a text even where it looks like a number (`2.1`)."""

    def read(self, value: Any) -> Any:
        """Give the list of texts."""
        return tuple(str(item) if type(item) in (int, float) else item for item in super().read(value))


class Labelled:
    """Takes a text written alone as a table that holds only a label."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the shorthand before the table."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell editors that both are written."""
        return {"anyOf": [{"type": "string"}, handler(schema)]}

    def read(self, value: Any) -> Any:
        """Give the table."""
        return {"label": value} if isinstance(value, str) else value


Text = Annotated[str, Field(pattern=r"\S")]
"""A text that says something."""
Scalar = StrictBool | StrictInt | FiniteFloat | str
Names = Annotated[tuple[str, ...], Several()]
Texts = Annotated[tuple[str, ...], Rows()]
Values = Annotated[tuple[Scalar, ...], Several()]
Written = StrictBool | StrictInt | str
"""A value as written: `2`, `P8D`, the name of a parameter, or a starred default of the house (`P8D*`)."""
