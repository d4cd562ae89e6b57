"""From a read document to its authored form, every fault of shape said in French where it stands.

A document at fault is mended just enough to be read on (a mistyped key gets its right name, a value of the wrong
type is left out), so that what else is wrong with it is told at the same time.
"""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .faults import Fault, faults_of
from .reader import Document
from .report import Path, Report, shown, suggestion

Form = TypeVar("Form", bound=BaseModel)

MOST_MENDINGS = 6

_PLACEHOLDERS: dict[str, Any] = {
    "label": "…", "title": "…", "by": [], "who": [], "to": [], "closed_by": [], "default": 0, "due": {},
    "kind": "parcours", "workflow": "inconnu", "fragment": "inconnu", "version": 1,
}  # fmt: skip


def validate(document: Document, form: type[Form], report: Report) -> Form | None:
    """Read a document as one of the authored forms, its faults in the report; None where it cannot be mended."""
    data = _without_empty(document, report)
    try:
        return form.model_validate(data)
    except ValidationError as error:
        faults = faults_of(error, data)
    data = copy.deepcopy(data)
    for _ in range(MOST_MENDINGS):
        for fault in sorted(faults, key=_in_turn):
            _tell_and_mend(fault, data, document, form, report)
        try:
            return form.model_validate(data)
        except ValidationError as error:
            faults = faults_of(error, data)
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
        _drop(data, path, document, report)
    return data


def _empty(data: Any, path: Path) -> Iterator[Path]:
    """Find the values that are missing, in the order of the document."""
    for part, value in data.items() if isinstance(data, dict) else enumerate(data):
        if value is None:
            yield (*path, part)
        elif isinstance(value, dict | list):
            yield from _empty(value, (*path, part))


def _in_turn(fault: Fault) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Mend mistyped keys first, since they are the missing ones; then the last item of a list before the first."""
    order = (
        ("unknown_key", "missing_key").index(fault.code)
        if fault.code in ("unknown_key", "missing_key")
        else 2
    )
    return order, tuple((-part, "") if isinstance(part, int) else (1, part) for part in fault.path)


# -- telling, mending


def _tell_and_mend(
    fault: Fault, data: Any, document: Document, form: type[BaseModel], report: Report
) -> None:
    if fault.code == "unknown_key":
        _rename(fault, data, document, form, report)
    elif fault.code == "missing_key":
        holder = _at(data, fault.path)
        if isinstance(holder, dict) and fault.key in holder:
            return
        if (*fault.path, fault.key) not in report.patched:
            report.add_in(document, fault.path, fault.text, code=fault.code, key=True)
        _fill(fault, data, document, report)
    else:
        report.add_in(document, fault.path, fault.text, code=fault.code)
        report.moves_known &= not (fault.path and fault.path[0] in ("actions", "states", "groups"))
        report.patched.add(fault.path)
        _drop(data, fault.path, document, report)


def _rename(fault: Fault, data: Any, document: Document, form: type[BaseModel], report: Report) -> None:
    """Tell an unknown key, and read it as the known one that it resembles."""
    *before, last = fault.path
    right = report.closest(str(last), _keys(form, tuple(before)))
    text = f"clé inconnue « {shown(last)} »{suggestion(right)}"
    report.add_in(document, fault.path, text, code=fault.code, key=True)
    holder = _at(data, tuple(before))
    if isinstance(holder, dict):
        value = holder.pop(last, None)
        if right is not None and right not in holder:
            holder[right] = value
        elif before[:1] == ["actions"]:
            report.moves_known = False


def _fill(fault: Fault, data: Any, document: Document, report: Report) -> None:
    """Put something in place of a key that is missing, or leave out what cannot do without it."""
    holder = _at(data, fault.path)
    if isinstance(holder, dict) and fault.key in _PLACEHOLDERS:
        task = fault.path[:1] == ("tasks",) and fault.key == "due"
        holder[fault.key] = "P1D" if task else copy.copy(_PLACEHOLDERS[fault.key])
        report.patched.add((*fault.path, fault.key))
    else:
        report.patched.add(fault.path)
        _drop(data, fault.path, document, report)


def _at(data: Any, path: Path) -> Any:
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)  # type: ignore[call-overload, unused-ignore]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _drop(data: Any, path: Path, document: Document, report: Report) -> None:
    if not path:
        return
    parent, last = _at(data, path[:-1]), path[-1]
    if isinstance(parent, dict):
        parent.pop(str(last), None)
    elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        report.leave_out(document, path)
        del parent[last]


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
