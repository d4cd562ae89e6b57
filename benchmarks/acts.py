"""(a) Durable transitions, one transaction each: `perform`, beside the statements written by hand."""

import itertools
from collections.abc import Iterator
from functools import partial
from typing import Any

from houses import AGENT, TUESDAY, Bench
from limits import Transitions
from measure import Figure, in_turns, rate
from parcours import STATES

CASES, ROUNDS = 80, 3
AMONG = 20  # times as many stand in the tables: an index is then worth its while
TABLES = ("events", "deadlines", "rungs", "notices")
OF_A_CASE = ("id", "deadline_id", "case_id", "key", "message_id", "digest", "head")


def measure(bench: Bench, at_least: float) -> Figure:
    """Move cases round the ring, one state by the engine, the next by hand, on the same rows."""
    by_hand = Transitions(bench.raw, postgres=bench.postgres)
    _same_rows(bench, by_hand)
    cases = bench.open("anneau", {"score": 12}, CASES * AMONG)[::AMONG]
    bench.settle()
    at, perform = bench.clock.now(), bench.engine.cases.perform
    states = {case: itertools.cycle(range(STATES)) for case in cases}

    def ours(case: int) -> None:
        perform(case, f"avancer_{next(states[case])}", {"score": 13}, by=AGENT)

    def limit(case: int) -> None:
        next(states[case])
        by_hand.move(case, 13, TUESDAY, at)

    measured = in_turns(
        [partial(ours, case) for case in cases], [partial(limit, case) for case in cases], ROUNDS
    )
    if bench.engine.verify().faults:
        raise RuntimeError("the histories are not those that jalon writes")
    return rate(f"a transition, {bench.name}", measured, at_least)


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
