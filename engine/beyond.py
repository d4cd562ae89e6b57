"""What an act looks at and does beyond its case: the people it houses, the cases it opens, ends or keeps up to date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.case import Case, Event
from ..domain.errors import Reason
from ..domain.facts import read_facts
from ..domain.linked import Other
from ..domain.timeline import previous_state
from ..domain.workflow import PREVIOUS, Action
from .acting import Command
from .casefile import CaseFile
from .circle import asked
from .ending import Ending, carry_out, endings
from .link_facts import follow
from .linking import Opening, foreseen, left_out, open_linked, opened_body, prepare, refusals
from .meeting_guards import against_attending
from .overlapping import others_of, overlaps, twice
from .persons import keep_people
from .place_unsuited import by_act, matters
from .recognising import people_facts


@dataclass(frozen=True, slots=True)
class Around:
    """What an act does to other cases, known before its line is written: those it opens, those that it ends."""

    openings: list[Opening]
    endings: list[Ending]

    def body(self) -> dict[str, Any]:
        """Tell it in the line of the act."""
        body: dict[str, Any] = {}
        if self.openings:
            body["opened"] = opened_body(self.openings)
        if self.endings:
            body["ended"] = [ending.told() for ending in self.endings]
        return body


def judged(file: CaseFile, command: Command) -> tuple[list[Reason], list[Reason]]:
    """Give the reasons against an act that lie beyond its case, and what is only worth saying of it."""
    rule = file.workflow.actions.get(command.action)
    if rule is None:
        return [], []
    reasons = refusals(file, command) if rule.opens else []
    reasons += against_attending(file, command.facts, command.effective_on)
    against, warnings = housing(file, command, rule)
    warnings += _placed(file, rule, command.facts)
    return reasons + against, [*(left_out(file, command) if rule.opens else ()), *warnings]


def seen_beyond(file: CaseFile, command: Command) -> tuple[list[Reason], list[Reason]]:
    """Give what lies beyond the case against an act whose form is not yet filled in, and what is worth saying."""
    rule = file.workflow.actions[command.action]
    against, warnings = housing(file, command, rule)
    warnings += _placed(file, rule, {})
    if not rule.opens:
        return against, warnings
    return foreseen(file, command) + against, left_out(file, command) + warnings


def housing(file: CaseFile, command: Command, rule: Action) -> tuple[list[Reason], list[Reason]]:
    """Judge whether people may come to live here: an adult has one home at a time.

    Where those who live here go from a state to another, as in a renewal, two homes are flagged again.
    """
    target = previous_state(file.acts) if rule.target == PREVIOUS else rule.target
    if not file.workflow.houses or (target or file.case.state) not in file.workflow.houses:
        return [], []
    names = people_facts(file.workflow)
    staying = file.case.state in file.workflow.houses
    if not names:
        return [], []
    if staying and not any(name in command.facts or name in rule.set for name in names):
        return [], twice(file, command.actor, command.effective_on, command.at) if target else []
    facts = _left(file, rule, command.facts)
    return overlaps(file, command.actor, target, facts, command.effective_on, command.at)


def others_asked(
    file: CaseFile, rule: Action | None, facts: Mapping[str, Any], on: date
) -> tuple[Other, ...]:
    """Give the other cases that house the same people, where an act asks about them."""
    if rule is None or not rule.requires or not asked(rule.requires, "others"):
        return ()
    return others_of(file, _left(file, rule, facts), on)


def _placed(file: CaseFile, rule: Action, raw: Mapping[str, Any]) -> list[Reason]:
    """Flag a place that suits no more with what an act tells; most acts tell nothing that could matter."""
    if not matters(file.workflow, (*raw, *rule.set)):
        return []
    return by_act(file, rule, _left(file, rule, raw))


def _left(file: CaseFile, rule: Action, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Give the facts that an act would leave, as far as they can be read."""
    if not raw:
        return {**file.case.facts, **rule.set}
    values, _ = read_facts(file.workflow, raw, (*rule.form, *rule.optional))
    return {**file.case.facts, **values, **rule.set}


def around(file: CaseFile, command: Command, before: Case) -> Around:
    """Prepare what an act does to other cases; the state of its own is the one to which it leads already."""
    rule, states = file.workflow.actions[command.action], file.workflow.states
    openings = prepare(file, command) if rule.opens else []
    ends = states[file.case.state].terminal and (
        before.state not in states or not states[before.state].terminal
    )
    return Around(openings, endings(file, command) if ends else [])


def carried(file: CaseFile, command: Command, event: Event, before: Case, found: Around | None) -> None:
    """Do to other cases what the line of the act has told. Raises ActionRefused."""
    file.elsewhere.clear()  # what was seen of others stood before this act
    keep_people(file, command.action, before, entering=before.state not in file.workflow.houses)
    if found is None:
        return
    open_linked(file, event, found.openings)
    carry_out(file, event, found.endings, command.at)
    follow(file, before.facts, event, command.at)
    if file.workflow.meeting is not None:
        from .meeting_ending import let_go

        let_go(file, event, before, command.at)
