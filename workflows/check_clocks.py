"""What the checker asks of the clocks: hours start from an instant, and what stops or moves a clock can do so."""

from collections.abc import Iterator

from ..domain.deadline import Anchor, Due
from ..domain.delay import Delay
from ..domain.workflow import SYSTEM
from .checked import Checked, Fault, Rule, parts
from .lengths import all_hours, has_hours, is_delay, years
from .report import Path


class _Hours:
    """Tells which dates of one workflow have an hour."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked

    def counted(self, value: object) -> bool:
        """Say whether a length is counted in hours, as long as no house sets it."""
        return has_hours(self.checked.first(value))

    def dated(self, due: Due) -> bool:
        """Say whether a due date always has an hour."""
        if due.hour is not None or due.hour_of is not None:
            return True
        return all_hours(self.checked.first(value) for value in due.lengths)

    def starts(self, anchor: Anchor) -> bool:
        """Say whether an anchor gives an instant: an act, an entry, a fact that is one, a deadline that has an hour."""
        workflow = self.checked.workflow
        if anchor.kind == "fact":
            known = [workflow.facts[name] for name in anchor.names if name in workflow.facts]
            return all(fact.type == "instant" for fact in known)
        if anchor.kind == "deadline":
            return all(
                self.dated(workflow.deadlines[name].due)
                for name in anchor.names
                if name in workflow.deadlines
            )
        return True


def _hours(checked: Checked) -> Iterator[Fault]:
    """A delay in hours runs from an instant, and is nothing but hours."""
    hours = _Hours(checked)
    for name, rule in checked.workflow.deadlines.items():
        due, path = rule.due, ("deadlines", name, "due")
        if not any(hours.counted(value) for value in due.lengths):
            continue
        for index, anchor in enumerate(due.anchors):
            if not hours.starts(anchor):
                text = (
                    f"« {anchor.names[0]} » n’a pas d’heure : un délai en heures court depuis un acte, une donnée de "
                    "type instant ou une échéance qui a une heure"
                )
                yield (*path, "anchor", index), text, "no_hour"
        for key, said in (
            ("hour", due.hour or due.hour_of), ("franc", due.franc), ("cap", due.cap), ("every", due.every),
        ):  # fmt: skip
            if said:
                yield (*path, key), f"« {key} » ne va pas avec un délai en heures (after)", "hours"
        if rule.pauses:
            text = "un délai en heures ne se suspend pas"
            yield ("deadlines", name, "suspends"), text, "hours"


def _rung_hours(checked: Checked) -> Iterator[Fault]:
    """A step counted in hours needs an hour to count from."""
    hours = _Hours(checked)
    for name, rule, rung in checked.rungs():
        if not hours.counted(rung.delay):
            continue
        if rung.base == "anchor":
            known, what = all(map(hours.starts, rule.due.anchors)), "le point de départ"
        else:
            known, what = hours.dated(rule.due), "la date"
        if not known:
            text = f"un barreau en heures : {what} de « {rule.label} » n’a pas d’heure"
            yield checked.rung_path(name, rung), text, "no_hour"


def _pauses(checked: Checked) -> Iterator[Fault]:
    """A clock stands still in some of the states where it runs, never in all."""
    for name, rule in checked.workflow.deadlines.items():
        stopped: set[str] = set()
        for index, pause in enumerate(rule.pauses):
            path: Path = ("deadlines", name, "suspends", index, "while")
            for state in pause.states:
                if rule.span and state not in rule.span:
                    text = f"« {rule.label} » ne court pas dans l’état « {state} » (while) : rien à suspendre"
                    yield path, text, "pause"
                elif state in stopped:
                    yield path, f"« {state} » suspend déjà « {rule.label} »", "pause"
            stopped.update(pause.states)
        if rule.pauses and rule.span and stopped.issuperset(rule.span):
            text = f"« {rule.label} » est suspendue partout où elle court : elle n’aurait jamais de date"
            yield ("deadlines", name, "suspends"), text, "pause"


def _restarts(checked: Checked) -> Iterator[Fault]:
    """An act that makes the delay run again can be done while it runs, and does not meet it."""
    for name, rule in checked.workflow.deadlines.items():
        met = {meet.act for meet in rule.met_by if not meet.where}
        starts = {act for anchor in rule.due.anchors if anchor.kind == "act" and not anchor.first
                  for act in anchor.names}  # fmt: skip
        for index, restart in enumerate(rule.restarts):
            path: Path = ("deadlines", name, "interrupts", index, "by")
            for act in restart.by:
                if not checked.possible(act, frozenset(rule.span)):
                    yield path, f"« {act} » n’est pas possible tant que court « {rule.label} »", "restart"
                elif act in met:
                    yield (
                        path,
                        f"« {act} » éteint « {rule.label} » (met_by) : il ne l’interrompt pas",
                        "restart",
                    )
                elif act in starts:
                    yield path, f"« {act} » fait déjà courir « {rule.label} » (anchor)", "restart"


def _reopened(checked: Checked) -> Iterator[Fault]:
    """An act that takes back what met a date does not meet it itself."""
    for name, rule in checked.workflow.deadlines.items():
        for act in rule.reopened_by:
            if any(meet.act == act for meet in rule.met_by):
                text = f"« {act} » éteint « {rule.label} » (met_by) : il ne la rouvre pas"
                yield ("deadlines", name, "reopened_by"), text, "restart"


def _catch_ups(checked: Checked) -> Iterator[Fault]:
    """What an outage drops are messages."""
    for name, rule in checked.workflow.deadlines.items():
        if rule.catch_up.mode != "all" and not any(rung.kind == "notice" for rung in rule.ladder):
            text = f"« {rule.label} » n’envoie aucun message : catch_up n’y change rien"
            yield ("deadlines", name, "catch_up"), text, "catch_up"


def _caps(checked: Checked) -> Iterator[Fault]:
    """A cap leaves room for the first period."""
    for name, rule in checked.workflow.deadlines.items():
        cap = checked.first(rule.due.cap)
        periods = [checked.first(value) for value in rule.due.lengths]
        if not is_delay(cap):
            continue
        if any(
            is_delay(period) and years(Delay.parse(period)) > years(Delay.parse(cap)) for period in periods
        ):
            text = f"« {rule.label} » : le plafond (cap) est plus court que la première période (after)"
            yield ("deadlines", name, "due", "cap"), text, "cap"


def _ends(checked: Checked) -> Iterator[Fault]:
    """A rhythm stops at a deadline that has one date."""
    rules = checked.workflow.deadlines
    for name, rule in rules.items():
        end = rules.get(rule.due.until or "")
        if end is not None and (end.due.every is not None or any(anchor.each for anchor in end.due.anchors)):
            text = f"« {end.label} » a plusieurs dates : un rythme s’arrête à une échéance qui n’en a qu’une"
            yield ("deadlines", name, "due", "until"), text, "until"


def _asked(checked: Checked) -> Iterator[Fault]:
    """A condition asks of a deadline only what may happen to it."""
    rules = checked.workflow.deadlines
    for name, action in checked.workflow.actions.items():
        for index, whole in enumerate(action.requires):
            for path, part in parts(whole, ("actions", name, "requires", index)):
                for rule in (rules[one] for one in part.deadline if one in rules):
                    due = rule.due
                    if part.is_ == "capped" and (
                        not due.renewed_by or (due.most is None and due.cap is None)
                    ):
                        text = f"« {rule.label} » n’atteint jamais de plafond (renewed_by avec most ou cap)"
                        yield (*path, "is"), text, "never_capped"
                    if part.is_ == "missed" and rule.informative:
                        text = f"« {rule.label} » informe : personne ne la manque (informative)"
                        yield (*path, "is"), text, "never_missed"


def _postponers(checked: Checked) -> Iterator[Fault]:
    for name, rule in checked.workflow.deadlines.items():
        if SYSTEM in rule.postponed_by:
            text = "l’automate ne reporte rien : une personne le décide, avec un motif"
            yield ("deadlines", name, "postponed_by"), text, "postponed_by"


CLOCKS: tuple[Rule, ...] = (
    _hours,
    _rung_hours,
    _pauses,
    _restarts,
    _reopened,
    _catch_ups,
    _caps,
    _ends,
    _asked,
    _postponers,
)
