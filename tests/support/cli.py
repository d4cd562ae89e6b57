"""The command line, run in this process (fast) or as the program that a user types."""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from jalon.interfaces.cli import run


@dataclass(frozen=True)
class Answer:
    """What a command said, and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def json(self) -> Any:
        return json.loads(self.out)


def jalon(*arguments: str) -> Answer:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    return Answer(code, out.getvalue(), err.getvalue())


def program(*arguments: str, stdout: Any = subprocess.PIPE, **environment: str) -> Answer:
    """Run the program itself, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "jalon", *arguments],
        stdout=stdout, stderr=subprocess.PIPE, env={**os.environ, **environment}, check=False, timeout=60,
    )  # fmt: skip
    return Answer(done.returncode, (done.stdout or b"").decode("utf-8"), done.stderr.decode("utf-8"))
