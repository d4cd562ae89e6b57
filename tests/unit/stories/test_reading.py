"""A story that cannot be read: every fault at once, each at its line and column, in French."""

from pathlib import Path

import pytest
from support.cli import jalon
from support.little import STORY, faults, write

HEAD = "story: Essai\nworkflow: demande.yaml\n"


def test_a_story_as_it_should_be_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, STORY) == []


def test_every_fault_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    story = """story: Essai
workflow: demande.yaml
setps: []
steps:
  - on: 2027-02-30
    do: ouvrir
  - on: 2027-09-06
    do: [ouvrri, {clore: {motiff: x}}]
    expect:
      state: recu
      due: {reponce: 2027-09-16}
      sent: {rappel_echeance: demain}
"""
    assert faults(tmp_path, story) == [
        (3, 1, "clé inconnue « setps » ; vouliez-vous dire « steps » ?"),
        (5, 9, "« 2027-02-30 » n’est pas un jour : il s’écrit 2027-01-31"),
        (8, 10, "acte inconnu dans ce programme « ouvrri » ; vouliez-vous dire « ouvrir » ?"),
        (8, 27, "donnée inconnue dans ce programme « motiff » ; vouliez-vous dire « motif » ?"),
        (10, 14, "état inconnu dans ce programme « recu » ; vouliez-vous dire « recue » ?"),
        (11, 13, "échéance inconnue dans ce programme « reponce » ; vouliez-vous dire « reponse » ?"),
        (12, 31, "« demain » n’est pas un jour : il s’écrit 2027-01-31"),
    ]


@pytest.mark.parametrize(
    ("story", "fault"),
    [
        (HEAD, (1, 1, "il manque des étapes (steps: une liste)")),
        (HEAD + "steps: []\n", (3, 8, "il manque des étapes (steps: une liste)")),
        (HEAD + "steps: [{do: ouvrir}]\n", (3, 9, "il manque la clé « on »")),
        ("workflow: demande.yaml\nsteps: [{on: 2027-09-06, do: ouvrir}]\n", (1, 1, "il manque la clé « story »")),
        ("story: Essai\nsteps: [{on: 2027-09-06, do: ouvrir}]\n", (1, 1, "il manque la clé « workflow »")),
        (HEAD + "steps: [{on: 2027-09-06, do: clore}]\n",
         (3, 30, "ce dossier n’est pas encore ouvert ; actes qui ouvrent : ouvrir")),
        (HEAD + "steps: [{on: 2027-09-06, expect: {state: recue}}]\n", (3, 35, "ce dossier n’est pas encore ouvert")),
        (HEAD + "steps: [{on: 2027-09-06, do: ouvrir}, {on: 2027-09-05}]\n",
         (3, 44, "cette étape est avant la précédente (2027-09-06)")),
        (HEAD + "steps: [{on: 2027-09-06 25:00, do: ouvrir}]\n",
         (3, 14, "« 25:00 » n’est pas une heure : elle s’écrit 09:00")),
        (HEAD + "steps: [{on: 2327-09-06, do: ouvrir}]\n",
         (3, 14, "le jour 2327-09-06 est hors des années 1900 à 2199")),
        (HEAD + "steps: [{on: 2027-09-06, on: 2027-09-06, do: ouvrir}]\n",
         (3, 26, "la clé « on » est déjà donnée ligne 3, colonne 10")),
        (HEAD + "ticks: weekly\nsteps: [{on: 2027-09-06, do: ouvrir}]\n",
         (3, 8, "valeur inconnue « weekly » ; valeurs possibles : daily, hourly, never")),
        (HEAD + "given: {zone: lune}\nsteps: [{on: 2027-09-06, do: ouvrir}]\n", None),
        (HEAD + "given: {people: {paul: chef}}\nsteps: [{on: 2027-09-06, do: {ouvrir: {by: agents}}}]\n",
         (4, 44, "personne inconnue « agents » ; vouliez-vous dire « agent » ?")),
        (HEAD + "steps: [{on: 2027-09-06, do: [{ouvrir: {}, clore: {}}]}]\n",
         (3, 31, "il faut ici le nom d’un acte, ou une table d’une clé : le nom et ses valeurs")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(
    tmp_path: Path, story: str, fault: tuple[int, int, str] | None
) -> None:
    found = faults(tmp_path, story)
    assert len(found) == 1
    assert fault is None or found == [fault]


def test_a_workflow_that_does_not_exist_is_told(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, "story: Essai\nworkflow: absent\nsteps: [{on: 2027-09-06, do: ouvrir}]\n")
    assert found[:2] == (2, 11)
    assert "« absent » n’est pas utilisable : ni fichier ni parcours livré de ce nom" in found[2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "le document est vide"),
        (b"\xff\xfe\x00\x01", "n'est pas de l'UTF-8"),
        (b"a: " + b"x" * 1_100_000, "le document dépasse 1024 Kio"),
        (b"- une liste\n", "le document est une table de clés et de valeurs, pas une liste"),
    ],
)
def test_a_file_that_is_no_story_is_bad_usage(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "recit.yaml"
    path.write_bytes(content)
    said = jalon("scenario", str(path))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"{path}:")
    assert sentence in said.err


def test_a_file_that_is_missing_and_a_folder_without_story_are_bad_usage(tmp_path: Path) -> None:
    missing = jalon("scenario", str(tmp_path / "absent.yaml"))
    assert (missing.code, missing.err) == (2, f"{tmp_path / 'absent.yaml'}:1:1: ce chemin n'existe pas\n")
    empty = jalon("scenario", str(tmp_path))
    assert (empty.code, empty.err) == (
        2,
        f"Le dossier « {tmp_path} » ne contient aucun récit (fichier .yaml).\n",
    )


@pytest.mark.parametrize(
    "option",
    [("--mutate", "beaucoup"), ("--mutate", "0"), ("--seed", "-1"), ("--at-least", "101"), ("--jobs", "0")],
)
def test_a_number_that_is_none_is_bad_usage(tmp_path: Path, option: tuple[str, str]) -> None:
    said = jalon("scenario", str(write(tmp_path)), *option)
    assert said.code == 2
    assert option[0] in said.err
