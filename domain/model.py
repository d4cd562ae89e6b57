"""What every part of a compiled workflow is: frozen, closed, and able to name the settings it reads."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen piece of a workflow."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Setting(Model):
    """A value that the establishment may set; the parameter says its default."""

    param: str


def parameters_in(part: Model) -> frozenset[str]:
    """Name the parameters that a part of a workflow reads, wherever it does."""
    return frozenset(_named(part.model_dump()))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("param"), str):
            yield value["param"]
        for part in value.values():
            yield from _named(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _named(part)
