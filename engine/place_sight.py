"""What a step sees of the places of its house: loaded under the lock of the house, and only where it asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.condition import Condition
from ..domain.facts import is_blank, read_facts
from ..domain.places import Ahead, Outage, Place, Places, Taken
from ..domain.texts import is_clean, place_key
from ..domain.workflow import Action, Workflow
from ..persistence import places as rows
from ..persistence.database import Connection
from .casefile import CaseFile
from .place_choice import Seeker, Stock, roommates, seeker, suited
from .place_queue import rank_of, seekers_of, waiting_before

TAKING = ("promise", "occupy")


@dataclass(frozen=True, slots=True)
class Sight:
    """What a step sees beyond its case: the places, who has the one that it asks for, its rank, who waits before."""

    places: Places | None = None
    taken_by: int | None = None
    rank: int | None = None
    ahead: Ahead | None = None


def looks_beyond(rule: Action) -> bool:
    """Say whether an act looks at the places of the house or at who waits, so that these must stand still."""
    return rule.place is not None or _asks(
        rule, lambda one: one.queue is not None or one.place in ("free", "none")
    )


def _asks(rule: Action, test: Callable[[Condition], bool]) -> bool:
    return any(_has(condition, test) for condition in rule.requires)


def _has(condition: Condition, test: Callable[[Condition], bool]) -> bool:
    parts = (*condition.any, *condition.all, *((condition.when,) if condition.when is not None else ()))
    return test(condition) or any(_has(part, test) for part in parts)


def look(file: CaseFile, rule: Action | None, facts: Mapping[str, Any], on: date, today: date) -> Sight:
    """Load what an act asks of its house, were it to take effect on a day."""
    if rule is None:
        return Sight()
    takes, queues = rule.place in TAKING, _asks(rule, lambda one: one.queue is not None)
    asks = takes or _asks(rule, lambda one: one.place is not None)
    if not (asks or queues):
        return Sight()
    given = _given(file.workflow, rule, facts)
    seeking = seeker(file.workflow, file.case.id, {**file.case.facts, **given})
    waiting = waiting_before(file) if queues else []
    if seeking is None:
        return Sight(None, None, *rank_of(file, None, on, waiting, None)) if queues else Sight()
    stock = load_stock(file.connection, file.house.id, seeking.rule.kind, on if on < today else None)
    stock = with_roommates(file.connection, stock, [seeking, *seekers_of(file, waiting)])
    named = given.get(seeking.rule.fact)
    rank, ahead = rank_of(file, stock, on, waiting, named) if queues else (None, None)
    if not stock.places:
        return Sight(_unlisted(file) if asks else None, _holder(file, facts) if takes else None, rank, ahead)
    # A promise entered late is one of today too; who came in then is there already.
    last = today if rule.place == "promise" and on < today else None
    return Sight(_seen(file, stock, seeking, given, on, last) if asks else None, None, rank, ahead)


def load_stock(connection: Connection, house: str, kind: str, since: date | None = None) -> Stock:
    """Read the places of a kind and who holds them; with `since`, who held one after that day too."""
    outages: dict[str, list[Outage]] = {}
    found: dict[str, Any] = {}
    for row in rows.places_with_outages(connection, house, kind):
        found[row.place] = row
        if row.since is not None:
            outages.setdefault(row.place, []).append(Outage(row.since, row.until, row.reason))
    if not found:
        return Stock({})
    places = {key: place_of(row, outages.get(key, ())) for key, row in found.items()}
    taken: dict[str, Taken] = {}
    before: dict[str, list[tuple[Taken, date]]] = {}
    for row in rows.taken_places(connection, house, kind, since):
        one = Taken(row.place, row.case_id, row.status, row.since)
        if row.freed_on is None:
            taken[row.place] = one
        elif row.since < row.freed_on:
            before.setdefault(row.place, []).append((one, row.freed_on))
    return Stock(places, taken, before)


def place_of(row: Any, outages: Sequence[Outage]) -> Place:
    """Read a place from its row."""
    return Place(
        row.name, row.kind, row.unit, row.room, row.size, tuple(row.programmes), row.attributes, row.opened_on,
        row.closed_on, tuple(outages),
    )  # fmt: skip


def with_roommates(connection: Connection, stock: Stock, seekers: Sequence[Seeker]) -> Stock:
    """Read of those who share rooms what decides who may join them."""
    mates = roommates(stock, seekers)
    return stock.with_facts(rows.facts_of_cases(connection, mates)) if mates else stock


def _given(workflow: Workflow, rule: Action, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that the act would leave; what is wrong with them is said elsewhere."""
    values, _ = read_facts(workflow, facts, (*rule.form, *rule.optional))
    return {**values, **rule.set}


# -- the places


def _seen(
    file: CaseFile, stock: Stock, seeking: Seeker, given: Mapping[str, Any], on: date, last: date | None
) -> Places:
    """Say which places the case could take, why not the others, the one that it holds, and the one that it wants."""
    free, why = suited(stock, seeking, on, last)
    held = next((one for one in stock.taken.values() if one.case_id == file.case.id), None)
    if held is not None and held.status != "promised":
        why.pop(held.place, None)  # who is there stays, whatever becomes of the place
    fact = seeking.rule.fact
    remembered = held.place if held is not None else _in_mind(file, fact)
    wanted = given.get(fact, remembered)
    if isinstance(wanted, str) and place_key(wanted) in stock.places:
        wanted = stock.places[place_key(wanted)].name
    return Places(True, free, why, held, wanted)


def _in_mind(file: CaseFile, fact: str) -> Any:
    """Give the place named by an act since the case last gave one back: an old one is not asked for again."""
    named = None
    for entry in file.acts:
        named = entry.facts.get(fact, named)
        if entry.action and file.workflow.actions[entry.action].place == "free":
            named = None
    return named


def _unlisted(file: CaseFile) -> Places:
    """Give what is seen in a house that has listed no place of the kind: the one that the case holds."""
    row = rows.held_place(file.connection, file.case.id)
    return Places(False, held=None if row is None else Taken(row.place, row.case_id, row.status, row.since))


def _holder(file: CaseFile, facts: Mapping[str, Any]) -> int | None:
    """Name the other case that holds the place asked for."""
    kind = file.workflow.place
    if kind is None:
        return None
    wanted = facts.get(kind.fact) if not is_blank(facts.get(kind.fact)) else file.case.facts.get(kind.fact)
    if not isinstance(wanted, str) or not is_clean(wanted):
        return None
    return file.held_by_another(kind.kind, wanted)
