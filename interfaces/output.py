"""What a command prints: sentences and tables for people, plain columns when piped, JSON for programs."""

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .. import InputError
from .french import typeset

GAP = "  "
NARROW = 60  # columns, under which a table has no room for its columns
INDENT = 2  # of the continuation of a folded line

_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # surrogates that stand for no byte


def say(text: str = "") -> None:
    """Print one line on the standard output."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Print one line on the standard error."""
    _write(sys.stderr, text)


def show_json(value: Any) -> None:
    """Print a value as JSON, its accents as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def show_bytes(content: bytes) -> None:
    """Print a text that is UTF-8 as it is: no line of it is folded, no end of line translated."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(newline="")
    sys.stdout.write(content.decode("utf-8"))


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: folded to the width of a terminal, or in aligned columns, one line a row, when piped.

    On a terminal too narrow for columns, each cell has its line.
    """
    cells = [tuple(str(cell) for cell in row) for row in rows]
    if sys.stdout.isatty() and shutil.get_terminal_size().columns < NARROW:
        _blocks(heads, cells)
    elif sys.stdout.isatty():
        _rich_table(heads, cells)
    else:
        _plain_table([tuple(heads), *cells])


def write_file(path: Path, text: str) -> None:
    """Write a whole file, which its owner alone may read. Raises InputError where that is not possible."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise InputError(
            f"cannot write {path}: {error.strerror}", argument="output", value=str(path), problem="write",
            errno=error.errno,
        ) from error  # fmt: skip


def _write(stream: Any, text: str) -> None:
    """Write one line; a terminal folds it between words, under its own indent."""
    text = readable(text)
    stream.write((_folded(typeset(text)) if stream.isatty() else text) + "\n")


def readable(text: str) -> str:
    """Write the bytes of a file name that were never text as `\\xff`, not as half a character."""
    octets = text.encode("utf-8", "surrogateescape" if _LONE.search(text) is None else "backslashreplace")
    return octets.decode("utf-8", "backslashreplace")


def _folded(text: str) -> str:
    width = shutil.get_terminal_size().columns
    if len(text) <= width:
        return text
    indent = " " * (len(text) - len(text.lstrip(" ")) + INDENT)
    return textwrap.fill(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _blocks(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print each row as a block, one line a cell that holds something."""
    for number, row in enumerate(rows):
        if number:
            say()
        for head, cell in zip(heads, row, strict=True):
            if cell:
                say(f"{head[0].upper()}{head[1:]} : {cell}" if head else f"{' ' * INDENT}{cell}")


def _plain_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        line = GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say(line.rstrip())


def _rich_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    # Imported here: only a terminal needs it, and a piped command starts without it.
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(typeset(cell)) for cell in row))
    Console(file=sys.stdout).print(table)
