"""From the command line: a linked case opened, two cases linked and parted, what one's end does to the others."""

import pytest
from support.liens import AID, CARE, MEASURE, STAY
from support.shell import Shell

ON = "2026-11-23"
MENAGE = ("menage.name=Amina K.", "menage.persons=Amina K. 1988-04-02")


@pytest.fixture
def shell(tmp_path) -> Shell:
    """Two houses; Gaia works in the first, Chloé supervises it, Luc does all in the second."""
    shell = Shell(tmp_path)
    shell("db", "init", "--sandbox")
    for name, text in (("mesure", MEASURE), ("aide", AID), ("soins", CARE), ("sejour", STAY)):
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        shell("workflows", "add", str(tmp_path / f"{name}.yaml"))
    for house, name in (("tilleuls", "Les Tilleuls"), ("lilas", "Les Lilas")):
        shell("establishment", "add", house, "--name", name)
    for person, name, role, house in (
        ("gaia", "Gaia Roux", "agent", "tilleuls"), ("chloe", "Chloé Petit", "chef", "tilleuls"),
        ("luc", "Luc Noir", "agent", "lilas"),
    ):  # fmt: skip
        shell("people", "add", person, "--name", name, "--email", f"{person}@maison.example")
        shell("role", "add", person, role, "--establishment", house)
    return shell


def _stay(shell: Shell, house: str = "tilleuls", by: str = "gaia", *facts: str) -> None:
    shell("open", "sejour", "-e", house, "--action", "ouvrir", on=ON, by=by, facts=facts or MENAGE)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_what_was_opened_is_said_and_shown_on_both_sides(shell: Shell) -> None:
    _stay(shell)
    said = shell("perform", "1", "engager", on=ON, by="chloe", facts=("fin_le=01/03/2027",))
    assert "Dossier ouvert : D-0002, Mesure" in _lines(said.out)
    assert "Mesure (mesure) : D-0002, Mesure d'accompagnement, Ouverte ; depuis le 23/11/2026" in _lines(
        shell("show", "1", on=ON).out
    )
    shown = _lines(shell("show", "2", on=ON).out)
    assert (
        shown[shown.index("Dossiers liés") + 1]
        == "Séjour (sejour) : D-0001, Séjour, Demandé ; depuis le 23/11/2026"
    )
    assert "Ouvert depuis D-0001" in _lines(shell("history", "2", on=ON).out)


def test_a_refusal_of_the_linked_opening_bears_its_title(shell: Shell) -> None:
    _stay(shell)
    said = shell("perform", "1", "engager", on=ON, by="chloe", code=1)
    assert said.err.splitlines() == [
        "Refusé : « Engager une mesure » n’est pas possible. Rien n’a été enregistré.",
        "- Mesure d'accompagnement : Une mesure a une date de fin.",
    ]


def test_two_cases_are_linked_and_parted_by_hand(shell: Shell) -> None:
    _stay(shell)
    shell("open", "aide", "-e", "tilleuls", on=ON, by="gaia", facts=MENAGE)
    said = shell("link", "D-0001", "suivi", "D-0002", on=ON, by="gaia")
    assert said.out.splitlines()[0] == "D-0001 : Lien avec D-0002 : Suivi. Enregistré (révision 2)."
    again = shell("link", "1", "suivi", "2", on=ON, by="gaia", code=1)
    assert again.err.splitlines() == [
        "Refusé : ces dossiers ne peuvent pas être liés. Rien n’a été enregistré.",
        "- Le lien « Suivi » avec D-0002 existe déjà.",
    ]
    shell("unlink", "1", "suivi", "2", "--reason", "Mauvais dossier.", on=ON, by="gaia")
    lines = _lines(shell("history", "2", on=ON).out)
    assert "Motif : Mauvais dossier." in lines
    assert "3. Fin du lien avec D-0001 : Suivi" in lines
    assert not any(line.startswith("Ne suit plus") for line in lines)  # this link gave nothing
    link = shell.json("show", "1", on=ON)["links"][0]
    assert (link["role"], link["direction"], link["number"], link["ended_on"]) == (
        "suivi",
        "to",
        "D-0002",
        ON,
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("1", "ailleurs", "2"), "Ce programme n’a pas de lien « ailleurs » ; il a « mesure », « aide »"),
        (
            ("1", "mesure", "2"),
            "Le dossier D-0002 (Aide) n’est pas d’un programme que prend le lien « Mesure ».",
        ),
        (("1", "suivi", "1"), "Un dossier ne se lie pas à lui-même."),
        (("1", "suivi", "9"), "Aucun dossier"),
        (("1", "suivi", "x"), "Aucun dossier"),
    ],
)
def test_a_link_that_cannot_be_is_refused_in_plain_words(shell: Shell, words, sentence: str) -> None:
    _stay(shell)
    shell("open", "aide", "-e", "tilleuls", on=ON, by="gaia", facts=MENAGE)
    assert sentence in shell("link", *words, on=ON, by="gaia", code=1).err


def test_the_end_of_a_case_says_what_becomes_of_the_others(shell: Shell) -> None:
    _stay(shell)
    shell("perform", "1", "tout_engager", on=ON, by="gaia", code=1)
    shell("perform", "1", "dater", on=ON, by="gaia", facts=("fin_le=2027-03-01",))
    shell("perform", "1", "tout_engager", on=ON, by="gaia")
    would = _lines(shell("preview", "1", "partir", on=ON, by="gaia").out)
    said = _lines(shell("perform", "1", "partir", on=ON, by="gaia").out)
    told = [
        "Dossier lié D-0002 (Mesure) : son équipe dira ce qu’il devient",
        "Dossier lié D-0003 (Aide) : terminé aussi, automatiquement",
    ]
    assert [line for line in would if line.startswith("Dossier lié")] == told
    assert [line for line in said if line.startswith("Dossier lié")] == told
    asked = _lines(shell("history", "2", on=ON).out)
    assert "2. D-0001 s’est terminé : que devient ce dossier ? (Mesure)" in asked
    assert "Tâche ouverte : Décider de la suite, pour le 30/11/2026" in asked
    assert any(
        line.startswith("Automatique (dossier lié)") for line in _lines(shell("history", "3", on=ON).out)
    )
    shell("annul", "1", "--reason", "Erreur.", on=ON, by="gaia")
    assert "Dossier lié D-0003 (Aide) : il reste terminé" in _lines(shell("history", "1", on=ON).out)
    resumed = _lines(shell("history", "2", on=ON).out)
    assert "3. D-0001 continue, sa fin est annulée : Mesure" in resumed
    assert "Tâche sans objet : Décider de la suite, pour le lundi 30 novembre 2026" in resumed


def test_what_follows_is_told_from_and_to(shell: Shell) -> None:
    _stay(shell)
    shell("perform", "1", "engager", on=ON, by="chloe", facts=("fin_le=2027-03-01",))
    shell("perform", "1", "dater", on=ON, by="gaia", facts=("fin_le=2027-04-15",))
    lines = _lines(shell("history", "2", on=ON).out)
    assert "2. Mis à jour depuis D-0001 : Mesure" in lines
    assert "Échéance : jeudi 15 avril 2027 (avant : lundi 1er mars 2027)" in lines
    assert "Date déplacée : Terme de la mesure, du 01/03/2027 au jeudi 15 avril 2027" in lines
    assert "ligne 2, le dossier lié" in shell("why", "2", "terme", on=ON).out


def test_an_act_that_opened_a_case_says_how_it_is_taken_back(shell: Shell) -> None:
    _stay(shell)
    shell("perform", "1", "engager", on=ON, by="chloe", facts=("fin_le=2027-03-01",))
    said = shell("annul", "1", "--reason", "Erreur.", on=ON, by="chloe", code=1)
    assert (
        "- Cet acte a ouvert D-0002 (Mesure d'accompagnement), qui est en cours : le terminer d’abord, ou retirer le "
        "lien (jalon unlink)."
    ) in said.err.splitlines()


def test_a_person_with_a_home_is_refused_in_plain_words(shell: Shell) -> None:
    """The file of another house is not named to whom does not work there."""
    _stay(shell, "lilas", "luc")
    shell("perform", "1", "entrer", on=ON, by="luc")
    _stay(shell)
    said = shell("perform", "2", "entrer", on=ON, by="gaia", code=1)
    assert said.err.splitlines()[1] == (
        "- Une personne de ce dossier a déjà un logement ou un hébergement : dans une autre maison."
    )
    _stay(shell, "tilleuls", "gaia", "menage.name=Amina K.")
    warned = shell("perform", "3", "entrer", on=ON, by="gaia")
    assert (
        "Attention : Une personne du même nom est logée ou hébergée ailleurs : vérifier que ce n’est pas elle."
        in _lines(warned.out)
    )
    assert "Attention : Une personne du même nom" in shell("history", "3", on=ON).out


def test_someone_anonymous_is_shown_as_such(shell: Shell) -> None:
    shell("open", "soins", "-e", "tilleuls", on=ON, by="gaia", facts=("personne.anonymous=oui",))
    assert "Personne (personne) : personne anonyme" in _lines(shell("show", "1", on=ON).out)
    shell("open", "soins", "-e", "tilleuls", on=ON, by="gaia", facts=(
        "personne.name=Amina K.", "personne.born=02/04/1988", "personne.ref=SIAO 7",
    ))  # fmt: skip
    assert "Personne (personne) : Amina K., né ou née le 02/04/1988, réf. SIAO 7" in _lines(
        shell("show", "2", on=ON).out
    )
    shell("open", "soins", "-e", "tilleuls", on=ON, by="gaia", code=1, facts=(
        "personne.anonymous=oui", "personne.email=a@b.example",
    ))  # fmt: skip


def test_a_link_that_would_replace_what_is_known_is_refused_and_one_that_ends_says_what_stays(
    shell: Shell,
) -> None:
    _stay(shell, "tilleuls", "gaia", *MENAGE, "fin_le=2027-03-01")
    for date in ("2027-01-04", "2027-03-01"):
        shell("open", "mesure", "-e", "tilleuls", "--action", "ouvrir", on=ON, by="chloe",
              facts=(*MENAGE, f"echeance={date}"))  # fmt: skip
    refusal = shell("link", "1", "mesure", "2", on=ON, by="gaia", code=1).err.splitlines()[1:]
    assert " ".join(refusal) == (
        "- Le lien « Mesure » remplacerait des données de l’autre dossier qui ne sont pas les mêmes : « Échéance ». "
        "Vérifier que ce sont les mêmes personnes, puis rectifier l’un des deux."
    )
    shell("link", "1", "mesure", "3", on=ON, by="gaia")
    shell("unlink", "1", "mesure", "3", "--reason", "Mauvais dossier.", on=ON, by="gaia")
    lines = _lines(shell("history", "3", on=ON).out)
    assert "Ne suit plus, et reste tel quel : Ménage et Échéance" in lines


def test_a_case_of_a_house_that_one_does_not_see_has_no_name(shell: Shell) -> None:
    shell("people", "add", "ines", "--name", "Inès Faure")
    for house in ("tilleuls", "lilas"):
        shell("role", "add", "ines", "agent", "--establishment", house)
    _stay(shell)
    shell("open", "aide", "-e", "lilas", on=ON, by="luc", facts=MENAGE)
    shell("link", "1", "aide", "2", on=ON, by="ines")
    hidden = "2. Lien avec un dossier d’une autre maison"
    assert hidden in _lines(shell("history", "1", "--by", "gaia", on=ON).out)
    assert "2. Lien avec D-0002 : Aide" in _lines(shell("history", "1", "--by", "ines", on=ON).out)
    ended = "Dossier lié, un dossier d’une autre maison : terminé aussi, automatiquement"
    assert ended in _lines(shell("preview", "1", "partir", on=ON, by="gaia").out)
    assert ended in _lines(shell("perform", "1", "partir", on=ON, by="gaia").out)
    assert ended in _lines(shell("history", "1", "--by", "gaia", on=ON).out)
    assert "D-0002" not in shell("history", "1", "--by", "gaia", on=ON).out


def test_a_correction_that_reveals_two_homes_says_which(shell: Shell) -> None:
    _stay(shell)
    shell("perform", "1", "entrer", on=ON, by="gaia")
    _stay(shell, "tilleuls", "gaia", "menage.name=Amina K.", "menage.persons=Amina K. 1988-04-03")
    shell("perform", "2", "entrer", on=ON, by="gaia")
    shell("correct", "2", "--reason", "Faute de frappe.", on=ON, by="gaia", facts=MENAGE)
    lines = _lines(shell("history", "2", on=ON).out)
    assert "Logé ou hébergé aussi par D-0001" in lines
    assert (
        "Attention : Une personne de ce dossier est déjà logée, hébergée ou soignée ailleurs : "
        "voir lequel des deux dossiers est à jour." in lines
    )
