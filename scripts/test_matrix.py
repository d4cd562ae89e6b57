"""Run the suite on every Python found and each SQLAlchemy, and print what really ran (make test-all).

The suite itself covers SQLite and PostgreSQL; each row counts the tests that name either database.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from environment import (
    ROOT,
    SUPPORTED,
    SetupError,
    dependency_group,
    find_python,
    install,
    interpreter,
    make_environment,
)

SQLALCHEMY = ("2.0.*", "2.1.*")
HEADER = ("Python", "SQLAlchemy", "passed", "failed", "skipped", "SQLite", "PostgreSQL", "seconds", "verdict")

_VERSIONS = "import platform, sqlalchemy; print(platform.python_version(), sqlalchemy.__version__)"


@dataclass(frozen=True)
class Row:
    """One combination: what it was made of, and what its tests said."""

    python: str
    sqlalchemy: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    sqlite: int = 0
    postgresql: int = 0
    seconds: float = 0.0
    verdict: str = "failed"

    def cells(self) -> tuple[str, ...]:
        """Give the row as printed; what did not run has no figures."""
        counts = (self.passed, self.failed, self.skipped, self.sqlite, self.postgresql, round(self.seconds))
        figures = ["-" if self.verdict.startswith("not ") else str(count) for count in counts]
        return (self.python, self.sqlalchemy, *figures, self.verdict)


def combination(version: str, pin: str, options: list[str]) -> Row:
    """Run the suite on one Python and one SQLAlchemy, in an environment of their own."""
    python = find_python(version)
    if python is None:
        return Row(version, pin, verdict="not run: no such Python here")
    folder = ROOT / ".venvs" / f"python{version}-sqlalchemy{pin.rstrip('.*')}"
    try:
        inside = make_environment(folder, python)
        install(inside, "-e", ".", f"sqlalchemy=={pin}", *dependency_group("dev"))
    except SetupError as failure:
        return Row(version, pin, verdict=f"not installed: {failure}")
    return _tested(folder, options)


def _tested(folder: Path, options: list[str]) -> Row:
    python = str(interpreter(folder))
    asked = subprocess.run([python, "-c", _VERSIONS], capture_output=True, text=True, check=True)
    version, sqlalchemy = asked.stdout.split()
    report = folder / "report.xml"
    command = [python, "-m", "pytest", "-q", f"--junit-xml={report}", *options]
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, check=False)
    seconds = time.monotonic() - started
    cases = list(ET.parse(report).iter("testcase")) if report.exists() else []
    bad = sum(1 for case in cases if _has(case, "failure", "error"))
    skipped = sum(1 for case in cases if _has(case, "skipped"))
    return Row(
        version,
        sqlalchemy,
        passed=len(cases) - bad - skipped,
        failed=bad,
        skipped=skipped,
        sqlite=_naming(cases, "sqlite"),
        postgresql=_naming(cases, "postgresql"),
        seconds=seconds,
        verdict="passed" if done.returncode == 0 else f"failed (pytest exit {done.returncode})",
    )


def _has(case: ET.Element, *tags: str) -> bool:
    return any(case.find(tag) is not None for tag in tags)


def _naming(cases: list[ET.Element], database: str) -> int:
    """Count the tests that ran and whose parameters name the database."""
    return sum(1 for case in cases if database in case.get("name", "").lower() and not _has(case, "skipped"))


def table(rows: list[Row]) -> Iterator[str]:
    """Lay the rows out in aligned columns."""
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def main() -> int:
    """Run every combination found; 1 where one failed, or where none ran."""
    rows = []
    for version in reversed(SUPPORTED):
        for pin in SQLALCHEMY:
            print(f"\n== Python {version}, SQLAlchemy {pin}", flush=True)
            rows.append(combination(version, pin, sys.argv[1:]))
    print("\nThe matrix that ran:\n")
    print("\n".join(table(rows)))
    ran = [row for row in rows if not row.verdict.startswith("not run")]
    return 0 if ran and all(row.verdict == "passed" for row in ran) else 1


if __name__ == "__main__":
    sys.exit(main())
