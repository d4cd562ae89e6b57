"""Whatever the document, reading it ends within two seconds of processor and 300 MB.

One child process is forked per document, under resource limits, so that a hang or a blow-up fails here.
"""

import json
import subprocess
import sys

import pytest

from jalon.workflows import syntax

CHILD = r"""
import json, os, resource, sys
from jalon.domain.errors import DefinitionError
from jalon.workflows import reader, syntax

MIB = 1024 * 1024
FULL = reader.MAX_BYTES - 200  # as long as may be read


def fill(start, piece, end="", size=None):
    return start + piece * (((size or FULL) - len(start) - len(end)) // len(piece.encode())) + end


def numbered(piece):
    return "".join(piece.format(i) for i in range(FULL // len(piece.format(99999))))


def laughs():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 28)]
    return "\n".join(lines)


def merges():
    lines = ["a0: &a0 {x: 1}"]
    return "\n".join(lines + [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}" for i in range(1, 28)])


DOCUMENTS = {
    "ten_megabytes": lambda: "a: " + "x" * (10 * MIB),
    "ten_megabytes_of_bytes": lambda: b"\xe9" * (10 * MIB),
    "brackets": lambda: "[" * 100_000,
    "brackets_in_a_value": lambda: "a: " + "[" * 100_000 + "]" * 100_000,
    "brackets_on_lines": lambda: "a: " + "[\n" * 100_000,
    "braces": lambda: "{a: " * 100_000,
    "question_marks": lambda: "? " * 100_000,
    "dashes": lambda: "- " * 100_000,
    "deep_indentation": lambda: "".join(" " * i + "a:\n" for i in range(1400)),
    "wide_indentation": lambda: "".join(" " * 7000 * i + "a:\n" for i in range(17)),
    "laughs": laughs,
    "merges": merges,
    "tag_directives": lambda: numbered("%TAG !a{}! b\n") + "--- a",
    "late_tag_directives": lambda: "a: 1\n...\n" + numbered("%TAG !a{}! b\n") + "--- a",
    "anchors": lambda: fill("a: [", "&a b,", "]"),
    "duplicates": lambda: fill("", "a: 1\n"),
    "keys": lambda: numbered("k{}: 1\n"),
    "values": lambda: fill("a: [", "1,", "]"),
    "empty_tables": lambda: fill("a: [", "{},", "]"),
    "tables": lambda: fill("", "- a: {b: c}\n"),
    "list_of_empty": lambda: fill("a:\n", "-\n"),
    "long_plain": lambda: fill("a: ", "x"),
    "long_words": lambda: fill("a: ", "x "),
    "long_lines": lambda: fill("a: ", "x\n "),
    "long_folds": lambda: fill('a: "', "\n", '"'),
    "long_escapes": lambda: fill('a: "', "\\u00e9", '"'),
    "long_accents": lambda: fill("a: '", "é", "'"),
    "long_faces": lambda: fill("a: '", "\U0001f600", "'"),
    "long_key": lambda: fill("", "k") + ": 1",
    "long_block": lambda: fill("a: |\n", " x\n"),
    "long_empty_block": lambda: fill("a: |\n", "\n"),
    "comments": lambda: fill("a: 1\n", "#\n"),
    "empty_lines": lambda: fill("", "\n", "a: 1"),
    "returns": lambda: fill("a: 1", "\r"),
    "spaces": lambda: fill("a: 1", " "),
    "tabs": lambda: fill("a: 1\n", "\t"),
    "tabs_on_lines": lambda: fill("a: |\n", "\t\t\t\n"),
    "tabs_and_spaces": lambda: fill("a:\n", "\t ", "#"),
    "unclosed_quote": lambda: fill("a: '", "b: c\n"),
    "documents": lambda: fill("a: 1\n", "--- a\n"),
    "long_integer": lambda: "a: " + "9" * 500_000,
    "long_hexadecimal": lambda: "a: 0x" + "f" * 500_000,
    "long_float": lambda: "a: 1." + "1" * 500_000,
    "long_exponent": lambda: "a: 1e" + "9" * 500_000,
    "nearly_a_float": lambda: "a: " + "1" * 500_000 + "x",
    "zeros": lambda: "a: " + "0" * 500_000,
    "long_anchor": lambda: "a: &" + "x" * 500_000 + " b",
    "long_tag": lambda: "a: !" + "x" * 500_000 + " b",
    "nul": lambda: fill("a: ", "\0"),
    "latin_1": lambda: fill("a: ", "é").encode("latin-1"),
    "python_tag": lambda: "a: !!python/object/apply:os.abort []",
}


def limit():
    pages = int(open("/proc/self/statm").read().split()[0])
    held = pages * resource.getpagesize() + 300 * MIB
    resource.setrlimit(resource.RLIMIT_AS, (held, held))
    resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def outcome(make):
    try:
        text = make()
        limit()
        reader.read(text)
    except DefinitionError as error:
        return sorted({problem.code for problem in error.problems})
    except BaseException as error:
        return [repr(error)[:200]]
    return ["read"]


def forked(make):
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(into, json.dumps(outcome(make)).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        told = stream.read()
    _, status = os.waitpid(child, 0)
    return json.loads(told) if told else [f"ended with status {status}"]


if sys.argv[1] == "pure":
    syntax._parser = syntax._PureParser
    FULL = 128 * 1024 - 200
names = sys.argv[2:] or DOCUMENTS
print(json.dumps({name: forked(DOCUMENTS[name]) for name in names}))
"""

EXPECTED = {
    "size": ["ten_megabytes", "ten_megabytes_of_bytes"],
    "depth": [
        *("brackets", "brackets_in_a_value", "brackets_on_lines", "braces"),
        *("question_marks", "dashes", "deep_indentation"),
    ],
    "nodes": ["keys", "values", "empty_tables", "tables", "list_of_empty"],
    "alias anchor": ["laughs"],
    "alias anchor merge": ["merges"],
    "directive": ["tag_directives", "late_tag_directives"],
    "anchor": ["anchors", "long_anchor"],
    "tag": ["long_tag", "python_tag"],
    "duplicate_key": ["duplicates"],
    "documents": ["documents"],
    "syntax": ["long_key", "unclosed_quote"],
    "tab": ["tabs", "tabs_on_lines", "tabs_and_spaces"],
    "number": ["long_integer", "long_hexadecimal", "long_float", "long_exponent"],
    "character": ["nul"],
    "encoding": ["latin_1"],
    "read": [
        *("wide_indentation", "long_plain", "long_words", "long_lines", "long_folds", "long_escapes"),
        *("long_accents", "long_faces", "long_block", "long_empty_block", "comments", "empty_lines"),
        *("returns", "spaces", "nearly_a_float", "zeros"),
    ],
}
CASES = [(name, codes) for codes, names in EXPECTED.items() for name in names]
# With the pure parser documents are shorter: fewer values.
PURE_CASES = {
    **dict.fromkeys(("brackets", "braces", "question_marks", "dashes", "deep_indentation"), "depth"),
    **dict.fromkeys(("values", "long_escapes", "long_lines", "wide_indentation", "keys"), "read"),
    "laughs": "alias anchor",
    "merges": "alias anchor merge",
    "unclosed_quote": "syntax",
    "tables": "root",
}

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits need Linux")


def outcomes(parser, *names):
    command = [sys.executable, "-c", CHILD, parser, *names]
    child = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert child.returncode == 0, child.stderr
    return {name: " ".join(codes) for name, codes in json.loads(child.stdout).items()}


@pytest.fixture(scope="module")
def fast():
    if not syntax.HAS_LIBYAML:
        pytest.skip("PyYAML was built without libyaml")
    return outcomes("fast")


@pytest.mark.parametrize(("name", "codes"), CASES)
def test_a_hostile_document_ends_within_limits(fast, name, codes):
    assert fast[name] == codes


def test_every_hostile_document_is_expected(fast):
    assert sorted(fast) == sorted(name for name, _ in CASES)


def test_hostile_documents_end_within_limits_without_libyaml():
    assert outcomes("pure", *PURE_CASES) == PURE_CASES
