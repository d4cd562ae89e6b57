"""A house to test in: one establishment, its people, `rs_temporaire`, and a clock that the test moves."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jalon import Case, Engine, Settings, VirtualClock, load

PARIS = ZoneInfo("Europe/Paris")
ROLES = {
    "claire": "coordinatrice_actions_sociales",
    "gaston": "gestionnaire_residences",
    "victor": "charge_vie_residentielle",
    "diane": "direction",
    "colette": "commission_interne",
    "siao63": "siao",
}
HOUSEHOLD = {
    "name": "Amina K.",
    "email": "amina@menage.example",
    "persons": [{"name": "Amina K.", "born": "1988-04-02"}],
}
PRESCRIBER = {"name": "CCAS", "email": "prescripteur@ccas.example"}
ASKED = (
    "piece_identite",
    "avis_imposition",
    "attestation_caf",
    "attestation_france_travail",
    "attestation_c2s",
)
SIGNED = ("contrat_residence", "reglement_interieur", "assurance", "recu_depot", "demande_apl", "notice_daaf")


def paris(day: date | str, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of the civil day in Paris."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(known, time(hour, minute), PARIS).astimezone(UTC)


def an_engine(
    database, *, on: date | str = "2026-11-24", transport=None, establishment: str = "ophis"
) -> Engine:
    """An engine over a database URL (or a SQLAlchemy engine) at ten o'clock of a day, with the house's people."""
    engine = Engine(Settings(database=database), clock=VirtualClock(paris(on)), transport=transport)
    furnish(engine, establishment)
    return engine


def furnish(engine: Engine, establishment: str = "ophis") -> None:
    """Give an engine an establishment, its people and the workflow."""
    engine.establishments.add(establishment, "Résidence des Tilleuls", phone="01 23 45 67 89")
    for person, role in ROLES.items():
        engine.people.add(person, person.title(), address=f"{person}@ophis.example")
        engine.people.grant(person, role, establishment)
    engine.workflows.register(load("rs_temporaire"))


def clock_of(engine: Engine) -> VirtualClock:
    """The clock that a test moves."""
    return engine._world.clock


class Story:
    """One case driven through days: acts at ten o'clock, passes at nine, when there are passes."""

    def __init__(self, engine: Engine, *, passes: bool = True, establishment: str = "ophis") -> None:
        self.engine = engine
        self.passes = passes
        self.establishment = establishment
        self.case: Case | None = None

    @property
    def today(self) -> date:
        return clock_of(self.engine).now().astimezone(PARIS).date()

    def to(self, day: date | str, hour: int = 10) -> None:
        """Let the days pass, each with its pass at nine where the story has passes."""
        target = date.fromisoformat(day) if isinstance(day, str) else day
        while self.passes and self.today < target:
            clock_of(self.engine).set(paris(self.today + timedelta(days=1), 9))
            self.engine.tick()
        clock_of(self.engine).set(paris(target, hour))

    def open(self, day: date | str, facts=None, *, by: str = "claire", **options) -> Case:
        self.to(day)
        given = {
            "ref_siao": "S-1",
            "date_demande_siao": "2026-10-01",
            "menage": HOUSEHOLD,
            "prescripteur": PRESCRIBER,
        }
        self.case = self.engine.cases.open(
            "rs_temporaire", {**given, **(facts or {})}, by=by, establishment=self.establishment, **options
        )
        return self.case

    def do(self, day: date | str, action: str, facts=None, *, by: str = "claire", **options) -> Case:
        self.to(day)
        return self.engine.cases.perform(self.case.id, action, facts or {}, by=by, **options)

    def documents(self, *kinds: str, by: str = "claire") -> None:
        for kind in kinds:
            self.engine.cases.document(self.case.id, kind, by=by)
