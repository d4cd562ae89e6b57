"""Forms filled in at random: values that people could give, right more often than not."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from ..domain.condition import Condition
from ..domain.delay import Delay
from ..domain.model import Setting
from ..domain.workflow import Fact, Workflow

_BORN = 2010
_TEN_YEARS = 120
MOST_PEOPLE = 40
"""So many people come to the door: some of them twice."""


class Chance:
    """Draws the values of a workflow's forms."""

    def __init__(self, workflow: Workflow, random: Random, people: Sequence[str], places: int) -> None:
        self._workflow = workflow
        self._random = random
        self.places = [f"Place {number}" for number in range(1, places + 1)]
        self._draws: dict[str, Callable[[Fact, date], Any]] = {
            "text": lambda fact, _: fact.label, "date": self._date, "time": lambda *_: "10:30",
            "instant": lambda _, day: f"{day.isoformat()}T{random.randint(0, 6):02}:40",
            "number": lambda *_: random.randint(1, 5), "money": lambda *_: f"{random.randint(50, 900)}.00",
            "yesno": lambda *_: random.random() < 0.7, "done": self._done,
            "choice": self._choice, "household": self._household,
            "person": self._person, "contact": lambda *_: {"name": "Un partenaire", "email": "partenaire@asso.example"},
            "actor": lambda *_: random.choice(people), "actors": lambda *_: random.sample(people, min(3, len(people))),
            "place": lambda *_: random.choice(self.places), "file": lambda *_: "preuve.pdf",
            "documents": lambda *_: random.sample([*workflow.documents], 1),
        }  # fmt: skip

        self._births = {
            name for action in workflow.actions.values() for part in action.requires
            if self._in_years(part) for name in part.between
        }  # fmt: skip

    def _in_years(self, part: Condition) -> bool:
        """Say whether a condition asks for an age: many years between a day and today."""
        bound = part.at_least if part.between else None
        known = self._workflow.parameters[bound.param].default if isinstance(bound, Setting) else bound
        return known is not None and Delay.parse(str(known)).months > _TEN_YEARS

    def form(self, action: str, day: date, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Fill in the form of an act; a place that the case already has is most often kept."""
        rule, facts = self._workflow.actions[action], self._workflow.facts
        asked = [*rule.form, *(name for name in rule.optional if self._random.random() < 0.3)]
        return {name: self._value(name, facts[name], day, known or {}) for name in asked}

    def _value(self, name: str, fact: Fact, day: date, known: Mapping[str, Any]) -> Any:
        if fact.type == "place" and known.get(name) is not None and self._random.random() < 0.8:
            return known[name]
        if fact.type == "date" and name in self._births:
            return self._birth(day)
        return self._draws[fact.type](fact, day)

    def _birth(self, day: date) -> str:
        """Draw a day that is compared with today: of an adult nine times in ten."""
        years = self._random.randint(19, 80) if self._random.random() < 0.9 else 16
        return date(day.year - years, 1 + self._random.randint(0, 11), 28).isoformat()

    def _choice(self, fact: Fact, _day: date) -> str:
        """Draw the first choice as often as all the others: it is the usual one."""
        choices = [*fact.choices]
        return choices[0] if self._random.random() < 0.5 else self._random.choice(choices)

    def _date(self, fact: Fact, day: date) -> str:
        low, high = (0, 45) if fact.from_today else (-20, 0) if fact.until_today else (-15, 30)
        return (day + timedelta(self._random.randint(low, high))).isoformat()

    def _done(self, _fact: Fact, _day: date) -> Any:
        return {"non_applicable": "sans objet"} if self._random.random() < 0.1 else True

    def _person(self, _fact: Fact, _day: date) -> dict[str, Any]:
        number = self._random.randint(1, MOST_PEOPLE)
        return {
            "name": f"Personne {number}", "email": f"personne{number}@menage.example",
            "born": date(_BORN - number, 1 + number % 12, 28).isoformat(),
        }  # fmt: skip

    def _household(self, fact: Fact, day: date) -> dict[str, Any]:
        first = self._person(fact, day)
        others = [{"name": f"Enfant de {first['name']}"}] * self._random.choice((0, 0, 0, 1, 2))
        persons = [{"name": first["name"], "born": first["born"]}, *others]
        return {"name": first["name"], "email": first["email"], "persons": persons}
