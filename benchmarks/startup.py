"""(c) What it costs to begin: importing jalon, parsing a workflow, opening its compiled form."""

import statistics
import subprocess
import sys
import tempfile
from importlib import resources

import yaml
from measure import Figure, duration, in_turns

from jalon.workflows.compiled import dump, restore
from jalon.workflows.load import load

OURS = "from jalon import Engine, Settings, load"
MADE = f"{OURS}; Engine(Settings(database='sqlite:///none.db'))"
LIMIT = "from pydantic import BaseModel; import sqlalchemy"
PROGRAM = "import time; begun = time.perf_counter(); {}; print(time.perf_counter() - begun)"
IMPORTS, PARSES = 9, 9
NAME = "rs_temporaire"


def importing() -> tuple[Figure, Figure]:
    """Import in fresh interpreters, in turns.

    An import puts off pydantic and SQLAlchemy to the first use: so the first engine, which needs them, is timed too.
    """
    spent: dict[str, list[float]] = {OURS: [], MADE: [], LIMIT: []}
    for turn in range(IMPORTS + 1):
        for statement, kept in spent.items():
            command = [sys.executable, "-c", PROGRAM.format(statement)]
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, cwd=tempfile.gettempdir()
            )
            if turn:
                kept.append(float(done.stdout))
    ours, made, limit = (statistics.median(kept) for kept in spent.values())
    return (
        duration(f"`{OURS}` to `{LIMIT}`", (ours, limit), 1.3),
        duration("the same and a first engine made, to the same", (made, limit)),
    )


def parsing() -> tuple[Figure, Figure]:
    """Parse and check a shipped workflow beside what PyYAML's fastest loader takes on the same texts."""
    catalogue = resources.files("jalon.workflows") / "catalogue"
    document = (catalogue / f"{NAME}.yaml").read_text("utf-8")
    fragments = yaml.load(document, yaml.CSafeLoader)["include"]
    texts = [document, *((catalogue / "commun" / f"{name}.yaml").read_text("utf-8") for name in fragments)]
    workflow = load(NAME)
    kept = dump(workflow)

    def limit() -> None:
        for text in texts:
            yaml.load(text, yaml.CSafeLoader)

    parsed = in_turns([lambda: load(NAME)], [limit], PARSES)
    opened = in_turns([lambda: restore(kept)], [lambda: load(NAME)], PARSES)
    return (
        duration(f"{NAME} parsed and checked, to CSafeLoader on the same texts", parsed, 5),
        duration(f"{NAME} opened from its compiled form, to parsed", opened, 0.1),
    )
