"""Recipients: one fewer, or another in the place of one, unless it would be the same person."""

from collections.abc import Iterable, Iterator

from ..domain.workflow import ANY, Action, Workflow
from .mutation import Mutation, Place

_TOKENS = ("who", "escalation", "referent", "household")


def roles(
    workflow: Workflow,
    held: list[str],
    place: Place,
    *,
    tokens: bool = False,
    who: frozenset[str] = frozenset(),
) -> Iterator[Mutation]:
    """One fewer, or another in the place of one; never two words for the same person.

    `who` are the roles that the word of that name can mean there.
    """
    told = {_meant(workflow, name, who) for name in held}
    for index in range(len(held)):
        if len(held) > 1:
            yield Mutation("recipient", place, held, [*held[:index], *held[index + 1 :]])
        for other in (*workflow.roles, *(_TOKENS if tokens else ())):
            if _meant(workflow, other, who) not in told:
                yield Mutation("recipient", place, held, [*held[:index], other, *held[index + 1 :]])


def _meant(workflow: Workflow, name: str, who: frozenset[str]) -> str:
    """Give the role that a word of a notice means, where it always means the same; one household has one box."""
    household = next((key for key, role in workflow.roles.items() if role.kind == "household"), "")
    role = workflow.roles.get(name)
    if name == "household" or (role is not None and role.kind == "household"):
        return household
    if name == "referent" and len(workflow.referent) == 1:
        return workflow.referent[0]
    if name == "escalation" and len(workflow.escalation) == 1:
        return workflow.escalation[0]
    if name == "who" and len(who) == 1:
        return next(iter(who))
    return name


def awaited(workflow: Workflow, names: Iterable[str]) -> frozenset[str]:
    """Name the roles from whom deadlines are awaited: their own, or those whose turn it is while they run."""
    found: set[str] = set()
    for name in names:
        rule = workflow.deadlines[name]
        found.update(
            rule.who
            or (role for state in rule.span or workflow.states for role in workflow.states[state].turn)
        )
    return frozenset(found)


def told(workflow: Workflow, notice: str) -> frozenset[str]:
    """Name the roles that `who` means for a notice: of the rungs that send it, and of the acts that do."""
    rungs = [
        name for name, rule in workflow.deadlines.items()
        if any(notice in rung.notify and not rung.to for rung in rule.ladder)
    ]  # fmt: skip
    found = set(awaited(workflow, rungs))
    for action in workflow.actions.values():
        if notice in action.notify:
            for state in _after(workflow, action):
                found.update(workflow.states[state].turn or workflow.referent)
    return frozenset(found)


def _after(workflow: Workflow, action: Action) -> Iterable[str]:
    """Name the states in which an act can leave a case."""
    if action.target in workflow.states:
        return (str(action.target),)
    return workflow.states if action.target is not None or action.stays == (ANY,) else action.stays
