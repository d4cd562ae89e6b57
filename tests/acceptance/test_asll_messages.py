"""What a Soliha measure writes: the news of the act that caused it, to each reader what concerns them, and in time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from jalon import Engine, Maildir, Settings, VirtualClock, load

OPENING = {
    "pole": {"name": "Pôle logement", "email": "pole@drome.example"},
    "menage": {"name": "Famille Z.", "email": "z@menage.example"},
    "type_suspecte": "recherche",
    "adresse": "1 rue du Pont",
}


class House:
    """A house on a Friday evening, once its hours are over."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock(datetime(2027, 10, 29, 18, 30, tzinfo=UTC))
        settings = Settings(database=f"sqlite:///{folder / 'jalon.db'}", sender="soliha@drome.example")
        self.engine = Engine(settings, clock=self.clock, transport=Maildir(folder / "courriels"))
        self.engine.upgrade(sandbox=True)
        self.engine.workflows.register(load("asll_soliha"))
        self.engine.establishments.add("soliha", "Soliha Drôme")
        for person, role in (("odile", "responsable_soliha"), ("farid", "cesf")):
            self.engine.people.add(person, person.title(), address=f"{person}@soliha.example")
            self.engine.people.grant(person, role, "soliha")
        case = self.engine.cases.open("asll_soliha", OPENING, by="odile", establishment="soliha")
        self.case = case.id
        self.do("affecter", by="odile", cesf_designe="farid")

    def do(self, action: str, by: str = "farid", **facts: Any) -> None:
        self.engine.cases.perform(self.case, action, facts, by=by)

    def to(self, day: date) -> None:
        """Tick on each day up to this one, in the morning."""
        while self.clock.now().date() < day:
            after = date.fromordinal(self.clock.now().date().toordinal() + 1)
            self.clock.set(datetime(after.year, after.month, after.day, 9, tzinfo=UTC))
            self.engine.tick()

    def mandated(self) -> None:
        self.do("conclure_diagnostic", diagnostic="d", objectifs="o")
        self.do("valider", by="odile", type_mesure="recherche")

    def signed(self) -> None:
        self.mandated()
        day = "2027-10-29"
        signatures = {"signature_menage_suivi": day, "signature_cesf": day}
        self.do("signer", adhesion=True, date_debut=day, **signatures)

    def left(self, template: str, role: str) -> list[str]:
        """The texts of a template that left for a role."""
        found = self.engine.notices.outbox(case=self.case, status=["sent"])
        return [one.body or "" for one in found if (one.template, one.role) == (template, role)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.engine.close()


def test_a_diagnosis_validated_before_its_message_leaves_is_told_as_it_was(house: House) -> None:
    """Rendered on the weekend and validated the same evening: the Pôle is told that a support is proposed."""
    house.mandated()
    house.to(date(2027, 11, 3))
    (text,) = house.left("rapport_diagnostic", "pole_logement")
    assert "Nous proposons un accompagnement." in text
    assert "clos" not in text


def test_no_appointment_is_announced_after_the_measure_was_interrupted(house: House) -> None:
    house.signed()
    house.do("planifier_rencontre", date_rdv="2027-11-04", heure_rdv="10:00")
    house.do("interrompre", motif_interruption="deces", compte_rendu="Décès du ménage")
    house.to(date(2027, 11, 5))
    assert house.left("courrier_rendez_vous", "menage_suivi") == []


def test_the_end_of_a_measure_asks_each_reader_what_is_theirs(house: House) -> None:
    """Fifteen days before, the CESF holds the review and hands over the report, which the Pôle only receives."""
    house.signed()
    house.to(date(2028, 2, 15))
    cesf, pole, household = (
        house.left("fin_mesure", role)[-1] for role in ("cesf", "pole_logement", "menage_suivi")
    )
    assert "rendre le bilan final et la proposition au Pôle logement" in cesf
    assert "tenir le bilan" not in pole
    assert "Vous recevez le bilan final et notre proposition au plus tard à cette date." in pole
    assert "Nous voulons faire le point avec vous avant cette date" in household


def test_once_the_report_is_handed_over_nobody_is_asked_for_it(house: House) -> None:
    house.signed()
    house.to(date(2028, 1, 20))
    house.do("rendre_bilan_final", resultat="r", proposition="arret")
    house.to(date(2028, 2, 15))
    for role, said in (
        ("cesf", "Le bilan final est rendu."),
        ("pole_logement", "Le bilan final vous a été rendu, avec notre proposition."),
        ("menage_suivi", "Le bilan final est rendu. Nous vous disons la suite"),
    ):
        text = house.left("fin_mesure", role)[-1]
        assert said in text
        assert "tenir le bilan" not in text
        assert "avant cette date" not in text


def test_on_the_last_day_nothing_is_asked_before_it(house: House) -> None:
    house.signed()
    house.to(date(2028, 2, 29))
    for role, said in (
        ("cesf", "À faire sans attendre"),
        ("pole_logement", "dès qu’ils sont prêts"),
        ("menage_suivi", "Appelez-nous pour faire le point"),
    ):
        text = house.left("fin_mesure", role)[-1]
        assert "aujourd’hui" in text
        assert said in text
        assert "avant cette date" not in text
