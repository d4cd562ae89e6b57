"""The last look at a message when it leaves: its case as it stands then, whom it is for, whether it still holds.

A case is read once for all its messages of a delivery, and again as soon as anything of it has changed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain.errors import NotFound
from ..notifications.message import Rendered
from ..notifications.renderer import Renderer
from ..persistence import cases as case_rows
from ..persistence import people as people_rows
from .casefile import CaseFile, load
from .objects import refuse_closed
from .outbox import written_late
from .people import Establishment, as_house, establishment_of
from .registry import Workflows
from .rendering import Letter, context_of
from .settings import Settings
from .world import SANDBOX, Unit

MOST = 50


@dataclass(frozen=True, slots=True)
class Looked:
    """What the messages of a case are written from: the case, its house, and whether time is moved by hand there."""

    file: CaseFile
    house: Establishment
    sandbox: bool


class Files:
    """The cases of the messages of one delivery.

    Whatever is read of a case changes in the transaction of a step, which moves the row of the case, or in that of
    a setting or of a calendar, which stand in rows of their own: these are compared before each message.
    """

    def __init__(self, workflows: Workflows) -> None:
        self._workflows = workflows
        self._kept: dict[int, tuple[Any, Looked]] = {}

    def look(self, unit: Unit, case_id: int) -> Looked:
        """Give a case as it stands; read again only if it changed since its last message. Raises NotFound."""
        connection = unit.connection
        row = case_rows.read_case(connection, case_id)
        if row is None:
            raise NotFound("case", case_id)
        house = people_rows.read_establishment(connection, row.establishment_id)
        rules = self._workflows.rules(connection, row.workflow, row.version)
        own = (
            people_rows.read_parameters(connection, row.establishment_id, row.workflow)
            if rules.workflow.parameters
            else {}
        )
        seen, known = (row, house, own), self._kept.get(case_id)
        if known is not None and known[0] == seen:
            return known[1]
        where = establishment_of(house)
        file = load(unit, self._workflows, row, as_house(where))
        looked = Looked(file, where, case_rows.read_meta(connection, SANDBOX) == "1")
        if len(self._kept) >= MOST:
            self._kept.clear()
        # Kept with what was read first: what changes meanwhile is a difference that the next message sees.
        self._kept[case_id] = seen, looked
        return looked


def render(
    renderer: Renderer, settings: Settings, row: Any, looked: Looked, name: str, at: datetime
) -> Rendered:
    """Render one message for its recipient. Raises TemplateError."""
    file = looked.file
    letter = Letter(row, file, looked.house, name, file.civil_day(at), looked.sandbox)
    refuse_closed(file.workflow, renderer, row.template)
    return renderer.render(row.template, context_of(letter, settings))


def obsolete(row: Any, file: CaseFile) -> str | None:
    """Say why a reminder no longer holds: what it is about is done, gone, or moved.

    One that a pass wrote late still leaves once its period is over: the rule of its deadline chose so.
    """
    if row.deadline_id is None:
        return None
    still = row.deadline_status == "missed" and written_late(file, row.seq)
    if row.deadline_status != "open" and not still:
        return f"deadline_{row.deadline_status}"
    rung = (row.deadline_id, row.rung)
    generations = [step.generation for step in file.steps if (step.deadline_id, step.rung) == rung]
    latest = max(generations, default=0)
    return "deadline_moved" if row.generation < latest else None


def addressee(unit: Unit, row: Any, file: CaseFile) -> tuple[str, str | None]:
    """Give the name and the address that a recipient has now."""
    kind, _, ref = row.recipient.partition(":")
    if kind == "actor":
        person = people_rows.read_actor(unit.connection, ref)
        if person is None or not person.active:
            return ref, None
        return person.name, person.address if person.consent else None
    if kind == "role":
        return file.workflow.roles[ref].label, None
    contact = file.case.facts.get(ref) or {}
    return str(contact.get("name", "")), contact.get("email") if contact.get("consent", True) else None
