"""From the command line: dates postponed, the last act annulled, and the dates that follow a setting or a closure."""

import io

import pytest
from support.shell import MEETING, Shell, furnished, opened

from jalon.interfaces.progress import bar, counting


@pytest.fixture
def shell(tmp_path) -> Shell:
    """A case opened on Monday 4 January 2027: contact by the 12th, interview by 4 February, void from 4 April."""
    shell = furnished(tmp_path)
    opened(shell)
    return shell


def test_a_date_is_postponed_and_says_what_moves(shell):
    given = ("postpone", "1", "contact", "--to", "15/01/2027", "--reason", "Hospitalisée", "--key", "report")
    answer = shell(*given, on="2027-01-06", by="diane")
    assert answer.lines[:3] == [
        "D-0001 : Report : Contacter le candidat, au vendredi 15 janvier 2027. Enregistré (révision 2).",
        "  Motif : Hospitalisée",
        "  Date déplacée : Contacter le candidat, du 12/01/2027 au vendredi 15 janvier 2027",
    ]
    assert shell(*given, on="2027-01-06", by="diane").out.endswith("rien de nouveau.\n")
    step = shell.json(
        "postpone", "1", "contact", "--to", "2027-01-18", "--reason", "x", "--occurrence", "1", on="2027-01-06",
        by="diane",
    )  # fmt: skip
    (change,) = step["events"][-1]["changes"]
    assert (step["case"]["revision"], change["from"], change["due_on"]) == (3, "2027-01-15", "2027-01-18")
    assert any(
        "lundi 18 janvier 2027" in line for line in shell("show", "1", on="2027-01-06", by="claire").lines
    )
    history = shell("history", "1", on="2027-01-06", by="claire").out
    assert "Report : Contacter le candidat, au lundi 18 janvier 2027" in history
    assert "report" in shell("why", "1", "contact", on="2027-01-06", by="claire").out
    assert shell("db", "verify").code == 0


@pytest.mark.parametrize(
    ("words", "by", "said"),
    [
        (("contact", "--to", "2027-01-15", "--reason", "x"), "claire", "pas ici la fonction qu’il faut : Direction."),
        (("contact", "--to", "2027-01-12", "--reason", "x"), "diane", "un report va plus tard."),
        (("contact", "--to", "2027-01-05", "--reason", "x"), "diane", "on reporte à un jour à venir."),
        (("contact", "--to", "2027-01-15", "--reason", ""), "diane", "- Il manque le motif."),
        (("nulle", "--to", "2027-01-15", "--reason", "x"), "diane", "Aucune échéance ne porte le nom « nulle »."),
    ],
)  # fmt: skip
def test_a_date_that_may_not_be_postponed_says_why(shell, words, by, said):
    assert said in shell("postpone", "1", *words, on="2027-01-06", by=by, code=1).err


def test_the_last_act_is_annulled_until_a_message_has_left(shell):
    meeting = {"on": "2027-01-06", "by": "claire", "facts": ("date_rdv=2027-01-20", *MEETING)}
    shell("perform", "1", "planifier_entretien", **meeting)
    answer = shell("annul", "1", "--reason", "Mauvais dossier", on="2027-01-06", by="claire")
    assert answer.lines[:3] == [
        "D-0001 : Annulation de « Fixer l'entretien » → Orientation reçue. Enregistré (révision 3).",
        "  Motif : Mauvais dossier",
        "  L’acte de la ligne 2 est comme s’il n’avait pas été fait",
    ]
    assert "  Date reprise : Contacter le candidat, mardi 12 janvier 2027" in answer.lines
    listed = shell("outbox", "--case", "1", on="2027-01-06", by="claire").lines[1:]
    assert listed
    assert all(line.endswith("abandonné : l’acte est annulé") for line in listed)
    shell("perform", "1", "planifier_entretien", **meeting)
    shell.tick("2027-01-06T11:00")
    refused = shell(
        "annul", "1", "--reason", "Mauvais dossier", on="2027-01-06T12:00", by="claire", code=1
    ).err
    assert refused.startswith(
        "Refusé : cet acte ne peut pas être annulé. Rien n’a été enregistré.\n- Un message est parti"
    )
    assert shell("db", "verify").code == 0


def test_an_act_that_is_no_longer_the_last_names_the_one_that_followed(shell):
    shell("perform", "1", "contacter", on="2027-01-06", by="claire", facts=("resultat_contact=message",))
    shell("perform", "1", "contacter", on="2027-01-07", by="claire", facts=("resultat_contact=joint",))
    refused = shell("annul", "1", "--reason", "x", "--act", "2", on="2027-01-07", by="claire", code=1).err
    assert (
        "L’acte « Prendre contact » (ligne 2) n’est plus le dernier, « Prendre contact » a suivi le jeudi 7 janvier "
        "2027 (ligne 3) : annulez d’abord ce dernier, ou rectifiez ce qui est faux."
    ) in refused
    step = shell.json("annul", "1", "--reason", "x", on="2027-01-07", by="claire")
    assert (step["events"][-1]["kind"], step["events"][-1]["details"]["act"]) == ("annulment", 3)


def test_a_setting_moves_the_dates_and_the_history_says_from_what_to_what(shell):
    words = ("establishment", "set", "ophis", "rs_temporaire", "contact.after", "P10D")
    answer = shell(*words, on="2027-01-06", by="diane")
    assert answer.lines == [
        "Réglé : Contacter le candidat (contact.after) = P10D, pour ophis.", "1 date a suivi, dans 1 dossier.",
    ]  # fmt: skip
    assert shell(*words, on="2027-01-06", by="diane").lines == answer.lines[:1]
    history = shell("history", "1", on="2027-01-06", by="claire").out
    for line in (
        "2. Réglage de la maison changé",
        "Diane Garnier ; saisi le 06/01/2027 à 10:00",
        "Contacter le candidat (contact.after) : P10D au lieu de P8D",
        "Date déplacée : Contacter le candidat, du 12/01/2027 au jeudi 14 janvier 2027",
    ):
        assert line in history


def test_a_closure_moves_what_falls_on_it(shell):
    answer = shell("establishment", "add", "ophis", "--closed", "2027-01-12", on="2027-01-06")
    assert answer.lines[1:] == ["1 date a suivi, dans 1 dossier."]
    history = shell("history", "1", on="2027-01-06", by="claire").out
    for line in (
        "Automatique (réglage de la maison) ; saisi le",
        "Fermeture de plus : mardi 12 janvier 2027",
        "Date déplacée : Contacter le candidat, du 12/01/2027 au mercredi 13 janvier 2027",
    ):
        assert line in history


def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(monkeypatch):
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    for shown in (bar, counting):
        with shown("Dossiers") as step:
            assert step is None
    monkeypatch.setattr("sys.stderr", screen := Screen())
    with counting("Dossiers") as step:
        step(50, 120)
    with bar("Dates", 10) as step:
        step(3)
    assert "Dossiers" in screen.getvalue()
    assert "50/120" in screen.getvalue()
