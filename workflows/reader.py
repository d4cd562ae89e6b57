"""Reads a workflow document: strict YAML 1.2, into plain data that remembers its places.

Only what a director can read back is accepted: no anchor, alias, merge, tag or directive, no duplicate key,
one document. Size is bounded before parsing, depth and number of nodes while composing.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..domain.errors import DefinitionError, Problem
from .composer import Composer, Spots, UnreadableError
from .syntax import HAS_LIBYAML, TAB_SENTENCE, Mark, complaint, event_source

MAX_BYTES = 1024 * 1024 if HAS_LIBYAML else 128 * 1024
"""A longer document is refused unread; the pure parser, ten times slower, is given less."""

# What YAML forbids, and the marks and separators that libyaml counts as lines though editors do not.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SEPARATORS = ("\x85", "\u2028", "\u2029", "\ufeff")
# A first tab on a line that holds something: libyaml takes it between brackets.
_TABS = re.compile(r"^\t(?=[ \t]*[^\s#])", re.MULTILINE)
_DIRECTIVE = re.compile("(?:^|[\n\r])%")


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read: its file, its data, and where each value stands."""

    file: str
    data: dict[str, Any]
    _start: Mark = field(repr=False)
    _spots: Spots = field(repr=False)

    def where(self, path: tuple[str | int, ...], *, key: bool = False) -> tuple[int, int]:
        """Return line and column, from 1, of the value at a path, or of its key.

        What the document does not hold is placed at its nearest parent.
        """
        mark, spots = self._start, self._spots
        for step in path:
            if not isinstance(spots, dict):
                break
            if (spot := spots.get(step)) is None:
                if step == 0 and spots:
                    continue  # a table written alone is the first of its list
                break
            mark, spots = spot[0] if key else spot[1], spot[2]
        return mark.line + 1, mark.column + 1


def read(text: str | bytes, file: str = "…") -> Document:
    """Return the document of a text.

    Raises DefinitionError with every problem found; a syntax error ends the reading.
    """
    if len(text) > MAX_BYTES:
        raise _refusal(file, "size", f"le document dépasse {MAX_BYTES // 1024} Kio")
    if isinstance(text, bytes):
        text = _decoded(text, file)
    text = text.removeprefix("\ufeff")
    _check_characters(text, file)
    return _composed(text, file)


def read_file(path: Path) -> Document:
    """Return the document of a file, whose size is checked first.

    Raises DefinitionError, also when the file is missing or cannot be read.
    """
    file = str(path)
    try:
        if not path.is_file():
            what = "n'est pas un fichier" if path.exists() else "n'existe pas"
            raise _refusal(file, "file", f"ce chemin {what}")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except PermissionError as error:
        raise _refusal(file, "file", "le droit de lire ce fichier manque") from error
    except OSError as error:
        raise _refusal(file, "file", "ce fichier ne peut pas être lu") from error
    return read(content, file)


def _composed(text: str, file: str) -> Document:
    problems: list[Problem] = []
    try:
        composer = Composer(event_source(text), file, problems)
        data, start, spots = composer.document()
    except UnreadableError:
        pass
    except yaml.MarkedYAMLError as error:
        told = complaint(error, text)
        problems.append(Problem(file, told.line + 1, told.column + 1, told.text, told.code))
    except (yaml.YAMLError, UnicodeError):
        problems.append(_forbidden_character(text, file))
    if problems:
        raise DefinitionError(problems)
    return Document(file, data, start, spots)


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8").removeprefix("\ufeff")
        found = f"l'octet 0x{content[error.start]:02X} n'est pas de l'UTF-8"
        advice = "enregistrez le fichier en UTF-8, et non en latin-1 ou en UTF-16"
        problem = _problem(before, len(before), file, "encoding", f"{found} : {advice}")
        raise DefinitionError([problem]) from error


def _check_characters(text: str, file: str) -> None:
    """Raise DefinitionError for what libyaml takes but must not be given.

    It compares each %TAG directive with all the earlier ones: 75,000 of them take eight seconds.
    """
    if any(separator in text for separator in _SEPARATORS):
        raise DefinitionError([_forbidden_character(text, file)])
    if (text[:1] == "%" or "\n%" in text or "\r%" in text) and (found := _DIRECTIVE.search(text)):
        sentence = "les directives (lignes qui commencent par « % ») ne sont pas acceptées"
        raise DefinitionError([_problem(text, found.end() - 1, file, "directive", sentence)])
    if "\t" in text and (found := _TABS.search(text)):
        raise DefinitionError([_problem(text, found.start(), file, "tab", TAB_SENTENCE)])


def _forbidden_character(text: str, file: str) -> Problem:
    found = _FORBIDDEN.search(text)
    if found is None:
        return _problem(text, 0, file, "character", "un caractère de ce texte ne peut pas être lu")
    sentence = f"le caractère U+{ord(found[0]):04X}, invisible, n'est pas accepté : effacez-le"
    return _problem(text, found.start(), file, "character", sentence)


def _problem(text: str, index: int, file: str, code: str, sentence: str) -> Problem:
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    return Problem(file, line, column, sentence, code)


def _refusal(file: str, code: str, sentence: str) -> DefinitionError:
    return DefinitionError([Problem(file, 1, 1, sentence, code)])
