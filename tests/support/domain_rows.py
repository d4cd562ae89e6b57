"""The rows of the domain reference, read from the pages where they have their ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "domaine"
PAGE = FOLDER / "rs_temporaire.md"

ID = re.compile(r"\d+\.\d+(?:#\d+[a-z]?(?:/[a-z_]+)?|/(?P<table>[a-z]+)/[a-z0-9_]+)")
_LINE = re.compile(r"^\| `(?P<id>\d+\.\d+[^`]*)` \|(?P<text>.*)\|$")


@dataclass(frozen=True)
class Row:
    """One row: its id, the table it belongs to, and what it says."""

    id: str
    table: str
    text: str


def rows(page: Path = PAGE) -> list[Row]:
    """Read every row that has an id, in the order of the page; raises ValueError on an id not well formed."""
    return [
        _row(match["id"], match["text"])
        for line in page.read_text(encoding="utf-8").splitlines()
        if (match := _LINE.match(line))
    ]


def pages() -> dict[str, list[Row]]:
    """Read every page that has rows with ids, by its name."""
    found = {page.stem: rows(page) for page in sorted(FOLDER.glob("*.md"))}
    return {name: held for name, held in found.items() if held}


def _row(name: str, text: str) -> Row:
    well_formed = ID.fullmatch(name)
    if well_formed is None:
        msg = f"{name} is not the id of a row"
        raise ValueError(msg)
    return Row(name, well_formed["table"] or "transition", text.strip())
