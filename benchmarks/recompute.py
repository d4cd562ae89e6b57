"""(c) Ten dates that follow a correction: `correct`, beside a plain transition of the same cases."""

import itertools
from datetime import date, timedelta
from functools import partial

from houses import AGENT, Bench
from measure import Figure, duration, in_turns
from parcours import TEN

CASES, ROUNDS = 40, 5
AMONG = 20  # times as many stand in the tables
SIGNED = date(2026, 11, 2)  # and the days after: none is one that a shorter month does not have
REASON = "Le contrat porte une autre date."


def measure(bench: Bench, at_most: float) -> Figure:
    """Correct the date from which ten deadlines count, then let the case move and keep them, in turns."""
    cases = bench.open("dix", {"signe_le": SIGNED}, CASES * AMONG)[::AMONG]
    bench.settle()
    correct, perform = bench.engine.cases.correct, bench.engine.cases.perform
    days = itertools.cycle([SIGNED + timedelta(days=number) for number in range(1, 8)])
    states = {case: itertools.cycle(("partir", "revenir")) for case in cases}

    def ours(case: int) -> None:
        correct(case, {"signe_le": next(days)}, by=AGENT, reason=REASON)

    def limit(case: int) -> None:
        perform(case, next(states[case]), by=AGENT)

    measured = in_turns(
        [partial(ours, case) for case in cases], [partial(limit, case) for case in cases], ROUNDS
    )
    _all_moved(bench, cases)
    return duration(f"ten dates that follow a correction, {bench.name}", measured, at_most)


def _all_moved(bench: Bench, cases: list[int]) -> None:
    """Refuse a measure in which a correction would have moved less than ten dates, or a transition one."""
    for case in cases:
        for line in bench.engine.cases.history(case)[1:]:
            moved = [change["change"] for change in line.body.get("changes", ())]
            if moved != (["moved"] * TEN if line.kind == "correction" else []):
                raise RuntimeError(f"{line.kind} of case {case}: {moved}")
    if bench.engine.verify().faults:
        raise RuntimeError("the histories are not those that jalon writes")
