"""Conditions told in French, by the labels of what they name. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from ..domain.errors import InputError
from ..domain.explain_dates import long_date, long_delay
from ..domain.workflow import Condition, Setting, Workflow
from .seasons import LEAP

_IS: dict[bool | str, str] = {
    "set": "est renseigné", "unset": "n’est pas renseigné", True: "est oui", False: "est non",
    "passed": "est passée", "open": "court encore", "met": "a été respectée", "reminded": "a déjà donné un rappel",
    "missed": "a été manquée", "capped": "a atteint son plafond",
}  # fmt: skip
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
        if condition.count or condition.average:
            return self._counted(condition)
        if condition.deadline:
            how = _IS.get(condition.is_ or "passed", "est passée")
            return f"l’échéance {self.labels('deadlines', condition.deadline)} {how}"
        return self._others(condition)

    def _others(self, condition: Condition) -> str:
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
        limits = ((word, getattr(condition, key)) for key, word in _BOUNDS.items())
        return [f"{word} {self.amount(limit)}" for word, limit in limits if limit is not None]

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


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


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
