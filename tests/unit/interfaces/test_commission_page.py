"""The page that holds a commission of twelve files is true: it is typed again, in order, from an empty sandbox."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.cli import jalon

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "commission.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", re.DOTALL | re.MULTILINE)
LOOP = re.compile(r"^for n in ([\d ]+); do\n(.*?)^done >/dev/null\n", re.DOTALL | re.MULTILINE)


def commands(block: str) -> Iterator[tuple[str, bool]]:
    """Give each line that a shell would run, and whether what it says is shown: a loop says nothing here."""
    at = 0
    for loop in LOOP.finditer(block):
        yield from ((line, True) for line in block[at : loop.start()].splitlines())
        for value in loop[1].split():
            yield from ((line.strip().replace("$n", value), False) for line in loop[2].splitlines())
        at = loop.end()
    yield from ((line, True) for line in block[at:].splitlines())


def typed(line: str) -> str:
    """Run one line as a shell would, and give what it shows."""
    words = shlex.split(line)
    if words[0] == "export":
        os.environ.update(word.split("=", 1) for word in words[1:])
        return ""
    quiet = words[-1].startswith(">")
    answer = jalon(*(words[1:-1] if quiet else words[1:]))
    assert words[0] == "jalon"
    assert not quiet or answer.code == 0, (line, answer.err)
    return "" if quiet else answer.out + answer.err


def replayed() -> Iterator[tuple[str, str, str]]:
    """Give each block of commands, what it shows, and what the page says that it shows."""
    for block, shown in BLOCK.findall(PAGE.read_text("utf-8")):
        said = ""
        for line, told in commands(block):
            answer = typed(line)
            said += answer if told else ""
        yield block, said, shown


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """An empty folder, and an environment that says nothing of jalon; both are as before afterwards."""
    for name in ("JALON_BY", "JALON_DATABASE", "JALON_LINK", "JALON_SENDER", "JALON_SMTP", "JALON_TEMPLATES"):
        monkeypatch.setenv(name, "")  # so that it is restored, whatever the page exports
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("alone")
def test_a_commission_of_twelve_files_is_held_as_the_page_says():
    """Five admitted, two refused, two adjourned, two on the waiting list, one put off; minutes, then closing."""
    blocks = 0
    for block, said, shown in replayed():
        assert said == shown, block
        blocks += 1
    assert blocks > 15
    assert jalon("db", "verify").code == 0
