"""The language as a JSON Schema, for editors: drawn from the models that read documents, said in French."""

from typing import Any

from pydantic.json_schema import models_json_schema

from .grammar import FragmentText, WorkflowText
from .meanings import MEANINGS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Give the schema of a document, whole workflow or fragment."""
    forms = [(WorkflowText, "validation"), (FragmentText, "validation")]
    references, drawn = models_json_schema(forms, by_alias=True)  # type: ignore[arg-type]
    definitions = drawn["$defs"]
    for name, definition in definitions.items():
        _say(name, definition)
    return {
        "$schema": DIALECT,
        "title": "Document jalon",
        "description": "Un programme, ou un fragment partagé par plusieurs programmes.",
        "anyOf": [references[form] for form in forms],  # type: ignore[index]
        "$defs": definitions,
    }


def _say(name: str, definition: dict[str, Any]) -> None:
    """Put the French words in place of those that developers read."""
    meaning = MEANINGS[name]
    definition["title"], definition["description"] = meaning.title, meaning.text
    for key, drawn in definition["properties"].items():
        drawn.pop("title", None)
        if drawn.get("default") is None:
            drawn.pop("default", None)
        if "anyOf" in drawn:
            # a key without a value is refused, so that nothing is left out by mistake
            drawn["anyOf"] = [branch for branch in drawn["anyOf"] if branch != {"type": "null"}]
        drawn["description"] = meaning.keys[key]
