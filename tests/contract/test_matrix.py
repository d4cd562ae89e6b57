"""Who may do what in which state, for every shipped workflow: the engine, against the document read as it is written.

The document is read here by a few lines of its own (PyYAML, fragments put side by side, groups expanded): they share
no code with jalon. A case is put in each state by its rows, so that every cell is asked, reachable today or not.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from support.engines import paris

import jalon
from jalon import Engine, Settings, VirtualClock, load
from jalon.workflows.load import catalogue

CATALOGUE = Path(jalon.__file__).parent / "workflows" / "catalogue"
DAY = date(2027, 1, 4)
KINDS = ("staff", "body", "partner", "household")
CLOCK = "systeme"


class Plain(yaml.SafeLoader):
    """YAML 1.2 for our purpose: `no`, `on` and `18:30` are texts."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in (
        "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int", "tag:yaml.org,2002:timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}  # fmt: skip


class Written:
    """A workflow as its author wrote it."""

    def __init__(self, name: str) -> None:
        head = yaml.load((CATALOGUE / f"{name}.yaml").read_text(encoding="utf-8"), Plain)
        parts = [head] + [
            yaml.load((CATALOGUE / "commun" / f"{part}.yaml").read_text(encoding="utf-8"), Plain)
            for part in several(head.get("include", ()))
        ]
        self.roles = {
            name: {"kind": kind, **(role if isinstance(role, dict) else {})}
            for part in parts for kind, held in part.get("roles", {}).items() for name, role in held.items()
        }  # fmt: skip
        self.states = [name for part in parts for phase in part.get("states", {}).values() for name in phase]
        self.groups = {name: several(held) for part in parts for name, held in part.get("groups", {}).items()}
        self.actions = {name: act for part in parts for name, act in part.get("actions", {}).items()}
        for name, waiver in ((name, one) for part in parts for name, one in part.get("waivers", {}).items()):
            self.actions[f"deroger_{name}"] = {"by": waiver["by"], "in": "any"}

    def names(self, written: Any, known: Any) -> set[str]:
        """Give the names of a list, its groups expanded."""
        found: set[str] = set()
        for name in several(written):
            if name in known or name not in (*self.groups, *KINDS):
                found.add(name)
            elif name in self.groups:
                found |= self.names(self.groups[name], known)
            else:
                found |= {role for role, one in self.roles.items() if one["kind"] == name}
        return found

    def sources(self, action: str) -> set[str]:
        return self.names(self.actions[action].get("from", ()), self.states)

    def stays(self, action: str) -> set[str]:
        written = self.actions[action].get("in", ())
        return set(self.states) if written == "any" else self.names(written, self.states)

    def who(self, action: str) -> set[str]:
        """Give the roles that may do an act: those named, and whoever enters it for a partner or the household."""
        named = self.names(self.actions[action]["by"], self.roles) - {CLOCK}
        found = set(named)
        for name in named:
            role = self.roles[name]
            if role["kind"] in ("partner", "household"):
                by = role.get("entered_by")
                staff = {one for one, other in self.roles.items() if other["kind"] == "staff"}
                found |= self.names(by, self.roles) if by else staff
        return found

    def possible(self, action: str, state: str) -> bool:
        return state in self.sources(action) or state in self.stays(action)

    def cells(self) -> Iterator[tuple[str, str, str, bool, bool]]:
        """Give every cell of the matrix: may this role, and is this the state?"""
        for action in self.actions:
            if "start" in self.sources(action) or self.names(self.actions[action]["by"], self.roles) == {
                CLOCK
            }:
                continue
            for state in self.states:
                for role in self.roles:
                    yield action, state, role, role in self.who(action), self.possible(action, state)


def several(written: Any) -> list[str]:
    return [written] if isinstance(written, str) else list(written or ())


def stand(engine: Engine, case: int, state: str) -> None:
    """Put a case in a state by its row."""
    with engine._world.database.write() as connection:
        connection.execute(
            sa.text("UPDATE jalon_cases SET state = :s WHERE id = :i"), {"s": state, "i": case}
        )


def a_case(engine: Engine, name: str) -> int:
    """Insert the row of a case that no act opened: its history is empty."""
    with engine._world.database.write() as connection:
        return connection.execute(
            sa.text(
                "INSERT INTO jalon_cases (workflow, version, establishment_id, state, revision, seq, head, facts,"
                " opened_on, state_since) VALUES (:w, :v, 'maison', 'x', 0, 0, '', '{}', :d, :d) RETURNING id"
            ),
            {"w": name, "v": load(name).version, "d": DAY.isoformat()},
        ).scalar_one()


@pytest.mark.parametrize("name", catalogue())
def test_every_cell_of_the_matrix_is_what_is_written(name: str, sqlite_url: str) -> None:
    written = Written(name)
    engine = Engine(Settings(database=sqlite_url, create=True), clock=VirtualClock(paris(DAY)))
    engine.establishments.add("maison", "Maison")
    engine.workflows.register(load(name))
    for role in written.roles:
        engine.people.add(role, role)
        engine.people.grant(role, role, "maison")
    case = a_case(engine, name)
    found: dict[tuple[str, str, str], set[str]] = {}
    for state in written.states:
        stand(engine, case, state)
        for role in written.roles:
            for option in engine.cases.options(case, by=role):
                found[option.action, state, role] = {reason.code for reason in option.reasons}
    asked = list(written.cells())
    assert len(asked) == len(found) > 20
    wrong = [
        (action, state, role, found[action, state, role])
        for action, state, role, may, here in asked
        if ("role" in found[action, state, role]) is may or ("state" in found[action, state, role]) is (
            here and not _back(written, action))
    ]  # fmt: skip
    assert not wrong, wrong[:10]


def _back(written: Written, action: str) -> bool:
    """An act that goes back to the previous state is not possible in a case that has none."""
    return written.actions[action].get("to") == "previous"
