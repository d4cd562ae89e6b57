"""The checker: what makes a well-formed document a workflow that can be lived with."""

from collections.abc import Iterable

from ..domain.workflow import Workflow
from .check_acts import ACTS
from .check_beyond import BEYOND
from .check_clocks import CLOCKS
from .check_dates import DATES
from .check_moves import MOVES
from .check_rungs import RUNGS
from .checked import Checked, parts
from .merge import WAIVE, Merged
from .report import Path, Report, shown


def check(workflow: Workflow, merged: Merged, report: Report) -> None:
    """Add to the report everything that stands in the way of using a workflow.

    What can be reached is judged only where the moves are known.
    """
    checked = Checked(workflow, report.rungs)
    for rule in (*ACTS, *BEYOND, *DATES, *CLOCKS, *RUNGS, *(MOVES if report.moves_known else ())):
        for path, text, code in rule(checked):
            report.add(_placed(path, merged), text, code=code, key=True)


def check_guards(workflow: Workflow, known: Iterable[str], report: Report) -> None:
    """Add to the report the guards that nobody has written, each where a condition names it."""
    written = frozenset(known)
    for name, action in workflow.actions.items():
        for index, whole in enumerate(action.requires):
            for path, part in parts(whole, ("actions", name, "requires", index)):
                if part.guard is not None and part.guard not in written:
                    report.add((*path, "guard"), f"garde inconnue « {shown(part.guard)} »", code="guard")


def _placed(path: Path, merged: Merged) -> Path:
    """Put back the phase of a state and the kind of a role; an act that a waiver adds is placed at the waiver."""
    section, *rest = path
    if not rest:
        return path
    name = str(rest[0])
    if section == "states" and name in merged.states:
        return ("states", merged.states[name][0], *rest)
    if section == "actions" and name not in merged.flat["actions"]:
        return ("waivers", name.removeprefix(WAIVE))
    return path
