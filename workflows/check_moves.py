"""What the checker asks of the states: each can be reached, left towards an end, and is somebody's turn."""

from collections.abc import Iterator

from ..domain.workflow import START
from .checked import Checked, Fault, Rule


def _opening(checked: Checked) -> Iterator[Fault]:
    workflow = checked.workflow
    if not workflow.opening:
        yield ("actions",), "aucune action n’ouvre de dossier (from: start)", "no_opening"
    if not any(state.terminal for state in workflow.states.values()):
        yield ("states",), "aucun état ne termine le dossier (terminal: true)", "no_end"


def _reachable(checked: Checked) -> Iterator[Fault]:
    if not checked.workflow.opening:
        return
    reached = checked.moves.reach({START})
    for name, state in checked.workflow.states.items():
        if name not in reached:
            yield ("states", name), f"l’état « {state.label} » ne peut jamais être atteint", "unreachable"


def _ends(checked: Checked) -> Iterator[Fault]:
    """Every state leads to an end, and an end is the end."""
    states = checked.workflow.states
    terminal = {name for name, state in states.items() if state.terminal}
    if not terminal:
        return
    ending = checked.moves.reach(terminal, backwards=True)
    left = set[str]().union(*(sources for sources, _ in checked.moves.edges()))
    for name, state in states.items():
        if name in terminal and name in left:
            yield ("states", name), f"l’état final « {state.label} » peut être quitté", "terminal_left"
        elif name not in ending:
            text = f"impasse : de l’état « {state.label} » aucun chemin ne mène à une fin"
            yield ("states", name), text, "dead_end"


MOVES: tuple[Rule, ...] = (_opening, _reachable, _ends)
