"""The faults found in a document and its fragments, each where it stands."""

import difflib
from collections.abc import Iterable

from ..domain.errors import Problem
from .reader import Document

Path = tuple[str | int, ...]


class Report:
    """Collects faults, and knows in which file each part of a merged document was written."""

    def __init__(self, main: Document) -> None:
        self.main = main
        self.origins: dict[Path, Document] = {}
        self.problems: list[Problem] = []

    def came_from(self, section: str, name: str, document: Document) -> None:
        """Remember which document wrote an element."""
        self.origins[(section, name)] = document

    def add(self, path: Path, text: str, *, code: str = "invalid", key: bool = False) -> None:
        """Record a fault at a path of the merged document."""
        document = self.main
        if len(path) > 1:
            document = self.origins.get((path[0], path[_element(path)]), self.main)
        self.add_in(document, path, text, code=code, key=key)

    def add_in(
        self, document: Document, path: Path, text: str, *, code: str = "invalid", key: bool = False
    ) -> None:
        """Record a fault at a path of one document."""
        line, column = document.where(path, key=key)
        problem = Problem(document.file, line, column, text, code)
        if problem not in self.problems:
            self.problems.append(problem)


def _element(path: Path) -> int:
    """States and roles stand one level deeper than the rest: under their phase, under their kind."""
    return 2 if path[0] in ("states", "roles") and len(path) > 2 else 1


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest the known name that a mistyped one resembles, as the end of a sentence."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" ; vouliez-vous dire « {close[0]} » ?" if close else ""
