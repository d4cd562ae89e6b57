"""The parser of YAML events, and its complaints in French.

libyaml parses when PyYAML carries it; otherwise PyYAML's own parser does, ten times slower.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner


class Mark(Protocol):
    """A place in the text, as the parser counts: from zero."""

    @property
    def index(self) -> int:
        """Characters before it."""

    @property
    def line(self) -> int:
        """Lines before its own."""

    @property
    def column(self) -> int:
        """Characters before it on its line."""


class _PureParser(Reader, Scanner, Parser):
    """PyYAML's parser without its composer and constructors."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


_parser: Callable[[str], Any] = _PureParser
if HAS_LIBYAML := bool(yaml.__with_libyaml__):
    from yaml._yaml import CParser

    _parser = CParser


def event_source(text: str) -> Callable[[], Any]:
    """Return the function that gives the next event of the text, and raises yaml.YAMLError."""
    next_event: Callable[[], Any] = _parser(text).get_event
    return next_event


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why the parser stopped: the place (from zero), a stable code and a French sentence."""

    line: int
    column: int
    text: str
    code: str = "syntax"


TAB_SENTENCE = "une tabulation ne convient pas ici : remplacez-la par des espaces"
_UNKNOWN = "la syntaxe YAML n'est pas respectée ici"

# Parts of what libyaml and PyYAML say (their context, then their problem); the first that fits wins.
# For these, an author should look where the faulty thing begins; a code goes with each.
_AT_START: tuple[tuple[str, str, str], ...] = (
    ("quoted scalar found unexpected", "syntax", "ces guillemets ne sont jamais fermés"),
    ("could not find expected ':'", "syntax", "« : » attendu après cette clé, sur sa ligne"),
    ("scanning an alias", "alias", "« * » ne commence pas une valeur : mettez des guillemets"),
    ("scanning an anchor", "anchor", "« & » ne commence pas une valeur : mettez des guillemets"),
    ("tag", "tag", "« ! » ne commence pas une valeur : mettez des guillemets"),
)
# For these, where the parser stopped.
_AT_END: tuple[tuple[str, str], ...] = (
    ("values are not allowed", "« : » inattendu : corrigez le retrait, ou mettez des guillemets"),
    ("keys are not allowed", "une clé ne peut pas commencer ici : corrigez le retrait"),
    ("entries are not allowed", "« - » inattendu : une liste commence sur sa propre ligne"),
    ("unknown escape", "« \\ » entre guillemets doubles précède un code : écrivez « \\\\ »"),
    ("hexdecimal", "ce code de caractère demande des chiffres hexadécimaux"),
    ("hexadecimal", "ce code de caractère demande des chiffres hexadécimaux"),
    ("invalid Unicode", "ce code ne désigne aucun caractère"),
    ("a block scalar", "après « | » ou « > », le texte commence à la ligne suivante"),
    ("parsing a block collection", "« - » attendu : le retrait n'est pas celui de la liste"),
    ("parsing a block mapping", "une clé est attendue ici : corrigez le retrait, ou la fin de la valeur"),
    ("node content", "une valeur est attendue ici"),
    ("document start", "le document est terminé : rien ne peut suivre"),
)


def complaint(error: yaml.MarkedYAMLError, text: str) -> Complaint:
    """Return what a syntax error says, in French, and where an author should look."""
    said = f"{error.context or ''} {error.problem or ''}"
    opened: Mark | None = error.context_mark
    place: Mark | None = error.problem_mark or opened
    if place is None:
        return Complaint(0, 0, _UNKNOWN)
    if special := _special(said, text[place.index : place.index + 1], opened):
        return Complaint(place.line, place.column, *special)
    for fragment, code, sentence in _AT_START:
        if fragment in said and opened is not None:
            return Complaint(opened.line, opened.column, sentence, code)
    told = next((sentence for fragment, sentence in _AT_END if fragment in said), _UNKNOWN)
    return Complaint(place.line, place.column, told)


def _special(said: str, found: str, opened: Mark | None) -> tuple[str, str] | None:
    if "tab character" in said or (found == "\t" and "cannot start any token" in said):
        return TAB_SENTENCE, "tab"
    if "cannot start any token" in said:
        return f"une valeur ne commence pas par « {found} » : mettez-la entre guillemets", "syntax"
    if "nesting depth" in said:
        return "trop de listes et de tables les unes dans les autres", "depth"
    for closing, name in (("]", "liste"), ("}", "table")):
        if f"',' or '{closing}'" in said and opened is not None:
            return f"« , » ou « {closing} » attendu dans la {name} ouverte ligne {opened.line + 1}", "syntax"
    return None
