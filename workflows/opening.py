"""The door to documents: what reads them is loaded by the first one, not by every program that embeds jalon."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..domain.workflow import Workflow


def load(source: str | Path) -> "Workflow":
    """Load a workflow from a file, or from the shipped catalogue by its name.

    Raises DefinitionError with every fault of the document, each with its line and column.
    """
    from .load import load as read_and_check

    return read_and_check(source)


def loads(text: str, file: str = "…") -> "Workflow":
    """Load a workflow from its text; its fragments are the shipped ones. Raises DefinitionError."""
    from .load import loads as read_and_check

    return read_and_check(text, file)
