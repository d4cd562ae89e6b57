"""A life of the tests' case as a list: who did what on which day, as written at first and as put right since.

A few lines of its own, which share no code with jalon, say what a correction does to what was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

MONDAY = date(2026, 11, 23)
STATES = {  # action: from which states, to which
    "ouvrir": ((None,), "ouvert"),
    "entrer": (("ouvert",), "actif"),
    "revenir": (("actif",), "ouvert"),
    "suspendre": (("actif",), "suspendu"),
    "reprendre": (("suspendu",), "actif"),
    "clore": (("ouvert", "actif", "suspendu"), "clos"),
    **dict.fromkeys(("convoquer", "choisir", "recevoir"), (("ouvert", "actif", "suspendu"), None)),
    **dict.fromkeys(("visiter", "prolonger", "decider", "notifier"), (("actif",), None)),
}
SETS = {
    "ouvrir": ("signe_le", "rdv_le"), "entrer": ("signe_le",), "convoquer": ("rdv_le",), "choisir": ("mode",),
    "prolonger": ("terme",),
}  # fmt: skip
FACTS = ("signe_le", "rdv_le", "mode", "terme")


@dataclass
class Act:
    """One act: as it is believed to be today."""

    action: str
    on: date
    facts: dict[str, Any] = field(default_factory=dict)
    source: str | None = None
    target: str | None = None


@dataclass(frozen=True)
class Written:
    """One thing written on a day: an act, facts put right, or the day of an act put right (by its number)."""

    kind: str
    today: date
    action: str = ""
    on: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    act: int = -1


class Life:
    """What is written, in the order in which it was; and the acts as they stand, by the order of their entry."""

    def __init__(self) -> None:
        self.written: list[Written] = []
        self.acts: list[Act] = []

    def __repr__(self) -> str:
        lines = [
            f"{one.today} {one.kind} {one.action or one.act} {one.on or ''} {dict(one.facts) or ''}"
            for one in self.written
        ]
        return "\n".join(["", *lines, ""])

    def in_effect(self, acts: list[Act] | None = None) -> list[Act]:
        """The acts in the order in which they took effect; those of one day, as they were entered."""
        return sorted(acts or self.acts, key=lambda act: act.on)

    @property
    def state(self) -> str | None:
        return next((act.target for act in reversed(self.in_effect()) if act.target), None)

    @property
    def since(self) -> date:
        return max(act.on for act in self.acts if act.target)

    def do(self, action: str, today: date, on: date, facts: Mapping[str, Any]) -> None:
        self.written.append(Written("act", today, action, on, facts))
        self.acts.append(Act(action, on, dict(facts), self.state if self.acts else None, STATES[action][1]))

    def setter(self, name: str) -> Act | None:
        """The act that last set a fact."""
        return next((act for act in reversed(self.in_effect()) if name in act.facts), None)

    def correct(self, facts: Mapping[str, Any], today: date) -> None:
        self.written.append(Written("facts", today, facts=facts))
        for name, value in facts.items():
            act = self.setter(name)
            assert act is not None
            act.facts[name] = value

    def redate(self, number: int, on: date, today: date) -> bool:
        """Put the day of an act right, if every act is then still taken in the state in which it was."""
        moved = [Act(act.action, act.on, act.facts, act.source, act.target) for act in self.acts]
        moved[number].on = on
        state = None
        for act in self.in_effect(moved):
            if act.source != state:
                return False
            state = act.target or state
        self.written.append(Written("day", today, on=on, act=number))
        self.acts = moved
        return True


def values(name: str, near: date) -> st.SearchStrategy[Any]:
    """The values that a fact may have."""
    if name == "mode":
        return st.sampled_from(["court", "long"])
    if name == "terme":  # mostly after the end that stands: a renewal that would shorten is refused
        return st.integers(60, 500).map(lambda days: near + timedelta(days))
    return st.integers(-40, 60).map(lambda days: near + timedelta(days))


@st.composite
def lives(
    draw: Any, most: int = 14, *, least: int = 2, overtaking: bool = True, corrected: bool = True
) -> tuple[Life, date]:
    """A life in which acts are back-dated, then corrected in any order; and the day on which it is looked at.

    An act that is overtaking took effect before another that was entered earlier. Unless `corrected`, nothing is.
    """
    life, today = Life(), MONDAY
    life.do("ouvrir", today, today - timedelta(draw(st.integers(0, 5))), _facts(draw, "ouvrir", today))
    for _ in range(draw(st.integers(least, most))):
        today += timedelta(draw(st.sampled_from([0, 0, 1, 2, 5, 9, 17, 31])))
        what = draw(st.sampled_from(["act", "act", "act", "facts", "day"])) if corrected else "act"
        if what == "act":
            _act(draw, life, today, overtaking=overtaking)
        elif what == "facts":
            known = [name for name in FACTS if life.setter(name) is not None]
            if known:
                name = draw(st.sampled_from(known))
                life.correct({name: draw(values(name, today))}, today)
        else:
            number = draw(st.integers(0, len(life.acts) - 1))
            on = life.acts[number].on + timedelta(draw(st.sampled_from([-20, -6, -3, -1, 1, 2, 6, 15])))
            if on <= today:
                life.redate(number, on, today)
    return life, today + timedelta(draw(st.sampled_from([0, 3, 40])))


def _act(draw: Any, life: Life, today: date, *, overtaking: bool) -> None:
    possible = [name for name, (sources, _) in STATES.items() if life.state in sources and name != "clore"]
    if len(life.acts) > 6:
        possible.append("clore")
    if life.state == "clos":
        return
    likely = {"ouvert": ["entrer"] * 3, "actif": ["prolonger"] * 2, "suspendu": ["reprendre"] * 3}
    possible += likely.get(life.state or "", [])
    action = draw(st.sampled_from(possible))
    back = draw(st.sampled_from([0, 0, 0, 1, 4, 12]))
    stays = STATES[action][1] is None  # whoever leaves a state has done there all that was done
    first = life.since if overtaking and stays else max(act.on for act in life.acts)
    life.do(action, today, max(first, today - timedelta(back)), _facts(draw, action, today))


def _facts(draw: Any, action: str, today: date) -> dict[str, Any]:
    found = {}
    for name in SETS.get(action, ()):
        if name == "mode" or draw(st.booleans()):
            found[name] = draw(values(name, today))
    return found
