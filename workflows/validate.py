"""From a read document to its authored form, every fault of shape said in French where it stands."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .reader import Document
from .report import Path, Report, nearest

Form = TypeVar("Form", bound=BaseModel)

_SENTENCES = {
    "string_type": "il faut un texte ici (mettre entre guillemets un nombre ou un oui/non)",
    "int_type": "il faut un nombre entier ici",
    "int_parsing": "il faut un nombre entier ici",
    "bool_type": "il faut true ou false ici",
    "bool_parsing": "il faut true ou false ici",
    "dict_type": "il faut ici des clés et des valeurs (nom: valeur)",
    "model_type": "il faut ici des clés et des valeurs (nom: valeur)",
    "model_attributes_type": "il faut ici des clés et des valeurs (nom: valeur)",
    "tuple_type": "il faut ici une liste",
    "list_type": "il faut ici une liste",
    "string_pattern_mismatch": "cette écriture n’est pas permise ici (nom : minuscules, chiffres et _ ; heure : 08:00)",
    "greater_than_equal": "la valeur est trop petite",
}


def validate(document: Document, form: type[Form], report: Report) -> Form | None:
    """Read a document as one of the authored forms; None, and faults in the report, where it is not one."""
    try:
        return form.model_validate(document.data)
    except ValidationError as error:
        for fault in _most_specific(error):
            path = _real_path(document.data, fault["loc"])
            report.add_in(document, path, _sentence(fault, form), code=fault["type"], key=_is_key(fault))
        return None


def _most_specific(error: ValidationError) -> list[Any]:
    """Keep, of the branches of a union that all failed, only the faults that went furthest into the document."""
    faults = error.errors(include_url=False, include_context=True)
    if len(faults) < 2:
        return list(faults)
    kept: list[Any] = []
    for fault in faults:
        deeper = any(other is not fault and _inside(fault["loc"], other["loc"]) for other in faults)
        if not deeper:
            kept.append(fault)
    return kept


def _inside(loc: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    shallow = tuple(part for part in loc if not _is_branch(part))
    deep = tuple(part for part in other if not _is_branch(part))
    return len(deep) > len(shallow) and deep[: len(shallow)] == shallow and len(loc) > len(shallow)


def _is_branch(part: Any) -> bool:
    return isinstance(part, str) and (part in _BRANCHES or "[" in part or part.endswith("Text"))


_BRANCHES = frozenset({"bool", "int", "str", "ParamRef", "constrained-str"})


def _real_path(data: Any, loc: tuple[Any, ...]) -> Path:
    """Follow a fault's location through the data, leaving out the names of union branches."""
    path: list[str | int] = []
    for part in loc:
        if isinstance(data, dict) and part in data:
            path.append(part)
            data = data[part]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            path.append(part)
            data = data[part]
    return tuple(path)


def _is_key(fault: Any) -> bool:
    return fault["type"] == "extra_forbidden"


def _sentence(fault: Any, form: type[BaseModel]) -> str:
    kind, where = fault["type"], fault["loc"]
    if kind == "extra_forbidden":
        return f"clé inconnue « {where[-1]} »{nearest(str(where[-1]), _keys(form, where[:-1]))}"
    if kind == "missing":
        return f"il manque la clé « {where[-1]} »"
    if kind == "literal_error":
        return f"valeur inconnue ; valeurs possibles : {fault['ctx']['expected'].replace(' or ', ', ')}"
    return _SENTENCES.get(kind, f"valeur impossible ici ({kind})")


def _keys(form: type[BaseModel], where: tuple[Any, ...]) -> list[str]:
    """Give the keys known at a place, from the schema of the form."""
    schema = form.model_json_schema(by_alias=True)
    node: Any = schema
    for part in where:
        node = _follow(schema, node, part)
    return list(_resolve(schema, node).get("properties", {}))


def _follow(schema: dict[str, Any], node: Any, part: Any) -> Any:
    node = _resolve(schema, node)
    for branch in [node, *(_resolve(schema, item) for item in node.get("anyOf", []))]:
        if part in branch.get("properties", {}):
            return branch["properties"][part]
        if isinstance(branch.get("additionalProperties"), dict):
            return branch["additionalProperties"]
        if isinstance(part, int) and isinstance(branch.get("items"), dict):
            return branch["items"]
    return {}


def _resolve(schema: dict[str, Any], node: Any) -> dict[str, Any]:
    while isinstance(node, dict) and "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return node if isinstance(node, dict) else {}
