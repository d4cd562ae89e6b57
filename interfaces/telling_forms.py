"""What a form asks: each field, how it is typed, whether it must be filled."""

from collections.abc import Iterator, Sequence
from typing import Any

from .french import listed
from .words_reasons import WANTED


def form_lines(form: Sequence[Any]) -> Iterator[str]:
    """Tell the fields of a form."""
    for field in form:
        must = "" if field.required else ", facultatif"
        yield f"--fact {field.name}=…  {field.label}{must} : {_values(field)}"


def _values(field: Any) -> str:
    if not field.choices:
        return WANTED.get(field.type, str(field.type))
    return listed((f"{name} ({label})" for name, label in field.choices.items()), "ou", most=None)
