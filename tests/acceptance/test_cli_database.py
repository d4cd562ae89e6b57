"""The database from the command line: made on purpose only, dated in a sandbox only, verified line by line."""

import sqlite3
import stat
from pathlib import Path

import pytest
from support.cli import program
from support.shell import Shell, furnished, opened

READING = (
    ("show", "1"),
    ("pending",),
    ("history", "1"),
    ("find",),
    ("outbox",),
    ("people", "list"),
    ("db", "verify"),
)


def altered(path: str, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def guards_of(path: str) -> list[str]:
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    connection.close()
    return names


def whole(path: str) -> dict[str, bytes]:
    """Every file of the database, byte for byte."""
    folder = Path(path).parent
    return {
        file.name: file.read_bytes()
        for file in folder.iterdir()
        if file.is_file() and not file.name.endswith("-shm")
    }


@pytest.mark.parametrize(
    "words", [*READING, ("tick",), ("db", "upgrade"), ("workflows", "add", "rs_temporaire")]
)
def test_a_missing_database_is_said_and_never_made(tmp_path, words):
    answer = Shell(tmp_path)(*words, code=1)
    assert "créez-la avec « jalon db init »" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_the_database_and_its_folder_are_private(tmp_path):
    shell = Shell(tmp_path / "maison")
    assert shell("db", "status", code=1).out.startswith("Il n’y a pas encore de base jalon")
    shell("db", "init")
    assert stat.S_IMODE(Path(shell.database).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(shell.database).parent.stat().st_mode) == 0o700
    assert shell("db", "init").out == f"La base existait déjà : {shell.database}\n"
    assert shell.json("db", "status") == {"status": "current", "sandbox": False, "workflows": []}


@pytest.mark.parametrize("words", [("db", "init"), ("db", "upgrade"), ("tick",), *READING])
def test_nothing_is_written_to_a_database_from_a_newer_version(tmp_path, words):
    shell = furnished(tmp_path)
    altered(shell.database, "UPDATE jalon_alembic_version SET version_num = 'jalon_9999'")
    before = whole(shell.database)
    answer = shell(*words, code=1)
    assert "plus récente de jalon" in answer.err
    assert whole(shell.database) == before
    assert shell.json("db", "status", code=1)["status"] == "newer"


@pytest.mark.parametrize("harm", ["other", "cut", "head", "garbled"])
@pytest.mark.parametrize("words", [("pending",), ("tick",), ("db", "init"), ("db", "status")])
def test_a_file_that_is_no_database_or_is_damaged_is_said(tmp_path, words, harm):
    shell = furnished(tmp_path)
    file = Path(shell.database)
    sound = file.read_bytes()
    harmed = {
        "other": b"bonjour" * 500,
        "cut": sound[:20_000],
        "head": sound[:50],
        "garbled": sound[:100] + b"\xa5" * 3000 + sound[3100:],
    }
    file.write_bytes(harmed[harm])
    for beside in ("-wal", "-shm"):
        file.with_name(f"jalon.db{beside}").unlink(missing_ok=True)
    answer = shell(*words, code=1)
    assert answer.err.startswith("Ce fichier n’est pas une base de données, ou il est abîmé")


@pytest.mark.parametrize(
    "address", ["mysql://moi:secret@serveur/base", "postgresql://moi:secret@127.0.0.1:1/base", " "]
)
def test_an_address_is_never_repeated(tmp_path, address):
    answer = Shell(tmp_path, database=address)("pending", code=1 if "postgresql" in address else 2)
    assert "secret" not in answer.out + answer.err


@pytest.mark.parametrize("words", [("pending",), ("tick",), ("show", "1")])
def test_time_is_moved_in_a_sandbox_only(tmp_path, words):
    shell = furnished(tmp_path, sandbox=False)
    answer = shell(*words, on="2027-01-04", code=1)
    assert answer.err.startswith("--now ne vaut que dans un bac à sable")
    assert answer.out == ""


def test_a_database_that_holds_cases_does_not_become_a_sandbox(tmp_path):
    shell = furnished(tmp_path, sandbox=False)
    shell("open", "rs_temporaire", "-e", "ophis", by="claire", facts=(
        "ref_siao=1", "date_demande_siao=2020-01-01", "menage=Amina K.", "prescripteur=CCAS"))  # fmt: skip
    answer = shell("db", "init", "--sandbox", code=2)
    assert answer.err == "Une base qui a déjà des dossiers ne devient pas un bac à sable.\n"


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2027-01-28", "2027-01-28T09:00:00Z"),
        ("28/01/2027", "2027-01-28T09:00:00Z"),
        ("2027-07-28T09:00", "2027-07-28T07:00:00Z"),
        ("2027-01-28T09:00+03:00", "2027-01-28T06:00:00Z"),
        ("2027-01-28T09:00Z", "2027-01-28T09:00:00Z"),
    ],
)
def test_an_instant_is_in_paris_unless_it_says_its_zone(tmp_path, now, at):
    shell = furnished(tmp_path)
    assert shell.json("tick", on=now)["at"] == at


def test_verification_notes_heads_and_compares_them(tmp_path):
    shell = furnished(tmp_path)
    opened(shell)
    heads = tmp_path / "notes.txt"
    first = shell.json("db", "verify")
    assert (first["sound"], first["cases"], first["events"], first["faults"]) == (True, 1, 1, [])
    said = shell("db", "verify", "--write-anchor", str(heads)).out
    assert "qui le suit, les pièces, les échéances, les rappels, les messages, les places, les liens" in said
    assert heads.read_text("ascii").startswith("1 1 ")
    shell("db", "verify", "--anchor", first["digest"])
    shell("perform", "1", "contacter", on="2027-01-05", by="claire", facts=("resultat_contact=joint",))
    shell("db", "verify", "--anchor", str(heads))
    moved = shell("db", "verify", "--anchor", first["digest"], code=1)
    assert "L’empreinte n’est pas celle qui est donnée" in moved.err


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE jalon_events SET effective_on = '2026-12-24' WHERE seq = 1",
            "la ligne 1 de l’historique n’est plus",
        ),
        ("DELETE FROM jalon_events WHERE seq = 1", "la ligne 1 de l’historique manque"),
        ("UPDATE jalon_cases SET state = 'sorti'", "l’état du dossier n’est pas celui"),
        ("UPDATE jalon_cases SET referent_id = 'gaia'", "la personne qui suit le dossier n’est pas celle"),
        ("DELETE FROM jalon_persons", "les personnes du dossier ne sont pas celles"),
    ],
)
def test_the_first_bad_row_is_named(tmp_path, statement, said):
    shell = furnished(tmp_path)
    opened(shell)
    shell("perform", "1", "contacter", on="2027-01-05", by="claire", facts=("resultat_contact=joint",))
    for name in guards_of(shell.database):  # whoever forges a history takes its guards away first
        altered(shell.database, f'DROP TRIGGER "{name}"')
    altered(shell.database, statement)
    answer = shell("db", "verify", code=1)
    assert answer.err.startswith(f"D-0001 : {said}")


def test_a_command_line_works_on_both_databases(empty_url, tmp_path):
    """The same words, on SQLite and on PostgreSQL."""
    shell = furnished(tmp_path, database=empty_url)
    opened(shell)
    assert [line["name"] for line in shell.json("pending", on="2027-01-13")] == [
        "contact",
        "sans_referent",
        "entretien",
        "caducite",
    ]
    assert shell.tick("2027-01-13").lines[0].startswith("2 rappels")
    assert shell("db", "verify").lines[-1] == "Tout est tel qu’il a été écrit."


def test_the_environment_says_which_database_and_who(tmp_path):
    shell = furnished(tmp_path)
    opened(shell)
    answer = program("options", "1", "--now", "2027-01-05", JALON_DATABASE=shell.database, JALON_BY="claire")
    assert answer.code == 0
    assert answer.lines[0].endswith("ce que peut faire Claire Martin")


def test_a_pipe_gets_plain_text(tmp_path):
    shell = furnished(tmp_path)
    opened(shell)
    for words in (("history", "1"), ("find",)):
        answer = program(*words, "--now", "2027-01-13", "--database", shell.database)
        assert answer.code == 0
        assert "\x1b" not in answer.out
        assert "\u00a0:" not in answer.out
