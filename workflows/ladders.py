"""Ladders compiled: shared ones put in place, each rung laid out as its act, its task and its message."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ..domain.deadline import Rung, Shift
from ..domain.errors import InputError
from ..domain.model import Setting
from ..domain.rhythms import Rhythm, plain_words
from .amounts import NO_DELAY, Amounts
from .conditions import Conditions
from .grammar_dates import Ladder, RungText
from .lengths import DAYS, ONWARD, TIMED, before_end_fault, has_hours
from .merge import RECIPIENTS
from .names import Names
from .report import Path, shown, suggestion
from .twins import Twins

REMINDER = "rappel_echeance"
ALERT = "echeance_depassee"
MOST_RUNGS = 200
"""A ladder with more rungs than this is refused."""

Base = Literal["due", "anchor", "legal", "month"]
_MARKS: dict[Base, str] = {"due": "", "anchor": "+", "legal": "=", "month": "~"}
"""What the name of a rung begins with, by what it counts from."""


class Ladders:
    """Compiles the ladders of one document's deadlines."""

    def __init__(
        self, shared: Mapping[str, Ladder], names: Names, amounts: Amounts, conditions: Conditions
    ) -> None:
        self.shared = shared
        self.names = names
        self.amounts = amounts
        self.conditions = conditions

    def compile(self, written: tuple[str | RungText, ...], path: Path, label: str) -> tuple[Rung, ...]:
        """Lay out the rungs of one deadline; each has a name of its own, which never changes with the rest."""
        seen: dict[str, int] = {}
        rungs: list[Rung] = []
        twins = Twins(self.names.report, self.amounts, path)
        for where, rung in self._written(written, path):
            self._check(rung, where)
            for one, place in self._rungs(rung, where, label):
                twins.check(one, place)
                times = seen[one.id] = seen.get(one.id, 0) + 1
                named = one if times == 1 else one.model_copy(update={"id": f"{one.id}~{times}"})
                self.names.report.rungs[str(path[1]), named.id] = where
                rungs.append(named)
            if len(rungs) > MOST_RUNGS:
                text = f"plus de {MOST_RUNGS} barreaux pour une échéance"
                self.names.report.add((*path, "ladder"), text, code="size", key=True)
                break
        return tuple(rungs)

    def _written(self, written: tuple[str | RungText, ...], path: Path) -> Iterator[tuple[Path, RungText]]:
        for index, part in enumerate(written):
            where: Path = (*path, "ladder", index)
            if not isinstance(part, str):
                yield where, part
            elif part in self.shared:
                for number, rung in enumerate(self.shared[part]):
                    yield ("ladders", part, number), rung
            else:
                close = self.names.report.closest(part, self.shared)
                text = f"échelle inconnue « {shown(part)} »{suggestion(close)}"
                self.names.report.add(where, text, code="unknown_name")

    def _check(self, written: RungText, path: Path) -> None:
        bases = [key for key in ("at", "after", "legal", "month") if getattr(written, key)]
        acts_only = written.perform is not None and not written.notify and written.task is None
        faults = [
            (None, not bases,
             "un barreau dit quand : at (depuis l’échéance), after (l’ancre), legal (la date légale) ou month"),
            (bases[-1] if bases else None, len(bases) > 1,
             f"un barreau compte d’un seul endroit ({' ou '.join(bases)}) : en faire plusieurs barreaux"),
            ("every", written.every is not None and written.perform is not None,
             "un acte ne se répète pas : « every » va avec un message ou une tâche"),
            ("every", written.every is not None and written.month,
             "un jour du mois ne se répète pas : « every » va avec un délai"),
            ("hour", written.hour is not None and acts_only,
             "un acte prend effet au début de son jour : « hour » va avec un message ou une tâche"),
            ("shift", written.shift is not None and acts_only,
             "un acte n’est jamais reporté : « shift » va avec un message ou une tâche"),
            ("effective", written.effective == "due" and (written.perform is None or not written.at),
             "« effective: due » va avec un acte (perform) fait après l’échéance (at)"),
            ("to", written.to and (acts_only or (written.task is not None and not written.notify)),
             "« to » va avec un message"),
        ]  # fmt: skip
        for key, wrong, text in faults:
            if wrong:
                where = path if key is None else (*path, key)
                self.names.report.add(where, text, code="rung", key=True)

    def _rungs(self, written: RungText, path: Path, label: str) -> Iterator[tuple[Rung, Path | None]]:
        """Lay out one rung, each step with the place of its delay where this can be read."""
        bases: tuple[tuple[Base, str], ...] = (("due", "at"), ("anchor", "after"), ("legal", "legal"))
        for base, key in bases:
            for index, delay in enumerate(getattr(written, key)):
                where = (*path, key, index)
                value = self.amounts.delay(delay, where, label, DAYS if base == "legal" else TIMED)
                self._check_hours(written, value, where)
                if written.effective == "due" and not _is_after(str(self.amounts.first(value))):
                    text = (
                        "un acte qui prend effet le jour de l’échéance se fait une fois ce jour passé (P1D)"
                    )
                    self.names.report.add(where, text, code="rung")
                place = None if value == NO_DELAY != delay else where
                yield from ((step, place) for step in self._steps(written, path, label, base, value))
        for index, text in enumerate(written.month):
            place = (*path, "month", index)
            day = self._day(text, place)
            if day is not None:
                yield from ((step, place) for step in self._steps(written, path, label, "month", day))

    def _day(self, text: str, path: Path) -> str | None:
        """Read a day of the month, in its canonical words."""
        try:
            found = Rhythm.parse(text)
        except InputError:
            found = None
        if found is not None and found.monthly:
            return str(found)
        known = f"jour du mois illisible « {shown(text)} »"
        wanted = "on attend par exemple le 15, premier lundi, dernier vendredi ou fin de mois"
        self.names.report.add(path, before_end_fault(text) or f"{known} : {wanted}", code="rung")
        return None

    def _check_hours(self, written: RungText, delay: str | Setting, path: Path) -> None:
        """A step counted in hours leaves at its hour, whatever the day."""
        if not has_hours(self.amounts.first(delay)):
            return
        for key, said in (("hour", written.hour), ("shift", written.shift)):
            if said is not None:
                text = f"un barreau compté en heures part à son heure, sans report : sans « {key} »"
                self.names.report.add((*path[:-2], key), text, code="rung", key=True)

    def _steps(
        self, written: RungText, path: Path, label: str, base: Base, delay: str | Setting
    ) -> Iterator[Rung]:
        """An act, its message and its task are steps of their own, each with its hour and its shift."""
        names = self.names
        first = str(self.amounts.first(delay))
        late_side = base in ("due", "legal") and _is_after(first)
        stem = _stem(base, delay.param if isinstance(delay, Setting) else delay)
        common = {"base": base, "delay": delay, "only": written.only, "late": written.late,
                  **self._gates(written, path, label)}  # fmt: skip
        if written.perform is not None:
            action = names.one("action", written.perform, (*path, "perform"))
            yield Rung(id=f"{stem}:act", kind="act", perform=action, effective=written.effective, **common)
        common["hour"] = written.hour
        if written.task is not None:
            task = names.one("tâche", written.task, (*path, "task"))
            yield Rung(id=f"{stem}:task", kind="task", task=task, shift=written.shift or "aucun", **common)
        notify = names.many("modèle", written.notify, (*path, "notify"))
        if not notify and written.perform is None and written.task is None:
            notify = (names.one("modèle", ALERT if late_side else REMINDER, path),)
        if notify:
            to = names.many("rôle", written.to, (*path, "to"), extra=RECIPIENTS)
            usual: Shift = "aucun" if has_hours(first) else "suivant" if late_side else "precedent"
            shift = written.shift or usual
            yield Rung(id=f"{stem}:notice", kind="notice", notify=notify, to=to, shift=shift, **common)

    def _gates(self, written: RungText, path: Path, label: str) -> dict[str, Any]:
        when, every = written.when, written.every
        return {
            "when": None if when is None else self.conditions.compile(when, (*path, "when"), label, "rung"),
            "every": None if every is None else self.amounts.delay(every, (*path, "every"), label, ONWARD),
        }


def _stem(base: Base, text: str) -> str:
    """Begin the name of a rung: what it counts from, and how far."""
    return _MARKS[base] + (re.sub(r"[^a-z0-9]+", "-", plain_words(text)) if base == "month" else text)


def _is_after(delay: str) -> bool:
    return not delay.startswith("-") and any(char in "123456789" for char in delay)
