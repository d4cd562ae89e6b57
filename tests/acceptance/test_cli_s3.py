"""S3 from the command line alone, as a newcomer drives it: a no-show, a document that is missing, a refusal."""

import pytest
from support.shell import ASKED, INTERVIEW, MEETING, Shell, furnished, opened

REFUSAL = ("motif_refus=hors_criteres", "membres=colette,diane")


@pytest.fixture
def shell(tmp_path) -> Shell:
    return furnished(tmp_path)


def dates(shell: Shell, on: str, status: str = "open") -> dict[str, str]:
    """The dates of the case in one status, by name."""
    found = shell.json("show", "1", on=on)["dates"]
    return {item["name"]: item["due_on"] for item in found if item["status"] == status}


def test_s3_to_the_refusal(shell):
    shell("establishment", "set", "ophis", "rs_temporaire", "decision_publique", "oui")

    answer = opened(shell, "2027-01-04", "--referent", "claire")
    assert answer.lines[0] == "D-0001 : Recevoir l'orientation → Orientation reçue. Enregistré (révision 1)."
    assert dates(shell, "2027-01-04") == {
        "contact": "2027-01-12", "entretien": "2027-02-04", "caducite": "2027-04-04"
    }  # fmt: skip

    shell(
        "perform",
        "1",
        "planifier_entretien",
        on="2027-01-05",
        by="claire",
        facts=("date_rdv=14/01/2027", *MEETING),
    )
    shell.tick("2027-01-05T11:00")
    assert dates(shell, "2027-01-05")["rendez_vous"] == "2027-01-14"

    again = ("date_rdv=28/01/2027", *MEETING)
    answer = shell("perform", "1", "absence", on="2027-01-14", by="claire", facts=again)
    assert "  Date fixée : Entretien de préadmission, jeudi 28 janvier 2027" in answer.lines
    assert shell.json("show", "1", on="2027-01-14")["facts"]["absences"] == 1

    shell("perform", "1", "tenir_entretien", on="2027-01-28", by="claire", facts=INTERVIEW)
    shell(
        "document", "1", *(kind for kind in ASKED if kind != "avis_imposition"), on="2027-01-28", by="claire"
    )
    refused = shell("perform", "1", "inscrire_commission", on="2027-01-28", by="claire", code=1)
    assert refused.err.splitlines()[1].startswith("- Pièce manquante : Avis d'imposition.")
    missing = ("documents_manquants=avis_imposition",)
    shell("perform", "1", "constater_manque", on="2027-01-28", by="claire", facts=missing)
    assert dates(shell, "2027-01-28") == {"pieces": "2027-02-12"}
    assert shell.json("show", "1", on="2027-01-28")["turn"] == ["candidat"]

    shell("document", "1", "avis_imposition", on="2027-02-02", by="claire")
    shell("perform", "1", "completer", on="2027-02-02", by="claire")
    shell("perform", "1", "inscrire_commission", on="2027-02-02", by="claire")
    assert dates(shell, "2027-02-02", "met")["pieces"] == "2027-02-12"

    silent = shell(
        "perform", "1", "decider_defavorable", on="2027-02-04", by="colette", facts=REFUSAL, code=1
    )
    assert silent.err.splitlines() == [
        "Refusé : « Refuser » n’est pas possible. Rien n’a été enregistré.",
        "- La décision doit être motivée (--fact motifs=…).",
    ]
    assert shell.json("show", "1", on="2027-02-04")["state"] == "en_commission"

    said = (*REFUSAL, "motifs=Ressources au-dessus du plafond")
    answer = shell("perform", "1", "decider_defavorable", on="2027-02-04", by="colette", facts=said)
    assert "  Date fixée : Notifier la décision, jeudi 11 février 2027" in answer.lines
    assert "Fin du parcours." in answer.lines
    shell("perform", "1", "informer_siao", on="2027-02-04", by="claire")
    shell.tick("2027-02-04T11:00")
    siao = [letter for letter in shell.letters() if "siao63@ophis.example" in letter["To"]]
    assert {letter["Subject"] for letter in siao} == {
        "Suite donnée à la demande – dossier D-0001", "Suite donnée à l’orientation 63-1204 – dossier D-0001",
    }  # fmt: skip
    assert all("plafond" not in letter.as_string() for letter in siao)

    received = ("mode_remise=lrar", "decision_recue_le=08/02/2027")
    shell("perform", "1", "notifier_decision", on="2027-02-09", by="claire", facts=received)
    assert dates(shell, "2027-02-09") == {"recours": "2027-04-09"}
    assert (
        shell("why", "1", "recours", on="2027-02-09").lines[1]
        == "  Date : vendredi 9 avril 2027, dans 59 jours"
    )

    assert shell("db", "verify").lines[-1] == "Tout est tel qu’il a été écrit."


def test_s3_where_nobody_comes_twice(shell):
    """Two absences: closed without a refusal, and the SIAO is to be told."""
    opened(shell)
    shell(
        "perform",
        "1",
        "planifier_entretien",
        on="2027-01-05",
        by="claire",
        facts=("date_rdv=2027-01-14", *MEETING),
    )
    shell("perform", "1", "absence", on="2027-01-14", by="claire", facts=("date_rdv=2027-01-28", *MEETING))
    early = shell("why", "1", "constater_non_presentation", on="2027-01-14", by="claire")
    assert early.lines[1:] == ["- Il faut deux absences avant de classer."]
    shell("perform", "1", "absence", on="2027-01-28", by="claire")
    shell("perform", "1", "constater_non_presentation", on="2027-01-28", by="claire")
    case = shell.json("show", "1", on="2027-01-28")
    assert (case["state"], case["facts"]["motif_sans_suite"]) == ("sans_suite", "non_presentation")
    assert "motif_refus" not in case["facts"]
    assert dates(shell, "2027-01-28") == {"suites_siao": "2027-02-04"}
    assert shell.json("find", "--open", on="2027-01-28") == []


def test_the_appeal_date_is_silent_where_the_refusal_is_no_public_decision(shell):
    opened(shell)
    assert "Aucune date" in shell("why", "1", "recours", on="2027-01-04").out


def test_the_history_tells_who_when_and_what_followed(shell):
    """The day of effect heads the line; the entry, the author, the dates and the messages follow."""
    opened(shell, "2027-01-06", "--on", "2027-01-04")
    shell.tick("2027-01-12T09:00")
    lines = shell("history", "1", on="2027-01-12").lines
    assert lines[2:5] == [
        "Lundi 4 janvier 2027",
        "   1. Recevoir l'orientation → Orientation reçue",
        "       Claire Martin, pour : SIAO ; saisi le 06/01/2027 à 10:00",
    ]
    assert "       Date fixée : Contacter le candidat, mardi 12 janvier 2027" in lines
    reminder = next(index for index, line in enumerate(lines) if "Rappel : Contacter le candidat" in line)
    assert (
        lines[reminder + 1]
        == "       Automatique (règle : Contacter le candidat) ; saisi le 12/01/2027 à 09:00"
    )
    assert "à Coordinatrice d'actions sociales (claire@ophis.example) : parti le" in lines[reminder + 2]


def test_pending_says_what_since_when_for_whom_and_what_to_do(shell):
    opened(shell, "2027-01-04", "--referent", "claire")
    assert shell("pending", on="2027-01-15").lines[:5] == [
        "En retard (1)",
        "  D-0001  Contacter le candidat, en retard de 3 jours",
        "          pour le mardi 12 janvier 2027 ; au tour de : Coordinatrice d'actions sociales",
        "          Orientation reçue depuis le 04/01/2027 ; suivi par Claire Martin",
        "          à faire : Prendre contact (contacter) ou Fixer l'entretien (planifier_entretien)",
    ]  # fmt: skip
    today = {item["name"]: item["bucket"] for item in shell.json("pending", on="2027-01-12")}
    assert today == {"contact": "today", "entretien": "later", "caducite": "later"}
    soon = {
        item["name"]: item["bucket"]
        for item in shell.json("pending", "--until", "2027-02-04", on="2027-01-28")
    }
    assert soon == {"contact": "late", "entretien": "week"}
