"""What the checker asks of what a case shares with others: its place, its links, its sessions, its people."""

from collections.abc import Iterator

from ..domain.beyond import ASKED, Fit, LinkKind
from ..domain.condition import Condition
from ..domain.workflow import ANY
from .checked import Checked, Fault, Rule, parts
from .report import Path

_PEOPLE = ("household", "person")
_ORDERED = ("date", "instant", "time", "number", "count", "yesno", "text", "choice")


def _places(checked: Checked) -> Iterator[Fault]:
    """An act that takes, keeps or frees a place says which; so does who asks whether one is free."""
    if checked.workflow.place is not None:
        return
    text = "le document ne dit pas quelle place on prend (place: {kind: …, fact: …})"
    for name, action in checked.workflow.actions.items():
        if action.place is not None:
            yield ("actions", name, "place"), text, "no_place"
    for path, part in _conditions(checked):
        if part.place is not None:
            yield (*path, "place"), text, "no_place"


def _fits(checked: Checked) -> Iterator[Fault]:
    """What makes a place compatible is either what it has, or who is in the same room."""
    rule = checked.workflow.place
    for index, fit in enumerate(rule.fits if rule is not None else ()):
        path: Path = ("place", "fits", index)
        if (fit.attribute is None) is (fit.shared is None):
            text = "dire ce qu’il faut à la place (attribute) ou à qui la partage (shared), l’un ou l’autre"
            yield path, text, "fit"
        elif fit.unless is not None and fit.shared != "same":
            yield (*path, "unless"), "« unless » va avec shared: same", "fit"
        elif fit.shared == "alone" and _type(checked, fit) not in ("yesno", "done", None):
            yield (*path, "fact"), f"« {fit.fact} » n’est pas oui/non : il ne dit pas qui dort seul", "fit"


def _type(checked: Checked, fit: Fit) -> str | None:
    known = checked.workflow.facts.get(fit.fact)
    return known.type if known is not None else None


def _links(checked: Checked) -> Iterator[Fault]:
    """A link that is read from the other side says nothing more; one that closes says by which act."""
    for name, link in checked.workflow.links.items():
        path: Path = ("links", name)
        if link.reverse is not None:
            for key in _more(link):
                text = "un lien lu de l’autre côté (reverse) ne dit que son nom et ses programmes"
                yield (*path, key), text, "link"
            continue
        if (link.ends == "close") is (link.closed_by is None):
            yield (*path, "closed_by"), "« closed_by » va avec ends: close, et réciproquement", "link"
        if link.task != ASKED and link.ends != "ask":
            yield (*path, "task"), "« task » va avec ends: ask", "link"
        if link.follows and not link.gives:
            yield (*path, "follows"), "rien ne suit : dire ce que le lien donne (gives)", "link"


def _more(link: LinkKind) -> Iterator[str]:
    for key, said in (
        ("opens_by", link.opens_by), ("gives", link.gives), ("follows", link.follows), ("closed_by", link.closed_by),
        ("ends", link.ends != "continue"), ("task", link.task != ASKED),
    ):  # fmt: skip
        if said:
            yield key


def _opened(checked: Checked) -> Iterator[Fault]:
    """An act opens a case of one programme, from our side of the link."""
    for name, action in checked.workflow.actions.items():
        for link in action.opens:
            known = checked.workflow.links.get(link)
            if known is not None and (known.reverse is not None or len(known.workflow) != 1):
                text = (
                    f"le lien « {link} » ne dit pas quel programme ouvrir : il en nomme un seul, sans reverse"
                )
                yield ("actions", name, "opens"), text, "link"


def _meeting(checked: Checked) -> Iterator[Fault]:
    """A session has a day, people who attend, and an agenda."""
    workflow = checked.workflow
    meeting = workflow.meeting
    if meeting is None:
        return
    if workflow.kind != "reunion":
        yield ("meeting",), "une séance est un programme de sorte reunion (kind: reunion)", "meeting"
    for key, fact, kind in (("date", meeting.date, "date"), ("members", meeting.members, "actors")):
        known = workflow.facts.get(fact or "")
        if known is not None and known.type != kind:
            yield ("meeting", key), f"« {fact} » n’est pas de type {kind}", "fact_type"


def _members(checked: Checked) -> Iterator[Fault]:
    """Members are counted in a household, a person, or a list of people; only the first have an age."""
    facts = checked.workflow.facts
    for path, part in _conditions(checked):
        fact = facts.get(part.members or "")
        if fact is None:
            continue
        if fact.type not in (*_PEOPLE, "actors"):
            text = f"« {part.members} » ne nomme personne : il est de type {fact.type}"
            yield (*path, "members"), text, "fact_type"
        elif part.aged is not None and fact.type not in _PEOPLE:
            yield (*path, "aged"), f"« {part.members} » ne dit l’âge de personne", "fact_type"


def _conditions(checked: Checked) -> Iterator[tuple[Path, Condition]]:
    for name, action in checked.workflow.actions.items():
        for index, whole in enumerate(action.requires):
            yield from parts(whole, ("actions", name, "requires", index))


def _queues(checked: Checked) -> Iterator[Fault]:
    """A waiting list is ordered by values that have an order, and somebody waits in it."""
    workflow = checked.workflow
    for name, state in workflow.states.items():
        for index, fact in enumerate(state.queue):
            known = workflow.facts.get(fact)
            if known is not None and known.type not in _ORDERED:
                text = f"« {fact} » n’ordonne pas une liste d’attente : il est de type {known.type}"
                yield ("states", name, "queue", index), text, "fact_type"
    if not any(state.queue for state in workflow.states.values()):
        for path, part in _conditions(checked):
            if part.queue is not None:
                yield (*path, "queue"), "aucun état n’a de liste d’attente (queue: …)", "no_queue"


def _kept(checked: Checked) -> Iterator[Fault]:
    """Who leaves with a place gives it back, then or later: a case that is over would hold it for ever."""
    workflow, moves = checked.workflow, checked.moves
    if workflow.place is None:
        return
    holding = _holding(checked)
    for name, state in workflow.states.items():
        if not state.terminal:
            continue
        freed = any(
            action.place == "free" and (name in action.stays or action.stays == (ANY,))
            for action in workflow.actions.values()
        )
        ends = [
            action for act, action in workflow.actions.items()
            if name in moves.targets(act) and action.place != "free" and holding.intersection(action.sources)
        ]  # fmt: skip
        if ends and not freed:
            text = (
                f"un dossier terminé par « {ends[0].label} » garderait sa place pour toujours (place: free)"
            )
            yield ("states", name), text, "place_kept"


def _holding(checked: Checked) -> set[str]:
    """Name the states in which a case may hold a place: from where one is taken, until it is given back."""
    actions = checked.workflow.actions
    found: set[str] = set()
    for name, action in actions.items():
        if action.place in ("promise", "occupy"):
            found |= checked.moves.targets(name) or set(action.stays)
    while True:
        more = {
            target for name, action in actions.items() if action.place != "free" and found.intersection(action.sources)
            for target in checked.moves.targets(name)
        }  # fmt: skip
        if more <= found:
            return found
        found |= more


BEYOND: tuple[Rule, ...] = (_places, _fits, _queues, _kept, _links, _opened, _meeting, _members)
