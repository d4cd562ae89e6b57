"""Importing jalon loads what a program needs to start, starts nothing, and leaves the rest for when it is used."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, socket, sys, threading

made = []
first = socket.socket.__init__
socket.socket.__init__ = lambda self, *args, **options: (made.append(1), first(self, *args, **options))[1]

from jalon import Engine, Settings, load

print(json.dumps({"modules": sorted(sys.modules), "threads": threading.active_count(), "sockets": len(made)}))
"""

LATE = (
    "alembic", "apscheduler", "dateutil", "fastapi", "icalendar", "jinja2", "psycopg", "rich", "smtplib",
    "sqlalchemy.dialects.postgresql", "sqlalchemy.ext", "sqlalchemy.orm", "transitions", "typer", "yaml",
)  # fmt: skip


@pytest.fixture(scope="module")
def imported() -> dict:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("module", LATE)
def test_what_is_used_later_is_loaded_later(imported: dict, module: str) -> None:
    assert module not in imported["modules"]


def test_nothing_begins_at_import(imported: dict) -> None:
    assert (imported["threads"], imported["sockets"]) == (1, 0)
    assert "jalon.engine" in imported["modules"]
