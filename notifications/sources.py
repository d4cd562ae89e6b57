"""Where the text of a template is found: the house's folders first, then the package."""

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from ..domain.errors import InputError

SUFFIX = ".txt.j2"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")


class Sources:
    """Folders of templates, the first one that has a key winning; raises InputError on a folder amiss."""

    def __init__(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            if not folder.is_dir():
                raise InputError(
                    "not a folder of templates", argument="templates", value=str(folder), problem="folder"
                )
            for path in folder.glob(f"*{SUFFIX}"):
                if not _KEY.fullmatch(path.name.removesuffix(SUFFIX)):
                    raise InputError(
                        "a template's file is named after its key, like rappel_visite.txt.j2",
                        argument="templates",
                        value=path.name,
                        problem="file_name",
                    )
        self._shelves = (*folders, files(__package__).joinpath("templates"))

    def names(self) -> frozenset[str]:
        """Return every key that has a text."""
        found = (entry.name for shelf in self._shelves for entry in shelf.iterdir())
        return frozenset(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX))

    def text(self, key: str) -> str | None:
        """Return the text of a template, or None when nobody has it; raises OSError, UnicodeDecodeError."""
        if not _KEY.fullmatch(key):
            return None
        for shelf in self._shelves:
            entry = shelf.joinpath(f"{key}{SUFFIX}")
            if entry.is_file():
                return entry.read_text(encoding="utf-8")
        return None


def layout() -> str:
    """Return the page that every HTML part is poured into; a house does not replace it."""
    return files(__package__).joinpath("templates", "layout.html.j2").read_text(encoding="utf-8")
