"""People and houses from the command line: who may see what, and what is changed without being said again."""

import pytest
from support.cli import jalon
from support.shell import Shell, furnished, opened

ON = "2027-01-13"


@pytest.fixture(scope="module")
def shell(tmp_path_factory) -> Shell:
    """Two houses: Paul works in the other one."""
    shell = furnished(tmp_path_factory.mktemp("house"))
    shell("establishment", "add", "autre", "--name", "Résidence d’à côté")
    shell("people", "add", "paul", "--name", "Paul Durand", "--email", "paul@autre.example")
    shell("role", "add", "paul", "coordinatrice_actions_sociales", "-e", "autre")
    opened(shell)
    shell("perform", "1", "planifier_entretien", on="2027-01-05", by="claire", facts=(
        "date_rdv=2027-01-14", "heure_rdv=14:30", "lieu_rdv=Bureau 2"))  # fmt: skip
    return shell


@pytest.mark.parametrize(
    "words",
    [
        ("show", "1"), ("history", "1"), ("why", "1", "entretien"), ("why", "1", "contacter"),
        ("why", "1", "message:1"),
        ("options", "1"), ("preview", "1", "contacter", "-f", "resultat_contact=joint"),
        ("perform", "1", "contacter", "-f", "resultat_contact=joint"), ("document", "1", "rib"),
        ("correct", "1", "--reason", "x", "-f", "ref_siao=2"), ("assign", "1", "paul"), ("pending", "--case", "1"),
        ("outbox", "--case", "1"),
    ],
)  # fmt: skip
def test_someone_of_another_house_cannot_tell_that_the_case_exists(shell, words):
    answer = shell(*words, on=ON, by="paul", code=1)
    assert answer.out == ""
    assert answer.err.startswith("Aucun dossier visible ne porte le numéro « 1 »")
    absent = [word if word != "1" else "99" for word in words]
    assert shell(*absent, on=ON, by="paul", code=1).err == answer.err.replace("« 1 »", "« 99 »")


def test_someone_of_another_house_gets_empty_lists(shell):
    for words in (("find",), ("pending",), ("outbox",)):
        assert shell.json(*words, on=ON, by="paul") == []
        assert shell.json(*words, on=ON, by="claire") != []
    assert [house["id"] for house in shell.json("establishment", "list", by="paul")] == ["autre"]
    assert [person["id"] for person in shell.json("people", "list", by="paul")] == ["paul"]
    assert (
        shell("outbox", "show", "1", on=ON, by="paul", code=1).err
        == "Aucun message ne porte le numéro « 1 ».\n"
    )


def test_what_is_not_said_again_is_kept(shell):
    shell("establishment", "add", "mayotte", "--name", "Mamoudzou", "--zone", "mayotte", "--timezone", "Indian/Mayotte",
          "--closed", "2027-05-07")  # fmt: skip
    answer = shell("establishment", "add", "mayotte", "--phone", "02 69 00 00 00")
    assert answer.out == "Établissement modifié : Mamoudzou (mayotte).\n"
    (house,) = [one for one in shell.json("establishment", "list") if one["id"] == "mayotte"]
    assert (house["zone"], house["timezone"], house["closures"], house["phone"]) == (
        "mayotte", "Indian/Mayotte", ["2027-05-07"], "02 69 00 00 00",
    )  # fmt: skip


def test_someone_who_left_no_longer_acts_and_stays_so(shell):
    shell("people", "add", "marie", "--name", "Marie", "--email", "marie@ophis.example")
    shell("role", "add", "marie", "coordinatrice_actions_sociales", "-e", "ophis")
    shell("people", "add", "marie", "--inactive")
    shell("people", "add", "marie", "--email", "m@ophis.example")
    (marie,) = [one for one in shell.json("people", "list") if one["id"] == "marie"]
    assert (marie["name"], marie["email"], marie["active"]) == ("Marie", "m@ophis.example", False)
    answer = shell("perform", "1", "contacter", on=ON, by="marie", facts=("resultat_contact=joint",), code=1)
    assert "« marie »" in answer.err
    shell("role", "remove", "marie", "coordinatrice_actions_sociales", "-e", "ophis")


def test_a_setting_says_whether_it_is_the_default(shell):
    lines = {
        line.split()[0]: line for line in shell("establishment", "parameters", "autre", "rs_temporaire").lines
    }
    assert "par défaut, à régler" in lines["pieces.after"]
    shell("establishment", "set", "autre", "rs_temporaire", "pieces.after", "P10D")
    lines = {
        line.split()[0]: line for line in shell("establishment", "parameters", "autre", "rs_temporaire").lines
    }
    assert "P10D" in lines["pieces.after"]
    assert "par défaut P15D" in lines["pieces.after"]


def test_a_setting_that_begins_as_an_option_does_is_a_value(shell):
    """What the engine thinks of such a delay is its own affair."""
    words = ("establishment", "set", "autre", "rs_temporaire", "contact.after", "-P8D", "--database")
    assert "option" not in jalon(*words, shell.database).err
    assert "option" in jalon(*words[:-2], "-Q", "--database", shell.database).err


def test_a_case_is_given_to_someone(shell):
    answer = shell("assign", "1", "claire", on=ON, by="diane")
    assert answer.out == "D-0001 est suivi par Claire Martin (claire).\n"
    assert shell.json("find", "--referent", "claire", on=ON)[0]["id"] == 1


def test_options_say_what_each_act_asks_and_why_the_others_are_not_possible(shell):
    lines = shell("options", "1", on=ON, by="claire").lines
    assert lines[0] == "D-0001, Entretien fixé (preadmission_planifiee) : ce que peut faire Claire Martin"
    assert "Tenir l'entretien (tenir_entretien) → Entretien tenu" in lines
    assert "  --fact compte_rendu=…  Compte rendu de l'entretien : un texte" in lines
    assert lines.index("Pas possible maintenant") > lines.index("Noter une absence (absence)")
    assert "    - Il faut deux absences avant de classer." in lines
    found = {option["action"]: option for option in shell.json("options", "1", on=ON, by="claire")["options"]}
    assert found["tenir_entretien"]["allowed"]
    assert [reason["code"] for reason in found["renouveler"]["reasons"]][:2] == ["role", "state"]
    whole = shell("options", "1", "--all", on=ON, by="claire").lines
    assert "  Renouveler le séjour (renouveler)" in whole
    assert "  Renouveler le séjour (renouveler)" not in lines


def test_a_preview_writes_nothing(shell):
    before = shell.json("show", "1", on=ON)
    lines = shell("preview", "1", "tenir_entretien", on=ON, by="claire", facts=(
        "compte_rendu=a", "projet=b", "besoins=c")).lines  # fmt: skip
    assert lines[0] == "D-0001 : « Tenir l'entretien » serait possible. Rien n’est enregistré."
    assert "  Date fixée : Décision de la commission, jeudi 28 janvier 2027" in lines
    assert shell.json("show", "1", on=ON) == before


def test_who_follows_no_case_is_told_where_their_work_is(shell):
    """A director follows none: what waits for them is listed by their role."""
    answer = shell("pending", "--referent", "paul", on=ON)
    assert answer.out == "Rien en attente.\n"
    assert answer.err.endswith("Ce que doit faire sa fonction : --role coordinatrice_actions_sociales.\n")
    assert shell("pending", "--referent", "paul", on=ON, by="claire").err == ""
    assert shell("pending", "--referent", "claire", on=ON).err == ""
