"""`jalon agenda`: dates for a calendar, in a file or on the standard output."""

import stat
from datetime import date
from pathlib import Path

import pytest
from support.calendars import blocks, read
from support.cli import program
from support.shell import Shell, furnished, opened


@pytest.fixture(scope="module")
def shell(tmp_path_factory) -> Shell:
    """One case opened on 2027-01-04: Claire follows it."""
    shell = furnished(tmp_path_factory.mktemp("agenda"))
    opened(shell, "2027-01-04", "--referent", "claire")
    return shell


# Contact within eight days on a working day, interview within a month, lapse within three.
DATES = [date(2027, 1, 12), date(2027, 2, 4), date(2027, 4, 4)]


def test_a_case_is_written_to_a_file_that_its_owner_alone_reads(shell, tmp_path):
    path = tmp_path / "dossier.ics"
    answer = shell("agenda", "--case", "D-0001", "--output", str(path), on="2027-01-05")
    assert answer.lines == [f"3 dates, dans « {path} »."]
    assert answer.err == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = read(path.read_bytes())
    assert [one.start for one in found] == DATES
    assert {one.summary for one in found} == {"Échéance D-0001"}


def test_on_the_standard_output_there_is_the_file_and_nothing_else(shell, tmp_path):
    path = tmp_path / "dossier.ics"
    shell("agenda", "--case", "1", "-o", str(path), on="2027-01-05")
    words = ("agenda", "--case", "1", "--now", "2027-01-05", "--database", shell.database)
    with (tmp_path / "flux.ics").open("wb") as stream:
        answer = program(*words, stdout=stream)
    assert (answer.code, answer.err) == (0, "3 dates.\n")
    assert (tmp_path / "flux.ics").read_bytes() == path.read_bytes()


def test_of_one_deadline_and_of_one_occurrence(shell):
    whole = shell("agenda", "--case", "1", "--deadline", "contact", on="2027-01-05")
    assert [one.start for one in read(whole.out.encode())] == DATES[:1]
    assert whole.err == "1 date.\n"
    first = shell("agenda", "--case", "1", "--deadline", "contact", "--occurrence", "1", on="2027-01-05")
    assert first.out == whole.out


def test_a_person_and_an_establishment(shell):
    for words in (("--person", "claire"), ("--establishment", "ophis"), ("-e", "ophis")):
        found = read(shell("agenda", *words, on="2027-01-05").out.encode())
        assert [one.start for one in found] == DATES
    nothing = shell("agenda", "--person", "victor", on="2027-01-05")
    assert (read(nothing.out.encode()), nothing.err) == ([], "Aucune date.\n")


def test_what_is_over_is_said_to_be_cancelled(tmp_path_factory):
    """Who withdraws awaits nothing more; the SIAO is to be told within seven days."""
    shell = furnished(tmp_path_factory.mktemp("done"))
    opened(shell, "2027-01-04")
    shell("perform", "1", "desister", on="2027-01-05", by="claire", facts=("raison=Autre projet",))
    answer = shell("agenda", "--case", "1", on="2027-01-06")
    assert answer.err == "4 dates, dont 3 annulées.\n"
    found = read(answer.out.encode())
    assert [one.start for one in found if one.status == "CANCELLED"] == DATES
    assert [one.start for one in found if one.status == "CONFIRMED"] == [date(2027, 1, 12)]


def test_links_come_from_the_option_or_the_environment(shell, monkeypatch):
    words = ("agenda", "--case", "1", "--deadline", "contact")
    plain = shell(*words, on="2027-01-05").out.encode()
    assert not [name for name, _, _ in blocks(plain, "VEVENT")[0] if name == "URL"]
    asked = shell(*words, "--link", "https://jalon.example", on="2027-01-05").out.encode()
    assert ("URL", {}, "https://jalon.example/dossiers/D-0001") in blocks(asked, "VEVENT")[0]
    monkeypatch.setenv("JALON_LINK", "https://jalon.example")
    assert shell(*words, on="2027-01-05").out.encode() == asked


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((), 2, "Dites de quoi : d’un dossier (--case), d’une personne (--person) ou d’un établissement (--est"),
        (("--case", "1", "--person", "claire"), 2, "Dites de quoi"),
        (("--person", "claire", "--deadline", "contact"), 2, "--deadline demande de quel dossier : --case."),
        (("--case", "1", "--occurrence", "1"), 2, "--occurrence demande de quelle échéance : --deadline."),
        (("--case", "1", "--deadline", "contact", "--occurrence", "x"), 2, "Le rang de la date (--occurrence)"),
        (("--case", "9"), 1, "Aucun dossier visible ne porte le numéro « 9 »"),
        (("--case", "1", "--deadline", "nulle"), 1, "Aucune échéance ne porte le nom « nulle »."),
        (("--case", "1", "--deadline", "contact", "--occurrence", "9"), 1, "Aucune date ne porte le numéro « 9 »."),
        (("--person", "nulle"), 1, "Aucune personne n’est connue sous l’identifiant « nulle »"),
        (("--establishment", "nulle"), 1, "Aucun établissement n’est connu sous le nom « nulle »"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said_and_nothing_is(shell, words, code, sentence, tmp_path):
    path = tmp_path / "rien.ics"
    answer = shell("agenda", *words, "--output", str(path), on="2027-01-05", code=code)
    assert answer.err.startswith(sentence)
    assert answer.out == ""
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_said(shell, tmp_path):
    path = Path(tmp_path) / "nulle" / "part.ics"
    answer = shell("agenda", "--case", "1", "--output", str(path), on="2027-01-05", code=2)
    assert answer.err == f"Le fichier « {path} » ne peut pas être écrit : ce dossier n’existe pas.\n"


def test_a_link_that_is_no_address_of_a_site_is_refused(shell):
    found = shell("agenda", "-e", "tilleuls", "--link", "javascript:alert(1)", on="2027-01-05", code=2)
    assert "« javascript:alert(1) » n’est pas l’adresse d’un site" in found.err
