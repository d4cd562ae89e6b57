"""The page of the JSON shapes is true: what every command answers with `--json` is what its schema says."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from support import lits, seances
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
    shell("people", "absent", "diane", "--since", "2030-01-02", "--until", "2030-01-03", "--deputy", "claire")
    shell("document", "1", "avis_imposition", on="2027-01-06", by="claire")
    shell("correct", "1", "--reason", "erreur", on="2027-01-06", by="claire", facts=("date_rdv=2027-01-19",))
    shell.tick("2027-01-08T09:00")
    shell("open", "relogement", "-e", "ophis", on="2027-01-08", by="claire", facts=SAME)
    return shell


SAME = ("menage.name=Amina K.", "menage.email=amina@menage.example")
"""The household of the stay, as the link between the two asks."""
COMMANDS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("db", "status"), {}),
    (("db", "verify"), {}),
    (("establishment", "list"), {}),
    (("establishment", "parameters", "ophis", "rs_temporaire"), {}),
    (("people", "list"), {}),
    (("people", "absences"), {}),
    (("people", "transfer", "claire", "diane", "--reason", "départ"), {"on": ON, "by": "claire"}),
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
    (("link", "1", "relogement", "2"), {"on": ON, "by": "claire"}),
    (("show", "1"), {"on": ON}),
    (("history", "1"), {"on": ON}),
    (("unlink", "1", "relogement", "2", "--reason", "erreur"), {"on": ON, "by": "claire"}),
    (("open", "rs_temporaire", "-e", "ophis"), {"on": ON, "by": "claire", "facts": (
        "ref_siao=2", "date_demande_siao=2026-12-15", "menage=B. L.", "prescripteur=CCAS")}),
)  # fmt: skip
WITHOUT_DATABASE = (
    ("check",), ("workflows",), ("workflows", "show", "rs_temporaire"),
    ("date", "2026-12-31", "P2M", "--times", "2", "--shift", "precedent"), ("holidays", "2027"),
    ("scenario", STORY, "--coverage", "--mutate", "3", "--jobs", "1", "--at-least", "0"), ("scenario", STORY),
    ("simulate", "asll_soliha", "--years", "1", "--cases", "3"),
)  # fmt: skip


_BED = ("-e", lits.HOUSE, "--kind", "lit", "--json")
OF_BEDS = (
    ("places", "--json"), ("places", "waiting", "-e", lits.HOUSE, "--json"),
    ("places", "add", "Lit 8", "--attribute", "pmr", *_BED),
    ("places", "out", "Lit 2", "--since", "2027-03-01", "--reason", "eau", *_BED),
    ("places", "back", "Lit 2", "--on", "2027-03-05", *_BED),
    ("places", "close", "Lit 1", "--on", "2027-03-05", *_BED),
)  # fmt: skip


OF_A_SESSION: tuple[tuple[str, ...], ...] = (
    ("meetings",), ("meeting", "waiting", "-e", "ophis"), ("meeting", "agenda", "4"),
    ("meeting", "gather", "5", "--by", "claire", "--now", seances.SESSION),
    ("meeting", "decide", "4", "1", "ajourner", "-f", "complement_demande=Avis", "--by", "colette", "--now",
     seances.SESSION),
    ("meeting", "carry", "4", "2", "--to", "5", "--reason", "malade", "--by", "claire", "--now", seances.SESSION),
    ("meeting", "agenda", "4"),
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


def test_a_house_of_beds_is_told_in_the_shapes_of_the_page(tmp_path, registry):
    """Each state of a place, and someone who waits for none to suit them."""
    path = tmp_path / "lits.db"
    with lits.an_engine(f"sqlite:///{path}") as engine:
        for name in ("Lit 1", "Lit 2", "Lit 3", "Lit 5"):
            lits.housed(engine, name)
        lits.promised(engine, "Lit 6")
        engine.places.out_of_use(lits.HOUSE, "lit", "Lit 4", since=date(2027, 1, 1), reason="travaux")
        lits.do(engine, lits.asked(engine, "homme"), "attendre")
        engine.places.add(lits.HOUSE, "Lit 7", kind="lit", programmes=["lits"])
    for words in OF_BEDS:
        conforms(registry, words, jalon(*words, "--database", str(path)).json())


def test_a_session_is_told_in_the_shapes_of_the_page(tmp_path, registry):
    """Three cases on its agenda: one to be decided, one to be put off, one that waits."""
    path = tmp_path / "seance.db"
    engine = seances.a_house(f"sqlite:///{path}", sandbox=True)
    seances.waits(engine, 3)
    engine.meetings.gather(seances.programmed(engine), by="claire")
    seances.programmed(engine, "2027-01-14")
    seances.held(engine, 4)
    engine.close()
    for words in OF_A_SESSION:
        conforms(registry, words, jalon(*words, "--json", "--database", str(path)).json())


@pytest.mark.parametrize("words", WITHOUT_DATABASE)
def test_a_command_without_a_database_does_too(registry, words):
    conforms(registry, words, jalon(*words, "--json").json())


def test_every_command_of_the_page_is_tried():
    tried = {" ".join(words[:2]) for words, _ in COMMANDS} | {words[0] for words, _ in COMMANDS}
    tried |= {" ".join(words[:2]) for words in OF_BEDS} | {words[0] for words in OF_BEDS}
    tried |= {" ".join(words[:2]) for words in OF_A_SESSION} | {words[0] for words in OF_A_SESSION}
    tried |= {" ".join(words[:2]) for words in WITHOUT_DATABASE} | {words[0] for words in WITHOUT_DATABASE}
    assert set(table()) <= tried


def test_every_shape_of_the_page_is_used():
    text = PAGE.read_text("utf-8")
    used = set(re.findall(r'"\$ref": "(jalon:\w+)"', text)) | set(re.findall(r"\| .*`(jalon:\w+)` \|", text))
    assert set(schemas()) == used
