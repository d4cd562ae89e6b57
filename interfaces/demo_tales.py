"""A tale of the demonstration, and the paths that its people follow: acts on days, the rest of each form filled in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .demo_houses import BEDS, MEASURES, RESIDENCE, SHELTER

ASKED = (
    "piece_identite", "avis_imposition", "attestation_caf", "attestation_france_travail", "attestation_c2s",
)  # fmt: skip
SIGNED = ("contrat_residence", "reglement_interieur", "assurance", "recu_depot", "demande_apl", "notice_daaf")


@dataclass(frozen=True, slots=True)
class Act:
    """One act: on a day, with what its form is told; documents received that day come first.

    `link` is the role under which the case it is done on is linked to the one of the tale.
    """

    day: date
    action: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    by: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Tale:
    """Someone's life in a house: the workflow, who they are, who follows them, and the acts in order."""

    house: str
    workflow: str
    who: str
    acts: tuple[Act, ...]
    referent: str | None = None


def on(day: date, days: int) -> date:
    """Give the weekday that comes so many days after a day, or just after it."""
    found = day + timedelta(days)
    return found + timedelta({5: 2, 6: 1}.get(found.weekday(), 0))


def by_number(*acts: tuple[int, str] | tuple[int, str, Mapping[str, Any]]) -> Callable[[date], Iterator[Act]]:
    """Write acts by the number of days since the first."""

    def laid_out(first: date) -> Iterator[Act]:
        for number, action, *more in acts:
            yield Act(on(first, number), action, more[0] if more else {})

    return laid_out


def person(name: str, born: str) -> dict[str, Any]:
    """Give one person."""
    return {"name": name, "born": born, "consent": True}


def tale(house: str, workflow: str, who: str, *parts: Iterator[Act], referent: str | None = None) -> Tale:
    """Put the parts of a life in order."""
    acts = [act for part in parts for act in part]
    return Tale(house, workflow, who, tuple(sorted(acts, key=lambda act: act.day)), referent)


# -- social residence


def temporary(first: date, name: str, place: str, email: str | None = None) -> Iterator[Act]:
    """From the orientation to the keys: the first call, the interview, the commission, the contract."""
    household = {"name": name} if email is None else {"name": name, "email": email}
    yield Act(
        first, "recevoir_orientation", {"menage": household, "date_demande_siao": on(first, -50).isoformat()}
    )
    yield Act(on(first, 2), "contacter")
    yield Act(
        on(first, 2), "planifier_entretien", {"date_rdv": on(first, 9).isoformat(), "lieu_rdv": "Bureau 2"}
    )
    yield Act(on(first, 9), "tenir_entretien")
    yield Act(on(first, 10), "inscrire_commission", {}, ASKED)
    decision = {"motifs": "Projet de relogement clair", "membres": "colette, diane", "logement": place}
    yield Act(on(first, 16), "decider_favorable", decision)
    received = on(first, 17).isoformat()
    yield Act(on(first, 17), "notifier_decision", {"decision_recue_le": received})
    yield Act(on(first, 17), "informer_siao")
    yield Act(on(first, 20), "accepter")
    yield Act(on(first, 21), "signer", {"date_effet": on(first, 21).isoformat()}, SIGNED)
    yield Act(on(first, 21), "entrer")
    yield Act(on(first, 23), "informer_siao")


def visits(first: date, months: int) -> Iterator[Act]:
    """A visit each month, a review each quarter."""
    for number in range(1, months + 1):
        yield Act(on(first, 30 * number), "consigner_visite")
        if number % 3 == 0:
            yield Act(on(first, 30 * number), "consigner_bilan")


def permanent(first: date, name: str, born: str, place: str) -> Iterator[Act]:
    """From the request of the CCAS to a private room in a shared flat."""
    household = {"name": name, "persons": [{"name": name, "born": born}]}
    yield Act(first, "recevoir_orientation", {"menage": household, "date_demande": first.isoformat()})
    yield Act(
        on(first, 7), "valider_evaluation", {"retraite": True}, ("piece_identite", "justificatif_retraite")
    )
    yield Act(
        on(first, 9), "inscrire_commission", {}, ("avis_imposition", "attestation_caf", "attestation_c2s")
    )
    yield Act(on(first, 16), "decider_favorable", {"membres": "colette, diane", "chambre": place})
    yield Act(on(first, 18), "notifier_decision", {"decision_recue_le": on(first, 18).isoformat()})
    yield Act(on(first, 20), "accepter")
    yield Act(on(first, 23), "signer", {"date_effet": on(first, 23).isoformat()}, SIGNED)
    yield Act(on(first, 23), "entrer")


# -- health beds


def sickbed(first: date, name: str, born: str, gender: str, *, alone: bool = False) -> Iterator[Act]:
    """A request, an opinion, a decision, and a bed the next day."""
    asked = {"personne": person(name, born), "genre": gender, "sans_domicile": True}
    yield Act(first, "deposer_demande", asked)
    opinion = {"objet_avis": "admission", "sens_avis": "favorable", "isolement": alone}
    yield Act(first, "rendre_avis", opinion)
    yield Act(on(first, 1), "valider_admission")
    yield Act(on(first, 1), "installer", {"date_admission": on(first, 1).isoformat()})
    yield Act(on(first, 2), "remettre_dipc", {}, ("dipc",))
    yield Act(on(first, 6), "ouvrir_droits")
    yield Act(on(first, 12), "consigner_projet_sortie")


def renewed(first: date, months: int) -> Iterator[Act]:
    """A new opinion, then a renewal, at each end of two months."""
    opinion = {"objet_avis": "renouvellement", "sens_avis": "favorable"}
    for number in range(1, months // 2 + 1):
        day = on(first, 61 * number - 5)
        yield Act(day, "rendre_avis", opinion)
        yield Act(on(day, 1), "renouveler")
        if number == 1:
            yield Act(on(day, 3), "remettre_contrat")
            yield Act(on(day, 8), "signer_contrat_sejour", {}, ("contrat_sejour",))


def weekly(first: date, last: date) -> Iterator[Act]:
    """A review of the team each Monday of a stay."""
    day = first + timedelta((7 - first.weekday()) % 7 or 7)
    while day < last:
        yield Act(day, "tenir_revue_equipe")
        day += timedelta(7)


def discharged(day: date, where: str = "logement_accompagne") -> Iterator[Act]:
    """An opinion on the exit, then the exit itself."""
    opinion = {"sens_avis": "favorable", "equipe_consultee": True}
    yield Act(day, "rendre_avis_sortie", opinion)
    yield Act(on(day, 1), "preparer_sortie")
    leaving = {"motif_sortie": "autre_logement_accompagne", "orientation_sortie": where}
    yield Act(on(day, 7), "sortir", leaving)


# -- shelter


def sheltered(first: date, name: str, born: str, bed: str) -> Iterator[Act]:
    """A call, a bed the same night, an evaluation, an orientation."""
    caller = {"personne": person(name, born), "genre": "homme", "accompagne": False, "sans_logement": True,
              "majeur": True}  # fmt: skip
    yield Act(first, "recevoir_appel", {**caller, "canal": "urgence"})
    yield Act(first, "mettre_a_l_abri", {"lit": bed})
    yield Act(first, "informer_siao")
    yield Act(on(first, 1), "remettre_dipc", {}, ("dipc",))
    yield Act(on(first, 5), "evaluer")
    yield Act(on(first, 10), "proposer_orientation", {"nature_orientation": "insertion"})


# -- measures


def measure(first: date, name: str, kind: str, cesf: str) -> Iterator[Act]:
    """A mandate, a diagnosis, an agreement, and meetings every fortnight."""
    yield Act(first, "recevoir_mandat", {"menage": {"name": name}, "type_suspecte": kind})
    yield Act(on(first, 2), "affecter", {"cesf_designe": cesf})
    yield Act(on(first, 8), "tenter_contact", {"canal": "appel"}, by=cesf)
    yield Act(on(first, 28), "conclure_diagnostic", by=cesf)
    yield Act(on(first, 30), "valider", {"type_mesure": kind})
    yield Act(on(first, 35), "signer", {"date_debut": on(first, 35).isoformat()}, by=cesf)


def meetings(first: date, number: int, cesf: str, missed: tuple[int, ...] = ()) -> Iterator[Act]:
    """Meetings every fourteen days from a day, some of them missed."""
    for index in range(number):
        day = first + timedelta(14 * index)
        yield Act(day, "constater_absence" if index in missed else "realiser_rencontre", by=cesf)


__all__ = ["BEDS", "MEASURES", "RESIDENCE", "SHELTER", "Act", "Tale"]
