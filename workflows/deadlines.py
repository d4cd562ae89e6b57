"""Deadlines compiled: when each runs and stands still, what meets it, who may move it, what an outage drops."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..domain.deadline import CatchUp, Deadline, Due, Meet, Pause, Restart
from ..domain.model import Setting
from ..domain.workflow import PREVIOUS, Action
from .amounts import Amounts
from .conditions import Conditions
from .dues import Dues
from .grammar_dates import DeadlineText, PauseText, RestartText, WithinText
from .ladders import Ladders
from .lengths import SHORT
from .merge import Merged
from .names import Names
from .report import Path

LAW = "law:"
"""What a basis begins with where the date is not the house's own to choose."""


class Deadlines:
    """Compiles the deadlines of one document."""

    def __init__(
        self,
        merged: Merged,
        names: Names,
        amounts: Amounts,
        conditions: Conditions,
        actions: Mapping[str, Action],
    ) -> None:
        self.merged = merged
        self.names = names
        self.amounts = amounts
        self.conditions = conditions
        self.actions = actions
        self.dues = Dues(names, amounts, conditions)
        self.ladders = Ladders(merged.flat["ladders"], names, amounts, conditions)
        self.escalation = names.many("rôle", merged.head.escalation, ("escalation",))

    def compile(self, name: str, written: DeadlineText) -> Deadline:
        """Resolve one deadline."""
        path: Path = ("deadlines", name)
        due = self.dues.compile(written.due, (*path, "due"), written.label)
        span = self.names.states(written.while_, (*path, "while"))
        met_by = tuple(self._meets(written, path))
        hangs = any(anchor.kind == "deadline" for anchor in due.anchors)
        silent = bool(met_by or due.renewed_by or written.informative or hangs)
        self._check_keys(written, due, path)
        return Deadline(
            label=written.label, span=span, met_by=met_by,
            reopened_by=self.names.many("action", written.reopened_by, (*path, "reopened_by")),
            leaving=() if silent else self._leaving(span),
            meets=written.meets, informative=written.informative, printed=written.printed, basis=written.basis,
            row=written.row, when=self.conditions.gate(written.when, (*path, "when"), written.label), due=due,
            who=self.names.many("rôle", written.who, (*path, "who")),
            pauses=tuple(self._pause(one, (*path, "suspends", at)) for at, one in enumerate(written.suspends)),
            restarts=tuple(self._restart(one, (*path, "interrupts", at)) for at, one in enumerate(written.interrupts)),
            catch_up=self._catch_up(written, (*path, "catch_up")), postponed_by=self._postponed_by(written, due, path),
            ladder=self.ladders.compile(written.ladder, path, written.label),
        )  # fmt: skip

    # -- what meets it

    def _leaving(self, span: tuple[str, ...]) -> tuple[str, ...]:
        """Where nothing else is said, what is awaited in a state is met by leaving it for another that goes on."""
        held = set(span)
        return tuple(name for name, action in self.actions.items() if self._goes_on(action, held))

    def _goes_on(self, action: Action, span: set[str]) -> bool:
        target = action.target
        if target is None or target in span or not span.intersection(action.sources):
            return False
        known = self.merged.states.get(target)
        return target == PREVIOUS or known is None or not known[1].terminal

    def _meets(self, written: DeadlineText, path: Path) -> Iterator[Meet]:
        for index, meet in enumerate(written.met_by):
            where = (*path, "met_by", index)
            if isinstance(meet, str):
                for action in self.names.many("action", (meet,), where):
                    yield Meet(act=action)
            else:
                values = self.conditions.where(meet.where, (*where, "where"))
                for action in self.names.many("action", (meet.act,), (*where, "act")):
                    yield Meet(act=action, where=values)

    # -- what moves it

    def _pause(self, written: PauseText, path: Path) -> Pause:
        return Pause(states=self.names.states(written.while_, (*path, "while")), because=written.because)

    def _restart(self, written: RestartText, path: Path) -> Restart:
        return Restart(by=self.names.many("action", written.by, (*path, "by")), because=written.because)

    def _catch_up(self, written: DeadlineText, path: Path) -> CatchUp:
        found = written.catch_up
        if not isinstance(found, WithinText):
            return CatchUp(mode=found)
        within = self.amounts.delay(found.within, (*path, "within"), written.label, SHORT)
        return CatchUp(mode="within", within=within)

    def _postponed_by(self, written: DeadlineText, due: Due, path: Path) -> tuple[str, ...]:
        """Where nothing is said, whoever supervises may move a date that is the house's own to choose."""
        if "postponed_by" in written.model_fields_set:
            return self.names.many("rôle", written.postponed_by, (*path, "postponed_by"))
        own = [*due.lengths, *(() if due.every is None else (due.every,))]
        chosen = bool(own) and all(isinstance(value, Setting) for value in own)
        return self.escalation if chosen and not (written.basis or "").startswith(LAW) else ()

    def _check_keys(self, written: DeadlineText, due: Due, path: Path) -> None:
        """What moves a clock needs a clock that it can move."""
        each = any(anchor.each for anchor in due.anchors)
        hangs = any(anchor.kind == "deadline" for anchor in due.anchors)
        many = [word for word, said in (("every", due.every), ("each", each)) if said]
        faults: list[tuple[str, Any, str]] = [
            ("suspends", many, f"une échéance à plusieurs dates ({', '.join(many)}) ne se suspend pas"),
            ("suspends", not many and due.after is None, "un délai se suspend : cette échéance n’en a pas (after)"),
            ("interrupts", many or due.renewed_by,
             "une échéance à plusieurs dates (every, each, renewed_by) ne s’interrompt pas"),
            ("interrupts", not many and due.after is None,
             "un délai s’interrompt : cette échéance n’en a pas (after)"),
            ("postponed_by", written.postponed_by and (written.basis or "").startswith(LAW),
             f"la loi fixe cette date ({written.basis}) : seule une décision écrite la déplace (decided)"),
            ("postponed_by", written.postponed_by and due.after is None and due.every is None,
             "cette échéance n’a pas de délai à elle : on reporte ce dont elle suit"),
            ("reopened_by", not written.met_by,
             "« reopened_by » retire un acte qui éteint : « met_by » dit lequel"),
            ("reopened_by", many or due.renewed_by,
             "une échéance à plusieurs dates (every, each, renewed_by) ne se rouvre pas"),
            ("meets", written.meets == "period" and due.every is None, "« period » va avec un rythme (every)"),
            ("meets", written.meets in ("oldest", "all") and not (many or hangs),
             f"« {written.meets} » choisit entre plusieurs dates (every ou each) : ici il n’y en a qu’une"),
        ]  # fmt: skip
        for key, wrong, text in faults:
            if wrong and getattr(written, key):
                self.names.report.add((*path, key), text, code="deadline", key=True)
