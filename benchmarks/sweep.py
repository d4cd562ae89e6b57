"""(b) Due reminders fired in batches: `run_due`, beside a sweep by sets."""

import itertools

from houses import Bench, morning, weeks_after
from limits import Sweep
from measure import Figure, in_turns, rate
from parcours import WEEKS

CASES = 2000
ROUNDS = WEEKS // 2 - 1


def measure(bench: Bench, at_least: float) -> Figure:
    """Each week every case has one reminder due: the engine fires those of a week, the limit those of the next."""
    bench.open("rappels", {}, CASES)
    bench.settle()
    weeks = itertools.count(1)
    by_sets = Sweep(bench.raw, postgres=bench.postgres)

    def ours() -> None:
        bench.to(weeks_after(next(weeks)))
        report = bench.engine.run_due()
        if report.failed or len(report.fired) != CASES:
            raise RuntimeError(f"{len(report.fired)} fired, {len(report.failed)} failed")

    def limit() -> None:
        fired = by_sets.run(morning(weeks_after(next(weeks))))
        if fired != CASES:
            raise RuntimeError(f"{fired} fired by hand")

    measured = in_turns([ours], [limit], ROUNDS, of=CASES)
    if bench.engine.verify().faults:
        raise RuntimeError("the histories are not those that jalon writes")
    return rate(f"a due reminder, {bench.name}", measured, at_least)
