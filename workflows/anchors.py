"""Anchors compiled: the fact, the act, the deadline or the entry that starts a clock."""

from collections.abc import Sequence
from typing import Any

from ..domain.deadline import Anchor
from .conditions import Conditions
from .grammar_dates import AnchorText
from .names import Names
from .report import Path, shown, suggestion

ENTRY = Anchor(kind="entry")
_KINDS = {"fact": "fait", "act": "action", "deadline": "échéance"}


class Anchors:
    """Compiles the anchors of one document's deadlines."""

    def __init__(self, names: Names, conditions: Conditions) -> None:
        self.names = names
        self.conditions = conditions

    def compile(self, written: str | AnchorText, path: Path, label: str) -> Anchor:
        """Resolve one anchor."""
        if isinstance(written, str):
            return self._named(written, path)
        self._check_anchor(written, path)
        names = self.names
        since = names.many("action", written.since, (*path, "since"))
        when = self.conditions.gate(written.when, (*path, "when"), label)
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
            self.check_type(name, ("date", "instant"), path)
            known = self.conditions.facts.get(name)
            if known is not None and known.of:  # the day of an act, by the name of what it gives
                return Anchor(kind="act", names=known.of)
        return Anchor(kind=kind, names=(name,))

    def check_type(self, fact: str | None, wanted: Sequence[str], path: Path) -> None:
        """Report a fact that gives no date where one is wanted."""
        known = self.conditions.facts.get(fact or "")
        if known is not None and known.type not in wanted:
            text = f"« {fact} » n’est pas de type {' ou '.join(wanted)}, mais {known.type}"
            self.names.report.add(path, text, code="fact_type")
