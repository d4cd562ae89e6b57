"""Rules told in French: what a condition asks, how a date follows, what a step of a ladder does. Pure."""

from collections.abc import Iterable
from typing import Any

from ..domain.delay import Delay
from ..domain.errors import InputError
from ..domain.explain_dates import long_delay
from ..domain.workflow import Anchor, Cases, Condition, Due, Rung, Setting, Workflow

_IS: dict[bool | str, str] = {
    "set": "est renseigné", "unset": "n’est pas renseigné", True: "est oui", False: "est non",
    "passed": "est passée", "open": "court encore", "met": "a été respectée", "reminded": "a déjà donné un rappel",
}  # fmt: skip
_BOUNDS = {"at_least": "au moins", "at_most": "au plus", "above": "plus de", "below": "moins de"}
_SHIFTS = {
    "suivant": " ; reportée au jour ouvré suivant",
    "precedent": " ; avancée au jour ouvré précédent",
    "aucun": "",
}
_RECIPIENTS = {
    "who": "qui doit agir", "escalation": "qui encadre", "household": "le ménage", "referent": "le référent du dossier",
}  # fmt: skip


def listed(items: Iterable[str], last: str = "et") -> str:
    """Write a list as a sentence says it: `a, b et c`."""
    shown = list(items)
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


class Words:
    """Says the rules of one workflow, by the labels of what they name."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow

    # -- names

    def label(self, section: str, name: str) -> str:
        """Write the label of an element between quotation marks, or its name where it has none."""
        known = getattr(self.workflow, section).get(name)
        return f"« {known.label if known else name} »"

    def labels(self, section: str, names: Iterable[str], last: str = "ou") -> str:
        """Write several labels as a sentence says them."""
        return listed([self.label(section, name) for name in names], last)

    def recipient(self, name: str) -> str:
        """Say who receives: a role, or what it is on each case."""
        return _RECIPIENTS.get(name) or self.label("roles", name)

    def amount(self, value: Any) -> str:
        """Say a value, with its default where the house sets it."""
        if isinstance(value, Setting):
            known = self.workflow.parameters.get(value.param)
            return f"{_plain(known.default) if known else '?'} (réglage {value.param})"
        return _plain(value)

    def value(self, fact: str | None, value: Any) -> str:
        """Say a value of a fact: the label of a choice, else the value itself."""
        known = self.workflow.facts.get(fact or "")
        choice = known.choices.get(str(value)) if known else None
        return f"« {choice.label} »" if choice else _plain(value)

    # -- conditions

    def condition(self, condition: Condition) -> str:
        """Say a condition: what it asks, when it applies, what becomes of a refusal."""
        said = self._asked(condition)
        if condition.when is not None:
            said += f", si {self.condition(condition.when)}"
        if condition.warn:
            said += " (simple avertissement)"
        if condition.waiver:
            said += f" (dérogation possible : {self.label('waivers', condition.waiver)})"
        return said

    def _asked(self, condition: Condition) -> str:
        if condition.fact is not None:
            return f"{self.label('facts', condition.fact)} {self._test(condition, condition.fact)}"
        if condition.param is not None:
            known = self.workflow.parameters.get(condition.param)
            name = known.label if known else condition.param
            return f"le réglage « {name} » {self._test(condition, None)}"
        if condition.state:
            return f"le dossier est dans l’état {self.labels('states', condition.state)}"
        if condition.count:
            return self._count(condition)
        if condition.deadline:
            how = _IS.get(condition.is_ or "passed", "est passée")
            return f"l’échéance {self.labels('deadlines', condition.deadline)} {how}"
        return self._others(condition)

    def _others(self, condition: Condition) -> str:
        if condition.documents:
            return f"pièces présentes et valables : {self.labels('documents', condition.documents, 'et')}"
        if condition.queue is not None:
            return "premier de la liste d’attente"
        if condition.apart_from:
            return f"par une autre personne que pour {self.labels('actions', condition.apart_from)}"
        if condition.guard is not None:
            return f"condition nommée « {condition.guard} »"
        parts = [self.condition(part) for part in condition.any or condition.all]
        return listed(parts, "ou" if condition.any else "et")

    def _test(self, condition: Condition, fact: str | None) -> str:
        said: list[str] = []
        if condition.is_ is not None:
            said.append(_IS[condition.is_])
        if condition.equals is not None:
            said.append(f"vaut {self.value(fact, condition.equals)}")
        if condition.in_:
            said.append(f"vaut {listed([self.value(fact, one) for one in condition.in_], 'ou')}")
        said += self._bounds(condition)
        return listed(said)

    def _bounds(self, condition: Condition) -> list[str]:
        limits = ((word, getattr(condition, key)) for key, word in _BOUNDS.items())
        return [f"{word} {self.amount(limit)}" for word, limit in limits if limit is not None]

    def _count(self, condition: Condition) -> str:
        said = f"nombre d’actes {self.labels('actions', condition.count)}"
        if condition.where:
            said += f" ({self.where(condition.where)})"
        if condition.distinct is not None:
            said += f", chaque valeur de {self.label('facts', condition.distinct)} comptée une fois"
        if condition.since:
            said += f", depuis {self.labels('actions', condition.since)}"
        return f"{said} : {self._test(condition, None)}"

    def where(self, where: dict[str, tuple[Any, ...]]) -> str:
        """Say which values an act must have."""
        return listed(
            f"{self.label('facts', fact)} : {listed([self.value(fact, one) for one in values], 'ou')}"
            for fact, values in where.items()
        )

    # -- dates

    def delay(self, value: str | Setting) -> str:
        """Say how long, without the direction."""
        if isinstance(value, Setting):
            known = self.workflow.parameters.get(value.param)
            return f"{_length(known.default) if known else '?'} (réglage {value.param})"
        return _length(value)

    def due(self, due: Due, span: tuple[str, ...] = ()) -> str:
        """Say how a due date follows from what starts it."""
        anchor = self._anchors(due, span)
        said = f"{self._after(due)} {anchor}" if due.every is None else self._rhythm(due, anchor)
        if due.renewed_by:
            said += f" ; renouvelée par {self.labels('actions', due.renewed_by)}"
            if due.most is not None:
                said += f", {self.amount(due.most)} fois au plus"
        if due.decided is not None:
            said += f" ; ou la date écrite dans {self.label('facts', due.decided)}"
        return said + (" ; délai franc" if due.franc else "") + _SHIFTS[due.shift]

    def _after(self, due: Due) -> str:
        if due.after is None:
            return "le jour même de"
        if isinstance(due.after, Cases):
            by = due.after.by
            cases = (
                f"{self.delay(delay)} ({self.value(by, value)})" for value, delay in due.after.cases.items()
            )
            return f"selon {self.label('facts', by)}, {listed(cases)} {_side('')}"
        return f"{self.delay(due.after)} {_side(self._text(due.after))}"

    def _rhythm(self, due: Due, anchor: str) -> str:
        period = self.delay(due.every) if due.every is not None else ""
        first = "" if due.after is None else f", la première fois {self._after(due)}"
        return (
            f"une fois par période de {period}{first} {'à partir de ' if due.after is None else ''}{anchor}"
        )

    def _text(self, value: str | Setting) -> str:
        known = self.workflow.parameters.get(value.param) if isinstance(value, Setting) else None
        return str(known.default) if known else str(value)

    def _anchors(self, due: Due, span: tuple[str, ...]) -> str:
        return ", à défaut ".join(self._anchor(anchor, span) for anchor in due.anchors)

    def _anchor(self, anchor: Anchor, span: tuple[str, ...]) -> str:
        if anchor.kind == "entry":
            return f"l’arrivée dans {self.labels('states', span)}" if span else "l’ouverture du dossier"
        section = {"fact": "facts", "act": "actions", "deadline": "deadlines"}[anchor.kind]
        which = "le premier acte " if anchor.first else "chaque acte " if anchor.each else ""
        said = which + self.labels(section, anchor.names)
        if anchor.since:
            said += f" (depuis {self.labels('actions', anchor.since)})"
        return said + (f", si {self.condition(anchor.when)}" if anchor.when is not None else "")

    # -- ladders

    def rung(self, rung: Rung) -> str:
        """Say one step of a ladder: when, and what leaves or is done."""
        base = "l’échéance" if rung.base == "due" else "le point de départ"
        text = self._text(rung.delay)
        zero = not any(char in "123456789" for char in text)
        when = f"le jour de {base}" if zero else f"{self.delay(rung.delay)} {_side(text)} {base}"
        if rung.every is not None:
            when += f", puis tous les {self.delay(rung.every)}"
        if rung.only is not None:
            when += (
                " (la dernière fois seulement)" if rung.only == "last" else " (la première fois seulement)"
            )
        if rung.when is not None:
            when += f", si {self.condition(rung.when)}"
        return f"{when} : {self._effect(rung)}"

    def _effect(self, rung: Rung) -> str:
        if rung.perform is not None:
            return f"acte {self.label('actions', rung.perform)}"
        if rung.task is not None:
            return f"tâche {self.label('tasks', rung.task)}"
        to = f" à {listed(self.recipient(name) for name in rung.to)}" if rung.to else ""
        return f"message {listed(f'« {name} »' for name in rung.notify)}{to}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


def _length(value: Any) -> str:
    try:
        return long_delay(str(value))
    except InputError:
        return str(value)


def _side(text: str) -> str:
    try:
        return "avant" if Delay.parse(text).backwards else "après"
    except InputError:
        return "après"
