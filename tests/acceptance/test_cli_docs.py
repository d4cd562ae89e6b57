"""The page of the command line shows what the commands really answer."""

import re
import shlex
from importlib import resources
from pathlib import Path

import pytest
from support.cli import jalon

import jalon as package

PAGE = Path(str(resources.files(package))) / "docs" / "reference" / "cli.md"


def examples() -> list[tuple[str, str]]:
    """Give each command of the page's `console` blocks, and the answer written below it."""
    if not PAGE.is_file():  # the tests are also run against the wheel, which has no docs
        return []
    blocks = re.findall(r"^```console\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    found = [re.split(r"^\$ jalon ", block, flags=re.MULTILINE)[1:] for block in blocks]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for parts in found for part in parts]


@pytest.mark.parametrize(("command", "answer"), examples())
def test_an_example_of_the_page_answers_what_it_shows(command, answer):
    said = jalon(*shlex.split(command))
    assert said.out + said.err == answer
