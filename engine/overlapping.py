"""Where else the people of a case are housed: refused, or only worth saying."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.case import Actor
from ..domain.errors import Reason
from ..domain.linked import Other
from ..domain.timeline import timeline
from ..domain.workflow import SYSTEM
from ..persistence import persons as kept
from .casefile import CaseFile
from .people import seen_by
from .persons import already_housed, kind_of
from .recognising import Known, key_of, newcomers, people_facts, recognised
from .stored import events_of


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another case that houses one of the same people, and its house."""

    other: Other
    establishment: str


def elsewhere(file: CaseFile, facts: Mapping[str, Any], day: date) -> Sequence[Elsewhere]:
    """Find the other active cases that house the people of a case, those of children apart."""
    return _found(file, _people(file, facts), day)


def _people(file: CaseFile, facts: Mapping[str, Any]) -> dict[str, Known]:
    mine: dict[str, Known] = {}
    key = key_of(file.unit)
    for name in people_facts(file.workflow):
        for digest, one in recognised(key, facts.get(name)).items():
            mine[digest] = one.with_(mine[digest]) if digest in mine else one
    return mine


def _found(file: CaseFile, mine: Mapping[str, Known], day: date) -> Sequence[Elsewhere]:
    asked = (frozenset(mine.values()), day)
    if asked not in file.elsewhere:
        file.elsewhere[asked] = tuple(_matches(file, mine, day)) if mine else ()
    found: Sequence[Elsewhere] = file.elsewhere[asked]
    return found


def _rows(file: CaseFile, mine: Mapping[str, Known]) -> dict[int, list[Any]]:
    """Read who of them is in which other case; two references decide that they are two people."""
    by_case: dict[int, list[Any]] = {}
    for row in kept.cases_with(file.connection, mine, file.case.id):
        if mine[row.person].may_be(row.ref):
            by_case.setdefault(row.case_id, []).append(row)
    return by_case


def _matches(file: CaseFile, mine: Mapping[str, Known], day: date) -> Iterator[Elsewhere]:
    for number, found in _rows(file, mine).items():
        row = found[0]
        workflow = file.known_workflow(row.workflow, row.version)
        if row.state not in workflow.houses:
            continue
        sure = [one for one in found if one.sure]
        named = [one for one in found if not one.sure and None in (one.adult_on, mine[one.person].adult_on)]
        if not _adults(sure or named, mine, day):
            continue  # nobody in common, or children only: they may have two homes
        other = Other(number, row.workflow, workflow.family, row.state, bool(sure))
        yield Elsewhere(other, row.establishment_id)


def _adults(found: Sequence[Any], mine: Mapping[str, Known], day: date) -> bool:
    """Say whether one of them is not known to be a child on a day."""
    ages = [one.adult_on or mine[one.person].adult_on for one in found]
    return any(age is None or age <= day for age in ages)


def others_of(file: CaseFile, facts: Mapping[str, Any], day: date) -> tuple[Other, ...]:
    """Give the other active cases that house the same people, for the conditions that count them."""
    return tuple(found.other for found in elsewhere(file, facts, day))


def overlaps(
    file: CaseFile, actor: Actor, target: str | None, facts: Mapping[str, Any], day: date, at: datetime, *,
    mends: bool = False,
) -> tuple[list[Reason], list[Reason]]:  # fmt: skip
    """Say why people cannot come to live here, and what is only worth saying: they are housed elsewhere.

    `target` is the state to which the step leads, `facts` those it leaves. Asked where someone begins to live here.
    A step that `mends` tells the truth, and so does one that says better who is there: it is flagged, never refused.
    """
    houses = file.workflow.houses
    if (target or file.case.state) not in houses:
        return [], []
    names = people_facts(file.workflow)
    staying = file.case.state in houses
    if staying and all(facts.get(name) == file.case.facts.get(name) for name in names):
        return [], []
    found = elsewhere(file, facts, day)
    refused = [] if mends else [one for one in found if one.other.sure and _same_kind(file, one)]
    if staying and found:  # those that were there already were judged when they came
        judged = {(one.other.case_id, one.other.sure) for one in elsewhere(file, file.case.facts, day)}
        found = [one for one in found if (one.other.case_id, one.other.sure) not in judged]
        values = ([known.get(name) for name in names] for known in (file.case.facts, facts))
        coming = _found(file, newcomers(key_of(file.unit), *values), day) if refused else ()
        refused = [one for one in refused if one in coming]
    warnings = _warnings(file, actor, [one for one in found if one not in refused], at)
    if day < file.civil_day(at) and not staying and _was_elsewhere(file, facts, day):
        warnings.append(Reason("overlap_past"))
    return ([_told(file, actor, refused, at)] if refused else []), warnings


def twice(file: CaseFile, actor: Actor, day: date, at: datetime) -> list[Reason]:
    """Flag people who live here and in another case: found out since, or come as children and adults now."""
    found = [one for one in elsewhere(file, file.case.facts, day) if one.other.sure and _same_kind(file, one)]
    return _warnings(file, actor, found, at)


def _same_kind(file: CaseFile, one: Elsewhere) -> bool:
    return kind_of(file.workflow.family) == kind_of(one.other.family)


def _warnings(file: CaseFile, actor: Actor, found: Sequence[Elsewhere], at: datetime) -> list[Reason]:
    sure = [one for one in found if one.other.sure]
    same = [one for one in sure if _same_kind(file, one)]
    warnings: list[Reason] = []
    if same:
        data = dict(_told(file, actor, same, at).data)
        warnings.append(Reason("overlap_home", data))
    if len(same) < len(sure):
        warnings.append(Reason("overlap_care"))
    if len(sure) < len(found):
        warnings.append(Reason("overlap_name"))
    return warnings


def _was_elsewhere(file: CaseFile, facts: Mapping[str, Any], day: date) -> bool:
    """Say whether a stay that is over now housed one of the people still on a day, or later."""
    mine = _people(file, facts)
    for number, found in _rows(file, mine).items():
        row, sure = found[0], [one for one in found if one.sure]
        workflow = file.known_workflow(row.workflow, row.version)
        over = row.state not in workflow.houses and row.state_since > day
        if (
            not over
            or kind_of(workflow.family) != kind_of(file.workflow.family)
            or not _adults(sure, mine, day)
        ):
            continue
        state: str | None = None
        for entry in timeline(events_of(file.connection, number, workflow)):
            if entry.target:
                if state in workflow.houses and entry.on > day:
                    return True
                state = entry.target
    return False


def _told(file: CaseFile, actor: Actor, refused: Sequence[Elsewhere], at: datetime) -> Reason:
    """Name the other files only to whom may see them."""
    seen = () if SYSTEM in actor.roles else seen_by(file.connection, actor.id, at) or ()
    visible = {file.house.id, *seen}
    numbers = [f"D-{one.other.case_id:04d}" for one in refused if one.establishment in visible]
    return already_housed(file, numbers, elsewhere=len(numbers) < len(refused))


def flagged(warnings: Sequence[Reason]) -> dict[str, list[int]]:
    """Name in a line the other files of people who are housed twice, those that may be named."""
    numbers = [
        int(number[2:]) for one in warnings if one.code == "overlap_home" for number in one.data["cases"]
    ]
    return {"overlaps": numbers} if numbers else {}
