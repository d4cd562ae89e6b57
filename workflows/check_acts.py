"""What the checker asks of the acts: somebody takes each, with a form that can be filled in."""

from collections.abc import Iterable, Iterator

from ..domain.workflow import PREVIOUS, SYSTEM, Action
from .checked import Checked, Fault, Rule, parts
from .report import Path


def _paths(checked: Checked) -> Iterator[Fault]:
    """An act moves the case (from, to), or stays (in)."""
    for name, action in checked.workflow.actions.items():
        path: Path = ("actions", name)
        label = f"l’action « {action.label} »"
        if not (action.sources or action.stays):
            text = f"{label} n’a ni from ni in : d’où peut-on la faire ?"
            yield path, text, "no_source"
        if action.sources and action.target is None:
            yield path, f"{label} a des états de départ (from) sans état d’arrivée (to)", "no_target"
        if action.target is not None and not action.sources:
            yield (*path, "to"), f"{label} a un état d’arrivée (to) sans état de départ (from)", "no_source"
        both = sorted({*action.sources} & {*action.stays})
        if both:
            text = f"{label} à la fois quitte et garde l’état « {both[0]} » (from et in)"
            yield (*path, "in"), text, "from_and_in"
        if action.target == PREVIOUS and action.sources and not checked.moves.targets(name):
            yield (*path, "to"), f"{label} revient à l’état précédent, mais il n’y en a pas", "no_target"


def _takers(checked: Checked) -> Iterator[Fault]:
    """Every act can be taken by someone, and the clock takes only what is its own."""
    for name, action in checked.workflow.actions.items():
        path: Path = ("actions", name, "by")
        if not action.by:
            yield path, f"personne ne peut faire « {action.label} » (by)", "no_taker"
        elif action.by == (SYSTEM,) and name not in checked.performed and not action.is_opening:
            text = f"personne ne peut faire « {action.label} » : aucune échéance ne l’exécute"
            yield path, text, "no_taker"
        if SYSTEM in action.by and action.form and not action.is_opening:
            yield path, f"l’automate ne peut pas remplir le formulaire de « {action.label} »", "system_form"


def _forms(checked: Checked) -> Iterator[Fault]:
    """A form asks each fact once, and never what follows from the acts."""
    facts = checked.workflow.facts
    for name, action in checked.workflow.actions.items():
        path: Path = ("actions", name)
        for key, asked in (("form", action.form), ("optional", action.optional), ("set", action.set)):
            for fact in asked:
                if fact in facts and facts[fact].of:
                    text = f"« {fact} » se déduit des actes : on ne le demande ni ne l’écrit"
                    yield (*path, key), text, "derived_asked"
        for key, twice in (
            ("optional", {*action.form} & {*action.optional}),
            ("set", {*action.set} & {*action.form, *action.optional}),
        ):
            for fact in sorted(twice):
                yield (
                    (*path, key),
                    f"« {fact} » est déjà dans le formulaire de « {action.label} »",
                    "fact_twice",
                )


def _effective(checked: Checked) -> Iterator[Fault]:
    """The day of an act is a date of its form, which is not to come."""
    facts = checked.workflow.facts
    for name, action in checked.workflow.actions.items():
        fact = action.effective
        if fact is None or fact not in facts:
            continue
        path: Path = ("actions", name, "effective")
        if facts[fact].type != "date" or not facts[fact].until_today:
            yield path, f"« {fact} » n’est pas une date passée (type: date, until: today)", "effective_fact"
        elif fact not in (*action.form, *action.optional):
            yield path, f"« {action.label} » ne demande pas « {fact} »", "never_asked"


def _never(checked: Checked, acts: Iterable[str], fact: str) -> bool:
    """Say whether none of these acts ever holds a fact."""
    known = [checked.workflow.actions[act] for act in acts if act in checked.workflow.actions]
    return bool(known) and not any(_holds(action, fact) for action in known)


def _holds(action: Action, fact: str) -> bool:
    return fact in action.form or fact in action.optional or fact in action.set


def _wheres(checked: Checked) -> Iterator[Fault]:
    """What is asked of an act is in its form."""
    for name, action in checked.workflow.actions.items():
        for index, whole in enumerate(action.requires):
            for path, part in parts(whole, ("actions", name, "requires", index)):
                asked = [*part.of, *part.where, *([part.distinct] if part.distinct else [])]
                for fact in asked:
                    if _never(checked, part.count or part.average or part.last, fact):
                        key = "of" if fact in part.of else "where" if fact in part.where else "distinct"
                        yield (*path, key), f"aucun de ces actes ne demande « {fact} »", "never_asked"
    for name, rule in checked.workflow.deadlines.items():
        for meet in rule.met_by:
            for fact in meet.where:
                if _never(checked, (meet.act,), fact):
                    text = f"l’acte « {meet.act} » ne demande pas « {fact} »"
                    yield ("deadlines", name, "met_by"), text, "never_asked"


def _waivers(checked: Checked) -> Iterator[Fault]:
    used = {part.waiver for action in checked.workflow.actions.values() for part in action.requires}
    for name, waiver in checked.workflow.waivers.items():
        if name not in used:
            yield ("waivers", name), f"la dérogation « {waiver.label} » ne sert à aucune action", "unused"


def _withheld(checked: Checked) -> Iterator[Fault]:
    """Only who receives a message has anything withheld."""
    for name, notice in checked.workflow.notices.items():
        if not notice.to:
            yield ("notices", name, "to"), f"personne ne reçoit « {name} » (to)", "no_recipient"
        for role in notice.withhold:
            if notice.to and role not in notice.to:
                text = f"« {role} » ne reçoit pas « {name} » : rien à lui taire"
                yield ("notices", name, "withhold", role), text, "no_recipient"


def _urgent(checked: Checked) -> Iterator[Fault]:
    """Only those who work there are written to by night: nobody else is woken by a message."""
    roles = checked.workflow.roles
    for name, notice in checked.workflow.notices.items():
        for role in notice.to if notice.urgent else ():
            if role == "household" or (role in roles and roles[role].kind in ("partner", "household")):
                text = f"« {role} » n’est pas de la maison : un message urgent part à toute heure, vers elle seule"
                yield ("notices", name, "urgent"), text, "urgent"


def _tasks(checked: Checked) -> Iterator[Fault]:
    for name, task in checked.workflow.tasks.items():
        if not task.who:
            yield ("tasks", name, "who"), f"personne ne fait « {task.label} » (who)", "no_taker"
        if not task.closed_by:
            yield ("tasks", name, "closed_by"), f"rien ne clôt « {task.label} » (closed_by)", "unhandled"


ACTS: tuple[Rule, ...] = (_paths, _takers, _forms, _effective, _wheres, _waivers, _withheld, _urgent, _tasks)
