"""What a step does, read: acts of the workflow with their facts, and what the house does beside them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from ..domain.workflow import Action, Workflow
from .giving import kinds_of, settings
from .page import Page
from .story import Act, Path

CONTROLS = ("by", "on")
_LEAD = "il faut ici le nom d’un acte, ou une table d’une clé : le nom et ses valeurs"


class Doing:
    """Reads the acts of one document."""

    def __init__(self, page: Page, workflow: Workflow) -> None:
        self._page = page
        self._workflow = workflow

    def acts(self, value: Any, path: Path) -> tuple[Act, ...]:
        """Read `do`: a list of acts, or one."""
        return tuple(
            act
            for item, place in self._page.items(value, path)
            if (act := self._one(item, place)) is not None
        )

    def _one(self, item: Any, path: Path) -> Act | None:
        if isinstance(item, str):
            return self.act(item, {}, path)
        if not isinstance(item, dict) or len(item) != 1:
            self._page.fault(path, _LEAD, "act")
            return None
        ((name, held),) = item.items()
        place = (*path, name)
        reader = _BESIDE.get(name)
        if reader is not None and name not in self._workflow.actions:
            return reader(self, held, place)
        return self.act(name, {} if held is None else self._page.table(held, place), place)

    def act(
        self, name: str, held: Mapping[str, Any], path: Path, *, also: tuple[str, ...] = ()
    ) -> Act | None:
        """Read an act of the workflow, with the facts of its form; `also` names keys that are not facts."""
        page, known = self._page, [*self._workflow.actions, *_BESIDE]
        if page.name("acte", name, known, path, key=True) is None or name not in self._workflow.actions:
            if name in _BESIDE:
                page.fault(path, f"« {name} » attend des valeurs", "act")
            return None
        by = page.text(held["by"], (*path, "by")) if "by" in held else None
        on = page.day(held["on"], (*path, "on")) if "on" in held else None
        given = {key: value for key, value in held.items() if key not in (*CONTROLS, *also)}
        facts = self.facts(given, path, self._workflow.actions[name])
        return Act("act", name, path, facts, by, on)

    def facts(self, given: Mapping[str, Any], path: Path, action: Action | None = None) -> dict[str, Any]:
        """Check the names of facts, by the form of an act where there is one; the engine judges values."""
        known = self._workflow.facts if action is None else (*action.form, *action.optional)
        found = {}
        for name, value in given.items():
            told = name in self._workflow.facts or self._page.name(
                "donnée", name, [*known, *CONTROLS], (*path, name), key=True
            )
            if told:
                found[name] = value
        return found

    # -- beside the acts of the workflow

    def documents(self, held: Any, path: Path) -> Act | None:
        """`documents: [kinds or groups]`, or `documents: {kind: {received, valid_until, signed, not_applicable}}`."""
        page = self._page
        if not isinstance(held, dict):
            kinds = self.kinds(held, path)
            return Act("documents", "documents", path, more={"kinds": {kind: {} for kind in kinds}})
        by = page.text(held["by"], (*path, "by")) if "by" in held else None
        kinds_with: dict[str, dict[str, Any]] = {}
        for kind, values in held.items():
            if (
                kind == "by"
                or page.name("pièce", kind, self._workflow.documents, (*path, kind), key=True) is None
            ):
                continue
            place = (*path, kind)
            table = {} if values is None else page.table(values, place, _PAPER)
            kinds_with[kind] = {
                _PAPER[key]: page.text(value, (*place, key))
                if key == "not_applicable"
                else page.day(value, (*place, key))
                for key, value in table.items()
            }
        return Act("documents", "documents", path, by=by, more={"kinds": kinds_with})

    def kinds(self, held: Any, path: Path) -> tuple[str, ...]:
        """Read kinds of documents, the groups of the workflow among them."""
        known = kinds_of(self._workflow)
        named = self._page.names("pièce", held, known, path)
        return tuple(dict.fromkeys(kind for name in named for kind in known[name]))

    def correct(self, held: Any, path: Path) -> Act | None:
        """`correct: {facts: {…}, act: name, effective: day, reason, by}`."""
        page = self._page
        table = page.table(held, path, ("facts", "act", "effective", "reason", "by"))
        place = (*path, "facts")
        facts = self.facts(page.table(table["facts"], place), place) if "facts" in table else {}
        more = {
            "act": self._action(table, path), "effective": self._day(table, "effective", path),
            "reason": self._reason(table, path),
        }  # fmt: skip
        return Act("correct", "correct", path, facts, self._by(table, path), more=more)

    def annul(self, held: Any, path: Path) -> Act | None:
        """`annul: {reason, by}`: the last act is annulled."""
        table = self._page.table(held or {}, path, ("reason", "by"))
        return Act(
            "annul", "annul", path, by=self._by(table, path), more={"reason": self._reason(table, path)}
        )

    def postpone(self, held: Any, path: Path) -> Act | None:
        """`postpone: {deadline, to, reason, by}`."""
        page = self._page
        table = page.table(held, path, ("deadline", "to", "reason", "by"))
        name = page.name(
            "échéance", page.wanted(table, "deadline", path), self._workflow.deadlines, (*path, "deadline")
        )
        to = page.day(page.wanted(table, "to", path), (*path, "to"))
        if name is None or to is None:
            return None
        more = {"deadline": name, "to": to, "reason": self._reason(table, path)}
        return Act("postpone", "postpone", path, by=self._by(table, path), more=more)

    def set(self, held: Any, path: Path) -> Act | None:
        """`set: {parameter: value}`, in the house."""
        return Act("set", "set", path, more={"parameters": settings(self._page, self._workflow, held, path)})

    def closed(self, held: Any, path: Path) -> Act | None:
        """`closed: [days]`: the house says that it will be closed."""
        return Act("closed", "closed", path, more={"days": self._page.days(held, path)})

    def assign(self, held: Any, path: Path) -> Act | None:
        """`assign: person`: who follows the case."""
        person = self._page.text(held, path)
        return None if person is None else Act("assign", "assign", path, more={"person": person})

    def link(self, held: Any, path: Path) -> Act | None:
        """`link: {role: case}`: a case of the story is linked to this one under a role."""
        return self._linking("link", held, path)

    def unlink(self, held: Any, path: Path) -> Act | None:
        """`unlink: {role: case}`: it is no longer linked."""
        return self._linking("unlink", held, path)

    def _linking(self, kind: Literal["link", "unlink"], held: Any, path: Path) -> Act | None:
        page = self._page
        table = page.table(held, path, (*_TIED, *self._workflow.links))
        cases = {role: page.text(case, (*path, role)) for role, case in table.items() if role not in _TIED}
        more = {"cases": cases, "reason": self._reason(table, path)}
        return Act(kind, kind, path, by=self._by(table, path), more=more) if cases else None

    def absent(self, held: Any, path: Path) -> Act | None:
        """`absent: {person, since, until, deputy}`: someone of the house is away, another acts in their place."""
        page = self._page
        table = page.table(held, path, ("person", "since", "until", "deputy", "by"))
        person = page.text(page.wanted(table, "person", path), (*path, "person"))
        since = self._day(table, "since", path)
        more = {
            "person": person, "since": since, "until": self._day(table, "until", path),
            "deputy": page.text(table["deputy"], (*path, "deputy")) if "deputy" in table else None,
        }  # fmt: skip
        return None if person is None else Act("absent", "absent", path, by=self._by(table, path), more=more)

    def transfer(self, held: Any, path: Path) -> Act | None:
        """`transfer: {from, to}`: the cases that one follows are handed over to another."""
        page = self._page
        table = page.table(held, path, ("from", "to", "reason", "by"))
        ends = [page.text(page.wanted(table, end, path), (*path, end)) for end in ("from", "to")]
        more = {"from": ends[0], "to": ends[1], "reason": self._reason(table, path)}
        return (
            None if None in ends else Act("transfer", "transfer", path, by=self._by(table, path), more=more)
        )

    def place_out(self, held: Any, path: Path) -> Act | None:
        """`place_out: {place, since, until, reason}`: a place is out of use."""
        return self._of_place("place_out", held, path)

    def place_back(self, held: Any, path: Path) -> Act | None:
        """`place_back: place`: it can be taken again."""
        return self._of_place("place_back", held, path)

    def place_closed(self, held: Any, path: Path) -> Act | None:
        """`place_closed: place`: the house has it no longer."""
        return self._of_place("place_closed", held, path)

    def _of_place(
        self, kind: Literal["place_out", "place_back", "place_closed"], held: Any, path: Path
    ) -> Act | None:
        page = self._page
        table = page.table(held if isinstance(held, dict) else {"place": held}, path, _OF_PLACE[kind])
        place = page.text(
            page.wanted(table, "place", path), (*path, "place") if isinstance(held, dict) else path
        )
        more = {
            "place": place, "since": self._day(table, "since", path), "until": self._day(table, "until", path),
            "reason": self._reason(table, path),
        }  # fmt: skip
        return None if place is None else Act(kind, kind, path, by=self._by(table, path), more=more)

    # -- the values that they share

    def _by(self, table: Mapping[str, Any], path: Path) -> str | None:
        return self._page.text(table["by"], (*path, "by")) if "by" in table else None

    def _reason(self, table: Mapping[str, Any], path: Path) -> str | None:
        return self._page.text(table["reason"], (*path, "reason")) if "reason" in table else None

    def _day(self, table: Mapping[str, Any], key: str, path: Path) -> date | None:
        return self._page.day(table[key], (*path, key)) if key in table else None

    def _action(self, table: Mapping[str, Any], path: Path) -> str | None:
        if "act" not in table:
            return None
        return self._page.name("acte", table["act"], self._workflow.actions, (*path, "act"))


_PAPER = {
    "received": "received_on",
    "valid_until": "valid_until",
    "signed": "signed_on",
    "not_applicable": "not_applicable",
}
_TIED = ("by", "reason")
_OF_PLACE = {
    "place_out": ("place", "since", "until", "reason", "by"), "place_back": ("place", "since", "by"),
    "place_closed": ("place", "since", "reason", "by"),
}  # fmt: skip
_BESIDE: dict[str, Callable[[Doing, Any, Path], Act | None]] = {
    "documents": Doing.documents, "correct": Doing.correct, "annul": Doing.annul, "postpone": Doing.postpone,
    "set": Doing.set, "closed": Doing.closed, "assign": Doing.assign, "link": Doing.link, "unlink": Doing.unlink,
    "absent": Doing.absent, "transfer": Doing.transfer, "place_out": Doing.place_out, "place_back": Doing.place_back,
    "place_closed": Doing.place_closed,
}  # fmt: skip
BESIDE = tuple(_BESIDE)
"""What may be done beside the acts of the workflow."""

OF_THE_HOUSE = ("set", "closed", "absent", "transfer", "place_out", "place_back", "place_closed")
"""What concerns no case in particular."""
