"""The last look at a message when it leaves: its case as it stands then, whom it is for, whether it still holds.

A case is read once for all its messages of a delivery, and again as soon as anything of it has changed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.errors import NotFound
from ..notifications.message import Rendered
from ..notifications.renderer import Renderer
from ..persistence import cases as case_rows
from ..persistence import outbox as outbox_rows
from ..persistence import people as people_rows
from .absences import absences_of
from .casefile import CaseFile, load
from .objects import refuse_closed
from .outbox import written_late
from .outdated import passed
from .people import Establishment, as_house, establishment_of
from .recipients import ACTOR, Presence, Recipient, instead, name_in
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


def obsolete(row: Any, file: CaseFile, at: datetime) -> str | None:
    """Say why a message no longer holds: what it is about is done, gone, moved, or over.

    One that a pass wrote late still leaves once its period is over: the rule of its deadline chose so. An appointment
    whose day is over is announced to nobody.
    """
    over = passed(file, row, file.civil_day(at))
    if over is not None or row.deadline_id is None:
        return over
    still = row.deadline_status == "missed" and written_late(file, row.seq)
    if row.deadline_status != "open" and not still:
        return f"deadline_{row.deadline_status}"
    rung = (row.deadline_id, row.rung)
    generations = [
        step.generation for step in file.steps
        if (step.deadline_id, step.rung) == rung and step.status != "cancelled"  # moved back before it fired
    ]  # fmt: skip
    latest = max(generations, default=0)
    return "deadline_moved" if row.generation < latest else None


@dataclass(frozen=True, slots=True)
class Addressee:
    """The name and the address that a recipient has now, or those of who is told in their place.

    `told` says that everyone who would be told in their place has the same message already.
    """

    name: str
    address: str | None
    deputy: str | None = None
    told: bool = False


def addressee(unit: Unit, row: Any, file: CaseFile, at: datetime) -> Addressee:
    """Say who is to read a message that leaves at an instant: the recipient, or who stands in for them that day."""
    kind, _, ref = row.recipient.partition(":")
    if kind == "actor":
        day = file.civil_day(at)
        known = absences_of(unit, day)
        if known.away(ref, day) is not None:
            found = _instead(unit, row, file, Presence(known, day))
            if found is not None:
                return found
        return _person(unit, ref)
    if kind == "role":
        return Addressee(file.workflow.roles[ref].label, None)
    contact = file.case.facts.get(ref) or {}
    agrees = contact.get("consent", True)
    return Addressee(name_in(contact), contact.get("email") if agrees else None)


def _person(unit: Unit, ref: str) -> Addressee:
    person = people_rows.read_actor(unit.connection, ref)
    if person is None or not person.active:
        return Addressee(ref, None)
    return Addressee(person.name, person.address if person.consent else None)


def _instead(unit: Unit, row: Any, file: CaseFile, presence: Presence) -> Addressee | None:
    """Find who reads a message in the place of someone away who does not have it yet; None where there is nobody."""
    away = Recipient(row.role, row.recipient)
    found = presence.there([away])
    if not found:
        members = people_rows.members(unit.connection, file.house.id)
        found = instead(file.workflow, file.case, row.role, members, presence)
    if not found:
        return None
    has = outbox_rows.readers_of(unit.connection, row)
    for one in found:
        if one.reader not in has:
            return Addressee(one.name, one.address, one.reader.removeprefix(ACTOR))
    return replace(_person(unit, row.recipient.removeprefix(ACTOR)), told=True)
