"""The library page runs, prints what it says, and names what the code has: no more, no less."""

import contextlib
import dataclasses
import inspect
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import jalon
from jalon import Engine, Settings, VirtualClock
from jalon.domain import errors
from jalon.domain.places import Outage, Place
from jalon.engine.absences import Absence
from jalon.engine.acts import Preview, Told
from jalon.engine.agenda import Agenda
from jalon.engine.catching import Dropped
from jalon.engine.deadlines import RungView, Why
from jalon.engine.delivery import DeliveryReport
from jalon.engine.explaining import Corrected, Origin
from jalon.engine.links import Link
from jalon.engine.notices import Notice
from jalon.engine.options import Field, Option
from jalon.engine.passes import Failed, Fired, PassReport
from jalon.engine.pending import Pending
from jalon.engine.people import Setting
from jalon.engine.places import Occupancy, PlaceChange, Standing, Totals, Waiting
from jalon.engine.reckoning import Note
from jalon.engine.rederiving import Moves
from jalon.engine.transferring import Transfer
from jalon.engine.verify import Fault, Verification
from jalon.engine.worker import Worker

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/library.md").read_text("utf-8")
BLOCKS = re.findall(r"```(python|text)\n(.*?)```", PAGE, re.DOTALL)
SPANS = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
PARTS = ("workflows", "establishments", "people", "places", "cases", "meetings", "deadlines", "notices")
TABLED = (
    Settings, jalon.Case, jalon.Event, jalon.Occurrence, jalon.Document, jalon.Happening, jalon.Tick, jalon.Actor,
    jalon.Problem, jalon.Reason, Option, Field, Pending, Why, RungView, Origin, Corrected,
    Note, jalon.Forecast, jalon.Expected, jalon.Assumption, jalon.Cut, Notice, PassReport, Fired, Dropped, Failed,
    DeliveryReport, Setting, Absence, Transfer, Verification, Fault, Preview, Told, Agenda, Moves, Link,
    Occupancy, Standing, Totals, Waiting, PlaceChange, Place, Outage, jalon.Meeting, jalon.Point, jalon.Awaiting,
)  # fmt: skip


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The parts of an engine that a host names, the engine and its worker among them."""
    clock = VirtualClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    engine = Engine(Settings(f"sqlite:///{tmp_path / 'jalon.db'}"), clock=clock)
    yield {"engine": engine, "worker": Worker(engine), **{name: getattr(engine, name) for name in PARTS}}
    engine.close()


def public(thing: object) -> set[str]:
    return {name for name, _ in inspect.getmembers(type(thing)) if not name.startswith("_")}


def words() -> set[str]:
    """Every word that the page writes as code."""
    return set(re.findall(r"\w+", " ".join([*SPANS, *(code for _, code in BLOCKS)])))


def test_the_examples_print_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks are one program, run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "page"}
    said = ""
    for number, (kind, content) in enumerate(BLOCKS):
        if kind == "text":
            assert said == content, f"block {number}"
            continue
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(content, f"library.md, block {number}", "exec"), names)
        said = out.getvalue()
        shown = number + 1 < len(BLOCKS) and BLOCKS[number + 1][0] == "text"
        assert shown == bool(said), f"block {number} prints, or is said to print, alone"


def test_every_public_name_is_on_the_page() -> None:
    """What `jalon` exports, the page explains."""
    assert sorted(set(jalon.__all__) - words()) == []


def test_every_verb_is_on_the_page(parts: dict[str, Any]) -> None:
    """A verb is written with its part, in the text or in an example."""
    missing = [
        f"{name}.{verb}"
        for name, part in parts.items()
        for verb in sorted(public(part))
        if not re.search(rf"\b{name}\.{verb}\b", PAGE)
    ]
    assert missing == []


def test_no_verb_is_named_that_the_code_lacks(parts: dict[str, Any]) -> None:
    """What the page writes as `part.verb` exists."""
    named = re.findall(
        rf"\b({'|'.join(parts)})\.([a-z]\w*)", "\n".join([*SPANS, *(code for _, code in BLOCKS)])
    )
    assert named
    assert sorted({f"{name}.{verb}" for name, verb in named if not hasattr(parts[name], verb)}) == []


def test_the_arguments_named_are_those_of_the_code(parts: dict[str, Any]) -> None:
    """A signature in a table lists arguments that the verb takes."""
    wrong = []
    for name, verb, inside in re.findall(rf"`({'|'.join(parts)})\.(\w+)\(([^`]*)\)`", PAGE):
        taken = [*inspect.signature(getattr(parts[name], verb)).parameters, "case", "…"]
        given = [part.partition("=")[0].strip() for part in inside.split(",")]
        wrong += [f"{name}.{verb}: {one}" for one in given if one.isidentifier() and not one.isdigit()
                  and one not in taken and f"{one}_id" not in taken and name != "worker"]  # fmt: skip
    assert wrong == []


def test_every_field_is_on_the_page() -> None:
    """The values that verbs give back are told field by field."""
    told = words()
    missing = [
        f"{value.__name__}.{name}"
        for value in TABLED
        for name in getattr(value, "_fields", None) or [field.name for field in dataclasses.fields(value)]
        if name not in told
    ]
    assert missing == []


def test_every_reason_of_the_code_is_on_the_page() -> None:
    """The codes of refusals are those that the code gives."""
    sources = [
        path.read_text("utf-8")
        for folder in ("domain", "engine", "workflows")
        for path in (ROOT / folder).glob("*.py")
    ]
    codes = set(re.findall(r'Reason\(\s*"(\w+)"', "\n".join(sources)))
    table = PAGE.partition("| code | why |")[2].partition("\n\n")[0]
    told = {
        code
        for row in table.splitlines()
        for code in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    }
    assert codes == told


def test_every_error_is_told_with_its_code() -> None:
    """One row each, with the code that machines read."""
    rows = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", PAGE.partition("## Errors")[2], re.MULTILINE))
    known = {
        name: value.code
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.JalonError)
    }
    assert rows == known


def test_the_links_lead_somewhere() -> None:
    """No link of the page leads nowhere."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs/reference" / link).exists()] == []
