"""An absence from the command line: what changes in `pending` and in the outbox; and cases handed over."""

from pathlib import Path

import pytest
from support.cli import Answer, jalon
from support.engines import TEXT

MONDAY, AWAY = "2026-11-23", "2026-11-30"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sandbox with two wardens, a chief, and lea, who works nowhere; samir follows one case, nobody another."""
    monkeypatch.chdir(tmp_path)
    for name in ("JALON_DATABASE", "JALON_BY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "suivi.yaml").write_text(TEXT, "utf-8")
    done("db", "init", "--sandbox")
    done("establishment", "add", "tilleuls", "--name", "Les Tilleuls")
    for person in ("gaia", "samir", "chloe", "lea"):
        done("people", "add", person, "--name", person.title(), "--email", f"{person}@maison.example")
    for person, role in (("gaia", "gardien"), ("samir", "gardien"), ("chloe", "chef")):
        done("role", "add", person, role, "-e", "tilleuls")
    done("workflows", "add", "suivi.yaml")
    for _ in range(2):
        opened = (
            "open",
            "suivi",
            "-e",
            "tilleuls",
            "--fact",
            "menage=Amina K.",
            "--by",
            "samir",
            "--now",
            MONDAY,
        )
        done(*opened)
    done("assign", "1", "samir", "--by", "chloe", "--now", MONDAY)
    return tmp_path


def done(*arguments: str) -> Answer:
    answer = jalon(*arguments)
    assert answer.code == 0, (arguments, answer.out, answer.err)
    return answer


def absent(*more: str) -> Answer:
    return jalon("people", "absent", "samir", "--since", AWAY, "--until", "2026-12-04", *more)


def test_an_absence_changes_the_list_and_the_outbox(house: Path) -> None:
    assert absent("--deputy", "lea", "--by", "chloe").lines == [
        "Samir : absence du lundi 30 novembre 2026 au vendredi 4 décembre 2026, remplacement : Lea."
    ]
    assert done("people", "absences").lines == [
        "personne  du          au          remplacement", "Samir     30/11/2026  04/12/2026  Lea",
    ]  # fmt: skip
    done("tick", "--now", f"{AWAY}T09:00")
    pending = done("pending", "--referent", "lea", "--now", AWAY).out
    assert "suivi par Samir, en absence jusqu’au 04/12/2026, remplacement : Lea" in pending
    assert "D-0002" not in pending
    outbox = done("outbox", "--case", "1", "--now", AWAY).out
    assert "Lea, qui remplace Samir" in outbox
    (notice,) = done("outbox", "--case", "1", "--now", AWAY, "--json").json()
    assert (notice["recipient"], notice["deputy"]) == ("actor:samir", "lea")
    assert "Pour : Lea, qui remplace Samir" in done("outbox", "show", str(notice["id"]), "--now", AWAY).lines


def test_the_history_says_for_whom_a_deputy_acted(house: Path) -> None:
    assert absent("--deputy", "lea").code == 0
    done("perform", "1", "noter", "--fact", "note=vu", "--by", "lea", "--now", AWAY)
    assert "Lea, qui remplace Samir ; saisi le 30/11/2026 à 10:00" in done("history", "1").out
    late = jalon("perform", "1", "noter", "--by", "lea", "--now", "2026-12-05")
    assert late.code == 1


def test_a_case_that_nobody_follows_is_said(house: Path) -> None:
    lines = done("pending", "--case", "2", "--now", MONDAY).lines
    assert lines[:5] == [
        "Aujourd’hui (1)", "  D-0002  Attention : Dossier sans référent : personne ne le suit",
        "          à régler aujourd’hui ; au tour de : Chef", "          Ouvert depuis le 23/11/2026",
        "          à faire : jalon assign 2 PERSONNE",
    ]  # fmt: skip
    left = done("people", "add", "samir", "--inactive").out
    assert "suit encore 1 dossier en cours, à confier avec jalon people transfer" in left
    assert "Samir n’agit plus" in done("pending", "--case", "1", "--now", MONDAY).out


def test_cases_are_handed_over_and_what_cannot_be_is_said(house: Path) -> None:
    done("tick", "--now", f"{AWAY}T09:00")
    order = ("--by", "chloe", "--reason", "Départ.", "--now", AWAY)
    kept = jalon("people", "transfer", "samir", "lea", *order)
    assert (kept.code, kept.lines[0]) == (1, "Aucun dossier confié à Lea (lea), à la place de Samir (samir).")
    assert kept.lines[1].startswith("Non confiés, « suivi » à Les Tilleuls, D-0001 : ")
    assert jalon("people", "transfer", "samir", "gaia", *order).lines == [
        "1 dossier confié à Gaia (gaia), à la place de Samir (samir).", "1 message en attente ira à Gaia.",
    ]  # fmt: skip
    assert "Dossier confié à Gaia, à la place de Samir" in done("history", "1").out
    assert "Motif : Départ." in "\n".join(done("history", "1").lines[-4:]).replace("       ", "")
    assert done("people", "transfer", "samir", "gaia", *order).lines == [
        "Samir ne suit aucun dossier en cours dans vos établissements."
    ]
    assert jalon("people", "transfer", "gaia", "samir", *order, "--json").json() == {
        "person": "gaia", "to": "samir", "cases": [1], "notices": 1, "kept": [],
    }  # fmt: skip
    done("db", "verify")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("absent", "samir", "--since", "demain"), 2, "« demain » n’est pas une date"),
        (("absent", "samir", "--since", AWAY, "--until", MONDAY), 1, "Une absence finit après avoir commencé"),
        (("absent", "samir", "--since", AWAY, "--deputy", "samir"), 1, "ne peut pas se remplacer soi-même"),
        (("absent", "nul", "--since", AWAY), 1, "« nul »"), (("back", "samir", "--on", AWAY), 1, "Aucune absence"),
        (("absences", "nul"), 1, "« nul »"),
        (("transfer", "samir", "samir", "--by", "chloe", "--reason", "x"), 1, "suit déjà ses propres dossiers"),
        (("transfer", "samir", "gaia", "--by", "chloe", "--reason", " "), 1, "Il manque le motif."),
    ],
)  # fmt: skip
def test_bad_input_is_said_in_french_and_writes_nothing(
    house: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = jalon("people", *arguments)
    assert answer.code == code
    assert said in answer.err + answer.out
    assert done("people", "absences").lines == ["Aucune absence."]


def test_someone_comes_back(house: Path) -> None:
    assert absent().code == 0
    assert done("people", "back", "samir", "--on", "2026-12-02").lines == [
        "Samir : de retour le mercredi 2 décembre 2026 ; absence du lundi 30 novembre 2026 au mardi 1er décembre 2026."
    ]
    assert done("people", "back", "samir", "--on", AWAY).lines == [
        "Samir : l’absence qui commençait le lundi 30 novembre 2026 est retirée."
    ]
    (said,) = jalon("people", "absences", "--json").json() or [None]
    assert said is None


def test_who_says_it_works_in_each_house_of_the_person(house: Path) -> None:
    """Neither lea, who works nowhere, nor chloe for a house that is not hers; the house is named."""
    done("establishment", "add", "lilas", "--name", "Les Lilas")
    done("role", "add", "samir", "gardien", "-e", "lilas")
    nothing_written = "Refusé : cette absence ne peut pas être notée. Rien n’a été enregistré."
    lilas = "- Les Lilas : « {} » n’a pas ici la fonction qu’il faut : Chef ou Gardien."
    tilleuls = lilas.replace("Lilas", "Tilleuls")
    answer = absent("--by", "chloe")
    assert (answer.code, answer.err.splitlines()) == (1, [nothing_written, lilas.format("Chloe")])
    answer = absent("--by", "lea")
    assert answer.err.splitlines()[1:] == [lilas.format("Lea"), tilleuls.format("Lea")]
    assert absent("--by", "samir").code == 0
    back = jalon("people", "back", "samir", "--on", "2026-12-02", "--by", "chloe")
    assert (back.code, back.err.splitlines()[1:]) == (1, [lilas.format("Chloe")])
    assert len(done("people", "absences").lines) == 2
    done("people", "add", "nil", "--name", "Nil")
    told = jalon("people", "absent", "lea", "--since", AWAY, "--by", "nil").err.splitlines()[1:]
    assert told == ["- « Nil » n’a aucune fonction qui le permette."]
    assert jalon("people", "back", "samir", "--on", "2026-12-02", "--by", "samir").code == 0


def test_someone_sees_the_absences_of_their_houses(house: Path) -> None:
    assert absent().code == 0
    assert len(done("people", "absences", "--by", "chloe", "--json").json()) == 1
    assert done("people", "absences", "--by", "lea").lines == ["Aucune absence."]
