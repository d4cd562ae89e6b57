"""What pydantic says of a document, sorted out: one fault a place, the real place, a French sentence."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from .report import Path, shown

_TABLE = "il faut ici des clés et des valeurs (nom: valeur)"
_SCALAR = "il faut ici un texte, un nombre entier ou un oui/non (true, false)"
_NAMED = "il faut ici un nom, ou des clés et des valeurs (nom: valeur)"
_SENTENCES = {
    "string_type": "il faut un texte ici (mettre entre guillemets un nombre ou un oui/non)",
    "int_type": "il faut un nombre entier ici",
    "bool_type": "il faut true ou false ici",
    "finite_number": "il faut un nombre fini ici",
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "tuple_type": "il faut une liste ici",
}
_NAME = "un nom s’écrit en minuscules, chiffres et _, et commence par une lettre"
_PATTERNS = {
    "version": "une version est un nombre entier, de 1 à 999999",
    "hour": "une heure s’écrit 08:00, entre guillemets",
    "workflow": _NAME,
    "fragment": _NAME,
}
_DAY_OF_YEAR = "un jour de l’année s’écrit 11-01 (mois, jour)"
_CODES = {"extra_forbidden": "unknown_key", "missing": "missing_key", "literal_error": "unknown_value"}
_SCALARS = frozenset({"bool", "int", "float", "str", "constrained-str"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of shape: its code, where it is in the data, the key it is about, and a sentence."""

    code: str
    path: Path
    key: str
    text: str


def faults_of(error: ValidationError, data: Any) -> list[Fault]:
    """Give the faults of a document, of a union those of the branch that its author meant."""
    said = [_Said(fault, data) for fault in error.errors(include_url=False, include_context=True)]
    meant = _meant(said)
    found: dict[tuple[Path, str], list[_Said]] = {}
    for one in said:
        if all(meant.get(place, tag) == tag for place, tag in one.branches):
            found.setdefault((one.path, one.key if one.kind == "missing" else ""), []).append(one)
    return [_fault(faults) for faults in found.values()]


class _Said:
    """One fault as pydantic says it: its location, told apart into real steps and branches of unions."""

    def __init__(self, fault: Any, data: Any) -> None:
        self.kind: str = fault["type"]
        self.input = fault["input"]
        self.expected = str(fault.get("ctx", {}).get("expected", ""))
        steps = list(fault["loc"])
        missing = str(steps.pop()) if self.kind == "missing" else None
        path: list[str | int] = []
        self.branches: list[tuple[Path, str]] = []
        for step in steps:
            held = (isinstance(data, dict) and step in data) or (
                isinstance(data, list) and isinstance(step, int) and step < len(data)
            )
            if held:
                path.append(step)
                data = data[step]
            elif isinstance(step, str):
                self.branches.append((tuple(path), step))
        self.path: Path = tuple(path)
        self.is_table = isinstance(data, dict)
        self.key = missing or next((str(step) for step in reversed(path) if isinstance(step, str)), "")


def _meant(said: Iterable[_Said]) -> dict[Path, str]:
    """Find, where a table could be one of several, the one that it resembles most: the one with fewest faults."""
    counted: dict[Path, dict[str, int]] = {}
    for one in said:
        for place, tag in one.branches:
            if tag not in _SCALARS and not tag.startswith("literal"):
                tags = counted.setdefault(place, {})
                tags[tag] = tags.get(tag, 0) + 1
    tables = {
        place for one in said for place, _ in one.branches if one.is_table or len(one.path) > len(place)
    }
    return {place: min(tags, key=lambda tag: tags[tag]) for place, tags in counted.items() if place in tables}


def _fault(faults: list[_Said]) -> Fault:
    """Say one fault for all the branches that failed at one place."""
    kinds = dict.fromkeys(fault.kind for fault in faults)
    told = next((fault for fault in faults if fault.kind == "literal_error"), faults[0])
    code = _CODES.get(told.kind, "type" if told.kind.endswith("_type") else "value")
    return Fault(code, told.path, told.key, _sentence(told, kinds))


def _sentence(fault: _Said, kinds: Collection[str]) -> str:
    if fault.kind == "missing":
        return f"il manque la clé « {fault.key} »"
    if isinstance(fault.input, str) and not fault.input.strip():
        return f"le texte de « {shown(fault.key)} » est vide"
    if isinstance(fault.input, float) and "finite_number" in kinds:
        return _SENTENCES["finite_number"]
    if "literal_error" in kinds:
        values = fault.expected.replace("'", "").replace(" or ", ", ")
        also = "true, false, " if "bool_type" in kinds else ""
        known = f"valeur inconnue « {shown(fault.input)} »"
        return f"{known} ; valeurs possibles : {also}{values}" if values else known
    if "string_pattern_mismatch" in kinds and fault.key in ("from", "to"):
        return _DAY_OF_YEAR
    if fault.key in _PATTERNS:
        return _PATTERNS[fault.key]
    if "string_type" in kinds and len(kinds) > 1:
        return _NAMED if "model_type" in kinds and "int_type" not in kinds else _SCALAR
    return _SENTENCES.get(fault.kind, "cette valeur n’est pas possible ici")
