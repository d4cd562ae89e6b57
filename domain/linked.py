"""Other cases as one sees them: those linked to it, and those of the same people. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Linked:
    """A case linked to this one under the role `name`."""

    name: str
    case_id: int
    workflow: str
    state: str
    terminal: bool
    since: date


@dataclass(frozen=True, slots=True)
class Other:
    """An active case that houses one of the same people elsewhere; `sure` where more than the name is the same."""

    case_id: int
    workflow: str
    family: str | None
    state: str
    sure: bool
