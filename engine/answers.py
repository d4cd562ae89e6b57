"""Commands that were already answered: a retried one gets the first answer, and nothing is done twice."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..domain import chain
from ..domain.case import Case
from ..domain.errors import InputError, KeyReused, NotFound
from ..domain.facts import derived_facts, plain
from ..domain.texts import is_clean
from ..domain.timeline import facts_of, state_of, timeline
from ..persistence import cases as rows
from .casefile import days_of
from .registry import Workflows
from .stored import case_of, events_of
from .world import Unit

LONGEST_KEY = 200


def answer(unit: Unit, workflows: Workflows, key: str | None, fingerprint: str) -> Case | None:
    """Give the first answer to a command that was already taken: the case as it stood then.

    Raises KeyReused where the key answers another command, InputError for a key that is none.
    """
    if key is None:
        return None
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or not is_clean(key):
        raise InputError(
            "an idempotency key is a text of 1 to 200 characters, none of them a control",
            argument="key",
            problem="form",
        )
    row = rows.read_command(unit.connection, key)
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise KeyReused(f"the key {key!r} already answers another command", key=key)
    return _as_it_stood(unit, workflows, row)


def _as_it_stood(unit: Unit, workflows: Workflows, command: Any) -> Case:
    row = rows.read_case(unit.connection, command.case_id)
    if row is None:
        raise NotFound("case", command.case_id)
    workflow = workflows.rules(unit.connection, row.workflow, row.version).workflow
    case = case_of(row, workflow)
    events = [event for event in events_of(unit.connection, case.id, workflow) if event.seq <= command.seq]
    acts = timeline(events)
    state = state_of(acts) or case.state
    opened_on, state_since, closed_on = days_of(workflow, acts)
    return replace(
        case, state=state, revision=command.revision, seq=command.seq, head=events[-1].digest,
        opened_on=opened_on or case.opened_on, state_since=state_since or case.opened_on, closed_on=closed_on,
        facts={**facts_of(acts), **derived_facts(workflow, acts)},
    )  # fmt: skip


def remember(unit: Unit, key: str | None, fingerprint: str, case: Case) -> None:
    """Keep the answer of a command under its key."""
    if key is not None:
        rows.insert_command(
            unit.connection,
            {
                "key": key,
                "fingerprint": fingerprint,
                "case_id": case.id,
                "seq": case.seq,
                "revision": case.revision,
            },
        )


def fingerprint(*parts: Any) -> str:
    """Give what makes a command the same command: its verb, its case, its content, its author."""
    try:
        return chain.seal("command", [_plainly(part) for part in parts])
    except (TypeError, ValueError):
        # A value that no form accepts: the command will be refused; its text still tells it from another.
        return chain.seal("command", repr(parts))


def _plainly(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {name: plain(value) for name, value in part.items()}
    return part if isinstance(part, str | int | None) else plain(getattr(part, "id", part))
