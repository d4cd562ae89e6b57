"""`jalon why`: an act that is refused, a date, a message; nothing is written by asking."""

import pytest
from support.shell import MEETING, Shell, furnished, housed, opened

RENEWAL = ("motifs=Projet en cours", "avenant_signe=oui", "membres=colette,diane")


@pytest.fixture(scope="module")
def stay(tmp_path_factory) -> Shell:
    """The stay of S1, renewed once on 2027-11-18."""
    shell = furnished(tmp_path_factory.mktemp("stay"))
    housed(shell)
    shell.tick("2027-11-18T09:00")
    shell("perform", "1", "renouveler", on="2027-11-18", by="colette", facts=RENEWAL)
    return shell


@pytest.fixture(scope="module")
def shell(tmp_path_factory) -> Shell:
    shell = furnished(tmp_path_factory.mktemp("before"))
    opened(shell, "2027-01-04", "--referent", "claire")
    return shell


def test_a_second_renewal_is_refused_and_says_who_may_lift_it(stay):
    """S1, step 10: the stay was renewed once; it is also too early to renew again."""
    lines = stay("why", "1", "renouveler", on="2027-11-19", by="colette").lines
    assert lines[0] == "D-0001 : « Renouveler le séjour » (renouveler) n’est pas possible pour Colette Roy."
    assert any("trop tôt pour renouveler" in line for line in lines)
    last = lines[-1]
    assert last.startswith("- Le séjour a déjà été renouvelé une fois.")
    assert last.endswith("Dérogation possible par Direction (deroger_sejour_prolonge).")


def test_a_second_renewal_is_refused_with_its_form_filled_too(stay):
    before = stay.json("show", "1", on="2028-08-20")
    tried = stay("why", "1", "renouveler", on="2028-08-20", by="colette", facts=RENEWAL)
    assert tried.lines[1:] == [
        "- Le séjour a déjà été renouvelé une fois. Dérogation possible par Direction (deroger_sejour_prolonge)."
    ]
    told = stay.json("why", "1", "renouveler", on="2028-08-20", by="colette", facts=RENEWAL)
    assert (told["action"]["allowed"], told["action"]["reasons"][0]["code"]) == (False, "count")
    assert stay.json("show", "1", on="2028-08-20") == before
    stay("perform", "1", "renouveler", on="2028-08-20", by="colette", facts=RENEWAL, code=1)


def test_the_end_of_the_stay_says_its_rule_its_anchor_and_each_move(stay):
    """E1 = 2027-12-15 from the contract of 2026-12-15; the renewal made E2 = 2028-12-15."""
    first = stay("why", "1", "echeance_sejour", "--occurrence", "1", on="2027-11-19").lines
    assert first[0] == "D-0001 : échéance « Échéance du séjour » (echeance_sejour)"
    assert "  Dernier jour écrit : mardi 14 décembre 2027 (« au 14/12/2027 »)" in first
    assert "  Calcul : 1 an après le mardi 15 décembre 2026, soit le mercredi 15 décembre 2027" in first
    assert any("donnée « Date d'effet du contrat »" in line for line in first)
    assert any("Source : pratique de la maison (source 000" in line for line in first)
    told = stay.json("why", "1", "echeance_sejour", on="2027-11-19")["deadline"]
    assert (told["date"]["occurrence"], told["date"]["due_on"], told["date"]["status"]) == (
        2,
        "2028-12-15",
        "open",
    )
    assert [(move["change"], move["due_on"]) for move in told["moves"]] == [("armed", "2028-12-15")]


def test_the_ladder_says_what_left_and_what_was_cancelled(stay):
    ladder = stay.json("why", "1", "echeance_sejour", "--occurrence", "1", on="2027-11-19")["deadline"][
        "ladder"
    ]
    days = {rung["rung"]: (rung["day"], rung["status"]) for rung in ladder}
    assert days["-P4M:notice"] == ("2027-08-13", "fired")  # the 15th is a Sunday, and the Assumption
    assert days["-P1M:notice"] == ("2027-11-15", "fired")
    assert days["-P7D:notice"] == ("2027-12-08", "cancelled")
    lines = stay("why", "1", "echeance_sejour", "--occurrence", "1", on="2027-11-19").lines
    assert any(line.startswith("      message n° ") and "parti le 18/11/2027" in line for line in lines)
    assert any("annulé : la date n’est plus attendue" in line for line in lines)


def test_a_shift_names_the_day_that_caused_it(shell):
    """The eighth day is a day on which the house is closed: the date goes to the next one."""
    shell("establishment", "add", "ophis", "--closed", "2027-01-12")
    shell(
        "perform",
        "1",
        "planifier_entretien",
        on="2027-01-04",
        by="claire",
        facts=("date_rdv=2027-01-20", *MEETING),
    )
    opened(shell, "2027-01-05", "--on", "2027-01-04")
    told = shell.json("why", "2", "contact", on="2027-01-05")["deadline"]
    assert (told["date"]["legal_on"], told["date"]["due_on"]) == ("2027-01-12", "2027-01-13")
    assert told["shifted"] == [{"date": "2027-01-12", "reason": "fermeture de l’établissement"}]
    lines = shell("why", "2", "contact", on="2027-01-05").lines
    assert "    reporté : mardi 12 janvier 2027, fermeture de l’établissement" in lines
    assert "  À faire pour le mercredi 13 janvier 2027 ; la règle donne le mardi 12 janvier 2027" in lines
    assert "  Réglage contact.after : P8D (par défaut, à régler)" in lines


def test_a_correction_moves_a_date_and_says_why(tmp_path):
    shell = furnished(tmp_path)
    opened(shell)
    shell(
        "perform",
        "1",
        "planifier_entretien",
        on="2027-01-05",
        by="claire",
        facts=("date_rdv=2027-01-14", *MEETING),
    )
    answer = shell(
        "correct",
        "1",
        "--reason",
        "Erreur de date",
        on="2027-01-06",
        by="claire",
        facts=("date_rdv=15/01/2027",),
    )
    assert (
        "  Date déplacée : Entretien de préadmission, du 14/01/2027 au vendredi 15 janvier 2027"
        in answer.lines
    )
    lines = shell("why", "1", "rendez_vous", on="2027-01-06").lines
    moved = next(line for line in lines if "déplacée au" in line)
    assert moved.endswith("(avant : 14/01/2027) ; ligne 3, rectification par Claire Martin : Erreur de date")
    told = shell("history", "1", on="2027-01-06").lines
    assert "       Date du rendez-vous : vendredi 15 janvier 2027 (avant : jeudi 14 janvier 2027)" in told


def test_an_act_that_is_possible_shows_its_form(shell):
    lines = shell("why", "1", "contacter", on="2027-01-06", by="claire").lines
    assert lines[0].endswith("est possible pour Claire Martin.")
    assert lines[1].startswith("  --fact resultat_contact=…  Résultat : joint (Personne jointe)")


def test_an_act_of_the_clock_or_an_opening_is_nobodys(shell):
    assert (
        "n’est fait que par l’horloge" in shell("why", "1", "ouvrir_revue", on="2027-01-06", by="claire").out
    )
    assert "c’est déjà fait" in shell("why", "1", "recevoir_orientation", on="2027-01-06", by="claire").out


def test_a_message_says_what_wrote_it_and_what_became_of_it(shell):
    shell.tick("2027-01-08T09:00")
    (sent,) = [
        one for one in shell.json("outbox", "--case", "1", on="2027-01-08") if one["role"] == "candidat"
    ]
    lines = shell("why", "1", f"message:{sent['id']}", on="2027-01-08").lines
    assert lines[0] == f"D-0001 : message n° {sent['id']}, « Votre entretien du mercredi 20 janvier 2027 »"
    assert "  Pour : Candidat (amina@menage.example)" in lines
    assert any("par l’acte « Fixer l'entretien » (ligne 3 de l’historique)" in line for line in lines)
    assert lines[-1] == "  Maintenant : parti le 08/01/2027 à 09:00"
    assert shell("why", "1", f"#{sent['id']}", on="2027-01-08").lines == lines
    by_template = shell.json("why", "1", "convocation_preadmission", on="2027-01-08")["notices"]
    assert len(by_template) == 2
