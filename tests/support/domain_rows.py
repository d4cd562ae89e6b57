"""The rows of the domain reference of programme 1, read from the page where they have their ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "domaine" / "rs_temporaire.md"

ID = re.compile(r"2\.1(?:#\d+[a-z]?(?:/[a-z_]+)?|/(?P<table>[a-z]+)/[a-z0-9_]+)")
_LINE = re.compile(r"^\| `(?P<id>2\.1[^`]*)` \|(?P<text>.*)\|$")


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


def _row(name: str, text: str) -> Row:
    well_formed = ID.fullmatch(name)
    if well_formed is None:
        msg = f"{name} is not the id of a row"
        raise ValueError(msg)
    return Row(name, well_formed["table"] or "transition", text.strip())
