"""The checker: what makes a well-formed document a workflow that can be lived with."""

from collections.abc import Callable, Iterator

from ..domain.workflow import PREVIOUS, START, SYSTEM, Action, Condition, Deadline, Setting, Workflow
from .merge import Merged
from .report import Path, Report

Fault = tuple[Path, str, str]

SPEAKING = ("documents", "guard")


def check(workflow: Workflow, merged: Merged, report: Report) -> None:
    """Add to the report everything that stands in the way of using a workflow."""
    for rule in _RULES:
        for path, text, code in rule(workflow):
            report.add(_placed(path, merged), text, code=code)


def _placed(path: Path, merged: Merged) -> Path:
    """Put back the phase of a state in its path."""
    if path[0] == "states" and len(path) > 1:
        return ("states", merged.states[str(path[1])][0], *path[1:])
    return path


def targets(workflow: Workflow, name: str) -> frozenset[str]:
    """Give the states to which an action may lead; `previous` is any state from which its source is reached."""
    action = workflow.actions[name]
    if action.target is None:
        return frozenset()
    if action.target != PREVIOUS:
        return frozenset({action.target})
    return frozenset(
        source
        for other in workflow.actions.values()
        if other.target in action.sources
        for source in other.sources
        if source not in action.sources and source != START
    )


def moves(workflow: Workflow) -> Iterator[tuple[str, str, str]]:
    """Give every (state, action, state) that the rules allow, guards aside."""
    for name, action in workflow.actions.items():
        for target in targets(workflow, name):
            for source in action.sources:
                yield source, name, target


def _reach(workflow: Workflow, start: str, *, backwards: bool = False) -> set[str]:
    edges: dict[str, set[str]] = {}
    for source, _, target in moves(workflow):
        first, second = (target, source) if backwards else (source, target)
        edges.setdefault(first, set()).add(second)
    seen, todo = {start}, [start]
    while todo:
        for state in edges.get(todo.pop(), ()):
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return seen


def _opening(workflow: Workflow) -> Iterator[Fault]:
    if not workflow.opening:
        yield ("workflow",), "aucune action n’ouvre de dossier (from: start)", "no_opening"
    if not any(state.terminal for state in workflow.states.values()):
        yield ("states",), "aucun état ne termine le dossier (terminal: true)", "no_end"


def _reachable(workflow: Workflow) -> Iterator[Fault]:
    reached = _reach(workflow, START)
    for name, state in workflow.states.items():
        if name not in reached:
            yield ("states", name), f"l’état « {state.label} » ne peut jamais être atteint", "unreachable"


def _ends(workflow: Workflow) -> Iterator[Fault]:
    """Every state leads to an end."""
    ending: set[str] = set()
    for name, state in workflow.states.items():
        if state.terminal:
            ending |= _reach(workflow, name, backwards=True)
    left = {source for source, _, _ in moves(workflow)}
    for name, state in workflow.states.items():
        if state.terminal and name in left:
            yield ("states", name), f"l’état final « {state.label} » peut être quitté", "terminal_left"
        elif name not in ending:
            text = f"impasse : de l’état « {state.label} » aucun chemin ne mène à une fin"
            yield ("states", name), text, "dead_end"


def _awaited(workflow: Workflow) -> Iterator[Fault]:
    """Whoever is awaited is awaited until a date, or the document says why not."""
    for name, state in workflow.states.items():
        if state.terminal:
            continue
        if not state.turn:
            yield ("states", name), f"de qui est-ce le tour dans l’état « {state.label} » ? (turn)", "no_turn"
        dated = any(name in rule.span and not rule.informative for rule in workflow.deadlines.values())
        if not dated and not state.sans_echeance:
            text = (
                f"l’état « {state.label} » attend quelqu’un sans échéance : "
                "en fixer une, ou dire pourquoi (sans_echeance: …)"
            )
            yield ("states", name), text, "no_deadline"


def _handled(workflow: Workflow) -> Iterator[Fault]:
    for name, rule in workflow.deadlines.items():
        path: Path = ("deadlines", name)
        acts = any(rung.kind == "act" for rung in rule.ladder)
        if not (rule.met_by or rule.due.renewed_by or rule.leaving or rule.informative or acts):
            yield path, f"rien n’éteint ni ne traite l’échéance « {rule.label} » (met_by)", "unhandled"
        if rule.met_by and rule.span and not any(_possible(workflow, meet.act, rule) for meet in rule.met_by):
            text = f"aucun des actes de met_by n’est possible tant que court « {rule.label} »"
            yield (*path, "met_by"), text, "unhandled"
        if not rule.span and rule.due.anchors[0].kind == "entry":
            yield (
                path,
                f"l’échéance « {rule.label} » ne dit ni quand elle court (while) ni son ancre",
                "no_anchor",
            )


def _possible(workflow: Workflow, act: str, rule: Deadline) -> bool:
    action = workflow.actions[act]
    return action.stays == ("any",) or bool(set(rule.span) & {*action.sources, *action.stays})


def _takers(workflow: Workflow) -> Iterator[Fault]:
    """Every action can be taken by someone, and the clock takes only what is its own."""
    performed = {rung.perform for rule in workflow.deadlines.values() for rung in rule.ladder if rung.perform}
    for name, action in workflow.actions.items():
        path: Path = ("actions", name)
        if not (action.sources or action.stays):
            yield path, f"l’action « {action.label} » n’a ni from ni in", "no_source"
        if action.sources and action.target is None:
            yield (
                path,
                f"l’action « {action.label} » a des états de départ (from) sans état d’arrivée (to)",
                "no_target",
            )
        if action.by == (SYSTEM,) and name not in performed:
            yield (
                path,
                f"personne ne peut faire « {action.label} » : aucune échéance ne l’exécute",
                "no_taker",
            )
        if SYSTEM in action.by and action.form:
            yield path, f"l’automate ne peut pas remplir le formulaire de « {action.label} »", "system_form"
        derived = [fact for fact in (*action.form, *action.optional) if workflow.facts[fact].of]
        for fact in derived:
            yield path, f"« {fact} » se déduit des actes : on ne le demande pas", "derived_asked"


def _clock(workflow: Workflow) -> Iterator[Fault]:
    """A deadline never makes a person leave (DOMAIN §1.2), and closes a case only where the house says so."""
    for name, rule in workflow.deadlines.items():
        for rung in rule.ladder:
            if rung.perform is None:
                continue
            path: Path = ("deadlines", name)
            action = workflow.actions[rung.perform]
            if SYSTEM not in action.by:
                yield (
                    path,
                    f"l’échéance exécute « {action.label} », qui n’est pas ouvert à systeme",
                    "not_system",
                )
            yield from _leaving_home(workflow, rung.perform, action, path)
            ends = any(workflow.states[target].terminal for target in targets(workflow, rung.perform))
            if ends and not _off_by_default(workflow, rung.when):
                text = (
                    f"« {action.label} » clôt le dossier sur une date : le permettre par un réglage de la maison, "
                    "éteint par défaut (when: {param: …, is: true})"
                )
                yield path, text, "clock_closes"


def _leaving_home(workflow: Workflow, name: str, action: Action, path: Path) -> Iterator[Fault]:
    housed = set(action.sources) & set(workflow.houses)
    if housed and targets(workflow, name) - set(workflow.houses):
        yield path, f"« {action.label} » ferait partir quelqu’un sur une simple date", "clock_evicts"


def _off_by_default(workflow: Workflow, when: Condition | None) -> bool:
    if when is None or when.param is None or when.is_ is not True:
        return False
    return workflow.parameters[when.param].default is False


def _sentences(workflow: Workflow) -> Iterator[Fault]:
    """Every condition can say why it refuses."""
    for name, action in workflow.actions.items():
        for index, part in enumerate(action.requires):
            speaks = part.otherwise or part.warn or any(getattr(part, key) for key in SPEAKING)
            if not speaks:
                yield ("actions", name, "requires", index), "dire pourquoi on refuse (else: …)", "no_sentence"
            if part.waiver is not None and part.waiver not in workflow.waivers:
                text = f"dérogation inconnue « {part.waiver} »"
                yield ("actions", name, "requires", index, "waiver"), text, "unknown_name"


def _sources(workflow: Workflow) -> Iterator[Fault]:
    """A duration that is not a setting of the house says where it comes from."""
    for name, rule in workflow.deadlines.items():
        fixed = [rule.due.after, rule.due.every]
        if any(value is not None and not isinstance(value, Setting) for value in fixed) and not rule.basis:
            yield (
                ("deadlines", name),
                f"d’où vient la durée de « {rule.label} » ? (basis, ou une étoile)",
                "no_basis",
            )


def _values(workflow: Workflow) -> Iterator[Fault]:
    """What is compared with a choice is one of its values."""
    for name, action in workflow.actions.items():
        for fact, value in action.set.items():
            choices = workflow.facts[fact].choices
            if choices and value not in choices:
                yield (
                    ("actions", name, "set", fact),
                    f"« {value} » n’est pas un choix de « {fact} »",
                    "unknown_choice",
                )
    for name, rule in workflow.deadlines.items():
        after = rule.due.after
        if after is None or isinstance(after, str | Setting):
            continue
        for value in set(workflow.facts[after.by].choices) ^ set(after.cases):
            text = f"« {value} » : les cas de la durée sont exactement les choix de « {after.by} »"
            yield ("deadlines", name, "due", "after"), text, "unknown_choice"


def _cycles(workflow: Workflow) -> Iterator[Fault]:
    parents = {
        name: {parent for anchor in rule.due.anchors if anchor.kind == "deadline" for parent in anchor.names}
        for name, rule in workflow.deadlines.items()
    }
    for name in parents:
        seen, todo = set[str](), list(parents[name])
        while todo:
            parent = todo.pop()
            if parent == name:
                yield (
                    ("deadlines", name, "due", "anchor"),
                    f"l’échéance « {name} » dépend d’elle-même",
                    "cycle",
                )
                break
            if parent not in seen:
                seen.add(parent)
                todo.extend(parents.get(parent, ()))


def _spare_waivers(workflow: Workflow) -> Iterator[Fault]:
    used = {part.waiver for action in workflow.actions.values() for part in action.requires}
    for name, waiver in workflow.waivers.items():
        if name not in used:
            yield ("waivers", name), f"la dérogation « {waiver.label} » ne sert à aucune action", "unused"


_RULES: tuple[Callable[[Workflow], Iterator[Fault]], ...] = (
    _cycles, _opening, _reachable, _ends, _awaited, _handled, _takers, _clock, _sentences, _sources, _values,
    _spare_waivers,
)  # fmt: skip
