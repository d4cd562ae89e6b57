"""The verbs that write a case: open, perform, preview, correct, document, assign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.arguments import civil_date
from ..domain.case import Actor, Case, Document
from ..domain.errors import ActionRefused, InputError, NotFound
from ..domain.facts import day_told
from ..persistence import outbox as outbox_rows
from .acting import Command, act, decided, house_day
from .annulling import annul
from .answers import answer, fingerprint, remember
from .casefile import CaseFile, save
from .correcting import correct
from .deputies import actor_on, actor_seeing
from .documents_kept import record_document, staff_only
from .opening import blank, insert
from .people import actor_in, house_of, seen_by
from .reach import reach_of
from .referents import checked_reason, hand_over
from .registry import Workflows
from .steps import Ask, Steps
from .veiling import refusing_as_seen, veiled
from .world import World

By = str | Actor | Any


@dataclass(frozen=True, slots=True)
class Told:
    """A message that a step would write."""

    template: str
    role: str
    on_paper: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a step would do: nothing of it is written.

    `opened` are the linked cases that it would open, `ended` those whose link it would end: their role, and how.
    """

    case: Case
    changes: Sequence[Mapping[str, Any]]
    notices: Sequence[Told]
    warnings: Sequence[str]
    opened: Sequence[Mapping[str, Any]] = ()
    ended: Sequence[Mapping[str, Any]] = ()


class Acts:
    """Writes cases. Every verb takes the host's `session` to join its transaction."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows
        self._steps = Steps(world, workflows)

    def open(
        self, workflow: str, facts: Mapping[str, Any] | None = None, *, by: By, establishment: str,
        on: date | None = None, action: str | None = None, version: int | None = None, referent: str | None = None,
        key: str | None = None, session: Any = None,
    ) -> Case:  # fmt: skip
        """Open a case, on a day that may be past. Raises ActionRefused, NotFound, KeyReused.

        `action` says which opening act where a workflow has several; `referent` who follows the case.
        """
        at = self._world.now()
        given, on = _given(facts), _day(on, "on")
        print_ = fingerprint("open", workflow, version, action, given, by, on, establishment, referent)
        with self._world.writing(session) as unit:
            answered = answer(unit, self._workflows, key, print_)
            if answered is not None:
                return answered
            house = house_of(unit.connection, establishment, keep=True)
            actor = actor_on(unit, by, house.id, house_day(house, at))
            rules = self._workflows.rules(unit.connection, workflow, version)
            name = action if action is not None else _opening(rules.workflow)
            if reach_of(self._workflows, unit.connection, rules.workflow, name).capacity:
                house = house_of(unit.connection, establishment, lock=True)
            day = on or day_told(rules.workflow, name, given, (), house_day(house, at))
            file = blank(unit, self._workflows, rules, house, day, referent)
            if referent is not None:
                against = staff_only(file, actor_in(unit.connection, referent, house.id))
                if against:
                    raise ActionRefused(name, against)
            command = Command(name, given, actor, day, at, at)
            with refusing_as_seen(unit.connection, by, at):
                _decide_first(file, command)
                insert(file)
                act(file, command)
            save(file)
            remember(unit, key, print_, file.case)
            return file.case

    def perform(
        self, case_id: int, action: str, facts: Mapping[str, Any] | None = None, *, by: By, on: date | None = None,
        revision: int | None = None, key: str | None = None, session: Any = None,
    ) -> Case:  # fmt: skip
        """Take one act on a case, after what is already due on it; give the case as it then stands.

        `on` is the day on which it took effect: unless said, the one that its form tells (`effective`), or today.
        `revision` is the one that was seen; with `key` a retried command gives the first answer. Raises ActionRefused
        with every reason, StaleCase, KeyReused, NotFound. Nothing is written then.
        """
        given, on = _given(facts), _day(on, "on")
        print_ = fingerprint("perform", case_number(case_id), action, given, by, on)
        ask = Ask(case_number(case_id), by, self._world.now(), print_, revision, key, session)

        def take(file: CaseFile, actor: Actor) -> None:
            act(file, _command(file, action, given, actor, on, ask.at))

        return self._steps.take(ask, take, action=action)

    def correct(
        self, case_id: int, facts: Mapping[str, Any] | None = None, *, by: By, reason: str, on: date | None = None,
        act: int | None = None, revision: int | None = None, key: str | None = None, session: Any = None,
    ) -> Case:  # fmt: skip
        """Correct facts, or the day on which an act took effect; the dates that follow from them move.

        `on` is the right day of the act numbered `act`, the last one unless said. Acts themselves are never
        corrected; a fact is put right where it was given last. Raises ActionRefused with every reason, StaleCase,
        KeyReused, NotFound, InputError for an act without its day.
        """
        given, on = _given(facts), _day(on, "on")
        if act is not None and on is None:
            raise InputError("act says of which act on is the right day", argument="act", problem="alone")
        print_ = fingerprint("correct", case_number(case_id), given, by, on, act, reason)
        ask = Ask(case_number(case_id), by, self._world.now(), print_, revision, key, session)

        def put_right(file: CaseFile, actor: Actor) -> None:
            correct(file, given, actor, ask.at, reason=reason, on=on, act=act)

        return self._steps.take(ask, put_right, capacity=True)

    def annul(
        self, case_id: int, *, by: By, reason: str, act: int | None = None, revision: int | None = None,
        key: str | None = None, session: Any = None,
    ) -> Case:  # fmt: skip
        """Annul the last act of a case: it gets back its state, facts, dates, tasks and place.

        Raises ActionRefused, with what to do instead, once something has followed that cannot be undone; `act` is the
        line of the act that was meant. Raises StaleCase, KeyReused, NotFound.
        """
        print_ = fingerprint("annul", case_number(case_id), by, act, reason)
        ask = Ask(case_number(case_id), by, self._world.now(), print_, revision, key, session)

        def undo(file: CaseFile, actor: Actor) -> None:
            annul(file, actor, ask.at, reason=reason, act=act)

        return self._steps.take(ask, undo, capacity=True, undoes=True)

    def document(
        self, case_id: int, kind: str, *, by: By, received_on: date | None = None, valid_until: date | None = None,
        signed_on: date | None = None, not_applicable: str | None = None, session: Any = None,
    ) -> Document:  # fmt: skip
        """Record a document received, until when it is valid, or why none is needed. Raises ActionRefused."""
        days = {
            "received_on": _day(received_on, "received_on"), "valid_until": _day(valid_until, "valid_until"),
            "signed_on": _day(signed_on, "signed_on"),
        }  # fmt: skip
        ask = Ask(case_number(case_id), by, self._world.now(), "", session=session)
        found: list[Document] = []

        def keep(file: CaseFile, actor: Actor) -> None:
            found.append(record_document(file, kind, actor, ask.at, not_applicable=not_applicable, **days))

        self._steps.take(ask, keep)
        return found[0]

    def assign(
        self, case_id: int, person: str, *, by: By, reason: str | None = None, session: Any = None
    ) -> Case:
        """Say who follows a case, and why if it matters: reminders to the referent's role go to them.

        The history says it; what waits for the referent before goes to them. Raises NotFound, ActionRefused.
        """
        why = checked_reason(reason, "assign", needed=False)
        ask = Ask(case_number(case_id), by, self._world.now(), "", session=session)

        def give(file: CaseFile, actor: Actor) -> None:
            referent = actor_in(file.connection, person, file.house.id)
            reasons = [*staff_only(file, actor), *staff_only(file, referent)]
            if reasons:
                raise ActionRefused("assign", reasons)
            hand_over(file, referent.id, actor.id, ask.at, why)

        return self._steps.take(ask, give)

    def preview(
        self, case_id: int, action: str, facts: Mapping[str, Any] | None = None, *, by: By, on: date | None = None,
        session: Any = None,
    ) -> Preview:  # fmt: skip
        """Say what an act would do: the state, the dates, the messages; nothing is written.

        Raises ActionRefused with every reason, NotFound.
        """
        at, given, on = self._world.now(), _given(facts), _day(on, "on")
        with self._world.trying(session) as unit:
            file = self._steps.open(unit, case_number(case_id), action)
            actor = actor_seeing(unit, by, file.case, file.civil_day(at))
            self._steps.catch_up(file, at)
            command = _command(file, action, given, actor, on, at)
            with refusing_as_seen(unit.connection, by, at):
                event = act(file, command)
            if "ended" in event.body:
                (event,) = veiled(unit.connection, [event], seen_by(unit.connection, by, at))
            told = outbox_rows.list_notices(unit.connection, None, case_id=file.case.id)
            return Preview(
                file.case, event.body.get("changes", ()),
                [Told(row.template, row.role, row.status == "paper") for row in told if row.seq == event.seq],
                event.body.get("warnings", ()), event.body.get("opened", ()), event.body.get("ended", ()),
            )  # fmt: skip


def case_number(case_id: Any) -> int:
    """Read a case's number, given as 12 or as its file number D-0012. Raises NotFound."""
    text = str(case_id).strip().upper().removeprefix("D-")
    if isinstance(case_id, bool) or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound("case", str(case_id)[:80])
    return int(text)


def _given(facts: Mapping[str, Any] | None) -> dict[str, Any]:
    if facts is not None and not isinstance(facts, Mapping):
        raise InputError("facts are values by name", argument="facts", problem="type")
    return dict(facts or {})


def _day(day: Any, argument: str) -> date | None:
    return None if day is None else civil_date(day, argument)


def _opening(workflow: Any) -> str:
    if len(workflow.opening) != 1:
        raise InputError(
            f"several acts open a case of {workflow.workflow}: say which ({', '.join(workflow.opening)})",
            argument="action", problem="ambiguous",
        )  # fmt: skip
    found: str = workflow.opening[0]
    return found


def _command(
    file: CaseFile, action: str, facts: Mapping[str, Any], actor: Actor, on: date | None, at: datetime
) -> Command:
    day = on or day_told(file.workflow, action, facts, file.acts, file.civil_day(at))
    return Command(action, facts, actor, day, at, at)


def _decide_first(file: CaseFile, command: Command) -> None:
    """Refuse before the first row is written."""
    decided(file, command)
