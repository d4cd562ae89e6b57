"""Facts typed on the command line: `nom=valeur`, `nom.partie=valeur`, or a file of JSON."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from .. import InputError
from ..domain.workflow import Workflow
from .reading import read_date

PARTS = ("name", "email", "phone", "language", "consent", "persons", "born", "ref", "anonymous")
LARGEST = 2_000_000  # bytes of JSON
_YES, _NO = ("oui", "true", "vrai", "1"), ("non", "false", "faux", "0")
_BORN = re.compile(r"(.*\S)\s+(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})")


def read_facts(pairs: Iterable[str] | None, source: str | None = None) -> dict[str, Any]:
    """Give the values typed, by name. Raises InputError for a pair that cannot be read, or a name given twice."""
    facts: dict[str, Any] = {} if source is None else _file(source)
    whole = set(facts)
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        name, _, part = name.strip().partition(".")
        if not equals or not name:
            raise InputError("a fact is name=value", argument="fact", value=pair[:80], problem="pair")
        if name in whole or (not part and name in facts):
            raise _twice(name)
        if part:
            _put(facts.setdefault(name, {}), name, part, value)
        else:
            facts[name] = value
            whole.add(name)
    return facts


def in_words_of(workflow: Workflow, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give dates typed the French way as the engine reads them; what is wrong is left for it to refuse."""
    read = dict(facts)
    for name, value in facts.items():
        known = workflow.facts.get(name)
        if known is not None and known.type == "date" and isinstance(value, str) and value.strip():
            with suppress(InputError):
                read[name] = read_date(value.strip(), name)
    return read


def _put(parts: dict[str, Any], name: str, part: str, value: str) -> None:
    if part not in PARTS:
        raise InputError("no such part", argument="fact", value=f"{name}.{part}"[:80], problem="part")
    if part in parts:
        raise _twice(f"{name}.{part}")
    if part in ("consent", "anonymous"):
        parts[part] = _yes_or_no(f"{name}.{part}", value)
    elif part == "persons":
        parts[part] = [_person(person) for person in value.split(",") if person.strip()]
    elif part == "born":
        parts[part] = _birth(value.strip()).isoformat()
    else:
        parts[part] = value


def _yes_or_no(name: str, value: str) -> bool:
    if value.lower() not in _YES + _NO:
        raise InputError("yes or no is wanted", argument="fact", value=name, problem="yes_or_no")
    return value.lower() in _YES


def _person(text: str) -> dict[str, str]:
    """Read `Amina K.` or `Amina K. 1988-04-02`: a name, and perhaps a date of birth."""
    found = _BORN.fullmatch(text.strip())
    if not found:
        return {"name": text.strip()}
    return {"name": found[1], "born": _birth(found[2]).isoformat()}


def _birth(text: str) -> date:
    return read_date(text, "born")


def _twice(name: str) -> InputError:
    return InputError("this fact is given twice", argument="fact", value=name[:80], problem="twice")


def _file(source: str) -> dict[str, Any]:
    try:
        found = json.loads(_text(source), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InputError("not JSON", argument="facts", value=source, problem="json") from None
    if not isinstance(found, dict):
        raise InputError("an object is wanted", argument="facts", value=source, problem="object")
    return found


def _text(source: str) -> str:
    if source == "-":
        return sys.stdin.read(LARGEST)
    try:
        with Path(source).open("rb") as stream:
            return stream.read(LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            "unreadable", argument="facts", value=source, problem="read", errno=error.errno
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _twice(name)
        found[name] = value
    return found


def _no_constant(text: str) -> Any:
    raise ValueError(text)
