"""What a step expects, read: each key has its form, and names only what the workflow declares."""

from collections.abc import Callable
from typing import Any

from ..domain.workflow import Workflow
from .doing import Doing
from .page import NONE, Page
from .story import Act, Expected, Path

STATUSES = ("met", "missed", "void")
BUCKETS = ("late", "today", "week", "later")
STATES = {
    "libre": "free", "promise": "promised", "occupee": "occupied", "gardee": "kept", "a_liberer": "to_free",
    "hors_service": "out_of_use",
}  # fmt: skip
"""How a place stands, as a story says it."""

HOLDINGS = ("promise", "occupee", "gardee", "a_liberer")


class Expecting:
    """Reads the expectations of one document."""

    def __init__(self, page: Page, workflow: Workflow, doing: Doing) -> None:
        self._page = page
        self._workflow = workflow
        self._doing = doing

    def all(self, value: Any, path: Path) -> tuple[Expected, ...]:
        """Read `expect`, in the order in which it is written."""
        if value is None:
            return ()
        found = []
        for key, held in self._page.table(value, path, KEYS).items():
            place = (*path, key)
            read = _READERS[key](self, held, place)
            if read is not None:
                found.append(Expected(key, read, place))
        return tuple(found)

    # -- one reader a form

    def state(self, held: Any, path: Path) -> Any:
        """A state."""
        return self._page.name("état", held, self._workflow.states, path)

    def dates(self, held: Any, path: Path) -> Any:
        """Deadlines and their days, with an hour where one is written."""
        return {
            name: self._page.moments(value, (*path, name))
            for name, value in self._deadlines(held, path).items()
        }

    def all_dates(self, held: Any, path: Path) -> Any:
        """Every open date; the word `aucune` says none."""
        return {} if held == NONE else self.dates(held, path)

    def _deadlines(self, held: Any, path: Path) -> dict[str, Any]:
        table = self._page.table(held, path)
        named = self._page.name
        return {
            name: value for name, value in table.items()
            if named("échéance", name, self._workflow.deadlines, (*path, name), key=True)
        }  # fmt: skip

    def closed(self, held: Any, path: Path) -> Any:
        """A deadline and what became of its last date, or of each of its days."""
        found: dict[str, Any] = {}
        for name, value in self._deadlines(held, path).items():
            place = (*path, name)
            if isinstance(value, dict):
                found[name] = {
                    day: self._page.one_of(status, STATUSES, (*place, text))
                    for text, status in value.items()
                    if (day := self._page.day(text, (*place, text), key=True)) is not None
                }
            else:
                found[name] = self._page.one_of(value, STATUSES, place)
        return found

    def ladder(self, held: Any, path: Path) -> Any:
        """Deadlines and the days of their rungs, or each day and what it does."""
        return {
            name: self._by_day(value, (*path, name)) for name, value in self._deadlines(held, path).items()
        }

    def _by_day(self, value: Any, path: Path) -> Any:
        """Days, or a table of days and the names that each has."""
        if not isinstance(value, dict):
            return self._page.days(value, path)
        return {
            day: self._page.texts(names, (*path, text))
            for text, names in value.items()
            if (day := self._page.day(text, (*path, text), key=True)) is not None
        }

    def forecast(self, held: Any, path: Path) -> Any:
        """Deadlines and the dates that are to come, up to the last one said."""
        found = {}
        for name, value in self._deadlines(held, path).items():
            found[name] = self._page.days(value, (*path, name))
            if not found[name]:
                self._page.fault(
                    (*path, name), "il faut ici au moins un jour : on regarde jusqu’au dernier", "date"
                )
        return found

    def dropped(self, held: Any, path: Path) -> Any:
        """Deadlines and the days of the messages that an outage dropped."""
        return {
            name: self._page.days(value, (*path, name)) for name, value in self._deadlines(held, path).items()
        }

    def sent(self, held: Any, path: Path) -> Any:
        """Templates and the days on which they left, or each day and the roles told."""
        known = self._workflow.notices
        return {
            name: self._by_day(value, (*path, name))
            for name, value in self._page.table(held, path).items()
            if self._page.name("message", name, known, (*path, name), key=True)
        }

    def not_sent(self, held: Any, path: Path) -> Any:
        """Templates of which nothing left."""
        return self._page.names("message", held, self._workflow.notices, path)

    def all_sent(self, held: Any, path: Path) -> Any:
        """Lines: a day, a template, then the roles to which it went."""
        return tuple(
            ((line[0], line[1], *sorted(line[2:])), place)
            for line, place in self._lines(held, path, 3)
            if self._page.name("message", line[1], self._workflow.notices, place)
        )

    def history(self, held: Any, path: Path) -> Any:
        """Lines: a day and a name, of an act, a task or a deadline whose period ended."""
        known = [*self._workflow.actions, *self._workflow.tasks, *self._workflow.deadlines, *_KINDS]
        return tuple(
            (line[:2], place) for line, place in self._lines(held, path, 2)
            if self._page.name("ligne", line[1], known, place)
        )  # fmt: skip

    def _lines(self, held: Any, path: Path, least: int) -> list[tuple[tuple[Any, ...], Path]]:
        found = []
        for item, place in self._page.items(held, path) if held != "aucune" else ():
            words = str(item).replace(",", " ").split()
            if len(words) < least:
                self._page.fault(place, "une ligne dit un jour, puis des noms : 2027-01-31 nom…", "line")
                continue
            day = self._page.day(words[0], place)
            if day is not None:
                found.append(((day, *words[1:]), place))
        return found

    def tasks(self, held: Any, path: Path) -> Any:
        """Every task that is open, with its days."""
        if held == "aucune":
            return {}
        return {
            name: self._page.days(value, (*path, name))
            for name, value in self._page.table(held, path).items()
            if self._page.name("tâche", name, self._workflow.tasks, (*path, name), key=True)
        }

    def refused(self, held: Any, path: Path) -> Any:
        """Acts, each with the sentences or the codes of its refusal; with none, whatever the reason."""
        return self._tried(held, path, refused=True)

    def allowed(self, held: Any, path: Path) -> Any:
        """Acts that are possible."""
        return self._tried(held, path, refused=False)

    def _tried(self, held: Any, path: Path, *, refused: bool) -> list[tuple[Act, tuple[str, ...]]]:
        pairs = (
            held.items()
            if isinstance(held, dict)
            else ((item, None) for item, _ in self._page.items(held, path))
        )
        found = []
        for index, (name, value) in enumerate(pairs):
            place = (
                (*path, name)
                if isinstance(held, dict)
                else (*path, index)
                if isinstance(held, list)
                else path
            )
            table = value if isinstance(value, dict) else {} if value is None else {"why": value}
            act = self._doing.act(str(name), table, place, also=("why",))
            if act is None:
                continue
            why = (
                self._page.texts(table["why"], (*place, "why") if isinstance(value, dict) else place)
                if "why" in table
                else ()
            )
            found.append(
                (Act(act.kind, act.name, place, act.facts, act.by, act.on, {"refused": refused}), why)
            )
        return found

    def who(self, held: Any, path: Path) -> Any:
        """The roles from whom a date or a task is awaited."""
        known = [*self._workflow.deadlines, *self._workflow.tasks]
        return {
            name: self._page.names("fonction", roles, self._workflow.roles, (*path, name))
            for name, roles in self._page.table(held, path).items()
            if self._page.name("ligne", name, known, (*path, name), key=True)
        }

    def warned(self, held: Any, path: Path) -> Any:
        """The sentences or the codes of the warnings of the last act."""
        return () if held == "aucune" else self._page.texts(held, path)

    def pending(self, held: Any, path: Path) -> Any:
        """What is awaited: late, today, this week, later."""
        known = [*self._workflow.deadlines, *self._workflow.tasks]
        return {
            bucket: () if value == "aucune" else self._page.names("ligne", value, known, (*path, bucket))
            for bucket, value in self._page.table(held, path, BUCKETS).items()
        }

    def linked(self, held: Any, path: Path) -> Any:
        """Roles and the state of the last case linked under each; the word `aucune` says none."""
        return {
            role: None if state == NONE else self._page.text(state, (*path, role))
            for role, state in self._page.table(held, path).items()
            if self._page.name("lien", role, self._workflow.links, (*path, role), key=True)
        }

    def place(self, held: Any, path: Path) -> Any:
        """The places that the case holds, and how it holds each; the word `aucune` says none."""
        if held == NONE:
            return {}
        return {
            name: self._page.one_of(status, HOLDINGS, (*path, name))
            for name, status in self._page.table(held, path).items()
        }

    def occupancy(self, held: Any, path: Path) -> Any:
        """How many places are in each state: in the house, or under the name of a unit or of a kind."""
        found: dict[str, Any] = {}
        for name, value in self._page.table(held, path).items():
            place = (*path, name)
            if isinstance(value, dict):
                found[name] = {
                    word: self._count(number, (*place, word))
                    for word, number in self._page.table(value, place, tuple(STATES)).items()
                }
            elif self._page.name("statut", name, STATES, place, key=True):
                found[name] = self._count(value, place)
        return found

    def _count(self, value: Any, path: Path) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._page.fault(path, "il faut ici un nombre, 0 ou plus", "type")
        return None

    def facts(self, held: Any, path: Path) -> Any:
        """Facts of the case; no value for one that it has not."""
        return self._doing.facts(self._page.table(held, path), path)


def refusals(expected: tuple[Expected, ...]) -> list[Act]:
    """Give the acts that are expected to be refused, or found possible."""
    return [act for one in expected if one.key in ("refused", "allowed") for act, *_ in one.value]


_KINDS = ("correction", "annulment", "postponement", "settings", "dropped", "document", "link", "referent",
          "withdrawn")  # fmt: skip
_READERS: dict[str, Callable[[Expecting, Any, Path], Any]] = {
    "state": Expecting.state, "due": Expecting.dates, "all_due": Expecting.all_dates, "legal": Expecting.dates,
    "act_by": Expecting.dates, "printed": Expecting.dates, "closed": Expecting.closed,
    "ladder": Expecting.ladder, "dropped": Expecting.dropped, "forecast": Expecting.forecast,
    "sent": Expecting.sent, "paper": Expecting.sent,
    "not_sent": Expecting.not_sent, "all_sent": Expecting.all_sent, "tasks": Expecting.tasks,
    "who": Expecting.who, "refused": Expecting.refused, "allowed": Expecting.allowed, "warned": Expecting.warned,
    "pending": Expecting.pending, "facts": Expecting.facts, "history": Expecting.history,
    "linked": Expecting.linked, "place": Expecting.place, "occupancy": Expecting.occupancy,
}  # fmt: skip
KEYS = tuple(_READERS)
"""What may be expected."""
