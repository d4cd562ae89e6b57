"""A document at fault, told and mended: a mistyped key gets its right name, what cannot be read is left out."""

import copy
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

from .faults import Fault
from .reader import Document
from .report import Path, Report, shown, suggestion

_PLACEHOLDERS: dict[str, Any] = {
    "label": "…", "title": "…", "by": [], "who": [], "to": [], "closed_by": [], "default": 0, "due": {},
    "kind": "parcours", "workflow": "inconnu", "fragment": "inconnu", "version": 1,
    "because": "…", "basis": "…", "while": [], "then": "P1D", "within": "P1D",
}  # fmt: skip
_OF_SECTION: dict[tuple[str | int, str], Any] = {
    ("tasks", "due"): "P1D", ("seasons", "from"): "01-01", ("seasons", "to"): "01-01",
}  # fmt: skip
_ORDER = {"unknown_key": 0, "missing_key": 1}


class Mender:
    """Tells the faults of shape of one document, and mends a copy of its data."""

    def __init__(self, document: Document, form: type[BaseModel], report: Report) -> None:
        self.data: Any = document.data
        self._document = document
        self._form = form
        self._report = report
        self._copied = False

    def leave_empty(self, path: Path) -> None:
        """Tell a key without a value, and leave it out."""
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        self._tell(path, f"il manque une valeur à « {shown(key)} »", "empty", key=True)
        self._drop(path)

    def mend(self, faults: Iterable[Fault]) -> None:
        """Tell each fault and mend it; past the number that anybody reads, they are only counted."""
        for fault in sorted(faults, key=_in_turn):
            if self._report.full:
                self._tell(fault.path, fault.text, fault.code)
            elif fault.code == "unknown_key":
                self._rename(fault)
            elif fault.code == "missing_key":
                self._fill(fault)
            else:
                self._tell(fault.path, fault.text, fault.code)
                self._report.moves_known &= fault.path[:1] not in (("actions",), ("states",), ("groups",))
                self._drop(fault.path)

    def _tell(self, path: Path, text: str, code: str, *, key: bool = False) -> None:
        self._report.add_in(self._document, path, text, code=code, key=key)

    def _rename(self, fault: Fault) -> None:
        """Tell an unknown key, and read it as the known one that it resembles."""
        before, last = fault.path[:-1], str(fault.path[-1])
        right = self._report.closest(last, _keys(self._form, before))
        self._tell(fault.path, f"clé inconnue « {shown(last)} »{suggestion(right)}", fault.code, key=True)
        holder = self._at(before)
        if isinstance(holder, dict):
            value = holder.pop(last, None)
            if right is not None and right not in holder:
                holder[right] = value
            elif before[:1] == ("actions",):
                self._report.moves_known = False

    def _fill(self, fault: Fault) -> None:
        """Put something in place of a key that is missing, or leave out what cannot do without it."""
        holder, whole = self._at(fault.path), (*fault.path, fault.key)
        if isinstance(holder, dict) and fault.key in holder:
            return  # it was only mistyped
        if not self._report.is_patched(whole):
            self._tell(fault.path, fault.text, fault.code, key=True)
        place = (*fault.path[:1], fault.key)
        if isinstance(holder, dict) and (place in _OF_SECTION or fault.key in _PLACEHOLDERS):
            holder[fault.key] = copy.copy(
                _OF_SECTION[place] if place in _OF_SECTION else _PLACEHOLDERS[fault.key]
            )
            self._report.patch(whole)
        else:
            self._drop(fault.path)

    def _at(self, path: Path) -> Any:
        """Give what stands at a path of the copy."""
        if not self._copied:
            self.data, self._copied = copy.deepcopy(self.data), True
        found = self.data
        for part in path:
            if isinstance(found, dict):
                found = found.get(str(part))
            elif isinstance(found, list) and isinstance(part, int) and part < len(found):
                found = found[part]
            else:
                return None
        return found

    def _drop(self, path: Path) -> None:
        if not path:
            return
        parent, last = self._at(path[:-1]), path[-1]
        self._report.patch(path)
        if isinstance(parent, dict):
            parent.pop(str(last), None)
        elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            self._report.leave_out(self._document, path)
            del parent[last]


def _in_turn(fault: Fault) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Mend mistyped keys first, since they are the missing ones; then the last item of a list before the first."""
    steps = tuple((-part, "") if isinstance(part, int) else (1, part) for part in fault.path)
    return _ORDER.get(fault.code, 2), steps


# -- the keys known at a place


def _keys(form: type[BaseModel], path: Path) -> list[str]:
    schema = _schema(form)
    nodes: list[Any] = [schema]
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
        elif isinstance(part, int) and isinstance(branch.get("items"), dict):
            yield branch["items"]


def _branches(schema: dict[str, Any], node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield from _branches(schema, schema["$defs"][node["$ref"].rpartition("/")[2]])
        elif "anyOf" in node:
            for branch in node["anyOf"]:
                yield from _branches(schema, branch)
        else:
            yield node
