"""A session from the command line: what a decision warns of, a point let go of, a body mistyped, who attended."""

from contextlib import closing
from pathlib import Path

import pytest
from support.seances import SESSION, a_house, being_held, now_is, programmed, waits
from support.shell import Shell

NOT_FIRST = "  Attention : Une autre personne attend cette place depuis plus longtemps."
FAVOURABLE = ("motifs=ok", "logement=B-4")
ON = SESSION


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Two cases, D-0001 and D-0002, on the agenda of a session that is being held, D-0003."""
    shell = Shell(tmp_path)
    with closing(a_house(f"sqlite:///{shell.database}", sandbox=True)) as engine:
        being_held(engine, 2)
    return shell


def test_a_decision_says_its_warnings_and_its_json_has_them(shell: Shell) -> None:
    waiting = ("meeting", "decide", "3", "1", "mettre_en_attente")
    told = shell(*waiting, on=ON, by="colette", facts=("motifs=ok", "priorite=1"))
    assert not any("Attention" in line for line in told.lines)
    decide = ("meeting", "decide", "3", "2", "decider_favorable")
    told = shell(*decide, on=ON, by="colette", facts=FAVOURABLE)
    assert told.lines[0] == "D-0002 : « Admettre » → Admis, avec effet le jeudi 10 décembre 2026"
    assert told.lines[1] == NOT_FIRST
    shell("annul", "2", "--reason", "Erreur.", on=ON, by="colette")
    said = shell(*decide, "--json", on=ON, by="colette", facts=FAVOURABLE).json()
    warnings = [event["details"].get("warnings") for event in said["events"] if event["kind"] == "act"]
    assert warnings == [[NOT_FIRST.removeprefix("  Attention : ")]]


def test_a_decision_tried_again_under_its_key_once_it_was_annulled_says_so(shell: Shell) -> None:
    decide = ("meeting", "decide", "3", "2", "decider_favorable", "--key", "une-fois")
    first = shell(*decide, on=ON, by="colette", facts=FAVOURABLE)
    assert shell(*decide, on=ON, by="colette", facts=FAVOURABLE).lines == first.lines
    shell("annul", "2", "--reason", "Erreur.", on=ON, by="colette")
    again = shell(*decide, on=ON, by="colette", facts=FAVOURABLE)
    assert again.lines == ["D-0002 : déjà enregistré sous cette clé, rien de nouveau."]


def test_an_annulment_says_first_what_it_annuls_then_which_agenda_the_case_leaves(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    with closing(a_house(f"sqlite:///{shell.database}", sandbox=True)) as engine:
        (case,), session = waits(engine), programmed(engine)
        engine.meetings.gather(session, by="claire")
        now_is(engine, "2026-12-01")
    told = shell("annul", str(case), "--reason", "Erreur.", on="2026-12-01", by="claire")
    assert told.lines[0].startswith("D-0001 : Annulation de « Inscrire en commission » → ")
    assert "  Fin du lien avec D-0002 : Ordre du jour" in told.lines
    assert "Entre-temps" not in told.lines
    assert (
        shell("meeting", "agenda", "2", on="2026-12-01").lines[1].strip()
        == "Aucun dossier à l’ordre du jour."
    )


def test_a_body_that_nobody_knows_is_named_with_those_that_are_known(shell: Shell) -> None:
    waiting = ("meeting", "waiting", "-e", "ophis", "--body")
    assert shell(*waiting, "commission_interne", on=ON).lines[0].split() == [
        "dossier", "depuis", "le", "attend", "séance", "état", "programme",
    ]  # fmt: skip
    met = shell(*waiting, "nulle", on=ON, code=2)
    assert met.err.splitlines() == [
        "« nulle » n’est pas une instance connue ici. Instances : commission_interne."
    ]


def test_who_attended_is_put_right_with_the_decisions_of_the_session(shell: Shell) -> None:
    shell("meeting", "decide", "3", "2", "ajourner", on=ON, by="colette", facts=("complement_demande=Avis",))
    wrong = ("correct", "3", "--reason", "Erreur.")
    met = shell(*wrong, on=ON, by="diane", facts=("membres=diane",), code=1)
    assert met.err.splitlines()[1:] == [
        "- « colette » a décidé dans la séance D-0003 (D-0002) : annulez d’abord ces décisions."
    ]
    shell(*wrong, on=ON, by="diane", facts=("membres=Colette, diane, colette",))
    told = shell("meeting", "agenda", "3", on=ON)
    assert "  Membres présents : Diane et Colette" in told.lines
