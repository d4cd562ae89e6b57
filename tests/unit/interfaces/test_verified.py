"""Every fault that a verification may find has a French sentence: the source is read for what may be found."""

import ast
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

import jalon
from jalon.engine.verify import Fault
from jalon.interfaces.commands_db import FAULTS, fault_words

ENGINE = Path(str(resources.files(jalon))) / "engine"


def _found() -> Iterator[str]:
    """The codes that the verification gives: it yields them, or builds a fault of one."""
    for path in ENGINE.glob("verify*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            value = node.value if isinstance(node, ast.Yield) else None
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault":
                value = node.args[2]
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


CODES = sorted(set(_found()))


def test_the_source_is_really_read() -> None:
    assert {"digest", "case_missing", "referent", "places", "links", "people"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_fault_has_a_sentence(code: str) -> None:
    assert fault_words(Fault(1, 3, code)) != code


def test_no_sentence_is_of_a_fault_that_is_never_found() -> None:
    assert set(FAULTS) == set(CODES)
