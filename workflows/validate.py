"""From a read document to its authored form, every fault of shape said in French where it stands.

A document at fault is mended just enough to be read on (a mistyped key gets its right name, a value of the wrong
type is left out), so that what else is wrong with it is told at the same time.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .reader import Document
from .report import Path, Report, shown, suggestion

Form = TypeVar("Form", bound=BaseModel)

MOST_MENDINGS = 6

_TABLE = "il faut ici des clés et des valeurs (nom: valeur)"
_SENTENCES = {
    "string_type": "il faut un texte ici (mettre entre guillemets un nombre ou un oui/non)",
    "int_type": "il faut un nombre entier ici",
    "bool_type": "il faut true ou false ici",
    "finite_number": "il faut un nombre fini ici",
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "tuple_type": "il faut une liste ici",
    "string_pattern_mismatch": "cette écriture n’est pas permise ici",
    "greater_than_equal": "ce nombre est trop petit",
    "less_than_equal": "ce nombre est trop grand",
}
_PATTERNS = {
    "version": "une version va de 1 à 999999",
    "hour": "une heure s’écrit 08:00, entre guillemets",
    "workflow": "un nom s’écrit en minuscules, chiffres et _, et commence par une lettre",
    "fragment": "un nom s’écrit en minuscules, chiffres et _, et commence par une lettre",
}
_PLACEHOLDERS: dict[str, Any] = {
    "label": "…", "title": "…", "by": [], "who": [], "to": [], "closed_by": [], "default": 0, "due": {},
    "kind": "parcours", "workflow": "inconnu", "fragment": "inconnu", "version": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Fault:
    """One fault of shape: its kind, where it is in the data, and the key it is about."""

    kind: str
    path: Path
    key: str
    input: Any
    expected: str = ""


def validate(document: Document, form: type[Form], report: Report) -> Form | None:
    """Read a document as one of the authored forms, its faults in the report; None where it cannot be mended."""
    data = _without_empty(document, report)
    try:
        return form.model_validate(data)
    except ValidationError as error:
        faults = _faults(error, data)
    data = copy.deepcopy(data)
    for _ in range(MOST_MENDINGS):
        for fault in sorted(faults, key=lambda fault: _depth_first(fault.path), reverse=True):
            _tell_and_mend(fault, data, document, form, report)
        try:
            return form.model_validate(data)
        except ValidationError as error:
            faults = _faults(error, data)
    report.fatal = True
    return None


def _without_empty(document: Document, report: Report) -> Any:
    """Report each key that has no value, and leave it out."""
    empty = list(_empty(document.data, ()))
    if not empty:
        return document.data
    data = copy.deepcopy(document.data)
    for path in reversed(empty):
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        report.add_in(document, path, f"il manque une valeur à « {shown(key)} »", code="empty", key=True)
        _drop(_at(data, path[:-1]), path[-1])
    return data


def _empty(data: Any, path: Path) -> Iterator[Path]:
    """Find the values that are missing, in the order of the document."""
    for part, value in data.items() if isinstance(data, dict) else enumerate(data):
        if value is None:
            yield (*path, part)
        elif isinstance(value, dict | list):
            yield from _empty(value, (*path, part))


def _depth_first(path: Path) -> tuple[tuple[int, str], ...]:
    """Order places so that, read backwards, the last item of a list is mended before the first."""
    return tuple((part, "") if isinstance(part, int) else (-1, part) for part in path)


# -- what pydantic says


def _faults(error: ValidationError, data: Any) -> list[_Fault]:
    """Give the faults, of a union whose every branch failed only those that went furthest into the document."""
    said = error.errors(include_url=False, include_context=True)
    placed = [(fault, _real_path(data, fault["loc"])) for fault in said]
    deeper = {path[:length] for _, path in placed for length in range(len(path))}
    found: dict[Path, list[_Fault]] = {}
    for fault, path in placed:
        kind, loc = str(fault["type"]), fault["loc"]
        missing = kind == "missing"
        if not missing and path in deeper and kind != "extra_forbidden" and len(loc) > len(path):
            continue
        expected = str(fault.get("ctx", {}).get("expected", ""))
        key = (
            str(loc[-1])
            if missing
            else next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        )
        found.setdefault(path, []).append(_Fault(kind, path, key, fault["input"], expected))
    return [fault for faults in found.values() for fault in _told_once(faults)]


def _told_once(faults: list[_Fault]) -> Iterator[_Fault]:
    """Of the branches of a union that failed at one place, say one; of missing keys, each."""
    missing = {fault.key: fault for fault in faults if fault.kind == "missing"}
    others = [fault for fault in faults if fault.kind != "missing"]
    yield from missing.values()
    if others and not missing:
        kinds = [fault.kind for fault in others]
        preferred = ("extra_forbidden", "literal_error", "string_type")
        yield others[next((kinds.index(kind) for kind in preferred if kind in kinds), 0)]


def _real_path(data: Any, loc: tuple[Any, ...]) -> Path:
    """Follow a fault's location through the data, leaving out the names of union branches."""
    path: list[str | int] = []
    for part in loc:
        held = (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        )
        if held:
            path.append(part)
            data = data[part]
    return tuple(path)


# -- telling, mending


def _tell_and_mend(
    fault: _Fault, data: Any, document: Document, form: type[BaseModel], report: Report
) -> None:
    parent = _at(data, fault.path[:-1])
    last = fault.path[-1] if fault.path else None
    if fault.kind == "extra_forbidden":
        right = report.closest(str(last), _keys(form, fault.path[:-1]))
        text = f"clé inconnue « {shown(last)} »{suggestion(right)}"
        report.add_in(document, fault.path, text, code=fault.kind, key=True)
        if isinstance(parent, dict):
            value = parent.pop(last, None)
            if right is not None and right not in parent:
                parent[right] = value
            elif fault.path[0] == "actions":
                report.moves_known = False
        return
    if fault.kind == "missing":
        report.add_in(document, fault.path, f"il manque la clé « {fault.key} »", code=fault.kind, key=True)
        _fill(fault, data, report)
        return
    report.add_in(document, fault.path, _sentence(fault), code=fault.kind)
    report.moves_known &= not (fault.path and fault.path[0] in ("actions", "states", "groups"))
    _drop(parent, last)


def _fill(fault: _Fault, data: Any, report: Report) -> None:
    holder = _at(data, fault.path)
    if isinstance(holder, dict) and fault.key in _PLACEHOLDERS:
        task = fault.path[:1] == ("tasks",) and fault.key == "due"
        holder[fault.key] = "P1D" if task else copy.copy(_PLACEHOLDERS[fault.key])
        report.patched.add((*fault.path, fault.key))
    else:
        _drop(_at(data, fault.path[:-1]), fault.path[-1] if fault.path else None)


def _at(data: Any, path: Path) -> Any:
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)  # type: ignore[call-overload, unused-ignore]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _drop(parent: Any, last: Any) -> None:
    if isinstance(parent, dict):
        parent.pop(last, None)
    elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        del parent[last]


def _sentence(fault: _Fault) -> str:
    if fault.kind == "literal_error":
        values = fault.expected.replace("'", "").replace(" or ", ", ")
        return f"valeur inconnue « {shown(fault.input)} » ; valeurs possibles : {values}"
    if isinstance(fault.input, str) and not fault.input.strip():
        return f"le texte de « {shown(fault.key)} » est vide"
    return _PATTERNS.get(fault.key) or _SENTENCES.get(fault.kind, "cette valeur n’est pas possible ici")


# -- the keys known at a place


def _keys(form: type[BaseModel], path: Path) -> list[str]:
    schema = _schema(form)
    nodes = [schema]
    for part in path:
        nodes = [inner for node in nodes for inner in _follow(schema, node, part)]
    return [
        key for node in nodes for branch in _branches(schema, node) for key in branch.get("properties", {})
    ]


@cache
def _schema(form: type[BaseModel]) -> dict[str, Any]:
    return form.model_json_schema(by_alias=True)


def _follow(schema: dict[str, Any], node: Any, part: str | int) -> Iterator[Any]:
    for branch in _branches(schema, node):
        if part in branch.get("properties", {}):
            yield branch["properties"][part]
        elif isinstance(part, str) and isinstance(branch.get("additionalProperties"), dict):
            yield branch["additionalProperties"]
        elif isinstance(branch.get("items"), dict):
            if isinstance(part, int):
                yield branch["items"]
            else:  # a list of one, written without its brackets
                yield from _follow(schema, branch["items"], part)


def _branches(schema: dict[str, Any], node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield from _branches(schema, schema["$defs"][node["$ref"].rpartition("/")[2]])
        elif "anyOf" in node:
            for branch in node["anyOf"]:
                yield from _branches(schema, branch)
        else:
            yield node
