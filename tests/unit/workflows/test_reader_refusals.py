"""What a document may not hold, and where each fault is said to stand."""

import pytest

from jalon.domain.errors import DefinitionError
from jalon.workflows.reader import read


def problems(text):
    with pytest.raises(DefinitionError) as caught:
        read(text, "f.yaml")
    return caught.value.problems


def places(text):
    return [(problem.line, problem.column, problem.code) for problem in problems(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1", (1, 4, "anchor")),
        ("a: &x [1]", (1, 4, "anchor")),
        ("&x a: 1", (1, 1, "anchor")),
        ("a: 1\nb: *x", (2, 4, "alias")),
        ("a: 1\n*x : 2", (2, 1, "alias")),
        ("a: *", (1, 4, "alias")),
        ("a:\n  <<: {b: 1}", (2, 3, "merge")),
        ("a: !!str 1", (1, 4, "tag")),
        ("a: !!python/object/apply:os.system [ls]", (1, 4, "tag")),
        ("a: ! b", (1, 4, "tag")),
        ("a: !e!x y", (1, 4, "tag")),
        ("!!str a: 1", (1, 1, "tag")),
        ("%YAML 1.1\n---\na: 1", (1, 1, "directive")),
        ("# x\n%TAG ! tag:x,2000:\n--- {}", (2, 1, "directive")),
        ("a:\n  b: 1\n  c: 2\n  b: 3", (4, 3, "duplicate_key")),
        ("{a: 1, 'a': 2}", (1, 8, "duplicate_key")),
        ("1: a\n'1': b", (2, 1, "duplicate_key")),
        ("[a, b]: 1", (1, 1, "key")),
        ("a: {{b: 1}: 2}", (1, 5, "key")),
        ("? - a\n: b", (1, 3, "key")),
        ("a: 1\n? \n: b", (2, 2, "key")),
        ("a: 1\n---\nb: 2", (2, 1, "documents")),
        ("", (1, 1, "empty")),
        ("# rien\n", (2, 1, "empty")),
        ("---\n", (2, 1, "empty")),
        ("- a\n- b", (1, 1, "root")),
        ("# x\nun texte", (2, 1, "root")),
        ("null", (1, 1, "root")),
        ("a:\n\tb: 1", (2, 1, "tab")),
        ("a:\n  b: 1\n\tc: 1", (3, 1, "tab")),
        ("a:\n  b: 1\n  \tc: 1", (3, 3, "tab")),
        ("a: {\n\tb: 1}", (2, 1, "tab")),
        ("a: |\n\tx", (2, 1, "tab")),
        ("a: b\x00", (1, 5, "character")),
        ("a: 1\nbc: \x1b[31m", (2, 5, "character")),
        ("a: b\u2028c: d", (1, 5, "character")),
        ("a: b\ufeff", (1, 5, "character")),
        ("a: \ud800", (1, 4, "character")),
        ('a: "b\\0"', (1, 4, "character")),
        ('"\\e": 1', (1, 1, "character")),
        ("a: " + "9" * 19, (1, 4, "number")),
        ("a: -" + "9" * 5000, (1, 4, "number")),
        ("a: 0x" + "f" * 17, (1, 4, "number")),
        ("a: 1e999", (1, 4, "number")),
        ("a: 0." + "1" * 60, (1, 4, "number")),
    ],
)
def test_what_is_refused_is_refused_where_it_stands(parser, text, expected):
    assert places(text) == [expected]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 'x\nb: 1", (1, 4), "guillemets ne sont jamais fermés"),
        ('a: "x\n---\n', (1, 4), "guillemets ne sont jamais fermés"),
        ("x: 0\na: [1, 2\nb: 3", (3, 2), "attendu dans la liste ouverte ligne 2"),
        ("a: b: c", (1, 5), "« : » inattendu"),
        ("a\nb: 1", (2, 2), "« : » inattendu"),
        ("a: 1\n b: 2", (2, 3), "« : » inattendu"),
        ("a: @x", (1, 4), "ne commence pas par « @ »"),
        ("a: %x", (1, 4), "ne commence pas par « % »"),
        ("a: - b", (1, 4), "« - » inattendu"),
        ("- a\nb: 1", (2, 1), "« - » attendu"),
        ("a: 'b' c", (1, 8), "une clé est attendue ici"),
        ("a:\n    b: 1\n  c: 1", (3, 3), "corrigez le retrait"),
        ("a: ,b", (1, 4), "une valeur est attendue ici"),
        ("a: |x\n b", (1, 5), "le texte commence à la ligne suivante"),
        ('a: "\\xZZ"', (1, 7), "chiffres hexadécimaux"),
        ("a: 1\n...\nb: 2\n", (3, 1), "le document est terminé"),
        ("a: 1\nb\nc: 1", (2, 1), "« : » attendu après cette clé"),
        ("a: {: b}", (1, 5), "une valeur est attendue ici"),
        ("a: 1\nb", (2, 1), "« : » attendu après cette clé"),
    ],
)
def test_a_syntax_error_is_a_french_sentence_with_its_place(parser, text, place, words):
    (problem,) = problems(text)
    assert (problem.line, problem.column) == place
    assert problem.code == "syntax"
    assert words in problem.text


def test_a_code_that_names_no_character_is_refused(parser):
    assert [problem.line for problem in problems('a: "\\ud800"')] == [1]


@pytest.mark.parametrize(
    ("content", "place", "byte"),
    [
        ("a: 1\nlabel: Refusé".encode("latin-1"), (2, 13), "0xE9"),
        (b"\xef\xbb\xbfa: \xe9", (1, 4), "0xE9"),
        ("é: ".encode() + b"\xff", (1, 4), "0xFF"),
        ("a: 1".encode("utf-16"), (1, 1), "0xFF"),
    ],
)
def test_a_text_that_is_not_utf_8_says_which_byte(content, place, byte):
    (problem,) = problems(content)
    assert (problem.line, problem.column) == place
    assert problem.code == "encoding"
    assert byte in problem.text


def test_a_duplicate_names_the_first_place():
    (problem,) = problems("x:\n  a: 1\n  a: 2")
    assert problem.text == "la clé « a » est déjà donnée ligne 2, colonne 3"


def test_all_the_faults_before_a_syntax_error_are_told_at_once(parser):
    text = "a: &x 1\nb: *x\n<<: {c: 1}\na: !!str 2\n[d]: 1e999\ne: 'x"
    assert places(text) == [
        (1, 4, "anchor"),
        (2, 4, "alias"),
        (3, 1, "merge"),
        (4, 1, "duplicate_key"),
        (4, 4, "tag"),
        (5, 1, "key"),
        (5, 6, "number"),
        (6, 4, "syntax"),
    ]


def test_a_name_in_a_sentence_is_short(parser):
    long = "k" * 500
    (problem,) = problems(f"{long}: 1\n{long}: 2\n")
    assert len(problem.text) < 150


def test_a_name_in_a_sentence_does_nothing_to_a_terminal(parser):
    told = problems('"\\e[31m\\u202e": 1\n"\\e[31m\\u202e": 2')
    assert [problem.code for problem in told] == ["character", "character", "duplicate_key"]
    assert "« �[31m� »" in told[-1].text
