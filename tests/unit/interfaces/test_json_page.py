"""The page of the JSON shapes is true: what every command answers with `--json` is what its schema says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from support.cli import jalon
from support.shell import MEETING, Shell, furnished, opened

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "json.md"
ON = "2027-01-13"
STORY = str(Path(__file__).parents[2] / "stories" / "s03-variante-deux-absences.yaml")
TRIED = ("resultat_contact=joint",)


def strict(schema: Any) -> Any:
    """As the page says: every key of an object is there, and no other, unless the schema says so."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(part) for name, part in schema.items()}
    if isinstance(found.get("properties"), dict):
        found.setdefault("required", list(found["properties"]))
        found.setdefault("additionalProperties", False)
    return found


def schemas() -> dict[str, Any]:
    blocks = re.findall(r"^```json\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return {schema["$id"]: strict(schema) for schema in map(json.loads, blocks)}


def table() -> dict[str, str]:
    """Give the shape of each command, as the table of the page says it."""
    found: dict[str, str] = {}
    for commands, shape in re.findall(
        r"^\| (`jalon .*?) \| (.*?) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    ):
        found.update(dict.fromkeys(re.findall(r"`jalon ([a-z ]+)`", commands), shape))
    return found


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry().with_resources(
        (name, Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}))
        for name, schema in schemas().items()
    )


@pytest.fixture(scope="module")
def shell(tmp_path_factory) -> Shell:
    """A case whose first messages left, with a document, a correction, and a message on paper."""
    shell = furnished(tmp_path_factory.mktemp("house"))
    opened(shell)
    shell(
        "perform",
        "1",
        "planifier_entretien",
        on="2027-01-05",
        by="claire",
        facts=("date_rdv=2027-01-20", *MEETING),
    )
    shell("people", "add", "claire", "--no-consent")
    shell("document", "1", "avis_imposition", on="2027-01-06", by="claire")
    shell("correct", "1", "--reason", "erreur", on="2027-01-06", by="claire", facts=("date_rdv=2027-01-19",))
    shell.tick("2027-01-08T09:00")
    return shell


COMMANDS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("db", "status"), {}),
    (("db", "verify"), {}),
    (("establishment", "list"), {}),
    (("establishment", "parameters", "ophis", "rs_temporaire"), {}),
    (("people", "list"), {}),
    (("options", "1"), {"on": ON, "by": "claire"}),
    (("preview", "1", "contacter"), {"on": ON, "by": "claire", "facts": TRIED}),
    (("show", "1"), {"on": ON}),
    (("history", "1"), {"on": ON}),
    (("find",), {"on": ON}),
    (("why", "1", "entretien"), {"on": ON}),
    (("why", "1", "rendez_vous"), {"on": ON}),
    (("why", "1", "visite"), {"on": ON}),
    (("why", "1", "contacter"), {"on": ON, "by": "claire"}),
    (("why", "1", "contacter"), {"on": ON, "by": "claire", "facts": TRIED}),
    (("why", "1", "renouveler"), {"on": ON, "by": "claire"}),
    (("why", "1", "message:1"), {"on": ON}),
    (("pending",), {"on": "2027-01-25"}),
    (("forecast", "--until", "2036-12-31"), {"on": ON}),
    (("tick",), {"on": ON}),
    (("tick", "--no-deliver"), {"on": ON}),
    (("deliver", "--smtp", "maildir:{mail}"), {"on": ON}),
    (("outbox",), {"on": ON}),
    (("outbox", "show", "1"), {"on": ON}),
    (("perform", "1", "contacter"), {"on": ON, "by": "claire", "facts": TRIED}),
    (("correct", "1", "--reason", "erreur"), {"on": ON, "by": "claire", "facts": ("lieu_rdv=Bureau 3",)}),
    (("postpone", "1", "entretien", "--to", "2027-03-15", "--reason", "absente"), {"on": ON, "by": "diane"}),
    (("annul", "1", "--reason", "erreur"), {"on": ON, "by": "claire"}),
    (("open", "rs_temporaire", "-e", "ophis"), {"on": ON, "by": "claire", "facts": (
        "ref_siao=2", "date_demande_siao=2026-12-15", "menage=B. L.", "prescripteur=CCAS")}),
)  # fmt: skip
WITHOUT_DATABASE = (
    ("check",), ("workflows",), ("workflows", "show", "rs_temporaire"),
    ("date", "2026-12-31", "P2M", "--times", "2", "--shift", "precedent"), ("holidays", "2027"),
    ("scenario", STORY, "--coverage", "--mutate", "3", "--jobs", "1", "--at-least", "0"), ("scenario", STORY),
)  # fmt: skip


def conforms(registry: Registry, words: tuple[str, ...], answer: Any) -> None:
    """Compare an answer with the shape that the table gives to its command."""
    shapes = table()
    shape = shapes.get(" ".join(words[:2])) or shapes[words[0]]
    name = re.search(r"`(jalon:\w+)`", shape)
    assert name is not None
    one = {"$ref": name[1]}
    schema = {"type": "array", "items": one, "minItems": 1} if shape.startswith("une liste") else one
    faults = [error.message for error in Draft202012Validator(schema, registry=registry).iter_errors(answer)]
    assert faults == []


@pytest.mark.parametrize(("words", "options"), COMMANDS)
def test_a_command_answers_the_shape_of_the_page(shell, registry, words, options):
    said = shell.json(*(word.format(mail=shell.mail) for word in words), **options)
    conforms(registry, words, said)


@pytest.mark.parametrize("words", WITHOUT_DATABASE)
def test_a_command_without_a_database_does_too(registry, words):
    conforms(registry, words, jalon(*words, "--json").json())


def test_every_command_of_the_page_is_tried():
    tried = {" ".join(words[:2]) for words, _ in COMMANDS} | {words[0] for words, _ in COMMANDS}
    tried |= {" ".join(words[:2]) for words in WITHOUT_DATABASE} | {words[0] for words in WITHOUT_DATABASE}
    assert set(table()) <= tried


def test_every_shape_of_the_page_is_used():
    text = PAGE.read_text("utf-8")
    used = set(re.findall(r'"\$ref": "(jalon:\w+)"', text)) | set(re.findall(r"\| .*`(jalon:\w+)` \|", text))
    assert set(schemas()) == used
