"""The lives of the demonstration, in its four houses: invented people, real rules, eighteen months."""

from collections.abc import Iterator
from datetime import date

from .demo_houses import BEDS, MEASURES, RESIDENCE, SHELTER
from .demo_tales import (
    Act,
    Tale,
    by_number,
    discharged,
    measure,
    meetings,
    on,
    permanent,
    renewed,
    sheltered,
    sickbed,
    tale,
    temporary,
    visits,
    weekly,
)

FIRST_DAY, LAST_DAY = date(2026, 11, 24), date(2028, 5, 24)

_ENTRY = {"etat_des_lieux_sortie": True, "cles_rendues": True}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _rehousing() -> Iterator[Act]:
    """A renewal, then a search that goes on beside the stay, with an appeal to the mediation commission."""
    yield Act(_day("2027-11-18"), "renouveler", {"motifs": "Relogement en cours"})
    yield Act(_day("2027-11-19"), "engager_relogement")
    yield Act(
        _day("2027-11-22"), "enregistrer_demande", {"demande_deposee_le": "2027-11-22"}, link="relogement"
    )
    filed = {"type_recours": "dalo", "recours_recu_le": "2028-01-10"}
    yield Act(_day("2028-01-10"), "deposer_recours", filed, link="relogement")
    yield Act(_day("2028-04-10"), "reconnaitre", link="relogement")


def _leaving(day: date, reason: str) -> Iterator[Act]:
    yield Act(day, "donner_conge", {"conge_recu_le": day.isoformat()})
    yield Act(on(day, 8), "sortir", {"motif_sortie": reason, **_ENTRY})


def _residence() -> Iterator[Tale]:
    start = FIRST_DAY

    def one(who: str, *parts: Iterator[Act], programme: str = "rs_temporaire") -> Tale:
        return tale(RESIDENCE, programme, who, *parts, referent="claire")

    yield one(
        "Amina K.",
        temporary(start, "Amina K.", "B-12", "amina@menage.example"),
        visits(on(start, 21), 16),
        _rehousing(),
    )
    yield one("Boris L.", temporary(start, "Boris L.", "B-14"), visits(on(start, 21), 16))
    yield one(
        "Coumba S.",
        temporary(_day("2027-02-01"), "Coumba S.", "B-11", "coumba@menage.example"),
        visits(_day("2027-02-22"), 5),
        _leaving(_day("2027-09-13"), "relogement_prive"),
    )
    yield one("Denis P.", temporary(_day("2027-09-20"), "Denis P.", "B-11"), visits(_day("2027-10-11"), 6))
    yield one(
        "Elif T.",
        by_number(
            (0, "recevoir_orientation"),
            (2, "contacter"),
            (2, "planifier_entretien", {"date_rdv": "2027-03-11"}),
            (10, "absence", {"date_rdv": "2027-03-25"}),
            (24, "absence"),
            (24, "constater_non_presentation"),
            (25, "informer_siao"),
        )(_day("2027-03-01")),
    )
    yield one("Farid M.", temporary(_day("2027-05-03"), "Farid M.", "B-13"), visits(_day("2027-05-24"), 11))
    yield one(
        "Gisèle R.",
        by_number(
            (0, "recevoir_orientation"),
            (3, "contacter"),
            (3, "planifier_entretien", {"date_rdv": "2028-04-13"}),
            (10, "tenir_entretien"),
        )(_day("2028-04-03")),
    )
    for name, born, place, day in (
        ("Ahmed B.", "1951-03-02", "12-B", "2027-04-13"), ("Mohand A.", "1949-07-14", "12-A", "2027-01-11"),
        ("Lounis D.", "1955-11-30", "14-C", "2027-08-23"), ("Slimane H.", "1947-02-28", "14-A", "2027-10-04"),
    ):  # fmt: skip
        extra = _death(_day("2028-03-10")) if name == "Mohand A." else iter(())
        yield one(name, permanent(_day(day), name, born, place), extra, programme="rs_permanent")


def _death(day: date) -> Iterator[Act]:
    """A death opens a succession; the room is occupied until it is emptied."""
    yield Act(day, "declarer_deces", {"date_deces": day.isoformat()})
    yield Act(on(day, 4), "joindre_proches", link="succession")
    yield Act(on(day, 5), "tenir_veille")
    yield Act(on(day, 13), "inventorier", link="succession")


def _beds() -> Iterator[Tale]:
    def one(who: str, born: str, gender: str, first: str, *parts: Iterator[Act], alone: bool = False) -> Tale:
        known = tale(BEDS, "lhss", who, sickbed(_day(first), who, born, gender, alone=alone), *parts)
        ended = known.acts[-1].action in ("sortir", "declarer_depart")
        reviews = weekly(on(_day(first), 1), known.acts[-1].day if ended else LAST_DAY)
        return tale(BEDS, "lhss", who, iter(known.acts), reviews, referent="lucas")

    opening = _day("2026-12-30")
    yield one(
        "Jean V.",
        "1968-05-01",
        "homme",
        "2026-12-30",
        renewed(on(opening, 1), 4),
        discharged(_day("2027-06-21")),
    )
    yield one(
        "Karim O.",
        "1975-09-12",
        "homme",
        "2027-01-11",
        renewed(_day("2027-01-12"), 2),
        discharged(_day("2027-05-03")),
    )
    yield one("Louise G.", "1981-01-20", "femme", "2027-02-08", discharged(_day("2027-03-29")))
    yield one(
        "Marc D.",
        "1959-12-03",
        "homme",
        "2027-02-15",
        by_number((30, "hospitaliser"), (32, "garder_lit"), (40, "retour"))(_day("2027-02-15")),
        renewed(_day("2027-02-16"), 2),
        discharged(_day("2027-06-07")),
        alone=True,
    )
    yield one(
        "Nora F.",
        "1990-06-18",
        "femme",
        "2027-07-05",
        renewed(_day("2027-07-06"), 2),
        discharged(_day("2027-11-02")),
    )
    yield one(
        "Omar C.",
        "1963-03-29",
        "homme",
        "2027-09-13",
        by_number((50, "signaler_absence", {"absent_depuis": "2027-11-02T20:00"}), (53, "declarer_depart"))(
            _day("2027-09-13")
        ),
    )
    yield one("Paul W.", "1971-08-08", "homme", "2027-12-06", renewed(_day("2027-12-07"), 4))
    yield one("Rose Y.", "1984-10-10", "femme", "2028-03-20")


def _shelter() -> Iterator[Tale]:
    def one(who: str, born: str, bed: str, first: str, *parts: Iterator[Act]) -> Tale:
        return tale(
            SHELTER, "chrs_urgence", who, sheltered(_day(first), who, born, bed), *parts, referent="theo"
        )

    yield one("Serge N.", "1979-04-04", "U1", "2026-12-24", _insertion(_day("2027-01-11"), "I1"))
    yield one(
        "Tarek B.", "1992-02-17", "U2", "2027-01-18", by_number((21, "declarer_depart"))(_day("2027-01-18"))
    )
    yield one("Ugo L.", "1986-07-07", "U3", "2027-03-08", _insertion(_day("2027-03-22"), "I2"))
    yield one(
        "Vincent R.",
        "1964-09-01",
        "U1",
        "2027-06-14",
        by_number(
            (14, "refuser_orientation"),
            (30, "faire_le_point"),
            (60, "faire_le_point"),
            (75, "declarer_depart"),
        )(_day("2027-06-14")),
    )
    yield one("Walid E.", "1999-12-12", "U2", "2027-11-15", _insertion(_day("2027-11-29"), "I3"))
    yield one("Xavier J.", "1973-05-25", "U4", "2028-05-15")


def _insertion(day: date, bed: str) -> Iterator[Act]:
    """An orientation accepted opens the linked stay; the préfet's silence is an answer."""
    yield Act(day, "accepter_orientation")
    yield Act(day, "ouvrir_insertion")
    decision = {"modalite": "insertion", "duree_decidee": "six_mois", "lit": bed}
    yield Act(day, "admettre", decision, link="insertion")
    yield Act(day, "notifier_decision", link="insertion")
    yield Act(on(day, 1), "transmettre_prefet", {}, ("demande_aide_sociale",), link="insertion")
    yield Act(
        on(day, 1), "enregistrer_reception", {"recu_prefet_le": on(day, 1).isoformat()}, link="insertion"
    )
    yield Act(on(day, 2), "passer_en_insertion")
    yield Act(on(day, 2), "entrer", {"date_admission": on(day, 2).isoformat()}, link="insertion")
    yield Act(on(day, 10), "remettre_contrat", link="insertion")
    yield Act(on(day, 20), "signer_contrat_sejour", {}, ("contrat_sejour",), link="insertion")
    yield Act(on(day, 120), "tenir_bilan", link="insertion")


def _measures() -> Iterator[Tale]:
    def one(who: str, first: str, kind: str, cesf: str, *parts: Iterator[Act]) -> Tale:
        return tale(
            MEASURES, "asll_soliha", who, measure(_day(first), who, kind, cesf), *parts, referent=cesf
        )

    yield one(
        "Famille Zidi",
        "2027-01-18",
        "recherche",
        "samir",
        meetings(_day("2027-03-01"), 9, "samir", (4,)),
        _closed(_day("2027-06-21"), "samir"),
    )
    yield one(
        "Mme Abadie",
        "2027-02-08",
        "maintien",
        "samir",
        meetings(_day("2027-03-22"), 12, "samir"),
        _closed(_day("2027-09-13"), "samir"),
    )
    yield one(
        "M. Blot",
        "2027-05-10",
        "acces",
        "lea",
        meetings(_day("2027-06-21"), 13, "lea"),
        _closed(_day("2027-12-13"), "lea"),
    )
    yield one(
        "Famille Cros", "2027-09-06", "maintien", "samir", meetings(_day("2027-10-18"), 12, "samir", (8, 9))
    )
    yield one("Mme Duval", "2028-01-10", "recherche", "samir", meetings(_day("2028-02-21"), 6, "samir"))
    yield one("M. Esteve", "2028-02-14", "maintien", "lea", meetings(_day("2028-03-27"), 4, "lea"))
    never = by_number(
        (0, "recevoir_mandat"), (1, "affecter", {"cesf_designe": "lea"}), (5, "tenter_contact", {"canal": "appel"}),
        (12, "tenter_contact", {"canal": "courrier"}), (24, "tenter_contact", {"canal": "visite"}),
        (31, "constater_impossibilite"),
    )  # fmt: skip
    yield tale(MEASURES, "asll_soliha", "M. Ferry", never(_day("2027-10-11")), referent="lea")


def _closed(day: date, cesf: str) -> Iterator[Act]:
    yield Act(day, "rendre_bilan_final", {"proposition": "arret"}, by=cesf)
    yield Act(on(day, 4), "clore", by=cesf)


TALES: tuple[Tale, ...] = (*_residence(), *_beds(), *_shelter(), *_measures())
