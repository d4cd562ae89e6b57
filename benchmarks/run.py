"""Measure jalon beside hand-written limits, print the figures, and write docs/benchmarks.md.

Usage: run.py [--json] [--no-write]
"""

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import acts
import beds
import civil
import forecast
import life
import psycopg
import recompute
import scenario
import startup
import sweep
import visits
import worklist
from houses import postgres_bench, postgres_server, sqlite_bench
from measure import Figure, progress

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
PACKAGES = ("sqlalchemy", "pydantic", "psycopg", "PyYAML", "python-dateutil")


def figures(folder: Path, server: str, notes: dict[str, str]) -> Iterator[Figure]:
    """Measure everything, the quickest first."""
    progress("dates")
    yield civil.measure()
    progress("imports, in fresh interpreters")
    yield from startup.importing()
    progress("a life at random")
    yield life.measure(folder, 1 / 3)
    progress("a workflow, parsed and opened")
    yield from startup.parsing()
    for name, opened, of_acts, of_sweep in (
        ("SQLite", partial(sqlite_bench, folder), 0.30, 0.25),
        ("PostgreSQL", partial(postgres_bench, server), 0.40, 0.30),
    ):
        progress(f"transitions, {name}")
        with opened() as bench:
            yield acts.measure(bench, of_acts)
        progress(f"a transition that takes a bed, {name}")
        with opened() as bench:
            yield beds.measure(bench, 1.5)
        progress(f"due reminders, {name}")
        with opened() as bench:
            yield sweep.measure(bench, of_sweep)
        progress(f"dates that follow a correction, {name}")
        with opened() as bench:
            yield recompute.measure(bench, 1.5)
        progress(f"a year foreseen, {name}")
        with opened() as bench:
            yield forecast.measure(bench, 3)
        progress(f"what a coordinator is awaited for, {name}")
        with opened() as bench:
            yield worklist.measure(bench, 2)
    progress("stories of rs_temporaire")
    yield from scenario.measure()
    progress("a visit of rs_temporaire")
    visit = visits.measure(f"sqlite:///{folder / 'visits.db'}")
    notes["`consigner_visite` of rs_temporaire, SQLite"] = told(visit)


def durability(server: str) -> str:
    """Say what PostgreSQL promises of a commit here."""
    with psycopg.connect(server) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("server_version", "fsync")]
    return "PostgreSQL {} (fsync {})".format(*(row[0].split()[0] for row in shown if row))


def machine(server: str) -> dict[str, str]:
    """Say on what the figures were measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "databases": f"SQLite {sqlite3.sqlite_version} (WAL, synchronous FULL), {durability(server)}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def told(seconds: float) -> str:
    """Write a duration with three digits that matter."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def table(found: list[Figure]) -> str:
    """Write the figures as a table."""
    lines = ["| what | ratio | asked | jalon | limit |", "|---|---:|---:|---:|---:|"]
    for figure in found:
        mark = {True: " ✓", False: " ✗", None: ""}[figure.reached]
        lines.append(
            f"| {figure.name} | **{figure.ratio:.2f}** | {figure.target}{mark} | {told(figure.ours)}"
            f" | {told(figure.limit)} |"
        )
    return "\n".join(lines)


def page(found: list[Figure], context: dict[str, str], notes: dict[str, str]) -> str:
    """Write the page of the documentation."""
    text = (Path(__file__).parent / "page.md").read_text("utf-8")
    told_of = "\n".join(f"- {name}: {value}" for name, value in {**context, **notes}.items())
    return text.replace("@figures@", table(found)).replace("@context@", told_of)


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="Measure jalon beside hand-written limits.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md as it is")
    asked = parser.parse_args()
    begun = time.monotonic()
    notes: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        found = list(figures(Path(folder), server, notes))
        context = machine(server)
    progress("")
    if not asked.no_write:
        PAGE.write_text(page(found, context, notes), "utf-8")
    if asked.json:
        data: dict[str, Any] = {**context, "notes": notes, "figures": [figure.as_data() for figure in found]}
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(table(found))
        print(*(f"{name}: {value}" for name, value in {**context, **notes}.items()), sep="\n")
        print(f"measured in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
