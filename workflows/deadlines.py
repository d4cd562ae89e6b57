"""Deadlines compiled: what starts each, how its date follows, what meets it."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..domain.workflow import (
    PREVIOUS,
    Action,
    Anchor,
    Cases,
    Condition,
    Deadline,
    Due,
    Meet,
    Setting,
)
from .amounts import Amounts
from .conditions import Conditions
from .grammar import AnchorText, CasesText, ConditionText, DeadlineText
from .ladders import Ladders
from .merge import Merged
from .names import Names
from .report import Path, shown, suggestion

ENTRY = Anchor(kind="entry")
_KINDS = {"fact": "fait", "act": "action", "deadline": "échéance"}


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
        self.ladders = Ladders(merged.flat["ladders"], names, amounts, conditions)

    def compile(self, name: str, written: DeadlineText) -> Deadline:
        """Resolve one deadline."""
        path: Path = ("deadlines", name)
        due = self._due(name, written)
        span = self.names.states(written.while_, (*path, "while"))
        met_by = tuple(self._meets(written, path))
        hangs = any(anchor.kind == "deadline" for anchor in due.anchors)
        silent = bool(met_by or due.renewed_by or written.informative or hangs)
        return Deadline(
            label=written.label, span=span, met_by=met_by, leaving=() if silent else self._leaving(span),
            meets=written.meets, informative=written.informative, printed=written.printed, basis=written.basis,
            row=written.row, when=self._gate(written.when, (*path, "when"), written.label), due=due,
            who=self.names.many("rôle", written.who, (*path, "who")),
            ladder=self.ladders.compile(written.ladder, path, written.label),
        )  # fmt: skip

    def _gate(self, written: ConditionText | None, path: Path, label: str) -> Condition | None:
        return None if written is None else self.conditions.compile(written, path, label, "gate")

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

    # -- its date

    def _due(self, name: str, written: DeadlineText) -> Due:
        path: Path = ("deadlines", name, "due")
        due, label, names = written.due, written.label, self.names
        anchors = tuple(
            self._anchor(one, (*path, "anchor", index), label) for index, one in enumerate(due.anchor)
        )
        self._check_keys(written, path)
        decided = names.maybe("fait", due.decided, (*path, "decided"))
        self._check_date(decided, (*path, "decided"))
        every = None
        if due.every is not None:
            every = self.amounts.delay(due.every, (*path, "every"), label, forward=True)
        most = None if due.most is None else self.amounts.number(due.most, (*path, "most"), label)
        return Due(
            anchors=anchors or (ENTRY,), every=every, most=most, franc=due.franc, shift=due.shift, decided=decided,
            after=self._after(due.after, (*path, "after"), label, forward=bool(due.renewed_by)),
            renewed_by=names.many("action", due.renewed_by, (*path, "renewed_by")),
        )  # fmt: skip

    def _check_keys(self, written: DeadlineText, path: Path) -> None:
        """A rhythm, a period that is renewed and a date for each act are three things."""
        due = written.due
        each = [index for index, one in enumerate(due.anchor) if isinstance(one, AnchorText) and one.each]
        faults = [
            ("renewed_by", due.every is not None and due.renewed_by, "un rythme (every) ne se renouvelle pas"),
            ("decided", due.every is not None and due.decided, "un rythme (every) n’a pas de date décidée"),
            ("most", due.most is not None and not due.renewed_by, "« most » va avec renewed_by"),
            ("after", due.renewed_by and due.after is None, "dire de combien chaque renouvellement prolonge (after)"),
            ("anchor", each and len(due.anchor) > 1, "« each » est la seule ancre de son échéance"),
            ("anchor", each and (due.every or due.renewed_by or due.decided),
             "« each » donne une date à chaque acte : sans every, renewed_by ni decided"),
        ]  # fmt: skip
        for key, wrong, text in faults:
            if wrong:
                self.names.report.add((*path, key), text, code="due", key=True)

    def _check_date(self, fact: str | None, path: Path) -> None:
        known = self.conditions.facts.get(fact or "")
        if known is not None and known.type != "date":
            text = f"« {fact} » n’est pas de type date, mais {known.type}"
            self.names.report.add(path, text, code="fact_type")

    def _after(self, written: Any, path: Path, label: str, *, forward: bool) -> str | Setting | Cases | None:
        if written is None:
            return None
        if not isinstance(written, CasesText):
            return self.amounts.delay(written, path, label, forward=forward)
        by = self.names.one("fait", written.by, (*path, "by"))
        cases = {
            value: self.amounts.delay(delay, (*path, "cases", value), f"{label} ({value})", forward=forward)
            for value, delay in written.cases.items()
        }
        self._check_cases(by, cases, path)
        return Cases(by=by, cases=cases)

    def _check_cases(self, by: str, cases: Mapping[str, Any], path: Path) -> None:
        known = self.conditions.facts.get(by)
        if known is None:
            return
        for value in dict.fromkeys((*cases, *known.choices)):
            if value in cases and value in known.choices:
                continue
            text = f"« {shown(value)} » : les cas de la durée sont exactement les choix de « {by} »"
            self.names.report.add((*path, "cases", value), text, code="unknown_choice", key=True)

    # -- what starts it

    def _anchor(self, written: str | AnchorText, path: Path, label: str) -> Anchor:
        if isinstance(written, str):
            return self._named(written, path)
        self._check_anchor(written, path)
        names = self.names
        since = names.many("action", written.since, (*path, "since"))
        when = self._gate(written.when, (*path, "when"), label)
        if written.each:
            return Anchor(kind="act", names=names.many("action", written.each, (*path, "each")), each=True)
        if written.first is not None:
            action = names.many("action", (written.first,), (*path, "first"))
            return Anchor(kind="act", names=action, first=True, since=since, when=when)
        if written.is_ is None:
            return Anchor(kind="entry", since=since, when=when)
        named = self._named(written.is_, (*path, "is"))
        return named.model_copy(update={"since": since, "when": when})

    def _check_anchor(self, written: AnchorText, path: Path) -> None:
        said = [
            key
            for key, value in (("is", written.is_), ("first", written.first), ("each", written.each))
            if value
        ]
        if len(said) != 1:
            text = "une ancre dit une chose : is (le dernier), first (le premier) ou each (chacun)"
            self.names.report.add(path, text, code="anchor")
        if written.each and (written.since or written.when):
            self.names.report.add(path, "« each » va sans since ni when", code="anchor")

    def _named(self, name: str, path: Path) -> Anchor:
        """Tell what an anchor names: a fact, an act or another deadline."""
        found = [kind for kind, word in _KINDS.items() if name in self.names.kinds[word]]
        add = self.names.report.add
        if not found:
            close = self.names.report.closest(
                name, [key for word in _KINDS.values() for key in self.names.kinds[word]]
            )
            text = f"ancre inconnue « {shown(name)} » : ni fait, ni action, ni échéance{suggestion(close)}"
            add(path, text, code="unknown_name")
            return ENTRY if close is None else self._named(close, path)
        if len(found) > 1:
            text = f"« {name} » est à la fois {' et '.join(_KINDS[kind] for kind in found)}"
            add(path, text, code="ambiguous")
        kind: Any = found[0]
        if kind == "fact":
            self._check_date(name, path)
        return Anchor(kind=kind, names=(name,))
