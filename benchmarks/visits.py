"""For information: the monthly visit of the real programme, whose cases have a history and twenty-four deadlines."""

import statistics
import time

import houses  # noqa: F401 - it puts the builders of the tests on the path
from support.house import a_case, an_engine, clock_of, paris

CASES = 12
DAY = "2027-01-14"


def measure(url: str) -> float:
    """Give the median seconds of a visit recorded, on cases in their first month."""
    engine = an_engine(url)
    cases = [
        a_case(engine, "en_sejour", unit=f"B-{number}", facts={"menage": {"name": f"Personne {number}"}}).case
        for number in range(CASES)
    ]
    clock_of(engine).set(paris(DAY))
    engine.run_due()
    spent = []
    for case in cases:
        begun = time.perf_counter()
        engine.cases.perform(
            case.id, "consigner_visite", {"compte_rendu_visite": "Tout va bien."}, by="claire"
        )
        spent.append(time.perf_counter() - begun)
    engine.close()
    return statistics.median(spent)
