"""What is to come on cases, up to a day: what is armed, and what would follow, with what each thing supposes.

Cases are read a page at a time, each table once a page: what stays in memory is the answer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from ..domain.arguments import civil_date
from ..domain.civil_dates import add_months
from ..domain.errors import InputError, NotFound
from ..domain.future import Standing
from ..domain.texts import looked_up
from ..domain.timeline import timeline
from ..persistence import cases as case_rows
from ..persistence import forecasts as rows
from ..persistence.database import Connection
from .acting import house_day
from .acts import By, case_number
from .casefile import postponements, settings_changed
from .expected import Ahead, Cut, Expected
from .people import Houses, house_of, seen_by
from .registry import Workflows
from .stored import _event as event_of
from .stored import dated_of, step_of
from .world import World

MOST_YEARS = 10
PAGE = 500

Progress = Callable[[int, int], object]
"""Told, page after page, how many cases were read and how many there are."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to come up to `until`, case by case, in order of day; and where the list was cut."""

    until: date
    cases: int
    items: tuple[Expected, ...]
    truncated: tuple[Cut, ...]


class Forecaster:
    """One reading of what is to come, in the houses that someone may see."""

    def __init__(self, connection: Connection, workflows: Workflows, at: datetime) -> None:
        self._connection = connection
        self._workflows = workflows
        self._at = at
        self._known = Houses(connection)

    def read(
        self, until: date, houses: Sequence[str] | None, case: Any, role: str | None, progress: Progress | None
    ) -> Forecast:  # fmt: skip
        """Gather what is to come; `case` is the row of the only case wanted."""
        total = 1 if case is not None or progress is None else rows.count_awaiting(self._connection, houses)
        items: list[Expected] = []
        cuts: list[Cut] = []
        done = 0
        pages = [[case]] if case is not None else self._pages(houses)
        for page in pages:
            for found, cut in self._page(page, until):
                items.extend(one for one in found if role is None or role in one.who)
                cuts.extend(cut)
            done += len(page)
            if progress is not None:
                progress(done, max(done, total))
        return Forecast(until, done, tuple(items), tuple(cuts))

    def _pages(self, houses: Sequence[str] | None) -> Iterator[Sequence[Any]]:
        after = 0
        while page := rows.awaiting(self._connection, houses, after, PAGE):
            yield page
            after = page[-1].id

    def _page(self, page: Sequence[Any], until: date) -> Iterator[tuple[list[Expected], list[Cut]]]:
        """Read what the cases of a page hold, then look ahead on each."""
        numbers = [row.id for row in page]
        lines, values = rows.acts_of(self._connection, numbers)
        beside: dict[int, dict[tuple[int, str], Any]] = {}
        for value in values:
            beside.setdefault(value.case_id, {})[value.seq, value.name] = value
        events = _by_case(lines)
        dated = _by_case(rows.open_occurrences(self._connection, numbers))
        steps = _by_case(rows.rungs_of_open(self._connection, numbers))
        for row in page:
            workflow = self._workflows.rules(self._connection, row.workflow, row.version).workflow
            house = self._known.house(row.establishment_id)
            today = house_day(house, self._at)
            told = [event_of(line, beside.get(row.id, {}), workflow) for line in events.get(row.id, ())]
            file = Ahead(
                row, workflow, [dated_of(one) for one in dated.get(row.id, ())],
                [step_of(one) for one in steps.get(row.id, ())], today, until,
            )  # fmt: skip
            parameters = self._known.parameters(row.establishment_id, workflow)
            standing = Standing(
                workflow, timeline(told), file.opened, file.awaited, house, parameters, today, postponements(told),
                settings_changed(told),
            )  # fmt: skip
            yield file.look(standing)


def _by_case(found: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in found:
        grouped.setdefault(row.case_id, []).append(row)
    return grouped


def forecast(
    world: World, workflows: Workflows, until: date, *, case: int | None, establishment: str | None,
    role: str | None, by: By, session: Any, progress: Progress | None,
) -> Forecast:  # fmt: skip
    """Say what is to come. Raises InputError for a horizon beyond ten years, NotFound."""
    at = world.now()
    horizon(until, at)
    if establishment is not None:
        looked_up(establishment, "establishment")
    with world.reading(session) as connection:
        seen = seen_by(connection, by, at)
        if establishment is not None and seen is not None and establishment not in seen:
            raise NotFound("establishment", establishment)
        if establishment is not None:
            house_of(connection, establishment)
        houses = [establishment] if establishment is not None else seen
        row = None
        if case is not None:
            row = case_rows.read_case(connection, case_number(case))
            if row is None or (houses is not None and row.establishment_id not in houses):
                raise NotFound("case", case)
        return Forecaster(connection, workflows, at).read(until, houses, row, role, progress)


def horizon(until: date, at: datetime) -> None:
    """Refuse a horizon that is past, or further than ten years. Raises InputError."""
    today = at.astimezone(UTC).date()
    latest = add_months(today, 12 * MOST_YEARS).day
    if not today <= civil_date(until, "until") <= latest:
        raise InputError(
            f"a forecast goes from today to {latest} at most", argument="until", value=until.isoformat(),
            problem="horizon", latest=latest.isoformat(),
        )  # fmt: skip
