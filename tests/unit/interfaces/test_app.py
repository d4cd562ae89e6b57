"""The commands put together: each from its module, and no other module loaded for it."""

import subprocess
import sys

import pytest
from support.cli import jalon

from jalon.interfaces.app import MODULES, build

COUNTING = """
import sys
from jalon.interfaces.cli import run
assert run(["date", "2026-12-31", "P2M"]) == 0
heavy = {"sqlalchemy", "yaml", "jinja2", "rich", "apscheduler"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(("module", "commands"), MODULES.items())
def test_a_module_registers_what_it_is_named_for(module, commands):
    assert {*build(commands[0]).commands} == {*commands}


def test_all_the_commands_are_there_where_none_is_asked():
    assert {*build().commands} == {name for commands in MODULES.values() for name in commands}


def pages(command=None, path=()):
    """Give the path of every command and group."""
    command = command or build()
    yield path
    for name, part in getattr(command, "commands", {}).items():
        yield from pages(part, (*path, name))


@pytest.mark.parametrize("path", list(pages()), ids=" ".join)
def test_every_help_page_is_in_french_and_fits_in_80_columns(path):
    answer = jalon(*path, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert max(map(len, answer.lines)) <= 80
    for english in ("env var", "default", "required", "Options:", "Show this", "<str>"):
        assert english not in " ".join(answer.out.split())  # a line may end between two words


def test_counting_a_date_loads_no_database():
    done = subprocess.run([sys.executable, "-c", COUNTING], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
