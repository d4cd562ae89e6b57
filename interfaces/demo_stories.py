"""The two stories of the demonstration, as acts on days: invented people, real rules.

The first household is rehoused after a renewal; the second is still there when the last period ends. What a
story leaves out (visits, reviews, answers to the SIAO) is added at plausible dates.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

HOUSE = "tilleuls"
WORKFLOW = "rs_temporaire"
ASKED = (
    "piece_identite",
    "avis_imposition",
    "attestation_caf",
    "attestation_france_travail",
    "attestation_c2s",
)
SIGNED = ("contrat_residence", "reglement_interieur", "assurance", "recu_depot", "demande_apl", "notice_daaf")

PEOPLE = (
    ("claire", "Claire Martin", "coordinatrice_actions_sociales"),
    ("gaston", "Gaston Ferrand", "gestionnaire_residences"),
    ("victor", "Victor Roche", "charge_vie_residentielle"),
    ("colette", "Colette Blanc", "commission_interne"),
    ("diane", "Diane Faure", "direction"),
    ("siao63", "SIAO du Puy-de-Dôme", "siao"),
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a story: on a day, by someone; documents received that day come first."""

    day: date
    action: str
    by: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tale:
    """A story: its title, who it is about, and its acts in order."""

    title: str
    opening: Mapping[str, Any]
    acts: tuple[Act, ...]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _admission(place: str) -> Iterator[Act]:
    """From the first call to the keys: the same path for both households."""
    yield Act(_day("2026-11-26"), "contacter", "claire", {"resultat_contact": "joint"})
    meeting = {
        "date_rdv": "2026-12-03",
        "heure_rdv": "14:30",
        "lieu_rdv": "Bureau d’accueil, rez-de-chaussée",
    }
    yield Act(_day("2026-11-26"), "planifier_entretien", "claire", meeting)
    interview = {
        "compte_rendu": "Entretien d’une heure", "projet": "Un logement durable",
        "besoins": "Administratif, relogement",
    }  # fmt: skip
    yield Act(_day("2026-12-03"), "tenir_entretien", "claire", interview)
    yield Act(_day("2026-12-04"), "inscrire_commission", "claire", {}, ASKED)
    decision = {"motifs": "Projet de relogement clair", "membres": "colette, diane", "logement": place}
    yield Act(_day("2026-12-10"), "decider_favorable", "colette", decision)
    handed = {"mode_remise": "main_propre", "decision_recue_le": "2026-12-11"}
    yield Act(_day("2026-12-11"), "notifier_decision", "claire", handed)
    yield Act(_day("2026-12-11"), "informer_siao", "claire")
    yield Act(_day("2026-12-14"), "accepter", "claire")
    contract = {
        "date_effet": "2026-12-15", "redevance": "412.50", "depot_garantie": "400", "date_rdv": "2026-12-15",
        "heure_rdv": "15:00", "signature_resident": "2026-12-15", "signature_gestion": "2026-12-15",
    }  # fmt: skip
    yield Act(_day("2026-12-15"), "signer", "gaston", contract, SIGNED)
    entry = {"etat_des_lieux_entree": True, "cles_remises": True, "visite_locaux": True}
    yield Act(_day("2026-12-15"), "entrer", "victor", entry)
    yield Act(_day("2026-12-17"), "informer_siao", "claire")


def _visits(until: str) -> Iterator[Act]:
    """A visit each month, on the fourteenth or the Monday after."""
    for number in range(1, 30):
        month = 11 + number
        day = date(2026 + month // 12, month % 12 + 1, 14)
        day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
        if day >= _day(until):
            return
        yield Act(day, "consigner_visite", "claire", {"compte_rendu_visite": "Tout va bien"})


def _reviews(*days: str) -> Iterator[Act]:
    for day in days:
        yield Act(_day(day), "consigner_bilan", "claire", {"compte_rendu_bilan": "Démarches en cours"})


def _in_order(*parts: Iterator[Act]) -> tuple[Act, ...]:
    acts = [act for part in parts for act in part]
    return tuple(sorted(acts, key=lambda act: act.day))


def _rehoused() -> Iterator[Act]:
    renewal = {"motifs": "Relogement en cours", "avenant_signe": True}
    yield Act(_day("2027-11-18"), "renouveler", "colette", renewal)
    yield Act(
        _day("2027-11-19"), "engager_relogement", "claire", {"numero_unique": "063-27-001", "dalo": True}
    )
    yield Act(_day("2028-07-03"), "donner_conge", "gaston", {"conge_recu_le": "2028-07-03"})
    leaving = {
        "motif_sortie": "relogement_social", "etat_des_lieux_sortie": True, "cles_rendues": True, "dalo": True,
    }  # fmt: skip
    yield Act(_day("2028-07-11"), "sortir", "victor", leaving)
    yield Act(_day("2028-07-13"), "informer_siao", "claire")


def _overstayed() -> Iterator[Act]:
    renewal = {"motifs": "Relogement en cours", "avenant_signe": True}
    yield Act(_day("2027-11-18"), "renouveler", "colette", renewal)
    ending = {
        "motif_fin": "conditions", "mode_notification": "recepisse", "date_envoi": "2029-01-12",
        "date_reception": "2029-01-15", "preuve": "récépissé n° 12",
    }  # fmt: skip
    yield Act(_day("2029-01-15"), "notifier_fin", "gaston", ending)


LAST_DAY = _day("2029-04-16")
FIRST_DAY = _day("2026-11-24")
PRESCRIBER = {"name": "CCAS de Clermont-Ferrand", "email": "prescripteur@ccas.example"}

TALES = (
    Tale(
        "Amina K. : un an, un renouvellement, puis le relogement",
        {
            "ref_siao": "SIAO-2026-118", "date_demande_siao": "2026-10-01", "prescripteur": PRESCRIBER,
            "menage": {"name": "Amina K.", "email": "amina@menage.example"},
        },
        _in_order(_admission("B-12"), _visits("2028-07-10"),
                  _reviews("2027-03-12", "2027-09-10", "2028-03-10"), _rehoused()),
    ),
    Tale(
        "Boris L. : deux ans passés, personne ne part sur une simple date",
        {
            "ref_siao": "SIAO-2026-121", "date_demande_siao": "2026-10-05", "prescripteur": PRESCRIBER,
            "menage": {"name": "Boris L."},
        },
        _in_order(_admission("B-14"), _visits("2029-04-15"),
                  _reviews("2027-03-12", "2027-09-10", "2028-03-10", "2028-09-12", "2029-03-12"), _overstayed()),
    ),
)  # fmt: skip
