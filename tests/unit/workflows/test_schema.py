"""The schema for editors and the reference page say the language as the code reads it, key for key."""

import re
from pathlib import Path

import jsonschema
import pytest
from support.timely import HORLOGES

from jalon import loads
from jalon.workflows import grammar, grammar_conditions, grammar_dates
from jalon.workflows.meanings import MEANINGS
from jalon.workflows.reader import read, read_file
from jalon.workflows.schema import json_schema

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "workflow.md").read_text(encoding="utf-8")
SHIPPED = sorted((ROOT / "workflows" / "catalogue").rglob("*.yaml"))
FORMS = {
    name: form
    for module in (grammar, grammar_conditions, grammar_dates)
    for name, form in vars(module).items()
    if isinstance(form, type) and issubclass(form, grammar.Part) and form not in (grammar.Part, grammar.Sections)
}  # fmt: skip


def keys_of(form):
    return {field.alias or name: field for name, field in form.model_fields.items()}


@pytest.fixture(scope="module")
def validator():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", [*SHIPPED, HORLOGES], ids=lambda path: path.stem)
def test_every_document_fits_the_schema(validator, path):
    assert [error.message for error in validator.iter_errors(read_file(path).data)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1"},
        {"kind": "balade"},
        {"titre": "x"},
        {"facts": {"a": {"label": "A", "type": "argent"}}},
        {"deadlines": {"a": {"label": "A", "due": {"apres": "P8D"}}}},
        {"title": None},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(validator, change):
    data = read((ROOT / "workflows" / "catalogue" / "rs_temporaire.yaml").read_text(encoding="utf-8")).data
    assert not validator.is_valid({**data, **change})


def test_every_part_and_every_key_is_explained_in_french():
    assert set(MEANINGS) == set(FORMS)
    for name, form in FORMS.items():
        assert set(MEANINGS[name].keys) == set(keys_of(form)), name


def test_the_schema_carries_the_french_words():
    schema = json_schema()
    due = schema["$defs"]["DueText"]
    assert due["title"] == "Date"
    assert due["properties"]["after"]["description"] == "Le délai."
    assert all(definition["description"] for definition in schema["$defs"].values())


def tables():
    """The rows of the page's tables of keys, under the title of their section."""
    found = {}
    for title, text in re.findall(r"^##+ (.+)\n((?:(?!^##).*\n?)*)", PAGE, flags=re.MULTILINE):
        if "| clé | type | défaut | sens | exemple |" in text:
            rows = re.findall(
                r"^\| `([^`]+)` \| (.+?) \| (.+?) \| (.+) \| `(.+)` \|$", text, flags=re.MULTILINE
            )
            found[title] = {row[0]: row[1:] for row in rows}
    return found


def test_the_page_names_every_key_and_no_other():
    written = {title: set(rows) for title, rows in tables().items()}
    assert written == {meaning.title: set(meaning.keys) for meaning in MEANINGS.values()}


def test_the_page_says_what_each_key_means_and_its_default():
    written = tables()
    for name, meaning in MEANINGS.items():
        for key, field in keys_of(FORMS[name]).items():
            _, default, text, _ = written[meaning.title][key]
            assert text == meaning.keys[key], (name, key)
            assert default == said(field), (name, key)


def said(field):
    if field.is_required():
        return "obligatoire"
    if field.default in (None, (), {}):
        return "—"
    return "`false`" if field.default is False else f"`{field.default}`"


@pytest.mark.parametrize(
    ("title", "key"), [(title, key) for title, rows in tables().items() for key in rows], ids=str
)
def test_every_example_is_read_as_a_value_of_its_key(title, key):
    example = tables()[title][key][3]
    data = read(example.replace("…", "rien: x") if "…}" in example else example).data
    assert list(data) == [key]


def test_the_example_is_a_workflow():
    assert loads(re.search(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)[1]).workflow == "accueil"


def test_the_page_names_every_type_of_fact():
    types = grammar.FactType.__args__
    section = PAGE[PAGE.index("## Donnée") : PAGE.index("### Choix")]
    assert set(types) <= set(re.findall(r"`([a-z]+)`", section))
