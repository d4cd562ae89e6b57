"""What is typed wrongly or asked at the wrong time: a sentence, an exit code, nothing written."""

import pytest
from support.cli import program
from support.shell import ORIENTATION, Shell, furnished, opened

ON = "2027-01-06"


@pytest.fixture(scope="module")
def shell(tmp_path_factory) -> Shell:
    shell = furnished(tmp_path_factory.mktemp("house"))
    opened(shell)
    return shell


@pytest.fixture
def unchanged(shell):
    """The case is the same after the test as before it."""
    before = shell.json("show", "1", on=ON)
    yield
    assert shell.json("show", "1", on=ON) == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("contacter", "-f", "resultat_contact=truc"), "on attend l’une de ces valeurs : joint, message, echec."),
        (("contacter", "-f", "resultat_contact=joint", "-f", "nulle=1"), "- La donnée « nulle » n’existe pas"),
        (("contacter", "-f", "resultat_contact=joint", "-f", "projet=x"), "n’est pas demandé par cet acte"),
        (("contacter",), "- Il manque « Résultat » (--fact resultat_contact=…)."),
        (("contacter", "-f", "resultat_contact=joint", "--on", "2027-01-03"), "précède le dernier changement d’état"),
        (("contacter", "-f", "resultat_contact=joint", "--on", "2027-01-07"), "est à venir"),
        (("contacter", "-f", "resultat_contact=joint", "--revision", "0"), "Rien n’a été enregistré."),
        (("renouveler",), "qui ne le permet pas"),
        (("contacterr",), "vouliez-vous dire « contacter »"),
        (("planifier_entretien", "-f", "date_rdv=2027-01-05", "-f", "heure_rdv=9:75", "-f", "lieu_rdv=x"), "une heure"),
    ],
)  # fmt: skip
def test_an_act_that_is_not_possible_is_refused_with_every_reason(shell, words, said):
    answer = shell("perform", "1", *words, on=ON, by="claire", code=1)
    assert said in answer.err
    assert answer.out == ""


@pytest.mark.usefixtures("unchanged")
def test_every_reason_is_given_at_once(shell):
    answer = shell("perform", "1", "renouveler", on=ON, by="claire", code=1)
    reasons = answer.err.splitlines()
    assert reasons[0] == "Refusé : « Renouveler le séjour » n’est pas possible. Rien n’a été enregistré."
    for said in ("Claire Martin", "Orientation reçue", "motivée", "Avenant signé"):
        assert any(said in reason for reason in reasons[1:])


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-f", "resultat_contact"), "« resultat_contact » : on attend --fact nom=valeur."),
        (("-f", "=joint"), "« =joint » : on attend --fact nom=valeur."),
        (("-f", "raison=a", "-f", "raison=b"), "La donnée « raison » est donnée deux fois."),
        (("-f", "menage.name=a", "-f", "menage=b"), "La donnée « menage » est donnée deux fois."),
        (("-f", "menage.nom=a"), "« menage.nom » n’existe pas. Les parties d’une personne : name, email"),
        (("-f", "menage.consent=peut-être"), "« menage.consent » : on attend oui ou non."),
        (("--on", "hier"), "« hier » n’est pas une date"),
        (("--on", "2027-02-30"), "Le jour « 2027-02-30 » n’existe pas dans le calendrier."),
        (("--revision", "deux"), "La révision (--revision) : « deux » n’est pas un nombre entier."),
        (("--now", "demain"), "« demain » n’est pas un instant"),
        (("--facts", "rien.json"), "Le fichier « rien.json » n’existe pas."),
    ],
)
def test_a_value_that_cannot_be_read_is_bad_usage(shell, words, said):
    answer = shell("perform", "1", "contacter", *words, by="claire", code=2)
    assert answer.err.startswith(said)


@pytest.mark.parametrize(
    "text", ["[", '{"a": 1, "a": 2}', '{"a": NaN}', "[1]", '"x"', "[" * 100_000, "\ufeff{"]
)
def test_a_file_that_is_no_object_of_json_is_bad_usage(shell, tmp_path, text):
    file = tmp_path / "donnees.json"
    file.write_text(text, "utf-8")
    answer = shell("perform", "1", "contacter", "--facts", str(file), by="claire", code=2)
    assert len(answer.err.splitlines()) == 1


def test_a_file_of_json_fills_a_form(shell, tmp_path):
    file = tmp_path / "donnees.json"
    file.write_text('{"raison": "Logé ailleurs"}', "utf-8")
    answer = shell("preview", "1", "desister", "--facts", str(file), on=ON, by="claire")
    assert "  État : Orientation reçue → Sans suite" in answer.lines


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("perform", "1", "contacter", "--by", "nemo"),
            "Aucune personne n’est connue sous l’identifiant « nemo »",
        ),
        (("perform", "9", "contacter", "--by", "claire"), "Aucun dossier visible ne porte le numéro « 9 »"),
        (("show", "D-00x1"), "Aucun dossier visible ne porte le numéro « D-00x1 »"),
        (("open", "nulle", "-e", "ophis", "--by", "claire"), "Le programme « nulle » n’est pas enregistré"),
        (("open", "rs_temporaire", "-e", "nulle", "--by", "claire"), "Aucun établissement n’est connu"),
        (("document", "1", "permis", "--by", "claire"), "Ce programme ne demande aucune pièce « permis »."),
        (("document", "1", "rib", "--received", "2030-01-01", "--by", "claire"), "est à venir"),
        (("document", "1", "rib", "--not-applicable", " ", "--by", "claire"), "Il manque le motif."),
        (("correct", "1", "--reason", " ", "-f", "ref_siao=2", "--by", "claire"), "Il manque le motif."),
        (("correct", "1", "--reason", "essai", "--by", "claire"), "Rien à rectifier"),
        (
            ("correct", "1", "--reason", "essai", "--on", "2027-01-02", "--act", "9", "--by", "claire"),
            "à la ligne 9",
        ),
        (("assign", "1", "nemo", "--by", "claire"), "« nemo »"),
        (("why", "1", "nulle"), "Ni acte, ni échéance, ni message"),
        (("why", "1", "contact", "--occurrence", "7"), "Aucune date ne porte le numéro « 7 »."),
        (("why", "1", "message:99"), "Aucun message ne porte le numéro « 99 »."),
        (("outbox", "show", "99"), "Aucun message ne porte le numéro « 99 »."),
        (("pending", "--case", "9"), "Aucun dossier visible"),
        (("establishment", "parameters", "nulle", "rs_temporaire"), "Aucun établissement"),
        (
            ("establishment", "set", "ophis", "rs_temporaire", "nulle", "1"),
            "Aucun réglage ne porte le nom « nulle ».",
        ),
        (("role", "add", "nemo", "direction", "-e", "ophis"), "Aucune personne n’est connue"),
    ],
)
def test_what_is_not_known_is_said(shell, words, said):
    # ON is given to the commands that take it: the others keep no day.
    answer = shell(*words, on=ON if words[0] not in ("establishment", "role") else None, code=1)
    assert said in answer.err
    assert answer.out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("why", "1", "contacter"), "Pour un acte, dites qui le ferait : --by"),
        (("deliver",), "Il manque l’adresse d’envoi : --smtp"),
        (("tick", "--smtp", "http://serveur"), "--smtp attend smtp://serveur:port"),
        (("tick", "--smtp", "smtp://moi:secret@serveur?starttls=none"), "--smtp attend smtp://serveur:port"),
        (("tick", "--limit", "0"), "Le nombre (--limit) est au moins 1."),
        (("worker", "--every", "0"), "Le temps entre deux passages (--every)"),
        (("outbox", "--status", "perdu"), "« perdu » n’est pas un état de message"),
        (("outbox", "show", "premier"), "Le numéro du message : « premier »"),
        (("db", "verify", "--anchor", "court"), "« court » n’est ni une empreinte"),
        (("establishment", "add", "Majuscule"), "« Majuscule » ne peut pas servir d’identifiant"),
        (
            ("establishment", "add", "lune", "--timezone", "Lune/Mer"),
            "« Lune/Mer » n’est pas une zone connue",
        ),
        (("establishment", "add", "nuit", "--opens", "25:00"), "« 25:00 » n’est pas une heure"),
        (
            ("establishment", "set", "ophis", "rs_temporaire", "decision_publique", "2"),
            "« 2 » : on attend oui ou non.",
        ),
        (
            ("establishment", "set", "ophis", "rs_temporaire", "renouvellements", "x"),
            "n’est pas un nombre entier",
        ),
        (
            ("establishment", "set", "ophis", "rs_temporaire", "pieces.after", "P1X"),
            "« P1X » n’est pas un délai",
        ),
        (("people", "add", "paul", "--email", "paul"), "« paul » n’est pas une adresse e-mail."),
        (("tick", "--templates", "/nonexistent"), "« /nonexistent » n’est pas un dossier de modèles."),
        (("people", "add", "systeme"), "ne peut pas servir d’identifiant"),
        (
            ("correct", "1", "--reason", "essai", "--act", "1", "-f", "ref_siao=2", "--by", "claire"),
            "donnez aussi ce jour (--on)",
        ),
        (("pending", "--until", "bientôt"), "« bientôt » n’est pas une date"),
    ],
)
def test_a_command_that_makes_no_sense_is_bad_usage(shell, words, said):
    answer = shell(*words, code=2)
    assert said in answer.err
    assert "secret" not in answer.err


def test_a_renewal_beyond_the_limit_and_others_are_refused_by_the_engine_not_by_a_traceback(shell):
    """The program itself, in a process of its own: nothing but sentences."""
    answer = program(
        "perform", "1", "renouveler", "--by", "claire", "--now", ON, "--database", shell.database
    )
    assert (answer.code, answer.out) == (1, "")
    assert "Traceback" not in answer.err


def test_a_key_answers_one_command_only(shell):
    first = ("perform", "1", "contacter", "--key", "k-1")
    shell(*first, on=ON, by="claire", facts=("resultat_contact=joint",))
    again = shell(*first, on=ON, by="claire", facts=("resultat_contact=joint",))
    assert again.out == "D-0001 : déjà enregistré sous cette clé, rien de nouveau.\n"
    other = shell(*first, on=ON, by="claire", facts=("resultat_contact=echec",), code=1)
    assert other.err.startswith("Cette clé (--key) a déjà servi à une autre commande")


def test_several_documents_are_kept_all_or_none(shell):
    answer = shell("document", "1", "rib", "permis", on=ON, by="claire", code=1)
    assert "« permis »" in answer.err
    assert shell.json("show", "1", on=ON)["documents"] == []


def test_a_broken_workflow_is_not_kept(shell, tmp_path):
    file = tmp_path / "essai.yaml"
    file.write_text("workflow: essai\nversion: 1\n", "utf-8")
    assert str(file) in shell("workflows", "add", str(file), code=1).err
    kept = [one["workflow"] for one in shell.json("db", "status")["workflows"]]
    assert kept == ["relogement", "rs_temporaire", "succession"]  # and what rs_temporaire may open


def test_a_role_that_no_workflow_knows_is_given_with_a_warning(shell):
    answer = shell("role", "add", "claire", "jardinier", "-e", "ophis")
    assert "aucun programme enregistré ne connaît « jardinier »" in answer.err
    shell("role", "remove", "claire", "jardinier", "-e", "ophis")


def test_opening_asks_for_what_it_needs(shell):
    answer = shell("open", "rs_temporaire", "-e", "ophis", on=ON, by="claire", facts=ORIENTATION[:1], code=1)
    assert "- Il manque « Ménage » (--fact menage=…)." in answer.err.splitlines()
