"""What the checker asks of the dates: each is met or handled, none makes a person leave, each says its source."""

from collections.abc import Iterable, Iterator, Mapping

from ..domain.condition import Condition
from ..domain.deadline import Deadline
from ..domain.workflow import SYSTEM, Action
from .checked import Checked, Fault, Rule
from .report import Path


def _awaited(checked: Checked) -> Iterator[Fault]:
    """Whoever is awaited is awaited until a date, or the document says why not."""
    rules = checked.workflow.deadlines.values()
    dated = {name for rule in rules if not rule.informative and rule.when is None for name in _running(rule)}
    for name, state in checked.workflow.states.items():
        if state.terminal:
            continue
        if not state.turn:
            text = f"de qui est-ce le tour dans l’état « {state.label} » ? (turn)"
            yield ("states", name, "turn"), text, "no_turn"
        if name not in dated and not state.sans_echeance:
            text = (
                f"l’état « {state.label} » attend quelqu’un sans échéance : "
                "en fixer une, ou dire pourquoi (sans_echeance: …)"
            )
            yield ("states", name, "sans_echeance"), text, "no_deadline"


def _running(rule: Deadline) -> set[str]:
    """Name the states in which the clock of a deadline does not stand still."""
    return {*rule.span}.difference(*(pause.states for pause in rule.pauses))


def _handled(checked: Checked) -> Iterator[Fault]:
    """Something meets a date, or is done when it comes."""
    for name, rule in checked.workflow.deadlines.items():
        path: Path = ("deadlines", name)
        acts = any(rung.kind == "act" for rung in rule.ladder)
        if not (rule.met_by or rule.due.renewed_by or rule.leaving or rule.informative or acts):
            yield path, f"rien n’éteint ni ne traite l’échéance « {rule.label} » (met_by)", "unhandled"
        span = frozenset(rule.span)
        if rule.met_by and not any(checked.possible(meet.act, span) for meet in rule.met_by):
            text = f"aucun des actes de met_by n’est possible tant que court « {rule.label} »"
            yield (*path, "met_by"), text, "unhandled"
        if not rule.span and rule.due.anchors[0].kind == "entry":
            text = f"l’échéance « {rule.label} » ne dit ni quand elle court (while) ni son ancre"
            yield path, text, "no_anchor"


def _clock(checked: Checked) -> Iterator[Fault]:
    """A deadline never makes a person leave (DOMAIN §1.2), and closes a case only where the house says so."""
    for name, rule, rung in checked.rungs():
        action = checked.workflow.actions.get(rung.perform or "")
        if action is None or rung.perform is None:
            continue
        path = checked.rung_path(name, rung, "perform")
        if SYSTEM not in action.by:
            text = f"l’échéance exécute « {action.label} », qui n’est pas ouvert à {SYSTEM} (by)"
            yield path, text, "not_system"
        if action.is_opening or not checked.possible(rung.perform, frozenset(rule.span)):
            text = f"« {action.label} » n’est possible dans aucun des états où court « {rule.label} »"
            yield path, text, "clock_never"
        if _leaves_home(checked, rung.perform, action):
            yield path, f"« {action.label} » ferait partir quelqu’un sur une simple date", "clock_evicts"
        elif _closes(checked, rung.perform) and not _off_by_default(checked, rung.when):
            text = (
                f"« {action.label} » clôt le dossier sur une date : le permettre par un réglage de la maison, "
                "éteint par défaut (when: {param: …, is: true})"
            )
            yield path, text, "clock_closes"


def _leaves_home(checked: Checked, name: str, action: Action) -> bool:
    """Say whether an act takes someone out of where they live, or frees their place."""
    states = checked.workflow.states
    houses = frozenset(checked.workflow.houses)
    living = {house for house in houses if house not in states or not states[house].terminal}
    if not living & {*action.sources, *action.stays}:
        return False
    return bool(checked.moves.targets(name) - houses) or action.place in ("free", "to_free")


def _closes(checked: Checked, name: str) -> bool:
    states = checked.workflow.states
    return any(target in states and states[target].terminal for target in checked.moves.targets(name))


def _off_by_default(checked: Checked, when: Condition | None) -> bool:
    if when is None or when.param is None or when.is_ is not True:
        return False
    known = checked.workflow.parameters.get(when.param)
    return known is not None and known.default is False


def _homes(checked: Checked) -> Iterator[Fault]:
    for name in checked.workflow.houses:
        state = checked.workflow.states.get(name)
        if state is not None and state.terminal:
            text = f"on n’habite plus là une fois le dossier clos : retirer « {state.label} » de houses"
            yield ("houses",), text, "houses_terminal"


def _only(checked: Checked) -> Iterator[Fault]:
    """A rung for the last occurrence needs a last one."""
    for name, rule, rung in checked.rungs():
        if rung.only == "last" and rule.due.most is None and rule.due.cap is None:
            text = "« only: last » demande que l’échéance ait une dernière fois (most ou cap)"
            yield checked.rung_path(name, rung, "only"), text, "never_last"
        if rung.only == "first" and not (rule.due.renewed_by or rule.due.every):
            text = "« only: first » demande que l’échéance revienne (renewed_by ou every)"
            yield checked.rung_path(name, rung, "only"), text, "never_last"


def _told(checked: Checked) -> Iterator[Fault]:
    """What leaves has somebody to go to."""
    for name, rule, rung in checked.rungs():
        for notice in rung.notify:
            known = checked.workflow.notices.get(notice)
            for text, code in _lost(checked, rule, rung.to or (known.to if known else ())):
                yield checked.rung_path(name, rung), f"« {notice} » : {text}", code


def _lost(checked: Checked, rule: Deadline, recipients: Iterable[str]) -> Iterator[tuple[str, str]]:
    workflow = checked.workflow
    if "escalation" in recipients and not workflow.escalation:
        yield "le document ne dit pas qui encadre (escalation)", "no_escalation"
    if "referent" in recipients and not workflow.referent:
        yield "le document ne dit pas qui est référent (referent)", "no_referent"
    if "who" in recipients and not rule.who and not rule.span:
        yield "l’échéance ne dit pas qui doit agir (who)", "no_who"


def _sources(checked: Checked) -> Iterator[Fault]:
    """A duration that is not a setting of the house says where it comes from."""
    for name, rule in checked.workflow.deadlines.items():
        written = (*rule.due.lengths, rule.due.every, rule.due.cap)
        if any(isinstance(value, str) for value in written) and not rule.basis:
            text = f"d’où vient la durée de « {rule.label} » ? (basis, ou une étoile)"
            yield ("deadlines", name, "due"), text, "no_basis"


def _cycles(checked: Checked) -> Iterator[Fault]:
    """A deadline never waits for itself, neither to begin nor to end."""
    rules = checked.workflow.deadlines
    begins = {
        name: {parent for anchor in rule.due.anchors if anchor.kind == "deadline" for parent in anchor.names}
        for name, rule in rules.items()
    }
    ends = {name: {rule.due.until} if rule.due.until else set() for name, rule in rules.items()}
    parents = {name: begins[name] | ends[name] for name in rules}
    for name, rule in rules.items():
        for key, firsts in (("anchor", begins[name]), ("until", ends[name])):
            if name in _above(firsts, parents):
                text = f"l’échéance « {rule.label} » dépend d’elle-même"
                yield ("deadlines", name, "due", key), text, "cycle"


def _above(firsts: Iterable[str], parents: Mapping[str, Iterable[str]]) -> set[str]:
    """Name the deadlines on which these depend, themselves included."""
    seen, todo = set(firsts), list(firsts)
    while todo:
        fresh = {*parents.get(todo.pop(), ())} - seen
        seen |= fresh
        todo += fresh
    return seen


DATES: tuple[Rule, ...] = (_awaited, _handled, _clock, _homes, _only, _told, _sources, _cycles)
