"""Seasons compiled: parts of every year whose first and last days exist."""

from collections.abc import Mapping
from datetime import date

from ..domain.calendars import step
from ..domain.workflow import Season
from .grammar import SeasonText
from .report import Path, Report

LEAP = 2024
"""A year that has every day a year can have."""


def compile_seasons(written: Mapping[str, SeasonText], report: Report) -> dict[str, Season]:
    """Compile the seasons of a document; the whole year is not one."""
    found: dict[str, Season] = {}
    for name, season in written.items():
        path: Path = ("seasons", name)
        start, end = _day(season.from_, (*path, "from"), report), _day(season.to, (*path, "to"), report)
        if start and end and step(end, 1).replace(year=LEAP) == start:
            text = f"« {season.label} » couvre toute l’année : il faut des jours en dehors"
            report.add((*path, "to"), text, code="season", key=True)
        found[name] = Season(label=season.label, start=season.from_, end=season.to, basis=season.basis)
    return found


def _day(text: str, path: Path, report: Report) -> date | None:
    try:
        return date.fromisoformat(f"{LEAP}-{text}")
    except ValueError:
        report.add(path, f"le jour {text} n’existe dans aucune année", code="date")
        return None
