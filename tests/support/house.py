"""A house to test in: one establishment, its people, `rs_temporaire`, and a clock that the test moves."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jalon import Case, Engine, Settings, VirtualClock, load
from jalon.dates import due
from jalon.domain.deadline import CatchUp
from jalon.domain.workflow import Workflow

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


@cache
def programme() -> Workflow:
    """The shipped workflow, read once."""
    return load("rs_temporaire")


def paris(day: date | str, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of the civil day in Paris."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(known, time(hour, minute), PARIS).astimezone(UTC)


@cache
def patient() -> Workflow:
    """The same, but for what an outage drops: every message leaves, however late."""
    rules = {
        name: rule.model_copy(update={"catch_up": CatchUp()}) for name, rule in programme().deadlines.items()
    }
    return programme().model_copy(update={"deadlines": rules})


def an_engine(
    database, *, on: date | str = "2026-11-24", transport=None, establishment: str = "ophis", workflow=None
) -> Engine:
    """An engine over a database URL (or a SQLAlchemy engine) at ten o'clock of a day, with the house's people."""
    engine = Engine(Settings(database=database), clock=VirtualClock(paris(on)), transport=transport)
    furnish(engine, establishment, workflow)
    return engine


def furnish(engine: Engine, establishment: str = "ophis", workflow: Workflow | None = None) -> None:
    """Give an engine an establishment, its people and the workflow."""
    engine.establishments.add(establishment, "Résidence des Tilleuls", phone="01 23 45 67 89")
    for person, role in ROLES.items():
        engine.people.add(person, person.title(), address=f"{person}@ophis.example")
        engine.people.grant(person, role, establishment)
    engine.workflows.register(workflow or programme())


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


# -- a case led by the shortest way to a state, all on one day where no date must pass

INTERVIEW = {"compte_rendu": "Entretien tenu.", "projet": "Un logement.", "besoins": "Aide au relogement."}
FAVOURABLE = {"motifs": "Le projet convient.", "membres": "diane, colette"}
UNFAVOURABLE = {"motifs": "Une autre orientation convient mieux.", "motif_refus": "autre_orientation",
                "membres": "diane, colette"}  # fmt: skip
CONTRACT = {"redevance": "412.50", "depot_garantie": "400", "heure_rdv": "11:00", "lieu_rdv": "Hall B"}
MOVING_IN = {"etat_des_lieux_entree": True, "cles_remises": True, "visite_locaux": True}
MOVING_OUT = {"etat_des_lieux_sortie": True, "cles_rendues": True}
PROOF = "depot/preuve-1.pdf"
STAY = "en_sejour renouvellement_a_instruire depassement preavis_resident fin_de_sejour_notifiee procedure_judiciaire"
BEFORE_ENTRY = (
    "orientation_recue preadmission_planifiee preadmission_realisee dossier_incomplet en_commission ajourne"
    " liste_attente admis contrat_signe"
)


def rendez_vous(day: date | str, hour: str = "14:30") -> dict[str, Any]:
    """The three facts of an appointment."""
    return {"date_rdv": str(day), "heure_rdv": hour, "lieu_rdv": "Bureau 2"}


def end_of_stay(ground: str, received: date | str, **more: Any) -> dict[str, Any]:
    """What is recorded of a notice that ends the stay, handed over against a receipt unless said."""
    return {"motif_fin": ground, "mode_notification": "recepisse", "date_envoi": str(received),
            "date_reception": str(received), "preuve": PROOF, **more}  # fmt: skip


def contract(day: date | str) -> dict[str, Any]:
    """What is recorded of a signature."""
    return {**CONTRACT, "date_effet": str(day), "date_rdv": str(day), "signature_resident": str(day),
            "signature_gestion": str(day)}  # fmt: skip


def a_case(
    engine: Engine,
    state: str,
    *,
    unit: str = "B-12",
    facts: Mapping[str, Any] | None = None,
    passes: bool = False,
) -> Story:
    """A case in a state, from the day that the clock shows."""
    story = Story(engine, passes=passes)
    story.open(story.today, facts)
    for step in _way_to(state):
        _take(story, step, unit)
    assert story.case is not None
    assert engine.cases.get(story.case.id).state == state
    return story


def _way_to(state: str) -> tuple[str, ...]:
    heard = ("planifier_entretien", "tenir_entretien")
    asked = (*heard, "inscrire_commission")
    admitted = (*asked, "decider_favorable")
    housed = (*admitted, "signer", "entrer")
    return {
        "orientation_recue": (), "preadmission_planifiee": heard[:1], "preadmission_realisee": heard,
        "dossier_incomplet": (*heard, "constater_manque"), "en_commission": asked, "ajourne": (*asked, "ajourner"),
        "liste_attente": (*asked, "mettre_en_attente"), "refuse": (*asked, "decider_defavorable"),
        "admis": admitted, "contrat_signe": (*admitted, "signer"), "en_sejour": housed,
        "renouvellement_a_instruire": (*housed, "eight months"), "depassement": (*housed, "a year"),
        "preavis_resident": (*housed, "donner_conge"), "fin_de_sejour_notifiee": (*housed, "notifier_fin"),
        "procedure_judiciaire": (*housed, "donner_conge", "nine days", "assigner"),
        "sorti": (*housed, "sortir"), "decede": (*housed, "declarer_deces"), "sans_suite": ("desister",),
    }[state]  # fmt: skip


def _take(story: Story, step: str, unit: str) -> None:
    day = story.today
    delay = {"eight months": "P8M2D", "a year": "P1Y1D", "nine days": "P9D"}.get(step)
    if delay is not None:
        story.to(due(day, delay))
        story.engine.run_due()
        return
    if step in ("inscrire_commission", "signer"):
        story.documents(*(ASKED if step == "inscrire_commission" else SIGNED))
    given, by = {
        "planifier_entretien": (rendez_vous(day), "claire"), "tenir_entretien": (INTERVIEW, "claire"),
        "constater_manque": ({"documents_manquants": "avis_imposition"}, "claire"),
        "inscrire_commission": ({}, "claire"),
        "ajourner": ({"complement_demande": "Un avis d'imposition récent", "membres": "diane, colette"}, "colette"),
        "mettre_en_attente": ({**FAVOURABLE, "priorite": 1}, "colette"),
        "decider_favorable": ({**FAVOURABLE, "logement": unit}, "colette"),
        "decider_defavorable": (UNFAVOURABLE, "colette"), "signer": (contract(day), "gaston"),
        "entrer": (MOVING_IN, "victor"), "donner_conge": ({"conge_recu_le": str(day)}, "gaston"),
        "notifier_fin": (end_of_stay("conditions", day), "gaston"), "assigner": ({}, "gaston"),
        "sortir": ({**MOVING_OUT, "motif_sortie": "depart_volontaire"}, "victor"),
        "declarer_deces": ({"date_deces": str(day)}, "victor"), "desister": ({"raison": "Autre projet."}, "claire"),
    }[step]  # fmt: skip
    story.do(day, step, given, by=by)
