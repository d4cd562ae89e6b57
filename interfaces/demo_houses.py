"""The four establishments of the demonstration, their people and their places: all invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RESIDENCE, BEDS, SHELTER, MEASURES = "tilleuls", "lits", "refuge", "soliha"


@dataclass(frozen=True, slots=True)
class Room:
    """A place of a house: its kind and name, where it stands, and what it has."""

    kind: str
    name: str
    unit: str | None = None
    room: str | None = None
    programme: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Home:
    """An establishment: its workflows, the people who work there with their roles, and its places."""

    id: str
    name: str
    phone: str
    workflows: tuple[str, ...]
    people: Mapping[str, tuple[str, ...]]
    rooms: tuple[Room, ...] = ()


NAMES: Mapping[str, str] = {
    "claire": "Claire Martin", "gaston": "Gaston Ferrand", "victor": "Victor Roche", "colette": "Colette Blanc",
    "diane": "Diane Faure", "siao63": "SIAO du Puy-de-Dôme", "ccas63": "CCAS, évaluation sociale",
    "comed63": "Commission de médiation", "helene": "Hélène Aubert", "henri": "Henri Vidal", "ines": "Inès Moreau",
    "lucas": "Lucas Petit", "rachel": "Rachel Bonnet", "theo": "Théo Garnier", "prefecture": "Préfecture",
    "samir": "Samir Kaci", "lea": "Léa Colin", "nadia": "Nadia Perrin", "pole26": "Pôle logement, Valence",
}  # fmt: skip


def _flats() -> tuple[Room, ...]:
    """Studios for the temporary public, and two shared flats of three private rooms."""
    studios = [
        Room("logement", f"B-{number}", f"Bâtiment B, étage {number // 10}")
        for number in (11, 12, 13, 14, 21, 22)
    ]
    rooms = [
        Room("chambre", f"{flat}-{letter}", f"Appartement {flat}", programme="rs_permanent")
        for flat in (12, 14) for letter in "ABC"
    ]  # fmt: skip
    return (*studios, *rooms)


def _sickbeds() -> tuple[Room, ...]:
    """Six beds: four single rooms and a double one, all accessible."""
    return tuple(
        Room("lit", f"Lit {number}", "Rez-de-chaussée", "Chambre double" if number > 4 else f"Chambre {number}",
             attributes={"pmr": True})
        for number in range(1, 7)
    )  # fmt: skip


def _shelter() -> tuple[Room, ...]:
    urgent = [
        Room("lit", f"U{number}", "Accueil", f"Dortoir {(number + 1) // 2}", "chrs_urgence")
        for number in range(1, 5)
    ]
    stays = [
        Room("lit", f"I{number}", "Étage", f"Chambre {number}", "chrs_insertion") for number in range(1, 5)
    ]
    return (*urgent, *stays)


HOMES = (
    Home(RESIDENCE, "Résidence des Tilleuls", "01 23 45 67 89", ("rs_temporaire", "rs_permanent"), {
        "claire": ("coordinatrice_actions_sociales",), "gaston": ("gestionnaire_residences",),
        "victor": ("charge_vie_residentielle",), "colette": ("commission_interne",), "diane": ("direction",),
        "siao63": ("siao",), "ccas63": ("ccas_evaluateur",), "comed63": ("comed",),
    }, _flats()),
    Home(BEDS, "Lits halte soins santé", "01 23 45 67 90", ("lhss",), {
        "helene": ("medecin_lhss",), "henri": ("directeur_lhss",), "ines": ("infirmiere",),
        "lucas": ("travailleur_social_lhss",), "siao63": ("siao",),
    }, _sickbeds()),
    Home(SHELTER, "Le Refuge", "01 23 45 67 91", ("chrs_urgence", "chrs_insertion"), {
        "rachel": ("responsable_chrs",), "theo": ("travailleur_social_chrs",), "siao63": ("siao",),
        "prefecture": ("prefet",),
    }, _shelter()),
    Home(MEASURES, "Soliha, Grand Valentinois", "01 23 45 67 92", ("asll_soliha",), {
        "samir": ("cesf",), "lea": ("cesf",), "nadia": ("responsable_soliha",), "pole26": ("pole_logement",),
    }),
)  # fmt: skip
