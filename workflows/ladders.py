"""Ladders compiled: shared ones put in place, each rung laid out as its act, its task and its message."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..domain.workflow import Rung, Setting
from .amounts import Amounts
from .conditions import Conditions
from .grammar import Ladder, RungText
from .merge import RECIPIENTS
from .names import Names
from .report import Path, shown, suggestion

REMINDER = "rappel_echeance"
ALERT = "echeance_depassee"
MOST_RUNGS = 200
"""A ladder with more rungs than this is refused."""


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
        for where, rung in self._written(written, path):
            self._check(rung, where)
            for one in self._rungs(rung, where, label):
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
        acts_only = written.perform is not None and not written.notify and written.task is None
        faults = [
            (None, not written.at and not written.after,
             "un barreau dit quand : « at » (depuis l’échéance) ou « after » (depuis l’ancre)"),
            ("every", written.every is not None and written.perform is not None,
             "un acte ne se répète pas : « every » va avec un message ou une tâche"),
            ("hour", written.hour is not None and acts_only,
             "un acte prend effet au début de son jour : « hour » va avec un message ou une tâche"),
            ("shift", written.shift is not None and acts_only,
             "un acte n’est jamais reporté : « shift » va avec un message ou une tâche"),
            ("to", written.to and (acts_only or (written.task is not None and not written.notify)),
             "« to » va avec un message"),
        ]  # fmt: skip
        for key, wrong, text in faults:
            if wrong:
                where = path if key is None else (*path, key)
                self.names.report.add(where, text, code="rung", key=True)

    def _rungs(self, written: RungText, path: Path, label: str) -> Iterator[Rung]:
        for base, key in (("due", "at"), ("anchor", "after")):
            for index, delay in enumerate(getattr(written, key)):
                value = self.amounts.delay(delay, (*path, key, index), label)
                yield from self._steps(written, path, label, base, value)

    def _steps(
        self, written: RungText, path: Path, label: str, base: Any, delay: str | Setting
    ) -> Iterator[Rung]:
        """An act, its message and its task are steps of their own, each with its hour and its shift."""
        names = self.names
        text = delay.param if isinstance(delay, Setting) else delay
        default = str(self.amounts.parameters[delay.param].default) if isinstance(delay, Setting) else delay
        stem = text if base == "due" else f"+{text}"
        late_side = (
            base == "due" and not default.startswith("-") and any(char in "123456789" for char in default)
        )
        common = {"base": base, "delay": delay, "only": written.only, "late": written.late,
                  **self._gates(written, path, label)}  # fmt: skip
        if written.perform is not None:
            action = names.one("action", written.perform, (*path, "perform"))
            yield Rung(id=f"{stem}:act", kind="act", perform=action, **common)
        common["hour"] = written.hour
        if written.task is not None:
            task = names.one("tâche", written.task, (*path, "task"))
            yield Rung(id=f"{stem}:task", kind="task", task=task, shift=written.shift or "aucun", **common)
        notify = names.many("modèle", written.notify, (*path, "notify"))
        if not notify and written.perform is None and written.task is None:
            notify = (names.one("modèle", ALERT if late_side else REMINDER, path),)
        if notify:
            to = names.many("rôle", written.to, (*path, "to"), extra=RECIPIENTS)
            shift = written.shift or ("suivant" if late_side else "precedent")
            yield Rung(id=f"{stem}:notice", kind="notice", notify=notify, to=to, shift=shift, **common)

    def _gates(self, written: RungText, path: Path, label: str) -> dict[str, Any]:
        when, every = written.when, written.every
        return {
            "when": None if when is None else self.conditions.compile(when, (*path, "when"), label, "rung"),
            "every": None
            if every is None
            else self.amounts.delay(every, (*path, "every"), label, forward=True),
        }
