"""(d) A year foreseen on stays of the real programme, beside a plain transition for each."""

import itertools
from datetime import date

from houses import AGENT, Bench
from measure import Figure, duration, in_turns
from parcours import STATES
from support.house import a_case, clock_of, furnish, paris

CASES, ROUNDS = 200, 3
ENTERED, TODAY, UNTIL = "2026-12-15", "2027-01-14", date(2028, 1, 14)
RENEWED = date(2028, 12, 15)


def measure(bench: Bench, at_most: float) -> Figure:
    """Foresee a year of every stay in one call, then move as many cases round the ring, in turns."""
    engine, house = bench.engine, "ophis"
    furnish(engine, house)
    clock_of(engine).set(paris(ENTERED))
    for number in range(CASES):
        a_case(engine, "en_sejour", unit=f"B-{number}", facts={"menage": {"name": f"Personne {number}"}})
    clock_of(engine).set(paris(TODAY))
    engine.run_due()
    ring = bench.open("anneau", {"score": 12}, CASES)
    states = {case: itertools.cycle(range(STATES)) for case in ring}
    bench.settle()

    def ours() -> None:
        engine.deadlines.forecast(UNTIL, establishment=house)

    def limit() -> None:
        for case in ring:
            engine.cases.perform(case, f"avancer_{next(states[case])}", {"score": 13}, by=AGENT)

    measured = in_turns([ours], [limit], ROUNDS, of=CASES)
    _all_foreseen(bench, house)
    return duration(f"a year foreseen, {bench.name}", measured, at_most)


def _all_foreseen(bench: Bench, house: str) -> None:
    """Refuse a measure in which a stay would not be foreseen with its visits and its renewal."""
    found = bench.engine.deadlines.forecast(UNTIL, establishment=house)
    visits = [item for item in found.items if item.deadline == "visite" and item.kind == "due"]
    if (found.cases, len(visits)) != (CASES, 12 * CASES):
        raise RuntimeError(f"{found.cases} cases and {len(visits)} visits are foreseen")
    further = bench.engine.deadlines.forecast(RENEWED, establishment=house)
    renewed = [
        item for item in further.items if item.deadline == "echeance_sejour" and item.due_on == RENEWED
    ]
    if len({item.case_id for item in renewed}) != CASES:
        raise RuntimeError("a renewal is not foreseen")
