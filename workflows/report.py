"""The faults found in a document and its fragments, each where it stands."""

import difflib
from collections.abc import Iterable

from ..domain.errors import Problem
from .reader import Document

Path = tuple[str | int, ...]

MOST_SUGGESTIONS = 50
"""A resemblance is costly to look for: past so many, a fault is said without it."""

MOST_PROBLEMS = 500
"""Nobody reads more; what comes after is counted."""

MOVES = ("from", "to", "in")


class Report:
    """Collects faults, and knows in which file each part of a merged document was written.

    `fatal` says that too much is missing to go on; `moves_known` that the moves between states are sure enough
    to judge what can be reached; `rungs` says where each rung of each deadline is written.
    """

    def __init__(self, main: Document) -> None:
        self.main = main
        self.origins: dict[Path, Document] = {}
        self.fatal = False
        self.moves_known = True
        self.rungs: dict[tuple[str, str], Path] = {}
        self._found: dict[Problem, None] = {}
        self._patched: set[Path] = set()
        self._more = 0
        self._suggestions = 0
        self._left_out: dict[tuple[str, Path], list[int]] = {}

    @property
    def problems(self) -> list[Problem]:
        """Give every fault so far, in the order of the files, lines and columns."""
        found = sorted(self._found)
        if self._more:
            text = f"et d’autres fautes ({self._more}) : corriger d’abord celles-ci"
            found.append(Problem(found[-1].file, found[-1].line, found[-1].column, text, "more"))
        return found

    @property
    def full(self) -> bool:
        """Say whether so many faults were found that there is no use in looking further."""
        return len(self._found) >= MOST_PROBLEMS

    def came_from(self, section: str, name: str, document: Document) -> None:
        """Remember which document wrote an element."""
        self.origins[(section, name)] = document

    def add(self, path: Path, text: str, *, code: str = "invalid", key: bool = False) -> None:
        """Record a fault at a path of the merged document."""
        if path in self._patched:
            return
        document = self.main
        if len(path) > 1:
            document = self.origins.get((path[0], path[_element(path)]), self.main)
        self.add_in(document, path, text, code=code, key=key)

    def add_in(
        self, document: Document, path: Path, text: str, *, code: str = "invalid", key: bool = False
    ) -> None:
        """Record a fault at a path of one document."""
        if self.full:
            self._more += 1
            return
        line, column = document.where(self._as_written(document, path), key=key)
        self._found[Problem(document.file, line, column, text, code)] = None

    def patch(self, path: Path) -> None:
        """Remember a place that was mended to go on, so that no later rule tells it again, nor what holds it."""
        self._patched.update((path, path[:-1]))

    def is_patched(self, path: Path) -> bool:
        """Say whether a place was mended."""
        return path in self._patched

    def leave_out(self, document: Document, path: Path) -> None:
        """Remember that an item of a list is left out, so that those after it are still placed where they are."""
        *before, index = self._as_written(document, path)
        self._left_out.setdefault((document.file, tuple(before)), []).append(int(index))

    def _as_written(self, document: Document, path: Path) -> Path:
        """Give the path in the document as its author wrote it."""
        if not self._left_out:
            return path
        found: list[str | int] = []
        for step in path:
            place = step
            if isinstance(place, int):
                for gone in sorted(self._left_out.get((document.file, tuple(found)), ())):
                    place += gone <= place
            found.append(place)
        return tuple(found)

    def take(self, problems: Iterable[Problem]) -> None:
        """Record faults found elsewhere."""
        for problem in problems:
            self._found[problem] = None

    def closest(self, name: str, known: Iterable[str]) -> str | None:
        """Find the known name that a mistyped one resembles."""
        if self._suggestions >= MOST_SUGGESTIONS or len(name) > 60:
            return None
        self._suggestions += 1
        return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)), None)


def suggestion(name: str | None) -> str:
    """Suggest a name, as the end of a sentence."""
    return f" ; vouliez-vous dire « {name} » ?" if name else ""


def shown(value: object) -> str:
    """Write a value as a sentence may carry it: short, on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"


def _element(path: Path) -> int:
    """States and roles stand one level deeper than the rest: under their phase, under their kind."""
    return 2 if path[0] in ("states", "roles") and len(path) > 2 else 1
