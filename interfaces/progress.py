"""A bar on a terminal, while what is asked takes its time; nothing elsewhere, and nothing on the standard output."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def bar(label: str, total: int | None = None) -> Iterator[Callable[[int], None] | None]:
    """Show a bar on a terminal: what is given moves it by a count, or is nothing where nothing is shown."""
    with _shown(label) as progress:
        if progress is None:
            yield None
            return
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)


@contextmanager
def counting(label: str, *, once_long: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on a terminal: what is given is told how many are done, and out of how many.

    With `once_long` it appears only when something is done and more is left.
    """
    with _shown(label, out_of=True) as progress:
        if progress is None:
            yield None
            return
        task = progress.add_task("", total=None, visible=not once_long)

        def told(done: int, total: int) -> None:
            visible = done < total if once_long else True
            progress.update(task, completed=done, total=total, visible=visible)

        yield told


@contextmanager
def _shown(label: str, *, out_of: bool = False) -> Iterator[Any]:
    """Open a display that leaves no trace; nothing where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    count = MofNCompleteColumn() if out_of else TextColumn("{task.completed}")
    columns = (TextColumn(label), BarColumn(), count)
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        yield progress
