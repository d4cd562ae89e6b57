"""The sandbox of a house's templates: keys of mappings, a few filters, no globals, no attribute, no call."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache, wraps
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..domain.figures import figure
from . import french
from .grammar import FILTERS, LOOP, TESTS

MAX_ITEMS = 500
_EACH = "each_given_item"
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"


class House(ImmutableSandboxedEnvironment):
    """Reads keys, never attributes: a fact called `items` is a fact, and no value can be called."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the key of a mapping or a counter of a loop; anything else is undefined."""
        if isinstance(obj, Undefined):
            return getattr(obj, attribute)
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(name=attribute)


@cache
def house() -> House:
    """Return the one environment of house templates; it holds no data, so threads share it."""
    env = House(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=written)
    env.globals.clear()
    env.tests = {name: env.tests[name] for name in TESTS}
    env.filters = {name: _strict(getattr(french, name)) for name in FILTERS - {"length"}}
    env.filters |= {"length": len, _EACH: _strict(_each)}
    return env


def compiled(tree: nodes.Template) -> Template:
    """Compile a tree that the grammar has accepted, with every loop bounded."""
    env = house()
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, _EACH, [], [], None, None, lineno=loop.lineno)
    tree.set_environment(env)
    return Template.from_code(env, env.compile(tree), {})


def written(value: object) -> str:
    """Write one value into a letter: text with French typography, or a number; raises TypeError on the rest.

    A date, a list or a missing value must say how it wants to be written (a filter), lest ISO dates,
    brackets or "None" reach a person.
    """
    if isinstance(value, Undefined):
        return str(value)  # strict: raises
    if isinstance(value, str):
        return french.typographie(printable(value))
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return figure(value)
    raise TypeError(f"{type(value).__name__} cannot be written without a filter")


def printable(text: str) -> str:
    """Drop what no letter needs and headers forbid: controls, direction overrides, lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign for sign in text.replace("\r\n", "\n") if _kept(sign))


def _kept(sign: str) -> bool:
    return sign == "\n" or sign in _JOINERS or unicodedata.category(sign) not in _DROPPED


def _strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a filter say which name is missing, rather than that its value has the wrong type."""

    @wraps(function)
    def filtered(value: object, *arguments: object) -> Any:
        if isinstance(value, Undefined):
            str(value)  # strict: raises
        return function(value, *arguments)

    return filtered


def _each(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"a loop needs a list, not {type(value).__name__}")
    if len(value) > MAX_ITEMS:
        raise ValueError(f"a loop takes {MAX_ITEMS} items at most")
    return value
