"""What `jalon check` asks of the workflows to which a document is linked, where it finds them: its names are theirs."""

from collections.abc import Callable, Collection, Iterator, Sequence

from ..domain.beyond import LinkKind
from ..domain.workflow import SYSTEM, Workflow
from .checked import parts
from .report import Path, Report, shown, suggestion

Find = Callable[[str], Workflow | None]
"""Finds a workflow by its name: beside the document, or among those that are shipped."""


Told = tuple[Path, tuple[str, str], Collection[str]]


def check_linked(workflow: Workflow, find: Find, report: Report) -> None:
    """Add to the report what a link says of another workflow that is not there."""
    for place, (told, wrong), right in _amiss(workflow, find):
        report.add(place, told + suggestion(report.closest(wrong, right)), code="unknown_name")


def links_hold(workflow: Workflow, find: Find) -> bool:
    """Say whether all that links say of other workflows is there."""
    return next(_amiss(workflow, find), None) is None


def _amiss(workflow: Workflow, find: Find) -> Iterator[Told]:
    known: dict[str, tuple[Workflow, ...]] = {}
    for name, link in workflow.links.items():
        found = [workflow if other == workflow.workflow else find(other) for other in link.workflow]
        if None not in found:
            known[name] = tuple(other for other in found if other is not None)
            yield from _faults(name, link, known[name])
    for path, link_name, states in _asked(workflow):
        names = {state for other in known.get(link_name, ()) for state in other.states}
        for index, state in enumerate(states if names else ()):
            if state not in names:
                text = f"le dossier lié n’a pas d’état « {shown(state)} »"
                yield (*path, "in", index), (text, str(state)), names


def _faults(name: str, link: LinkKind, others: Sequence[Workflow]) -> Iterator[Told]:
    path: Path = ("links", name)
    for other in others:
        title = f"« {other.workflow} »"
        if link.opens_by is not None and link.opens_by not in other.opening:
            text = f"{title} ne s’ouvre pas par « {shown(link.opens_by)} »"
            yield (*path, "opens_by"), (text, link.opens_by), other.opening
        if link.closed_by is not None and not _closes(other, link.closed_by):
            text = f"« {shown(link.closed_by)} » n’est pas un acte que l’automate fait dans {title}"
            yield (
                (*path, "closed_by"),
                (text, link.closed_by),
                [act for act in other.actions if _closes(other, act)],
            )
        if link.ends == "ask" and link.task not in other.tasks:
            text = f"{title} n’a pas de tâche « {shown(link.task)} »"
            yield (*path, "task" if link.task else "ends"), (text, link.task), [*other.tasks]
    for theirs in link.gives:
        if not any(theirs in other.facts for other in others):
            text = f"le dossier lié n’a pas de donnée « {shown(theirs)} »"
            yield (*path, "gives", theirs), (text, theirs), [fact for other in others for fact in other.facts]


def _closes(other: Workflow, act: str) -> bool:
    rule = other.actions.get(act)
    return rule is not None and SYSTEM in rule.by and rule.target is not None


def _asked(workflow: Workflow) -> Iterator[tuple[Path, str, tuple[object, ...]]]:
    """Give every condition on the state of a linked case."""
    for name, action in workflow.actions.items():
        for index, whole in enumerate(action.requires):
            for path, part in parts(whole, ("actions", name, "requires", index)):
                if part.linked is not None and part.in_:
                    yield path, part.linked, part.in_
