"""What S1 and S16 have in common (DOMAIN §7): from the SIAO's orientation to the one renewal.

Every date is counted by hand from DOMAIN's rules and calendar, none is copied from a run.
"""

from support.house import (
    ASKED,
    FAVOURABLE,
    INTERVIEW,
    MOVING_IN,
    SIGNED,
    contract,
    rendez_vous,
)
from support.tales import Step, act, clock, documents, refused

ADMISSION = [
    act("2026-11-24", "recevoir_orientation",
        armed={"contact": "2026-12-02", "entretien": "2026-12-24", "caducite": "2027-02-24"}),
    act("2026-11-26", "contacter", {"resultat_contact": "joint"},
        met={"contact": "2026-12-02", "caducite": "2027-02-24"}),
    act("2026-11-26", "planifier_entretien", rendez_vous("2026-12-03"),
        armed={"rendez_vous": "2026-12-03"}),
    documents("2026-12-03", *ASKED),
    act("2026-12-03", "tenir_entretien", INTERVIEW,
        met={"rendez_vous": "2026-12-03", "entretien": "2026-12-24"},
        armed={"commission": "2026-12-18"}),
    act("2026-12-04", "inscrire_commission"),
    act("2026-12-10", "decider_favorable", {**FAVOURABLE, "logement": "B-12"}, by="colette",
        met={"commission": "2026-12-18"},
        armed={"notification": "2026-12-17", "suites_siao": "2026-12-17"}),
    act("2026-12-11", "notifier_decision", {"mode_remise": "main_propre", "decision_recue_le": "2026-12-11"},
        met={"notification": "2026-12-17"},
        armed={"acceptation": "2026-12-21"}),                        # Saturday 19, rolled to Monday
    act("2026-12-11", "informer_siao", met={"suites_siao": "2026-12-17"}),
    act("2026-12-14", "accepter",
        met={"acceptation": "2026-12-21"},
        armed={"signature": "2026-12-29"}),
    act("2026-12-14", "fixer_signature", {"date_signature": "2026-12-15"}, by="gaston"),
    documents("2026-12-15", *SIGNED, by="gaston"),
    act("2026-12-15", "signer", contract("2026-12-15"), by="gaston",
        met={"signature": "2026-12-29"},
        armed={"entree": "2026-12-30"}),
    act("2026-12-15", "entrer", MOVING_IN, by="victor",
        met={"entree": "2026-12-30"},
        armed={"echeance_sejour": "2027-12-15", "preavis_conditions": "2027-09-15", "visite": "2027-01-15",
               "visite_tardive": "2027-01-29", "bilan": "2027-03-15", "suites_siao": "2026-12-22"}),
    act("2026-12-17", "informer_siao", met={"suites_siao": "2026-12-22"}),
]  # fmt: skip

# They move in on the day of the signature: by the next pass, the appointment of the entry is over, and said to nobody.
ADMISSION_MESSAGES = """
2026-11-27  convocation_preadmission      candidat travailleur_social_referent
2026-12-01  rappel_entretien              candidat
2026-12-02  rappel_entretien              candidat
2026-12-11  decision_favorable            candidat travailleur_social_referent siao
2026-12-14  retour_siao                   siao
2026-12-15  rendez_vous_signature         candidat
2026-12-18  retour_siao                   siao
"""

# Each monthly visit: its day, the date it meets and the next one (anchored on 15 December, never drifting), the
# 45 days that it ends and those that it starts; last, the day on which the reminder left (two working days before
# the date), unless the visit was made first.
_VISITS = """
2027-01-14   2027-01-15 2027-02-15   2027-01-29 2027-02-28   2027-01-13
2027-02-12   2027-02-15 2027-03-15   2027-02-28 2027-03-29   2027-02-11
2027-03-12   2027-03-15 2027-04-15   2027-03-29 2027-04-26   2027-03-11
2027-04-14   2027-04-15 2027-05-18   2027-04-26 2027-05-29   2027-04-13
2027-05-12   2027-05-18 2027-06-15   2027-05-29 2027-06-26   -
2027-06-14   2027-06-15 2027-07-15   2027-06-26 2027-07-29   2027-06-11
2027-07-13   2027-07-15 2027-08-16   2027-07-29 2027-08-27   2027-07-12
2027-08-16   2027-08-16 2027-09-15   2027-08-27 2027-09-30   2027-08-12
2027-09-14   2027-09-15 2027-10-15   2027-09-30 2027-10-29   2027-09-13
2027-10-14   2027-10-15 2027-11-15   2027-10-29 2027-11-28   2027-10-13
2027-11-12   2027-11-15 2027-12-15   2027-11-28 2027-12-27   2027-11-10
2027-12-14   2027-12-15 2028-01-17   2027-12-27 2028-01-28   2027-12-13
2028-01-14   2028-01-17 2028-02-15   2028-01-28 2028-02-28   2028-01-13
2028-02-14   2028-02-15 2028-03-15   2028-02-28 2028-03-30   2028-02-11
2028-03-14   2028-03-15 2028-04-18   2028-03-30 2028-04-28   2028-03-13
2028-04-14   2028-04-18 2028-05-15   2028-04-28 2028-05-29   2028-04-13
2028-05-12   2028-05-15 2028-06-15   2028-05-29 2028-06-26   2028-05-11
2028-06-14   2028-06-15 2028-07-17   2028-06-26 2028-07-29   2028-06-13
2028-07-13   2028-07-17 2028-08-16   2028-07-29 2028-08-27   2028-07-12
2028-08-14   2028-08-16 2028-09-15   2028-08-27 2028-09-28   2028-08-11
2028-09-14   2028-09-15 2028-10-16   2028-09-28 2028-10-29   2028-09-13
2028-10-13   2028-10-16 2028-11-15   2028-10-29 2028-11-27   2028-10-12
2028-11-14   2028-11-15 2028-12-15   2028-11-27 2028-12-29   2028-11-13
2028-12-14   2028-12-15 2029-01-15   2028-12-29 2029-01-28   2028-12-13
2029-01-12   2029-01-15 2029-02-15   2029-01-28 2029-02-26   2029-01-11
2029-02-14   2029-02-15 2029-03-15   2029-02-26 2029-03-31   2029-02-13
2029-03-14   2029-03-15 2029-04-16   2029-03-31 2029-04-28   2029-03-13
2029-04-13   2029-04-16 2029-05-15   2029-04-28 2029-05-28   2029-04-12
"""

# Each review of the accompaniment: its day, the date it meets, the next one, the days on which reminders left.
_REVIEWS = """
2027-03-12   2027-03-15 2027-09-15   2027-03-08
2027-09-10   2027-09-15 2028-03-15   2027-09-08
2028-03-10   2028-03-15 2028-09-15   2028-03-08
2028-09-15   2028-09-15 2029-03-15   2028-09-08 2028-09-15
2029-03-12   2029-03-15 2029-09-17   2029-03-08
"""

RENEWAL = [
    clock("2027-08-15", "ouvrir_revue"),                             # a Sunday: the act is not shifted
    act("2027-11-18", "renouveler", {"motifs": "Relogement en cours.", "avenant_signe": True}, by="colette",
        met={"echeance_sejour": "2027-12-15", "preavis_conditions": "2027-09-15"},
        armed={"echeance_sejour": "2028-12-15", "preavis_conditions": "2028-09-15"}),
]  # fmt: skip

FIRST_PERIOD_MESSAGES = """
2027-08-13  echeance_contrat_preparation  coordinatrice_actions_sociales gestionnaire_residences
2027-09-01  echeance_preavis_trois_mois   gestionnaire_residences direction
2027-09-15  echeance_preavis_trois_mois   gestionnaire_residences direction
2027-10-15  echeance_contrat_preparation  coordinatrice_actions_sociales gestionnaire_residences
2027-10-15  echeance_contrat_resident     resident
2027-11-15  echeance_contrat_preparation  coordinatrice_actions_sociales gestionnaire_residences
2027-11-15  echeance_contrat_resident     resident
"""

SECOND_RENEWAL = refused(
    "2027-11-19",
    "renouveler",
    {"motifs": "Encore une année.", "avenant_signe": True},
    "Aucun rappel de l'échéance n'est encore parti : il est trop tôt pour renouveler.",
    "Le séjour a déjà été renouvelé une fois.",
    by="colette",
)


def visits(until: str) -> list[Step]:
    """The monthly visits and the reviews of the accompaniment, up to a day."""
    found = []
    for line in _VISITS.strip().splitlines():
        day, met, following, ended, started, _ = line.split()
        found.append(
            act(day, "consigner_visite", {"compte_rendu_visite": "Tout va bien."},
                met={"visite": met, "visite_tardive": ended}, armed={"visite": following, "visite_tardive": started})
        )  # fmt: skip
    for line in _REVIEWS.strip().splitlines():
        day, met, following, *_ = line.split()
        found.append(
            act(day, "consigner_bilan", {"compte_rendu_bilan": "Les objectifs avancent.", "axe_logement": "Relogement"},
                met={"bilan": met}, armed={"bilan": following})
        )  # fmt: skip
    return [step for step in found if step.day < until]


def reminders(until: str) -> str:
    """The reminders of those visits and reviews that left before a day."""
    who = "coordinatrice_actions_sociales"
    left = [f"{line.split()[5]} rappel_visite {who}" for line in _VISITS.strip().splitlines()]
    for line in _REVIEWS.strip().splitlines():
        left += [f"{day} rappel_echeance {who}" for day in line.split()[3:]]
    return "\n".join(row for row in left if row[0] != "-" and row[:10] < until)


def in_order(*parts: list[Step]) -> list[Step]:
    """Put the steps of a story in the order of their days; those of one day stay in the order given."""
    return sorted((step for part in parts for step in part), key=lambda step: step.day)
