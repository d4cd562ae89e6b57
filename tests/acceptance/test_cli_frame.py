"""The frame of the command line: help, usage, exit codes, what happens to a terminal or a pipe."""

import os
import pty
import subprocess
import sys

import pytest
from support.cli import jalon, program

import jalon as package
from jalon.interfaces import cli

DATE = ("date", "2027-03-27", "P1D", "--shift", "suivant")


def test_the_program_runs_and_speaks_french_whatever_the_locale():
    answer = program(*DATE, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii")
    assert (answer.code, answer.err) == (0, "")
    assert "lundi de Pâques, férié" in answer.out


def test_a_reader_that_leaves_early_hears_no_complaint():
    command = [sys.executable, "-m", "jalon", "date", "2027-01-01", "P1D", "--times", "10000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk to write to")  # noqa: PTH110
def test_a_full_disk_gets_a_sentence():
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        answer = program("holidays", "2027", stdout=full)
    assert (answer.code, answer.err) == (1, "Lecture ou écriture impossible : le disque est plein.\n")


def on_terminal(*arguments: str, **environment: str) -> str:
    """Run the program on a pseudo-terminal of 60 columns and give what it shows."""
    main, side = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "jalon", *arguments], stdout=side, stderr=side, check=False, timeout=60,
        env={**os.environ, "COLUMNS": "60", "TERM": "xterm-256color", **environment},
    )  # fmt: skip
    os.close(side)
    shown = b""
    try:
        while chunk := os.read(main, 65_536):
            shown += chunk
    except OSError:  # a pseudo-terminal whose other side is closed ends so
        pass
    os.close(main)
    assert done.returncode == 0
    return shown.decode("utf-8").replace("\r\n", "\n")


def test_a_terminal_gets_folded_lines_and_no_break_spaces():
    shown = on_terminal(*DATE)
    assert all(len(line) <= 60 for line in shown.splitlines())
    assert "ouvrés\u00a0: reporté" in shown


def test_a_terminal_gets_tables_without_colour_where_it_asks_for_none():
    shown = on_terminal("holidays", "2027", NO_COLOR="1")
    assert "─" in shown
    assert "\x1b[3" not in shown


def test_a_pipe_gets_plain_columns():
    out = program("holidays", "2027").out
    assert out.splitlines()[0] == "date        jour                       fête"
    assert "\x1b" not in out


def test_help_is_in_french():
    for arguments in (
        (),
        ("--help",),
        ("date", "-h"),
        ("workflows", "--help"),
        ("workflows", "show", "--help"),
    ):
        answer = jalon(*arguments)
        assert (answer.code, answer.err) == (0, "")
        assert answer.out.startswith("Usage : jalon")
        for english in ("Options:", "Commands:", "Arguments:", "Show this", "default:", "required", "<str>"):
            assert english not in answer.out


def test_help_fits_in_80_columns():
    for command in ((), ("date",), ("check",), ("holidays",), ("workflows",), ("workflows", "diagram")):
        assert max(map(len, jalon(*command, "--help").lines)) <= 80


def test_the_version_is_that_of_the_package():
    assert jalon("--version").out == f"jalon {package.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("chek",), ["La commande « chek » n’existe pas ; vouliez-vous dire « check » ?", "jalon --help"]),
        (("zzz",), ["La commande « zzz » n’existe pas.", "jalon --help"]),
        (("--nope",), ["L’option --nope n’existe pas.", "jalon --help"]),
        (("workflows", "zzz"), ["La commande « zzz » n’existe pas.", "jalon workflows --help"]),
        (("date",), ["Il manque DATE.", "jalon date --help"]),
        (("check", "--json=1"), ["L’option --json ne prend pas de valeur."]),
    ],
)
def test_a_command_typed_wrongly_gets_a_sentence_and_where_its_help_is(arguments, lines):
    answer = jalon(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert [line.removeprefix("Pour l’aide : ") for line in answer.err.splitlines()] == lines


def test_a_fault_of_jalon_is_owned_without_a_traceback(capsys):
    assert cli.unexpected(ZeroDivisionError("Mme Martin")) == 1
    said = capsys.readouterr().err
    assert said.startswith("Erreur inattendue (ZeroDivisionError)")
    assert "JALON_DEBUG=1" in said
    assert "Martin" not in said
    assert "Traceback" not in said


def test_the_traceback_is_there_for_who_asks(capsys, monkeypatch):
    monkeypatch.setenv("JALON_DEBUG", "1")
    try:
        raise ZeroDivisionError
    except ZeroDivisionError as error:
        cli.unexpected(error)
    assert "Traceback" in capsys.readouterr().err
