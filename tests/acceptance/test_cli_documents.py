"""`jalon check` and `jalon workflows`: documents read from the command line, with no database."""

import re
import stat
from pathlib import Path

import pytest
from support.cli import jalon

SMALL = """\
workflow: essai
version: 1
title: Essai
kind: demande
roles:
  staff: {agent: {label: Agent}}
states:
  orientation:
    ouverte: {label: Ouverte, turn: agent, sans_echeance: essai}
    finie: {label: Finie, terminal: true}
notices:
  convocation_preadmission: {to: agent}
  nulle_part: {to: agent}
actions:
  ouvrir: {label: Ouvrir, from: start, to: ouverte, by: agent}
  finir: {label: Finir, from: ouverte, to: finie, by: agent, notify: nulle_part}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "essai.yaml"
    path.write_text(SMALL, "utf-8")
    return path


def test_the_shipped_catalogue_is_sound():
    answer = jalon("check")
    assert (answer.code, answer.err) == (0, "")
    assert answer.lines[-1].endswith("aucun problème.")


def test_every_fault_is_told_at_its_place(small):
    small.write_text(SMALL.replace("to: finie, by: agent", "to: fini, by: agnet"), "utf-8")
    answer = jalon("check", str(small))
    assert answer.code == 1
    assert answer.lines[-1] == f"1 document contrôlé, {len(answer.lines) - 1} problèmes."
    for name in ("« fini »", "« agnet »"):
        (line,) = [line for line in answer.lines if name in line]
        assert line.startswith(f"{small}:16:")


def test_a_template_that_does_not_exist_is_told_at_its_notice(small):
    answer = jalon("check", str(small))
    assert f"{small}:13:3: aucun modèle de message ne porte le nom « nulle_part »" in answer.lines


def test_a_template_that_reads_an_unknown_fact_is_told_at_its_notice(small):
    (line,) = [line for line in jalon("check", str(small)).lines if line.startswith(f"{small}:12:3: ")]
    assert "convocation_preadmission" in line
    assert "que le programme ne déclare pas" in line


def test_a_house_brings_its_own_templates(small, tmp_path):
    house = tmp_path / "modeles"
    house.mkdir()
    text = "Objet : Essai – dossier {{ dossier.numero }}\n\nBonjour,\n"
    for name in ("nulle_part", "convocation_preadmission"):
        (house / f"{name}.txt.j2").write_text(text, "utf-8")
    assert jalon("check", str(small), "--templates", str(house)).code == 0


@pytest.mark.parametrize("read", ["faits.lieu_rdv", "faits.motifs", "faits.menage", "destinataire.nom"])
def test_an_object_that_would_show_a_person_is_told(tmp_path, read):
    text = f"Objet : Entretien {{{{ {read} }}}}\n\nBonjour,\n"
    (tmp_path / "convocation_preadmission.txt.j2").write_text(text, "utf-8")
    answer = jalon("check", "--templates", str(tmp_path))
    assert answer.code == 1
    line = next(line for line in answer.lines if "« convocation_preadmission »" in line)
    assert "l’objet" in line
    assert f"« {read.removeprefix('faits.')} »" in line


def test_every_template_of_the_folder_is_checked_even_those_that_nobody_names(small, tmp_path):
    house = tmp_path / "modeles"
    house.mkdir()
    for name in ("nulle_part", "convocation_preadmission", "sain"):
        (house / f"{name}.txt.j2").write_text("Objet : Essai\n\nBonjour,\n", "utf-8")
    stray = house / "autre.txt.j2"
    stray.write_text("Objet : Essai\n\nBonjour,\n{{ dossier.__class__ }}\n", "utf-8")
    answer = jalon("check", str(small), "--templates", str(house))
    assert answer.code == 1
    assert answer.lines[0].startswith(f"{stray}:4:1: « dossier.__class__ » n’existe pas")
    assert answer.lines[1:] == ["3 documents contrôlés, 1 problème, dans 1 sur 3."]


@pytest.mark.parametrize(("path", "shown"), [(".", "."), ("./", "."), ("/", "/"), ("..", "..")])
def test_a_folder_is_named_as_it_was_given(path, shown):
    assert jalon("check", path).lines[0].startswith(f"{shown}:1:1: ")


def test_a_name_that_is_no_text_is_written_out():
    assert jalon("check", "\udcff.yaml").lines[0].startswith("\\xff")


def test_templates_are_looked_for_in_a_folder(small):
    answer = jalon("check", str(small), "--templates", str(small))
    assert (answer.code, answer.err) == (2, f"« {small} » n’est pas un dossier de modèles.\n")


def test_a_fault_of_a_template_in_a_fragment_is_told_in_the_fragment(small, tmp_path):
    notices = "notices:\n  convocation_preadmission: {to: agent}\n  nulle_part: {to: agent}\n"
    (tmp_path / "commun").mkdir()
    fragment = tmp_path / "commun" / "messages.yaml"
    fragment.write_text("fragment: messages\ntitle: Messages\n" + notices, "utf-8")
    small.write_text(SMALL.replace(notices, "include: [messages]\n"), "utf-8")
    assert (
        f"{fragment}:5:3: aucun modèle de message ne porte le nom « nulle_part »"
        in jalon("check", str(small)).out
    )


def test_a_condition_that_nobody_brings_is_told_where_it_is_named(small):
    text = SMALL.replace("notify: nulle_part}", "requires: [{guard: seuil_invente}]}")
    small.write_text(text, "utf-8")
    assert f"{small}:16:" in next(
        line for line in jalon("check", str(small)).lines if "« seuil_invente »" in line
    )


def test_several_documents_are_counted(small):
    answer = jalon("check", str(small), "rs_temporaire")
    assert answer.code == 1
    assert answer.lines[-1].startswith("2 documents contrôlés, ")
    assert answer.lines[-1].endswith(", dans 1 sur 2.")


def test_json_gives_each_problem_apart(small):
    answer = jalon("check", str(small), "--json")
    (document,) = answer.json()["documents"]
    assert answer.code == 1
    assert (document["source"], document["workflow"], document["version"]) == (str(small), "essai", 1)
    assert {"file": str(small), "line": 13, "column": 3, "code": "template"}.items() <= document["problems"][
        1
    ].items()


@pytest.mark.parametrize("content", [b"", b"\x00", b"a: [", b"\xe9t\xe9: 1", b"- 1\n- 2\n", b"a:\n\tb: 1\n"])
def test_what_is_no_document_gets_a_sentence(tmp_path, content):
    path = tmp_path / "n.yaml"
    path.write_bytes(content)
    answer = jalon("check", str(path))
    assert (answer.code, answer.err) == (1, "")
    assert re.match(rf"{re.escape(str(path))}:\d+:\d+: \w", answer.lines[0])


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path):
    answer = jalon("check", str(tmp_path / "nulle-part.yaml"))
    assert answer.code == 1
    assert "n'existe pas" in answer.lines[0]


def test_the_workflows_are_listed():
    found = jalon("workflows", "--json").json()
    assert len(found) == 10
    assert next(one for one in found if one["workflow"] == "rs_temporaire") == {
        "workflow": "rs_temporaire",
        "version": 2,
        "title": "Résidence sociale, public temporaire",
    }
    assert "Résidence sociale, public temporaire" in jalon("workflows").out


def test_a_workflow_is_told_to_people():
    text = jalon("workflows", "show", "rs_temporaire").out
    assert "    Refusé (refuse) : fin du parcours\n" in text
    assert "  Admettre (decider_favorable) : En commission → Admis\n      par : Commission interne\n" in text
    assert "  Fin du délai de recours (recours) : 2 mois après « Décision reçue le »" in text
    assert "  visite.every = P1M : Visite à domicile\n" in text


def test_the_states_of_linked_cases_bear_their_labels():
    text = jalon("workflows", "show", "chrs_urgence").out
    assert (
        "dossiers liés « Séjour d'insertion » dans l’état « Dossier transmis au préfet » : au moins un"
        in text
    )


def test_a_workflow_with_faults_is_not_shown(small):
    small.write_text(SMALL.replace("to: finie", "to: fini"), "utf-8")
    answer = jalon("workflows", "show", str(small))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"{small}:16:")


def test_an_unknown_format_of_diagram_is_refused():
    answer = jalon("workflows", "diagram", "rs_temporaire", "--format", "png")
    assert (answer.code, answer.err) == (2, "« png » n’est pas un format de diagramme : mermaid ou svg.\n")


def test_a_diagram_may_go_to_a_file_that_its_owner_alone_reads(tmp_path):
    file = tmp_path / "parcours.svg"
    answer = jalon("workflows", "diagram", "rs_temporaire", "--format", "svg", "--output", str(file))
    assert (answer.code, answer.out) == (0, f"Écrit : {file}\n")
    assert "<svg" in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_gets_a_sentence(tmp_path):
    answer = jalon("workflows", "schema", "--output", str(tmp_path / "absent" / "schema.json"))
    assert answer.code == 2
    assert answer.err.endswith("ne peut pas être écrit : ce dossier n’existe pas.\n")


def test_the_schema_is_json():
    assert "2020-12" in jalon("workflows", "schema").json()["$schema"]


def test_a_diagram_is_mermaid_unless_told():
    assert "stateDiagram" in jalon("workflows", "diagram", "rs_temporaire").out


def test_a_workflow_described_as_json_names_itself():
    assert jalon("workflows", "show", "rs_temporaire", "--json").json()["workflow"] == "rs_temporaire"
