"""Conditions told in French, by the labels of what they name. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from ..domain.condition import Condition
from ..domain.conditions_acts import TODAY
from ..domain.errors import InputError
from ..domain.explain_dates import long_date, long_delay
from ..domain.figures import plain_words
from ..domain.model import Setting
from ..domain.workflow import Workflow
from .seasons import LEAP

_IS: dict[bool | str, str] = {
    "set": "est renseigné", "unset": "n’est pas renseigné", True: "est oui", False: "est non",
    "passed": "est passée", "open": "court encore", "met": "a été respectée", "reminded": "a déjà donné un rappel",
    "missed": "a été manquée", "capped": "a atteint son plafond",
}  # fmt: skip
_PLACES = {
    "free": "une place compatible est libre", "none": "aucune place compatible n’est libre",
    "held": "le dossier tient une place",
}  # fmt: skip
NOTHING: Mapping[str, Workflow] = MappingProxyType({})
_LINKED = {"open": ", en cours", "closed": ", terminés"}
_BOUNDS = {"at_least": "au moins", "at_most": "au plus", "above": "plus de", "below": "moins de"}
_RECIPIENTS = {
    "who": "qui doit agir", "escalation": "qui encadre", "household": "le ménage", "referent": "le référent du dossier",
}  # fmt: skip


def listed(items: Iterable[str], last: str = "et") -> str:
    """Write a list as a sentence says it: `a, b et c`."""
    shown = list(items)
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


class ConditionWords:
    """Says the names, the values and the conditions of one workflow."""

    def __init__(self, workflow: Workflow, others: Mapping[str, Workflow] = NOTHING) -> None:
        """`others` are the workflows to which it is linked, by name: without them their states have names alone."""
        self.workflow = workflow
        self._reached = others

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
            return f"{plain_words(known.default) if known else '?'} (réglage {value.param})"
        return plain_words(value)

    def delay(self, value: str | Setting) -> str:
        """Say how long, without the direction."""
        if isinstance(value, Setting):
            known = self.workflow.parameters.get(value.param)
            return f"{_length(known.default) if known else '?'} (réglage {value.param})"
        return _length(value)

    def season(self, name: str) -> str:
        """Say a part of the year: `« Trêve hivernale » (du 1er novembre au 31 mars)`."""
        known = self.workflow.seasons.get(name)
        days = f" (du {day_of_year(known.start)} au {day_of_year(known.end)})" if known else ""
        return self.label("seasons", name) + days

    def value(self, fact: str | None, value: Any) -> str:
        """Say a value of a fact: the label of a choice, else the value itself."""
        known = self.workflow.facts.get(fact or "")
        choice = known.choices.get(str(value)) if known else None
        return f"« {choice.label} »" if choice else plain_words(value)

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
        if condition.count or condition.average:
            return self._counted(condition)
        if condition.deadline:
            how = _IS.get(condition.is_ or "passed", "est passée")
            return f"l’échéance {self.labels('deadlines', condition.deadline)} {how}"
        return self._others(condition)

    def _others(self, condition: Condition) -> str:
        if condition.last:
            return self._last(condition)
        if condition.between:
            first, second = (self._day(name) for name in condition.between)
            bounds = [f"{word} {self.delay(limit)}" for word, limit in self._limits(condition)]
            return f"le temps entre {first} et {second} : {listed(bounds)}{_counted_so(condition)}"
        if condition.place is not None:
            return _PLACES[condition.place]
        if condition.linked is not None:
            return self._linked(condition)
        if condition.others:
            said = f"autres dossiers d’hébergement des mêmes personnes ({listed(condition.others)})"
            return f"{said} : {self._bounded(condition)}"
        if condition.members is not None:
            return self._members(condition)
        if condition.documents:
            return f"pièces présentes et valables : {self.labels('documents', condition.documents, 'et')}"
        if condition.season is not None:
            return f"on est {'hors de' if condition.is_ == 'outside' else 'dans'} {self.season(condition.season)}"
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
        return [f"{word} {self.amount(limit)}" for word, limit in self._limits(condition)]

    def _bounded(self, condition: Condition) -> str:
        return listed(self._bounds(condition))

    @staticmethod
    def _limits(condition: Condition) -> list[tuple[str, Any]]:
        found = ((word, getattr(condition, key)) for key, word in _BOUNDS.items())
        return [(word, limit) for word, limit in found if limit is not None]

    def _last(self, condition: Condition) -> str:
        said = f"le dernier acte {self.labels('actions', condition.last)}"
        if condition.of:
            said += f" ({self.where(condition.of)})"
        asked = [f"avec {self.where(condition.where)}"] if condition.where else []
        if condition.since:
            asked.append(f"postérieur à {self.labels('actions', condition.since)}")
        if condition.within is not None:
            asked.append(f"qui n’a pas plus de {self.delay(condition.within)}")
        return f"{said} existe{f' : {listed(asked)}' if asked else ''}"

    def _day(self, name: str) -> str:
        if name == TODAY:
            return "le jour de l’acte"
        return self.label("facts" if name in self.workflow.facts else "actions", name)

    def _linked(self, condition: Condition) -> str:
        said = f"dossiers liés {self.label('links', condition.linked or '')}"
        if condition.in_:
            states = [self._state_of(condition.linked or "", str(name)) for name in condition.in_]
            said += f" dans l’état {listed(states, 'ou')}"
        said += _LINKED.get(str(condition.is_), "")
        bounds = self._bounded(condition)
        return f"{said} : {bounds or ('aucun' if condition.is_ == 'unset' else 'au moins un')}"

    def _state_of(self, link: str, state: str) -> str:
        """Name a state of the cases that a link reaches."""
        for name in self.workflow.links[link].workflow:
            known = self._reached[name].states.get(state) if name in self._reached else None
            if known is not None:
                return f"« {known.label} »"
        return f"« {state} »"

    def _members(self, condition: Condition) -> str:
        said = f"nombre de personnes de {self.label('facts', condition.members or '')}"
        if condition.aged is not None:
            low, high = condition.aged.from_, condition.aged.to
            ages = [f"d’au moins {self.amount(low)} ans"] if low is not None else []
            ages += [f"d’au plus {self.amount(high)} ans"] if high is not None else []
            said += f" {listed(ages)}"
            if condition.aged.on is not None:
                said += f" au jour de {self.label('facts', condition.aged.on)}"
        return f"{said} : {self._bounded(condition)}"

    def _counted(self, condition: Condition) -> str:
        acts = self.labels("actions", condition.count or condition.average)
        said = (
            f"nombre d’actes {acts}"
            if condition.count
            else f"nombre moyen de jours d’un acte {acts} au suivant"
        )
        if condition.where:
            said += f" ({self.where(condition.where)})"
        if condition.distinct is not None:
            said += f", chaque valeur de {self.label('facts', condition.distinct)} comptée une fois"
        if condition.since:
            said += f", depuis {self.labels('actions', condition.since)}"
        if condition.within is not None:
            said += f", en remontant de {self.delay(condition.within)}"
        if condition.per is not None:
            said += ", dans le mois"
        return f"{said} : {self._test(condition, None)}"

    def where(self, where: dict[str, tuple[Any, ...]]) -> str:
        """Say which values an act must have."""
        return listed(
            f"{self.label('facts', fact)} : {listed([self.value(fact, one) for one in values], 'ou')}"
            for fact, values in where.items()
        )


def _counted_so(condition: Condition) -> str:
    """Say that a delay is franc, and where its end goes from a closed day."""
    said = [*(["délai franc"] if condition.franc else [])]
    if condition.shift is not None:
        said.append(f"reporté au jour ouvré {'suivant' if condition.shift == 'suivant' else 'précédent'}")
    return f" ({', '.join(said)})" if said else ""


def _length(value: Any) -> str:
    try:
        return long_delay(str(value))
    except InputError:
        return str(value)


def day_of_year(day: str) -> str:
    """Write a day of any year (`MM-DD`) in French: `1er novembre`."""
    _, number, month, _ = long_date(date.fromisoformat(f"{LEAP}-{day}")).split()
    return f"{number} {month}"


def month_name(number: int) -> str:
    """Name a month in French."""
    return day_of_year(f"{number:02}-01").split()[1]
