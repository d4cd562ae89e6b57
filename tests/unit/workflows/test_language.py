"""Documents as authors write them: fragments, groups, several faults at once, and anything at all."""

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.documents import SMALL, place, spoiled
from support.timely import HORLOGES

from jalon import DefinitionError, load, loads
from jalon.workflows.load import catalogue, examine
from jalon.workflows.show import describe

CATALOGUE = Path(__file__).parents[3] / "workflows" / "catalogue"
TIMELY = HORLOGES.read_text(encoding="utf-8")
SHIPPED = {path.stem: path.read_text(encoding="utf-8") for path in sorted(CATALOGUE.rglob("*.yaml"))}


def problems(text):
    with pytest.raises(DefinitionError) as caught:
        loads(text)
    return caught.value.problems


# -- what is shipped


@pytest.mark.parametrize("name", catalogue())
def test_every_shipped_workflow_is_without_fault(name):
    assert examine(name)[1] == []
    assert load(name).workflow == name


# -- several faults at once


def test_faults_of_every_kind_are_told_together():
    text = spoiled("kind: parcours", "kind: balade")
    text = spoiled("{label: Reçu, turn: agent}", "{label: Reçu, turm: agent}", text)
    text = spoiled(
        "    sorti: {", "    perdu: {label: Perdu, turn: chef, sans_echeance: Non}\n    sorti: {", text
    )
    text = spoiled("to: loge\n", "to: logee\n", text)
    text = spoiled("equals: voeu", "equals: rien", text)
    text = spoiled("every: P1M*", "every: P0D*", text)
    text = spoiled("after: P8D*", "after: P8D", text)
    text = spoiled(", when: {param: fermer, is: true}", "", text)
    told = [(problem.line, problem.column, problem.code) for problem in problems(text)]
    needles = {
        "balade": "unknown_value", "turm:": "unknown_key", "perdu: {": "unreachable", "logee": "unknown_name",
        "rien,": "unknown_choice", "P0D*": "delay", "due: {after: P8D,": "no_basis", "perform: classer": "clock_closes",
    }  # fmt: skip
    expected = {(*place(text, needle), code) for needle, code in needles.items()}
    assert expected <= set(told)
    # what follows from the state without an end is told too, and nothing else
    assert {code for *_, code in told} - set(needles.values()) == {"dead_end"}


def test_a_mended_fault_is_not_told_twice():
    (only,) = problems(spoiled("    label: Recevoir", "    labell: Recevoir"))
    assert only.code == "unknown_key"
    (only,) = problems(spoiled("    label: Visiter\n", ""))
    assert only.code == "missing_key"


def test_an_item_left_out_does_not_move_the_others():
    text = spoiled(
        "      - {count: visiter, at_least: 1*, else: Pas encore de visite.}",
        "      - 3\n      - {count: visitr, at_least: 1*, else: Non}",
    )
    told = {(problem.line, problem.column) for problem in problems(text)}
    assert told == {place(text, "3\n      - {count"), place(text, "visitr")}


def test_faults_past_what_anybody_reads_are_counted():
    groups = "".join(f"  g{number}: [inconnu{number}]\n" for number in range(900))
    told = problems(spoiled("groups:\n", f"groups:\n{groups}"))
    assert told[-1].code == "more" or any(problem.code == "more" for problem in told)
    assert len(told) == 501


# -- fragments


@pytest.fixture
def house(tmp_path):
    """A folder with a document and its own fragments."""

    def write(document, **fragments):
        (tmp_path / "commun").mkdir(exist_ok=True)
        for name, text in fragments.items():
            (tmp_path / "commun" / f"{name}.yaml").write_text(text, encoding="utf-8")
        path = tmp_path / "essai.yaml"
        path.write_text(document, encoding="utf-8")
        return path

    return write


INCLUDING = spoiled("referent: agent\n", "referent: agent\ninclude: plus\n")


def told(path):
    return [(Path(problem.file).name, problem.line, problem.text) for problem in examine(path)[1]]


def test_a_fragment_beside_the_document_adds_its_sections(house):
    fragment = "fragment: plus\ntitle: Plus\nfacts:\n  age: {label: Âge, type: number}\n"
    workflow = load(house(INCLUDING, plus=fragment))
    assert workflow.facts["age"].label == "Âge"


def test_a_fragment_beside_the_document_comes_before_the_shipped_one(house):
    fragment = "fragment: base\ntitle: À nous\nfacts:\n  age: {label: Âge}\n"
    workflow = load(house(INCLUDING.replace("include: plus", "include: base"), base=fragment))
    assert "age" in workflow.facts


def test_a_name_written_in_two_files_is_told_where_it_is_written_again(house):
    fragment = "fragment: plus\ntitle: Plus\nfacts:\n  note: {label: Encore}\n"
    ((file, line, text),) = told(house(INCLUDING, plus=fragment))
    assert (file, line) == ("plus.yaml", 4)
    assert "« note » est déjà défini dans" in text
    assert "essai.yaml" in text


def test_a_fault_of_a_fragment_is_told_in_its_file(house):
    fragment = "fragment: plus\ntitle: Plus\nactions:\n  a: {label: A, in: recu, by: personne}\n"
    ((file, line, text),) = told(house(INCLUDING, plus=fragment))
    assert (file, line) == ("plus.yaml", 4)
    assert "rôle inconnu « personne »" in text


def test_what_a_fragment_expects_is_told_where_it_says_so(house):
    fragment = "fragment: plus\ntitle: Plus\nneeds:\n  roles: [agent, agens]\n"
    ((file, line, text),) = told(house(INCLUDING, plus=fragment))
    assert (file, line) == ("plus.yaml", 4)
    assert "attend « agens » (roles)" in text
    assert "« agent »" in text


def test_a_fragment_includes_no_other_so_that_none_can_include_itself(house):
    fragment = "fragment: plus\ntitle: Plus\ninclude: plus\n"
    ((file, line, text),) = told(house(INCLUDING, plus=fragment))
    assert (file, line) == ("plus.yaml", 3)
    assert "clé inconnue « include »" in text


def test_an_unreadable_fragment_is_told_with_the_faults_of_the_document(house):
    path = house(INCLUDING.replace("kind: parcours", "kind: balade"), plus="fragment: [\n")
    assert {file for file, _, _ in told(path)} == {"essai.yaml", "plus.yaml"}


@pytest.mark.parametrize(
    "source", ["rien", "rien.yaml", "/nulle/part.yaml", "", ".", "x" * 5000, "a\0b", "../..", "é"]
)
def test_a_document_that_is_not_there_is_a_fault_and_nothing_else(source):
    with pytest.raises(DefinitionError):
        load(source)


# -- groups


def test_groups_of_groups_are_expanded_in_order_once():
    text = spoiled("  vivant: [recu, loge]\n", "  vivant: [a, loge]\n  a: [b, b, recu]\n  b: [recu]\n")
    assert loads(text).actions["visiter"].stays == ("recu", "loge")


def test_groups_that_double_at_each_level_are_expanded_at_once():
    levels = "".join(f"  g{number}: [g{number + 1}, g{number + 1}]\n" for number in range(60))
    text = spoiled("  vivant: [recu, loge]\n", f"  vivant: g0\n{levels}  g60: [recu, loge]\n")
    assert loads(text).actions["visiter"].stays == ("recu", "loge")


# -- anything at all


def check_anything(text):
    """Whatever is written, the answer is a workflow or sentences, soon."""
    begun = time.process_time()
    faults = []
    try:
        workflow = loads(text)
    except DefinitionError as error:
        faults = list(error.problems)
    else:
        assert sorted(workflow.deadline_order) == sorted(workflow.deadlines)
        describe(workflow)
    assert all(fault.text and fault.line >= 1 and fault.column >= 1 for fault in faults)
    assert time.process_time() - begun < 2


WORD = re.compile(r"[\w*'-]+")
TOKENS = [
    "", "[]", "{}", "[[]]", "3", "-1", "1.5", ".inf", ".nan", "true", "null", "P1D", "PT3H", "-P1D*", "P0D*", "any",
    "start", "previous", "systeme", "-PT2H", "lundi", "le 15", "02-30", "2025-01-01", "18:30",
    '""', "{a: b}", "[a, 1]", "{param: x}", "x" * 70, "*", "2*", "who", "staff",
]  # fmt: skip


@st.composite
def mutated(draw):
    text = draw(st.sampled_from([SMALL, TIMELY, TIMELY, *SHIPPED.values()]))
    words = WORD.findall(text)
    for _ in range(draw(st.integers(1, 5))):
        lines = text.split("\n")
        here, there = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        how = draw(st.sampled_from(["delete", "duplicate", "swap", "word", "word", "word", "word"]))
        if how == "delete":
            del lines[here]
        elif how == "duplicate":
            lines.insert(there, lines[here])
        elif how == "swap":
            lines[here], lines[there] = lines[there], lines[here]
        elif found := list(WORD.finditer(lines[here])):
            word = draw(st.sampled_from(found))
            new = draw(st.sampled_from(TOKENS) | st.sampled_from(words))
            lines[here] = lines[here][: word.start()] + new + lines[here][word.end() :]
        text = "\n".join(lines)
    return text


@given(mutated())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_document_changed_at_random_never_breaks_the_reading(text):
    check_anything(text)


KEYS = sorted({*WORD.findall(SMALL)} & {
    "workflow", "version", "title", "kind", "roles", "states", "actions", "deadlines", "facts", "label", "from", "to",
    "in", "by", "due", "after", "ladder", "at", "requires", "fact", "is", "any", "when", "groups", "staff", "anchor",
})  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from([*KEYS, "P1D", "P1D*", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_data_made_at_random_never_breaks_the_reading(data, complete):
    if complete:
        data = {**yaml.safe_load(SMALL), **data}
    check_anything(yaml.safe_dump(data, allow_unicode=True))


HOSTILE = {
    "unknown keys": SMALL + "".join(f"k{number}: 1\n" for number in range(45_000)),
    "empty values": SMALL.replace("optional: note", f"optional: [{','.join(['null'] * 90_000)}]"),
    "wrong types": SMALL.replace("optional: note", f"optional: [{','.join(['{}'] * 900)}]"),
    "unknown names": SMALL.replace("optional: note", f"optional: [{','.join(f'n{n}' for n in range(900))}]"),
    "moves": SMALL.replace(
        "  visiter:\n",
        "".join(f"  a{n}: {{label: A, from: any, to: previous, by: agent}}\n" for n in range(590))
        + "  visiter:\n",
    ).replace(
        "  sortie:\n",
        "  sortie:\n"
        + "".join(f"    s{n}: {{label: S, turn: agent, sans_echeance: x}}\n" for n in range(290)),
    ),
    "anchors": SMALL.replace(
        "deadlines:\n",
        "deadlines:\n"
        + "".join(
            f"  d{n}: {{label: D, while: any, due: {{anchor: d{(n + 1) % 900}}}}}\n" for n in range(900)
        ),
    ),
    "rungs": SMALL.replace("ladder: attente", f"ladder: {{at: [{','.join(['P1D*'] * 900)}]}}"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_gets_its_sentences_within_two_seconds(text):
    begun = time.process_time()  # the work that it takes, whatever else the machine does
    assert problems(text)
    assert time.process_time() - begun < 2
