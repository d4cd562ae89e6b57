"""Sessions to test with: the house of `house.py`, its commission, and cases that wait for it."""

from datetime import date
from typing import Any

from support.house import a_case, an_engine, clock_of, paris

from jalon import Case, Engine, Settings, load

TUESDAY, SESSION, MOVED = "2026-11-24", "2026-12-10", "2026-12-14"
MEMBERS = ["diane", "colette", "Mme Roy"]
ADMITTED = {"motifs": "Le projet convient.", "logement": "B-1"}
REFUSED = {"motifs": "Une autre orientation convient mieux.", "motif_refus": "autre_orientation"}
PUT_BACK = {"complement_demande": "Un avis d'imposition récent"}


def a_house(database: str, *, on: str = TUESDAY, transport: Any = None, sandbox: bool = False) -> Engine:
    """An engine over a database, with the house's people, its programme and its commission."""
    if sandbox:
        first = Engine(Settings(database))
        first.upgrade(sandbox=True)
        first.close()
    engine = an_engine(database, on=on, transport=transport)
    engine.workflows.register(load("commission"))
    return engine


def now_is(engine: Engine, day: str, hour: int = 10) -> None:
    """Put the clock on a day."""
    clock_of(engine).set(paris(day, hour))


def waits(engine: Engine, number: int = 1, state: str = "en_commission") -> list[int]:
    """Open cases and lead each to a state, today; give their numbers."""
    found = []
    for rank in range(number):
        household = {"name": f"Famille Secrète {rank}", "email": f"famille{rank}@menage.example"}
        found.append(a_case(engine, state, facts={"menage": household}).case.id)
    return found


def programmed(engine: Engine, day: str = SESSION, by: str = "claire") -> int:
    """Open a monthly session."""
    return engine.cases.open(
        "commission", {"date_seance": day}, by=by, establishment="ophis", action="programmer"
    ).id


def urgent(engine: Engine, day: str) -> int:
    """Open an urgent session, validated."""
    facts = {"date_seance": day, "motif_urgence": "Une place se libère."}
    session = engine.cases.open(
        "commission", facts, by="gaston", establishment="ophis", action="convoquer_urgence"
    ).id
    engine.cases.perform(session, "valider_urgence", by="diane")
    return session


def held(engine: Engine, session: int, day: str = SESSION) -> Case:
    """Hold a session on its day."""
    now_is(engine, day)
    return engine.cases.perform(session, "tenir", {"membres": MEMBERS, "secretaire": "claire"}, by="diane")


def closed(engine: Engine, session: int) -> Case:
    """Send the minutes of a session that was held, and close it."""
    engine.cases.perform(session, "diffuser_cr", {"compte_rendu": "cr.pdf"}, by="claire")
    return engine.cases.perform(session, "clore", by="diane")


def passage(engine: Engine, case: int) -> tuple[Any, list[tuple[date, str]]]:
    """What a case knows of its session: the day kept, and the dates of its passage."""
    dates = [(item.due_on, item.status) for item in engine.cases.dates(case) if item.name == "seance"]
    return engine.cases.get(case).facts.get("seance_le"), dates


def numbers(engine: Engine, session: int) -> list[int]:
    """The cases of an agenda, in order."""
    return [point.case_id for point in engine.meetings.agenda(session)]


def unsettled(engine: Engine, session: int) -> list[int]:
    """The cases of an agenda that have neither a decision nor a report."""
    return [point.case_id for point in engine.meetings.agenda(session) if not point.settled]


def being_held(engine: Engine, number: int) -> tuple[list[int], int]:
    """Give cases on the agenda of a session that is being held, and the session; what is due has been played."""
    cases, session = waits(engine, number), programmed(engine)
    engine.meetings.gather(session, by="claire")
    held(engine, session)
    engine.run_due()  # so that a refusal leaves everything as it was
    return cases, session
