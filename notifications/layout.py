"""The HTML part, derived from the text part so that the two never say different things."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Environment, StrictUndefined, Template

from .sources import layout

_LINK = re.compile(r"(?:(?P<label>.*\S)[\s\u00a0\u202f]*:[\s\u00a0\u202f]+)?(?P<address>https?://\S+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`p`), a list (`ul`) or a link (`a`) of the page."""

    kind: str
    lines: tuple[str, ...]
    address: str = ""


def page(subject: str, text: str) -> str:
    """Pour a message into the page: its subject as heading, its paragraphs, "- " lists and links, escaped."""
    return _template().render(subject=subject, blocks=blocks(text))


def blocks(text: str) -> list[Block]:
    """Cut a text into blocks: a blank line ends a paragraph, "- " opens an item, a link has its own line."""
    found: list[Block] = []
    for paragraph in re.split(r"\n{2,}", text.strip("\n")):
        for kind, lines in groupby(paragraph.split("\n"), key=_kind):
            found.extend(_blocks(kind, list(lines)))
    return found


def _kind(line: str) -> str:
    if line.startswith("- "):
        return "ul"
    return "a" if _LINK.fullmatch(line) else "p"


def _blocks(kind: str, lines: list[str]) -> list[Block]:
    if kind == "ul":
        return [Block(kind, tuple(line.removeprefix("- ") for line in lines))]
    if kind == "p":
        return [Block(kind, tuple(lines))]
    return [_link(line) for line in lines]


def _link(line: str) -> Block:
    match = _LINK.fullmatch(line)
    address = match["address"] if match else line
    return Block("a", ((match["label"] if match else None) or address,), address)


@cache
def _template() -> Template:
    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return env.from_string(layout())
