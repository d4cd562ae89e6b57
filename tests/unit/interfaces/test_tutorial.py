"""The tutorial is true, and so are the examples of the reference that follow it: they are typed again, in order."""

import os
import re
import shlex
from pathlib import Path

import pytest
from support.cli import jalon

DOCS = Path(__file__).parents[3] / "docs"
TUTORIAL, PAGE = DOCS / "tutorial.md", DOCS / "reference" / "cli.md"


def steps() -> list[tuple[list[str], str]]:
    """Give each block of commands of the tutorial, and what is shown below it."""
    found = re.findall(
        r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", TUTORIAL.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return [(block.replace("\\\n", " ").splitlines(), shown) for block, shown in found]


def examples() -> list[tuple[str, str]]:
    """Give each command of the `session` blocks of the reference, and the answer written below it."""
    blocks = re.findall(r"^```session\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    parts = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def typed(command: str) -> str:
    """Run one line as a shell would, and give what it shows."""
    words = shlex.split(command)
    if words[0] == "export":
        os.environ.update(word.split("=", 1) for word in words[1:])
        return ""
    assert words[0] == "jalon"
    answer = jalon(*words[1:])
    return answer.out + answer.err


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """An empty folder, and an environment that says nothing of jalon; both are as before afterwards."""
    for name in ("JALON_BY", "JALON_DATABASE", "JALON_LINK", "JALON_SENDER", "JALON_SMTP", "JALON_TEMPLATES"):
        monkeypatch.setenv(name, "")  # so that it is restored, whatever the page exports
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("alone")
def test_the_tutorial_and_the_reference_show_what_is_answered():
    """S3, as a newcomer types it; then every example of the reference, on the same house."""
    assert len(steps()) > 15
    for commands, shown in steps():
        assert "".join(map(typed, commands)) == shown, commands
    assert len(examples()) > 20
    for command, shown in examples():
        assert typed(command) == shown, command
