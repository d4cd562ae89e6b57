"""(a) Durable transitions, one transaction each: `perform`, beside the statements written by hand."""

import itertools
from collections.abc import Iterator
from typing import Any

from houses import AGENT, TUESDAY, Bench
from limits import Transitions
from measure import Figure, in_turns, share
from parcours import STATES

CASES, ROUNDS = 60, 6
TABLES = ("events", "deadlines", "rungs", "notices")
OF_A_CASE = ("id", "deadline_id", "case_id", "key", "message_id", "digest", "head")


def measure(bench: Bench, at_least: float) -> Figure:
    """Move cases round the ring, each turn by the engine then by hand, on the same rows."""
    cases = bench.open("anneau", {"score": 12}, CASES)
    bench.settle()
    by_hand = Transitions(bench.raw, postgres=bench.postgres)
    at = bench.clock.now()
    states = itertools.cycle(range(STATES))
    perform = bench.engine.cases.perform

    def ours() -> int:
        action = f"avancer_{next(states)}"
        for case in cases:
            perform(case, action, {"score": 13}, by=AGENT)
        return len(cases)

    def limit() -> int:
        next(states)
        for case in cases:
            by_hand.move(case, 13, TUESDAY, at)
        return len(cases)

    _same_rows(bench, by_hand)
    figure = share(f"transition, {bench.name}", "a transition", *in_turns(ours, limit, ROUNDS), at_least)
    if bench.engine.verify().faults:
        raise RuntimeError("the histories are not those that jalon writes")
    return figure


def _same_rows(bench: Bench, by_hand: Transitions) -> None:
    """Refuse to measure two works that are not the same."""
    ours, theirs = bench.open("anneau", {"score": 12}, 2)
    for state in range(STATES + 1):
        bench.engine.cases.perform(ours, f"avancer_{state % STATES}", {"score": 13}, by=AGENT)
        by_hand.move(theirs, 13, TUESDAY, bench.clock.now())
    for found, wanted in zip(_rows(bench, theirs), _rows(bench, ours), strict=True):
        if found != wanted:
            raise RuntimeError(f"the limit writes {found}, jalon {wanted}")


def _rows(bench: Bench, case: int) -> Iterator[dict[str, Any]]:
    """Give the rows of a case, without what names the case in them."""
    for table in ("cases", *TABLES):
        column = "id" if table == "cases" else "case_id"
        cursor = bench.raw.execute(f"SELECT * FROM jalon_{table} WHERE {column} = {case} ORDER BY 1, 2")
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield {name: value for name, value in zip(names, row, strict=True) if name not in OF_A_CASE}
