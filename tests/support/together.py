"""Two things done at the same time, each in its own thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from jalon import JalonError


def together(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Do two things at the same time; give what each came to, its error if it had one."""
    barrier = Barrier(2)

    def run(step: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return step()
        except JalonError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (first, second)))
