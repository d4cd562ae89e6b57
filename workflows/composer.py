"""Composes plain data from the events of a parser, keeps the place of each node, and collects the faults."""

import re
from collections.abc import Callable
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from ..domain.errors import Problem
from .scalars import FIRST_OF_OTHERS, resolve
from .syntax import Mark

MAX_DEPTH = 50
MAX_NODES = 100_000
MAX_PROBLEMS = 100
"""The reading ends once this many faults are known."""

Spots = dict[str | int, tuple[Mark, Mark, Any]] | None
"""Under each key or index: the place of the key, the place of the value, and the spots inside the value."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re.compile(r"[^ -~¡-\u1fff\u2010-\u2027\u2030-\u205f\u2070-\ud7ff]")
_SHOWN = 60


class UnreadableError(Exception):
    """The document is not worth reading further; its problems say why."""


class Composer:
    """Composes one document; adds to `problems`, and raises UnreadableError when a limit is passed."""

    def __init__(self, next_event: Callable[[], Any], file: str, problems: list[Problem]) -> None:
        self._next = next_event
        self._file = file
        self._problems = problems
        self._nodes_left = MAX_NODES
        self._depth = 0

    def document(self) -> tuple[Any, Mark, Spots]:
        """Return the data, the place where it starts and the places inside."""
        self._next()  # the start of the stream
        if type(event := self._next()) is StreamEndEvent:
            self._refuse(event, "empty", "le document est vide")
            raise UnreadableError
        root = self._next()
        data, spots = self._node(root)
        self._next()  # the end of the document
        if type(event := self._next()) is DocumentStartEvent:
            self._refuse(event, "documents", "un second document commence ici : un seul par fichier")
        if not isinstance(data, dict):
            self._refuse_root(root, data)
        return data, root.start_mark, spots

    def _node(self, event: Any) -> tuple[Any, Spots]:
        self._nodes_left -= 1
        if self._nodes_left < 0:
            self._refuse(event, "nodes", f"le document a plus de {MAX_NODES} valeurs et clés")
            raise UnreadableError
        if event.anchor is not None:
            self._refuse_anchor(event)
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event), None
        if kind is AliasEvent:
            return None, None
        if event.tag is not None:
            self._refuse_tag(event)
        return self._collection(event, kind)

    def _scalar(self, event: ScalarEvent) -> Any:
        text: str = event.value
        if event.tag is not None:
            self._refuse_tag(event)
        elif event.implicit[0]:
            if text and text[0] not in FIRST_OF_OTHERS:
                return text
            try:
                return resolve(text)
            except ValueError as error:
                self._refuse(event, "number", str(error))
        elif event.style == '"' and _CONTROL.search(text):
            self._refuse(event, "character", "ce texte contient un caractère de contrôle")
        return text

    def _collection(self, event: Event, kind: type[Event]) -> tuple[Any, Spots]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._refuse(event, "depth", f"plus de {MAX_DEPTH} listes et tables les unes dans les autres")
            raise UnreadableError
        spots: dict[str | int, tuple[Mark, Mark, Any]] = {}
        data = self._mapping(spots) if kind is MappingStartEvent else self._sequence(spots)
        self._depth -= 1
        return data, spots

    def _mapping(self, spots: dict[str | int, tuple[Mark, Mark, Any]]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while type(event := self._next()) is not MappingEndEvent:
            key = self._key(event)
            held = self._next()
            value, inside = self._node(held)
            if key is None:
                continue
            if key in data:
                self._refuse_duplicate(event, key, spots[key][0])
                continue
            data[key] = value
            spots[key] = event.start_mark, held.start_mark, inside
        return data

    def _sequence(self, spots: dict[str | int, tuple[Mark, Mark, Any]]) -> list[Any]:
        data: list[Any] = []
        while type(event := self._next()) is not SequenceEndEvent:
            value, inside = self._node(event)
            mark = event.start_mark
            spots[len(data)] = mark, mark, inside
            data.append(value)
        return data

    def _key(self, event: Any) -> str | None:
        if type(event) is not ScalarEvent or event.anchor is not None or event.tag is not None:
            self._node(event)
            if type(event) not in (ScalarEvent, AliasEvent):
                self._refuse(event, "key", "une clé est un texte, jamais une liste ni une table")
            return None
        self._nodes_left -= 1
        key: str = event.value
        if not event.implicit[0]:
            self._scalar(event)
        elif key == "<<":
            self._refuse(event, "merge", "la fusion « << » n'est pas acceptée : écrivez les clés")
            return None
        elif not key:
            self._refuse(event, "key", "il manque une clé avant « : »")
            return None
        return key

    def _refuse(self, event: Any, code: str, text: str) -> None:
        mark = event.start_mark
        self._problems.append(Problem(self._file, mark.line + 1, mark.column + 1, text, code))
        if len(self._problems) >= MAX_PROBLEMS:
            raise UnreadableError

    def _refuse_root(self, event: Any, data: Any) -> None:
        if data is None and type(event) is ScalarEvent and not event.value:
            self._refuse(event, "empty", "le document est vide")
        else:
            found = "une liste" if isinstance(data, list) else "une valeur seule"
            self._refuse(event, "root", f"le document est une table de clés et de valeurs, pas {found}")

    def _refuse_anchor(self, event: Any) -> None:
        name = _shown(event.anchor)
        if type(event) is AliasEvent:
            self._refuse(event, "alias", f"le renvoi « *{name} » n'est pas accepté : écrivez la valeur")
        else:
            self._refuse(event, "anchor", f"l'ancre « &{name} » n'est pas acceptée : écrivez la valeur")

    def _refuse_tag(self, event: Any) -> None:
        self._refuse(event, "tag", f"le type « {_shown(event.tag)} » n'est pas accepté : écrivez la valeur")

    def _refuse_duplicate(self, event: Any, key: str, first: Mark) -> None:
        place = f"ligne {first.line + 1}, colonne {first.column + 1}"
        self._refuse(event, "duplicate_key", f"la clé « {_shown(key)} » est déjà donnée {place}")


def _shown(name: str) -> str:
    """Return a name as a sentence may carry it: short, and harmless to a terminal."""
    short = name if len(name) <= _SHOWN else name[:_SHOWN] + "…"
    return _UNSEEN.sub("�", short)
