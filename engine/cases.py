"""The public verbs on cases: open, look, act, record, correct, tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..domain import chain
from ..domain.case import Actor, Case, Document, Event, Occurrence
from ..domain.errors import InputError, KeyReused, NotFound, StaleCase
from ..domain.facts import derived_facts, plain
from ..domain.timeline import facts_of, state_of, timeline
from ..domain.workflow import START
from ..persistence import cases as rows
from ..persistence import outbox as outbox_rows
from ..persistence.database import Connection
from .acting import Command, act, context_of, house_day, needs_capacity
from .casefile import CaseFile, case_of, dated_of, events_of, open_file, save
from .correcting import correct
from .documents_kept import record_document
from .firing import Fired, play
from .options import Option, options_of
from .people import actor_in, house_of, parameters_of, seen_by
from .registry import Workflows
from .world import Unit, World

By = str | Actor | Any


@dataclass(frozen=True, slots=True)
class Told:
    """A message that a step would write."""

    template: str
    role: str
    on_paper: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a step would do: nothing of it is written."""

    case: Case
    changes: Sequence[Mapping[str, Any]]
    notices: Sequence[Told]
    warnings: Sequence[str]


class Cases:
    """Opens cases and moves them. Every verb takes the host's `session` to join its transaction."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows

    # -- acts

    def open(
        self, workflow: str, facts: Mapping[str, Any] | None = None, *, by: By, establishment: str,
        on: date | None = None, action: str | None = None, version: int | None = None, referent: str | None = None,
        key: str | None = None, session: Any = None,
    ) -> Case:  # fmt: skip
        """Open a case, on a day that may be past. Raises ActionRefused, NotFound, KeyReused.

        `action` says which opening act where a workflow has several; `referent` who follows the case.
        """
        at = self._world.now()
        given = dict(facts or {})
        print_ = _print("open", workflow, action, given, by, on, establishment)
        with self._world.writing(session) as unit:
            answered = self._answer(unit, key, print_)
            if answered is not None:
                return answered
            house = house_of(unit.connection, establishment)
            actor = actor_in(unit.connection, by, establishment)
            rules = self._workflows.rules(unit.connection, workflow, version)
            name = action or _opening(rules.workflow)
            day = on or house_day(house, at)
            file = self._blank(unit, rules, house, day, referent)
            command = Command(name, given, actor, day, at, at)
            self._decide_first(file, command)
            file.case = replace(file.case, id=self._insert(unit, file.case))
            act(file, command, self._world.settings.mail_domain)
            save(file)
            self._remember(unit, key, print_, file.case)
            return file.case

    def perform(
        self, case_id: int, action: str, facts: Mapping[str, Any] | None = None, *, by: By, on: date | None = None,
        revision: int | None = None, key: str | None = None, session: Any = None,
    ) -> Case:  # fmt: skip
        """Take one act on a case, after what is already due on it; give the case as it then stands.

        `on` is the day on which it took effect, today unless said; `revision` the one that was seen; with `key`
        a retried command gives the first answer. Raises ActionRefused with every reason, StaleCase, KeyReused,
        NotFound. Nothing is written then.
        """
        at = self._world.now()
        given = dict(facts or {})
        print_ = _print("perform", case_id, action, given, by, on, revision)
        number = case_number(case_id)
        if session is None:
            self._play_due(number, at)
        with self._world.writing(session) as unit:
            answered = self._answer(unit, key, print_)
            if answered is not None:
                return answered
            file = self._open(unit, number, action)
            if session is not None:
                self._catch_up(file, at)
            self._check_revision(file, revision)
            actor = actor_in(unit.connection, by, file.house.id)
            act(file, self._command(file, action, given, actor, on, at), self._world.settings.mail_domain)
            save(file)
            self._remember(unit, key, print_, file.case)
            return file.case

    def preview(
        self, case_id: int, action: str, facts: Mapping[str, Any] | None = None, *, by: By, on: date | None = None,
        session: Any = None,
    ) -> Preview:  # fmt: skip
        """Say what an act would do: the state, the dates, the messages; nothing is written.

        Raises ActionRefused with every reason.
        """
        at = self._world.now()
        with self._world.trying(session) as unit:
            file = self._open(unit, case_number(case_id), action)
            self._catch_up(file, at)
            actor = actor_in(unit.connection, by, file.house.id)
            command = self._command(file, action, dict(facts or {}), actor, on, at)
            event = act(file, command, self._world.settings.mail_domain)
            told = outbox_rows.list_notices(unit.connection, None, case_id=file.case.id)
            return Preview(
                file.case, event.body.get("changes", ()),
                [Told(row.template, row.role, row.status == "paper") for row in told if row.seq == event.seq],
                event.body.get("warnings", ()),
            )  # fmt: skip

    def correct(
        self, case_id: int, facts: Mapping[str, Any] | None = None, *, by: By, reason: str, on: date | None = None,
        act: int | None = None, revision: int | None = None, key: str | None = None, session: Any = None,
    ) -> Case:  # fmt: skip
        """Correct facts, or the day on which an act took effect; the dates that follow from them move.

        `on` is the right day of the act numbered `act`, the last one unless said. Acts themselves are never
        corrected. Raises ActionRefused with every reason, StaleCase, KeyReused, NotFound.
        """
        at = self._world.now()
        given = dict(facts or {})
        print_ = _print("correct", case_id, given, by, on, act, reason, revision)
        number = case_number(case_id)
        if session is None:
            self._play_due(number, at)
        with self._world.writing(session) as unit:
            answered = self._answer(unit, key, print_)
            if answered is not None:
                return answered
            file = self._open(unit, number, None, capacity=True)
            if session is not None:
                self._catch_up(file, at)
            self._check_revision(file, revision)
            actor = actor_in(unit.connection, by, file.house.id)
            correct(file, given, actor, at, reason=reason, on=on, act=act)
            save(file)
            self._remember(unit, key, print_, file.case)
            return file.case

    def document(
        self, case_id: int, kind: str, *, by: By, received_on: date | None = None, valid_until: date | None = None,
        signed_on: date | None = None, not_applicable: str | None = None, session: Any = None,
    ) -> Document:  # fmt: skip
        """Record a document received, until when it is valid, or why none is needed. Raises ActionRefused."""
        at = self._world.now()
        with self._world.writing(session) as unit:
            file = self._open(unit, case_number(case_id), None)
            actor = actor_in(unit.connection, by, file.house.id)
            found = record_document(
                file, kind, actor, at, received_on=received_on, valid_until=valid_until, signed_on=signed_on,
                not_applicable=not_applicable,
            )  # fmt: skip
            save(file)
            return found

    # -- looks

    def get(self, case_id: int, *, by: By = None, session: Any = None) -> Case:
        """Give a case. Raises NotFound, also where `by` holds no role in its establishment."""
        with self._world.reading(session) as connection:
            return self._case(connection, case_number(case_id), by)

    def options(self, case_id: int, *, by: By, session: Any = None) -> tuple[Option, ...]:
        """Say of every action whether it is allowed to someone now, or every reason why not, with its form.

        Never has an effect.
        """
        at = self._world.now()
        with self._world.reading(session) as connection:
            file = open_file(Unit(connection), self._workflows, case_number(case_id), lock=False)
            if file is None:
                raise NotFound("case", case_id)
            actor = actor_in(connection, by, file.house.id)
            day = file.civil_day(at)
            return options_of(file, actor, day, lambda name: context_of(file, actor, at, day, name))

    def history(self, case_id: int, *, by: By = None, session: Any = None) -> tuple[Event, ...]:
        """Give every line of a case's history, oldest first. Raises NotFound."""
        with self._world.reading(session) as connection:
            case = self._case(connection, case_number(case_id), by)
            workflow = self._workflows.rules(connection, case.workflow, case.version).workflow
            return tuple(events_of(connection, case.id, workflow))

    def dates(self, case_id: int, *, by: By = None, session: Any = None) -> tuple[Occurrence, ...]:
        """Give every occurrence of every deadline of a case. Raises NotFound."""
        from ..persistence import dates

        with self._world.reading(session) as connection:
            case = self._case(connection, case_number(case_id), by)
            return tuple(dated_of(row).item for row in dates.read_occurrences(connection, case.id))

    def documents(self, case_id: int, *, by: By = None, session: Any = None) -> tuple[Document, ...]:
        """Give the documents of a case. Raises NotFound."""
        with self._world.reading(session) as connection:
            case = self._case(connection, case_number(case_id), by)
            found = rows.read_documents(connection, case.id)
        return tuple(
            Document(row.type, row.received_on, row.valid_until, row.signed_on, row.not_applicable)
            for row in found
        )

    def find(
        self, *, by: By = None, establishment: str | None = None, workflow: str | None = None,
        state: str | None = None, referent: str | None = None, text: str | None = None, open_only: bool = False,
        limit: int | None = None, session: Any = None,
    ) -> tuple[Case, ...]:  # fmt: skip
        """Find cases, newest first; someone sees only those of the establishments where they hold a role."""
        filters = {
            "establishment_id": establishment, "workflow": workflow, "state": state, "referent_id": referent,
            "open": open_only, "limit": limit if text is None else None,
        }  # fmt: skip
        with self._world.reading(session) as connection:
            found = rows.find_cases(connection, filters, seen_by(connection, by))
            cases = [
                case_of(row, self._workflows.rules(connection, row.workflow, row.version).workflow)
                for row in found
                if text is None or text.casefold() in str(row.facts).casefold() or text == f"D-{row.id:04d}"
            ]
        return tuple(cases[:limit])

    def assign(self, case_id: int, person: str, *, by: By, session: Any = None) -> Case:
        """Say who follows a case: reminders to the referent's role go to them. Raises NotFound."""
        with self._world.writing(session) as unit:
            file = self._open(unit, case_number(case_id), None)
            actor_in(unit.connection, by, file.house.id)
            referent = actor_in(unit.connection, person, file.house.id)
            file.case = replace(file.case, referent=referent.id)
            save(file)
            return file.case

    # -- the parts of a verb

    def _open(self, unit: Unit, case_id: int, action: str | None, *, capacity: bool = False) -> CaseFile:
        if action is not None and not capacity:
            row = rows.read_case(unit.connection, case_id)
            if row is None:
                raise NotFound("case", case_id)
            rules = self._workflows.rules(unit.connection, row.workflow, row.version)
            capacity = needs_capacity(rules.workflow, action)
        file = open_file(unit, self._workflows, case_id, capacity=capacity)
        if file is None:
            raise NotFound("case", case_id)
        return file

    def _play_due(self, case_id: int, at: datetime) -> list[Fired]:
        """Play what is already due on the case, in a transaction of its own."""
        with self._world.reading() as connection:
            row = rows.read_case(connection, case_id)
        if row is None:
            raise NotFound("case", case_id)
        if row.next_due_at is None or row.next_due_at > at:
            return []
        with self._world.writing() as unit:
            return self._catch_up(self._open(unit, case_id, None), at)

    def _catch_up(self, file: CaseFile, at: datetime) -> list[Fired]:
        fired = play(file, at, self._world.settings.mail_domain)
        if fired:
            save(file)
        return fired

    @staticmethod
    def _command(
        file: CaseFile, action: str, facts: Mapping[str, Any], actor: Actor, on: date | None, at: datetime
    ) -> Command:
        return Command(action, facts, actor, on or file.civil_day(at), at, at)

    @staticmethod
    def _check_revision(file: CaseFile, revision: int | None) -> None:
        if revision is not None and revision != file.case.revision:
            raise StaleCase(
                f"case {file.case.id} is at revision {file.case.revision}, not {revision}",
                case=file.case.id, revision=file.case.revision, seen=revision, state=file.case.state,
            )  # fmt: skip

    def _blank(self, unit: Unit, rules: Any, house: Any, day: date, referent: str | None) -> CaseFile:
        workflow = rules.workflow
        if referent is not None:
            actor_in(unit.connection, referent, house.id)
        case = Case(
            0, workflow.workflow, workflow.version, house.id, START, 0, 0, chain.GENESIS, {}, referent, day, day,
        )  # fmt: skip
        parameters = parameters_of(unit.connection, house.id, workflow)
        return CaseFile(unit, case, rules, house, parameters, [], [], [], [])

    @staticmethod
    def _decide_first(file: CaseFile, command: Command) -> None:
        """Refuse before the first row is written."""
        from ..workflows.decide import decide

        context = context_of(
            file, command.actor, command.at, command.effective_on, command.action, command.facts
        )
        decide(
            file.rules, file.case, command.action, command.facts, command.actor, command.effective_on, context
        )

    def _insert(self, unit: Unit, case: Case) -> int:
        return rows.insert_case(
            unit.connection,
            {
                "workflow": case.workflow, "version": case.version, "establishment_id": case.establishment,
                "state": case.state, "revision": 0, "seq": 0, "head": chain.GENESIS, "facts": {},
                "referent_id": case.referent, "opened_on": case.opened_on, "state_since": case.state_since,
                "closed_on": None, "next_due_at": None,
            },
        )  # fmt: skip

    def _case(self, connection: Connection, case_id: int, by: By) -> Case:
        row = rows.read_case(connection, case_id)
        seen = seen_by(connection, by)
        if row is None or (seen is not None and row.establishment_id not in seen):
            raise NotFound("case", case_id)
        return case_of(row, self._workflows.rules(connection, row.workflow, row.version).workflow)

    # -- commands already answered

    def _answer(self, unit: Unit, key: str | None, print_: str) -> Case | None:
        """Give the first answer of a command that was already taken, as the case stood then."""
        if key is None:
            return None
        if not isinstance(key, str) or not 0 < len(key) <= 200:
            raise InputError(
                "an idempotency key is a text of 1 to 200 characters", argument="key", problem="form"
            )
        row = rows.read_command(unit.connection, key)
        if row is None:
            return None
        if row.fingerprint != print_:
            raise KeyReused(f"the key {key!r} already answers another command", key=key)
        case = self._case(unit.connection, row.case_id, None)
        workflow = self._workflows.rules(unit.connection, case.workflow, case.version).workflow
        events = [event for event in events_of(unit.connection, case.id, workflow) if event.seq <= row.seq]
        acts = timeline(events)
        facts = {**facts_of(acts), **derived_facts(workflow, acts)}
        moved = next((entry.on for entry in reversed(acts) if entry.target), case.opened_on)
        return replace(
            case, state=state_of(acts) or case.state, revision=row.revision, seq=row.seq, facts=facts,
            head=events[-1].digest, state_since=moved,
            closed_on=case.closed_on if workflow.states[state_of(acts) or case.state].terminal else None,
        )  # fmt: skip

    @staticmethod
    def _remember(unit: Unit, key: str | None, print_: str, case: Case) -> None:
        if key is not None:
            rows.insert_command(
                unit.connection,
                {
                    "key": key,
                    "fingerprint": print_,
                    "case_id": case.id,
                    "seq": case.seq,
                    "revision": case.revision,
                },
            )


def case_number(case_id: Any) -> int:
    """Read a case's number, given as 12 or as its file number D-0012. Raises NotFound."""
    text = str(case_id).strip().upper().removeprefix("D-")
    if isinstance(case_id, bool) or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound("case", str(case_id)[:80])
    return int(text)


def _opening(workflow: Any) -> str:
    if len(workflow.opening) != 1:
        raise InputError(
            f"several acts open a case of {workflow.workflow}: say which ({', '.join(workflow.opening)})",
            argument="action", problem="ambiguous",
        )  # fmt: skip
    found: str = workflow.opening[0]
    return found


def _print(*parts: Any) -> str:
    """Give the fingerprint of a command: the same key with other content is refused."""
    plainly = [
        {name: plain(value) for name, value in part.items()} if isinstance(part, Mapping)
        else part if isinstance(part, str | int | None) else plain(getattr(part, "id", part))
        for part in parts
    ]  # fmt: skip
    try:
        return chain.over_heads({0: chain.canonical(plainly)})
    except (TypeError, ValueError):
        return chain.over_heads({0: repr(plainly)})


__all__ = ["Cases", "Preview", "Told", "case_number"]
