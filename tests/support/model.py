"""A case of the tests' own workflow as the programme means it, in a few lines that share no code with the engine."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta


def months(start: date, count: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


@dataclass
class Model:
    """One case as the programme means it."""

    opened: date
    since: date
    seen: date
    rendez_vous: date | None = None
    note: str | None = None
    state: str = "ouvert"
    revision: int = 1
    attested: bool = False
    entered: date | None = None
    place: str | None = None
    renewals: int = 0
    visits: list[date] = field(default_factory=list)
    days: list[tuple[str, date]] = field(default_factory=list)

    def play(self, today: date) -> None:
        """The clock suspends a case that was left without an answer."""
        self.seen = today
        if self.state == "ouvert" and today >= self.opened + timedelta(11):
            self._move("suspendre", "suspendu", self.opened + timedelta(11))

    def _move(self, action: str, state: str, on: date) -> None:
        self.state, self.since = state, max(on, self.since)
        self.acted(action, self.since)

    def acted(self, action: str, on: date) -> None:
        self.days.append((action, on))
        self.revision += 1

    def enter(self, place: str, on: date) -> None:
        self._move("entrer", "actif", on)
        self.place, self.entered = place, on

    def close(self, on: date) -> None:
        self._move("clore", "clos", on)

    def open_dates(self) -> dict[str, date]:
        """What is awaited, and by when."""
        if self.state == "ouvert":
            found = {"reponse": self.opened + timedelta(10)}
            return {**found, "rendez_vous": self.rendez_vous} if self.rendez_vous else found
        if self.state == "actif":
            return {
                "sejour": months(self.entered, 3 * (self.renewals + 1)),
                "visite": months(self.entered, self._visit()),
            }
        return {}

    def _visit(self) -> int:
        """Which monthly visit is awaited: half-way, one that was not made gives way to the next."""

        def gives_way(k: int) -> date:
            here, after = months(self.entered, k), months(self.entered, k + 1)
            return here + timedelta((after - here).days // 2 + 1)

        k = 1
        for day, visited in [*((day, True) for day in sorted(self.visits)), (self.seen, False)]:
            while gives_way(k) <= day:
                k += 1
            if visited and (k == 1 or day >= gives_way(k - 1)):
                k += 1
        return k
