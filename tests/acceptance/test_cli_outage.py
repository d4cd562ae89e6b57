"""`jalon tick` after an outage: what is late and by how much, what the rules drop and why; the history keeps it."""

import pytest
from support.engines import TEXT
from support.shell import ORIENTATION, Shell, furnished

DUE = {
    "due: {after: P10D*}": "due: {after: P10D*}\n    catch_up: none",
    "due: {anchor: rendez_vous_le}": "due: {anchor: rendez_vous_le}\n    catch_up: {within: P3D}",
    "due: {every: P1M*}": "due: {every: P14D*}\n    catch_up: latest",
}


@pytest.fixture
def house(tmp_path) -> Shell:
    """On Monday 23 November 2026 a case is opened, another one's household enters; then nothing runs."""
    text = TEXT
    for before, after in DUE.items():
        assert before in text
        text = text.replace(before, after)
    (tmp_path / "suivi.yaml").write_text(text, encoding="utf-8")
    shell = Shell(tmp_path)
    shell("db", "init", "--sandbox")
    shell("workflows", "add", str(tmp_path / "suivi.yaml"))
    shell("establishment", "add", "tilleuls", "--name", "Les Tilleuls")
    for person, role in (("gaia", "gardien"), ("chloe", "chef")):
        shell("people", "add", person, "--name", person.title(), "--email", f"{person}@tilleuls.example")
        shell("role", "add", person, role, "--establishment", "tilleuls")
    day, opening = "2026-11-23", ("open", "suivi", "-e", "tilleuls")
    shell(*opening, on=day, by="gaia", facts=("menage.name=Amina K.", "rendez_vous_le=2026-12-04"))
    shell(*opening, on=day, by="gaia", facts=("menage.name=Bilal S.",))
    shell("document", "2", "attestation", on=day, by="gaia")
    shell("perform", "2", "entrer", on=day, by="gaia", facts=("logement=A1",))
    return shell


def test_a_tick_after_five_days_says_what_is_late(tmp_path):
    """Opened on Friday 12 February 2027: reminders on Wednesday the 17th, and on Friday the 19th for the Saturday."""
    shell = furnished(tmp_path)
    shell("open", "rs_temporaire", "-e", "ophis", on="2027-02-12", by="claire", facts=ORIENTATION)
    assert shell.tick("2027-02-16T09:00").lines == ["Rien n’était dû ; aucun message à envoyer."]
    assert shell.tick("2027-02-22T09:00").lines == [
        "2 rappels, dont 2 en retard (jusqu’à 5 jours) ; 2 messages partis.",
        "  D-0001  rappel : Contacter le candidat, du mercredi 17 février 2027, en retard de 5 jours",
        "  D-0001  rappel : Contacter le candidat, du vendredi 19 février 2027, en retard de 3 jours",
    ]


def test_a_few_hours_are_late_only_once_the_day_is_over(tmp_path):
    shell = furnished(tmp_path)
    shell("open", "rs_temporaire", "-e", "ophis", on="2027-02-12", by="claire", facts=ORIENTATION)
    assert shell("tick", "--no-deliver", on="2027-02-18T05:00").lines == [
        "1 rappel, en retard de 21 h.",
        "  D-0001  rappel : Contacter le candidat, du mercredi 17 février 2027, en retard de 21 h",
    ]


def test_a_tick_after_six_weeks_says_what_it_drops_and_why(house):
    """Acts, tasks and ends of periods are all done; each rule says what becomes of its messages."""
    done = "1 acte automatique, 1 rappel, 1 tâche ouverte et 2 fins de période"
    assert house("tick", "--no-deliver", on="2027-01-04T10:00").lines == [
        f"{done}, dont 5 en retard (jusqu’à 32 jours) ; 4 rappels abandonnés.",
        "  D-0001  tâche ouverte : Répondre, du jeudi 3 décembre 2026, en retard de 32 jours",
        "  D-0001  acte automatique : Répondre, du vendredi 4 décembre 2026, en retard de 31 jours",
        "  D-0002  fin de période : Visite, du mardi 15 décembre 2026, en retard de 20 jours",
        "  D-0002  fin de période : Visite, du mardi 29 décembre 2026, en retard de 6 jours",
        "  D-0002  rappel : Visite, du samedi 2 janvier 2027, en retard de 2 jours (2 manquées)",
        "  D-0001  1 rappel abandonné : Répondre, du lundi 30 novembre 2026 : la règle ne rattrape pas",
        "  D-0001  1 rappel abandonné : Rendez-vous, du mercredi 2 décembre 2026 : en retard de plus de 3 jours",
        "  D-0002  2 rappels abandonnés : Visite, du 05/12/2026 au 19/12/2026 : seul le dernier part",
    ]


def test_a_program_reads_the_same(house):
    told = house.json("tick", "--no-deliver", on="2027-01-04T10:00")
    (reminder,) = [one for one in told["fired"] if one["kind"] == "notice"]
    assert (reminder["day"], reminder["late"], reminder["missed"]) == ("2027-01-02", True, 2)
    assert reminder["late_seconds"] == (2 * 24 + 2) * 3600
    assert [(one["case"], one["deadline"], one["occurrence"], one["day"], one["why"], one["within"])
            for one in told["dropped"]] == [
        (1, "reponse", 1, "2026-11-30", "late:none", None), (1, "rendez_vous", 1, "2026-12-02", "late:within", "P3D"),
        (2, "visite", 1, "2026-12-05", "late:latest", None), (2, "visite", 2, "2026-12-19", "late:latest", None),
    ]  # fmt: skip
    assert told["dropped"][0]["late_seconds"] == (35 * 24 + 2) * 3600


def test_the_history_tells_what_was_dropped(house):
    house("tick", "--no-deliver", on="2027-01-04T10:00")
    first, second = (house("history", number, on="2027-01-04T10:00").out for number in ("1", "2"))
    assert "Après une interruption, 1 rappel abandonné : Répondre" in first
    assert "du lundi 30 novembre 2026 : la règle ne rattrape pas" in first
    assert "du mercredi 2 décembre 2026 : en retard de plus de 3 jours" in first
    said = "2 rappels abandonnés, du 05/12/2026 au 19/12/2026 : seul le dernier part ; 2 manquées"
    assert said in second


def test_a_long_list_is_cut(house):
    """Twenty-one cases more, each with two reminders that its rules drop."""
    for _ in range(21):
        facts = ("menage.name=Chan T.", "rendez_vous_le=2026-12-04")
        house("open", "suivi", "-e", "tilleuls", on="2026-11-23", by="gaia", facts=facts)
    lines = house("tick", "--no-deliver", on="2027-01-04T10:00").lines
    dropped = [line for line in lines if "abandonné : " in line or "abandonnés : " in line]
    assert len(dropped) == 40
    assert lines[-1] == "  … et 5 autres"
