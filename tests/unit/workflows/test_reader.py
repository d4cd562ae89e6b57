"""What a document may be, where its values stand, and how large it may grow."""

import os

import pytest

from jalon.domain.errors import DefinitionError
from jalon.workflows import composer, reader
from jalon.workflows.reader import read, read_file


def problems(text):
    with pytest.raises(DefinitionError) as caught:
        read(text, "f.yaml")
    return caught.value.problems


def places(text):
    return [(problem.line, problem.column, problem.code) for problem in problems(text)]


PROGRAMME = """\
# Une résidence
workflow: rs
states:
  commission:
    admis: {label: Admis, turn: [a, b]}
    refuse: {label: "Refusé : non", terminal: true}
actions:
  - label: Admettre
    from: admis
  -
    label: >
      Un texte
      sur deux lignes
"""


def test_a_document_is_plain_data(parser):
    assert read(PROGRAMME).data == {
        "workflow": "rs",
        "states": {
            "commission": {
                "admis": {"label": "Admis", "turn": ["a", "b"]},
                "refuse": {"label": "Refusé : non", "terminal": True},
            }
        },
        "actions": [{"label": "Admettre", "from": "admis"}, {"label": "Un texte sur deux lignes\n"}],
    }


def test_the_file_is_remembered():
    assert read("a: 1", "rs.yaml").file == "rs.yaml"
    assert str(problems("- a")[0]).startswith("f.yaml:1:1: ")


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), (2, 1), (2, 1)),
        (("workflow",), (2, 11), (2, 1)),
        (("states", "commission"), (5, 5), (4, 3)),
        (("states", "commission", "refuse", "label"), (6, 21), (6, 14)),
        (("states", "commission", "admis", "turn", 1), (5, 37), (5, 37)),
        (("actions", 0), (8, 5), (8, 5)),
        (("actions", 1, "label"), (11, 12), (11, 5)),
    ],
)
def test_each_value_and_key_has_its_place(parser, path, value, key):
    document = read(PROGRAMME)
    assert document.where(path) == value
    assert document.where(path, key=True) == key


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("absent",), (2, 1), (2, 1)),
        (("states", "absent", "label"), (4, 3), (3, 1)),
        (("states", "commission", "admis", "turn", 9), (5, 33), (5, 27)),
        (("workflow", "deeper", 3), (2, 11), (2, 1)),
    ],
)
def test_what_is_absent_is_placed_at_its_nearest_parent(path, value, key):
    document = read(PROGRAMME)
    assert document.where(path) == value
    assert document.where(path, key=True) == key


def test_columns_count_characters_not_bytes(parser):
    assert read("é: {où: à}").where(("é", "où")) == (1, 9)


def test_a_byte_order_mark_is_accepted(parser):
    document = read(b"\xef\xbb\xbfa: 1")
    assert document.data == {"a": 1}
    assert document.where(("a",), key=True) == (1, 1)
    assert read("\ufeffa: 1").data == {"a": 1}


def test_windows_line_ends_are_accepted(parser):
    document = read(b"a: 1\r\nb: 2\r\n")
    assert document.data == {"a": 1, "b": 2}
    assert document.where(("b",)) == (2, 4)


def test_a_plain_key_is_its_text(parser):
    assert read("1: a\nno: b\ntrue: c\n2027-01-04: d\non: e\nnull: f").data == {
        "1": "a",
        "no": "b",
        "true": "c",
        "2027-01-04": "d",
        "on": "e",
        "null": "f",
    }


def test_quoted_texts_stay_texts(parser):
    assert read("a: '1'\nb: \"true\"\nc: ''\nd: \"~\"\n\"<<\": 'x'").data == {
        "a": "1",
        "b": "true",
        "c": "",
        "d": "~",
        "<<": "x",
    }


@pytest.mark.parametrize("text", ["---\na: 1\n", "a: 1\n...\n", "--- # x\na: 1\n...\n# fin\n"])
def test_the_marks_of_one_document_are_accepted(parser, text):
    assert read(text).data == {"a": 1}


def test_depth_is_bounded(parser):
    deepest = composer.MAX_DEPTH - 1
    read("a: " + "[" * deepest + "]" * deepest)
    assert places("a: " + "[" * (deepest + 1) + "]" * (deepest + 1)) == [(1, 4 + deepest, "depth")]


def test_neighbours_are_not_deeper_than_one_another(parser):
    assert len(read("a: [" + "[], {}, " * composer.MAX_DEPTH + "]").data["a"]) == 2 * composer.MAX_DEPTH


def test_the_number_of_values_is_bounded(monkeypatch):
    monkeypatch.setattr(composer, "MAX_NODES", 10)
    read("a: [1, 2, 3, 4, 5, 6, 7]")
    assert places("a: [1, 2, 3, 4, 5, 6, 7, 8]") == [(1, 26, "nodes")]


def test_the_number_of_problems_is_bounded():
    assert len(problems("a: [" + "*x , " * 5000 + "]")) == composer.MAX_PROBLEMS


def test_size_is_bounded():
    assert places("a: " + "x" * reader.MAX_BYTES) == [(1, 1, "size")]
    assert places(b"a: " + b"x" * reader.MAX_BYTES) == [(1, 1, "size")]
    assert read("a: " + "x" * 1000).data == {"a": "x" * 1000}


def file_problem(path):
    with pytest.raises(DefinitionError) as caught:
        read_file(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    return problem


def test_a_file_is_read_with_its_name(tmp_path):
    path = tmp_path / "rs.yaml"
    path.write_bytes("a: é".encode())
    document = read_file(path)
    assert document.data == {"a": "é"}
    assert document.file == str(path)


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert file_problem(tmp_path / "absent.yaml").text == "ce chemin n'existe pas"
    assert file_problem(tmp_path).text == "ce chemin n'est pas un fichier"
    assert file_problem(tmp_path / "pipe").text == "ce chemin n'est pas un fichier"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_refused(tmp_path):
    path = tmp_path / "rs.yaml"
    path.write_text("a: 1")
    path.chmod(0)
    assert file_problem(path).text == "le droit de lire ce fichier manque"


def test_a_file_too_large_is_refused(tmp_path):
    path = tmp_path / "rs.yaml"
    path.write_bytes(b"a: 1\n" * (reader.MAX_BYTES // 4))
    assert file_problem(path).code == "size"


NOTATIONS = (
    """\
default: false*
basis: seed:000 un an renouvelable une fois
after: [P8D*, -P4M, 2*, 2.1#5, 18:30, 2027-01-04, 1 000, 1_000, no, on, y, NO, 0b1, 1e, +, -, .]
label: Caisse d'allocations familiales (CAF) — l'aide
core: [1, -2, +3, """
    + "0" * 5000
    + """7, 0o17, 0xfF, 1.5, .5, 1e3, -1.E-2, true, TRUE, False, null, ~, Null, .inf, -.INF]
"""
)


def test_scalars_follow_the_core_schema(parser):
    data = read(NOTATIONS.replace("ZEROS", "0" * 5000)).data
    assert data["default"] == "false*"
    assert data["basis"] == "seed:000 un an renouvelable une fois"
    assert [type(value) for value in data["after"]] == [str] * 17
    assert data["label"] == "Caisse d'allocations familiales (CAF) — l'aide"
    numbers = [1, -2, 3, 7, 15, 255, 1.5, 0.5, 1000.0, -0.01]
    assert data["core"] == [*numbers, True, True, False, None, None, None, float("inf"), -float("inf")]
    assert [type(value) for value in data["core"][:10]] == [int] * 6 + [float] * 4


def test_an_empty_value_is_null(parser):
    assert read("a:\nb: {c, d: }\ne:\n-\n- 1").data == {
        "a": None,
        "b": {"c": None, "d": None},
        "e": [None, 1],
    }
